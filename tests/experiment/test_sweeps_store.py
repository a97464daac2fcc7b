"""The folder of a sweep: what is not written, broken, foreign or from elsewhere loses nothing that is finished."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from sweeping import Raising, Turned, digests, played, told

from sim.errors import SimError
from sim.experiment.engine import InProcess
from sim.experiment.plan import Misfit
from sim.experiment.store import Store
from sim.experiment.sweeps.play import sweep
from sim.experiment.sweeps.study import SweepStudy
from sim.experiment.sweeps.sweep import load_sweep

KEEP = {"keep": ["weeks"]}


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    return played(tmp_path_factory.mktemp("first") / "x", **KEEP).folder


@pytest.fixture
def done(first, tmp_path):
    """A finished sweep of its own, to be spoilt."""
    return Path(shutil.copytree(first, tmp_path / "done"))


def manifest(folder, change):
    """Change a manifest as a function says."""
    told = json.loads((folder / "manifest.json").read_text())
    change(told)
    (folder / "manifest.json").write_text(json.dumps(told))


def one_line(error) -> str:
    return str(error.value) if "\n" not in str(error.value) else ""


def mended(folder, **more):
    study = SweepStudy(load_sweep(told(**{**KEEP, **more})), folder, Turned)
    return study.finish(InProcess(), False).mended


@pytest.mark.parametrize("table", ["runs", "weeks"])
def test_a_truncated_part_is_played_again(done, first, table):
    part = done / table / "part-000002.parquet"
    part.write_bytes(part.read_bytes()[:-50])
    assert [line.partition(":")[0] for line in mended(done)] == ["part-000002"] and digests(done) == digests(first)


@pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b""), lambda p: p.unlink()])
def test_a_part_beside_the_runs_that_is_empty_or_gone_is_played_again(done, first, spoil):
    spoil(done / "weeks" / "part-000001.parquet")
    assert len(mended(done)) == 1 and digests(done) == digests(first)


def test_a_part_of_another_sweep_or_another_batch_is_played_again(done, first, tmp_path):
    other = played(tmp_path / "other", set={"spin_up": 1}, **KEEP).folder
    shutil.copy(other / "runs" / "part-000000.parquet", done / "runs")
    shutil.copy(done / "runs" / "part-000004.parquet", done / "runs" / "part-000003.parquet")
    assert len(mended(done)) == 2 and digests(done) == digests(first)


def test_a_retry_that_was_stopped_between_two_tables_leaves_no_rows_of_failed_runs(tmp_path, first):
    played(tmp_path, Raising, **KEEP)
    for part in first.glob("weeks/*"):
        shutil.copy(part, tmp_path / "weeks")
    assert len(mended(tmp_path)) == 3 and digests(tmp_path) == digests(first)


def test_what_a_kill_left_half_written_is_not_read_and_goes_with_the_next_call(done, first):
    (done / "runs" / "part-000001.parquet").rename(done / "runs" / ".part-000001.parquet.tmp")
    assert len(pd.read_parquet(done / "runs")) == 20
    assert not mended(done) and digests(done) == digests(first) and not list(done.rglob("*.tmp"))


MANIFESTS = {
    "made with numpy 1.0": lambda t: t["versions"].update(numpy="1.0"),
    "made with other code": lambda t: t["project"].update(code="0"),
    "keeps the tables": lambda t: t.update(keep=["summary"]),
    "scenario no_mission, weeks 3 has changed": lambda t: t["arms"][0].update(digest="0"),
    "ranges of its unknowns": lambda t: t["unknowns"].update({"weeks": [1, 2, True]}),
    "begun with another seeds": lambda t: t["sweep"]["file"].update(seeds=5),
    "not those of a sweep": lambda t: t.pop("sweep"),
    "is not that of a sweep": lambda t: t.update(sweep="another"),
}


@pytest.mark.parametrize("why", MANIFESTS)
def test_a_manifest_that_does_not_fit_is_refused_in_one_line_and_no_part_is_touched(done, first, why):
    manifest(done, MANIFESTS[why])
    with pytest.raises(SimError) as error:
        played(done, **KEEP)
    assert why.split(",")[0] in one_line(error) and digests(done) == digests(first)


@pytest.mark.parametrize("text", ["{", "[1]", "7", '{"name": "a page"}'])
def test_a_manifest_of_something_else_is_refused(done, text):
    (done / "manifest.json").write_text(text)
    with pytest.raises(SimError) as error:
        played(done, **KEEP)
    assert one_line(error) and (done / "manifest.json").read_text() == text


def test_a_scenario_that_changed_under_a_half_done_sweep_is_refused(tmp_path):
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    file.write_text('extends = "no_mission"\nspin_up = 0\n')
    asked = told(scenario=str(file), set={})
    before = digests(sweep(asked, out, 1, progress=False, _model=Turned).folder)
    (out / "runs" / "part-000005.parquet").unlink()
    file.write_text('extends = "no_mission"\nspin_up = 1\n')
    with pytest.raises(Misfit, match=r"scenario .* has changed since"):
        sweep(asked, out, 1, progress=False, _model=Turned)
    assert len(digests(out)) == 5
    file.write_text('extends = "no_mission"\nspin_up = 0\n')
    sweep(asked, out, 1, progress=False, _model=Turned)
    assert digests(out) == before


def test_what_moves_no_result_may_change(done, first):
    assert not mended(done, question="Another?", sources=["E1"]) and digests(done) == digests(first)


def test_a_second_process_is_kept_out_and_does_no_harm(done, first):
    (done / "runs" / "part-000001.parquet").unlink()
    with Store(done).locked(), pytest.raises(SimError, match="another process is writing here"):
        played(done, **KEEP)
    played(done, **KEEP)
    assert digests(done) == digests(first)


def test_a_folder_of_other_things_keeps_them_and_what_cannot_be_is_said(tmp_path, first):
    (tmp_path / "notes.txt").write_text("mine")
    assert digests(played(tmp_path, **KEEP).folder) == digests(first) and (tmp_path / "notes.txt").exists()
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(SimError, match="holds parts of a study without its manifest"):
        played(tmp_path, **KEEP)
    with pytest.raises(SimError, match="is a file, not a folder"):
        played(tmp_path / "notes.txt", **KEEP)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "runs").write_text("mine")
    with pytest.raises(SimError, match="cannot be written"):
        played(tmp_path / "b", **KEEP)


@contextlib.contextmanager
def as_nobody():
    """Lose the rights of root for a while, where there are any."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def test_a_folder_that_may_not_be_written_is_said_in_one_line(first):
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        shutil.copytree(first, home / "begun")
        for place in (home, *home.rglob("*")):
            place.chmod(0o555 if place.is_dir() else 0o444)
        with as_nobody():
            for out in (home / "new", home / "begun"):
                with pytest.raises(SimError, match="cannot be written: Permission denied") as error:
                    played(out, **KEEP)
                assert one_line(error)
        assert digests(home / "begun") == digests(first)
        for place in (home, *home.rglob("*")):
            place.chmod(0o755)


@contextlib.contextmanager
def files_of_at_most(size: int):
    """Let no file grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_part_that_does_not_fit_is_said_and_leaves_nothing_behind(tmp_path, first, monkeypatch):
    largest = max(f.stat().st_size for f in first.glob("weeks/*"))
    assert largest < min(f.stat().st_size for f in first.glob("runs/*"))
    shutil.copytree(first, tmp_path / "x", ignore=shutil.ignore_patterns("*.parquet"))
    with monkeypatch.context() as patch, files_of_at_most(largest), pytest.raises(SimError) as error:
        patch.setattr(Store, "describe", lambda store, told: None)  # longer than that, and there already
        played(tmp_path / "x", **KEEP)
    assert [f.parent.name for f in tmp_path.rglob("*.parquet")] == ["weeks"]
    assert "cannot be written" in one_line(error) and "what is finished is kept" in one_line(error)
    assert not list(tmp_path.rglob("*.tmp")) and digests(played(tmp_path / "x", **KEEP).folder) == digests(first)


PAGE = 4096


@contextlib.contextmanager
def small_disk(place: Path, size: int):
    """Mount a disk of so much room; skip the test where that is not allowed."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True)
    if done.returncode:
        pytest.skip("may not mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_loses_nothing(tmp_path, first):
    need = sum(-(-f.stat().st_size // PAGE) * PAGE for f in first.rglob("*.*"))
    with small_disk(tmp_path / "disk", 3 * need) as disk:
        (disk / "ballast").write_bytes(bytes(3 * need - (need * 2 // 3) // PAGE * PAGE))
        with pytest.raises(SimError, match="cannot be written: No space left on device; what is finished is kept"):
            played(disk / "x", **KEEP)
        held = digests(disk / "x")
        assert 0 < len(held) < 12 and held.items() <= digests(first).items() and not list(disk.rglob("*.tmp"))
        (disk / "ballast").unlink()
        assert digests(played(disk / "x", **KEEP).folder) == digests(first)


READ = """
import sys, pandas, pyarrow.dataset
runs = pandas.read_parquet(sys.argv[1] + "/runs")
weeks = pyarrow.dataset.dataset(sys.argv[1] + "/weeks").to_table()
assert "sim" not in sys.modules
print(len(runs), weeks.num_rows, runs["civilians_killed"].sum(), "error" in runs)
"""


def test_the_parts_are_read_without_this_project(first):
    told = subprocess.run(
        [sys.executable, "-c", READ, first], capture_output=True, text=True, check=True
    ).stdout.split()
    frame = pd.concat(part.to_pandas() for part in Store(first).read("runs"))
    assert told == ["24", str(12 * 3 + 12 * 4), str(frame["civilians_killed"].sum()), "True"]


def test_a_scenario_in_which_something_happens_late_has_its_columns_found(tmp_path):
    late = told(scenario="au_then_un", set={"spin_up": 0}, choices={"weeks": [61]}, unknowns={}, seeds=1)
    assert list(sweep(late, tmp_path, 1, progress=False, _model=Turned).runs["weeks"]) == [61.0]


def test_all_parts_of_a_table_have_one_schema_in_a_real_sweep_too(tmp_path, first):
    small = {"weeks": 2, "spin_up": 0, "world.grid": [6, 6], "world.places": 20}
    all_tables = ["weeks", "actors", "perceptions", "events", "units", "ledger", "communities"]
    asked = told(scenario=["un_alone", "no_mission"], set=small, choices={}, keep=all_tables, seeds=2, batch=2,
                 design={"samples": 2})  # fmt: skip
    real = sweep(asked, tmp_path, 1, progress=False).folder
    for folder in (first, real):
        for table in sorted(Store(folder).tables()):
            assert len({str(pq.read_schema(f)) for f in (folder / table).glob("*.parquet")}) == 1, table
    assert Store(real).tables() == {"runs", *all_tables}
    assert pyarrow.dataset.dataset(real / "events").to_table().num_rows > 0
