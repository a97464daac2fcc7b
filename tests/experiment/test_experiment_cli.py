"""`sim run` and `sim compare`, on a small country."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.experiment.progress import Lines, duration, progress
from sim.experiment.study import Interrupted
from sim.experiment.sweeps.play import read

SMALL = ["--seeds", "2", "--jobs", "1", "--weeks", "3", "--set", "spin_up=1", "--set", "world.places=40",
         "--set", "world.grid=[8, 8]"]  # fmt: skip


@pytest.fixture
def sim(workplace):
    def call(*words, code=0):
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return call


def test_run_prints_the_spread_and_writes_to_outputs(sim, workplace):
    told = sim("run", "un_alone", *SMALL).stdout
    assert "1 scenario, 2 seeds, 3 weeks" in told and "civilians killed" in told
    (folder,) = (workplace / "outputs").iterdir()
    assert folder.name.startswith("un_alone_") and "[" not in folder.name and len(read(folder)) == 2
    rows = json.loads(sim("run", "un_alone", *SMALL, "--json").stdout)
    assert list(rows[0]) == ["name", "scenario", "n", "median", "p05", "p95"]


def test_compare_prints_paired_differences(sim, workplace):
    told = sim("compare", "no_mission", "un_alone", *SMALL, "--out", "here").stdout
    assert "2 paired seeds" in told and "interval" in told and "civilians killed" in told
    rows = json.loads(sim("compare", "no_mission", "un_alone", *SMALL, "--out", "here", "--json").stdout)
    assert {"name", "baseline", "arm", "difference", "low", "high", "verdict"} <= set(rows[0])
    assert "harm_averted" in {row["name"] for row in rows}
    assert "NaN" not in json.dumps(rows)
    only = sim("compare", "no_mission", "un_alone", *SMALL, "--out", "here", "--metric", "cost_all").stdout
    assert "civilians killed" not in only
    assert "two scenarios or more" in sim("compare", "no_mission", code=2).stderr


def test_a_dry_run_tells_the_cost_and_writes_nothing(sim, workplace):
    rows = json.loads(sim("run", "un_alone", "no_mission", *SMALL, "--dry-run", "--json").stdout)
    assert [row["runs"] for row in rows] == [2, 2] and list(rows[0]) == ["name", "runs", "minutes", "disk_mb"]
    assert "in all" in sim("compare", "un_alone", "no_mission", *SMALL, "--dry-run").stdout
    assert not (workplace / "outputs").exists()


def test_a_study_that_does_not_fit_is_set_aside_only_where_no_folder_was_named(sim, workplace):
    def mine(weeks, *words, **how):
        text = f'extends = "no_mission"\nweeks = {weeks}\nspin_up = 0\n[world]\nplaces = 20\ngrid = [6, 6]\n'
        (workplace / "scenarios" / "mine.toml").write_text(text)
        return sim("run", "mine", "--seeds", "1", "--jobs", "1", *words, **how).stderr

    mine(2, "--out", "named")
    assert "(--fresh)" in mine(3, "--out", "named", code=2)
    for _ in range(2):
        mine(3, "--out", "named", "--fresh")
    assert sorted(f.name for f in workplace.iterdir()) == ["named", "named~", "scenarios"]
    mine(2)
    assert "set aside as mine~" in mine(3) and len(read("outputs/mine").weeks) == 3
    (workplace / "outputs" / "mine~" / "manifest.json").unlink()
    assert "is in the way" in mine(3, "--fresh", code=2)


def test_errors_are_one_line(sim):
    assert sim("run", "un_alnoe", code=2).stderr.count("\n") == 1
    assert "seeds" in sim("run", "un_alone", "--seeds", "0", code=2).stderr
    assert "jobs" in sim("run", "un_alone", "--jobs", "0", code=2).stderr


def test_progress_is_told_in_plain_lines_where_there_is_no_terminal(capsys):
    lines = Lines(4, "4 runs, 2 processes", every=0)
    for _ in range(4):
        lines(1)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3 and told[0].startswith("4 runs, 2 processes: 1 of 4, ") and told[0].endswith(" left")
    with progress(3, "3 runs", show=False) as advance:
        advance(3)
    assert capsys.readouterr().err == ""
    assert [duration(s) for s in (48, 400, 9000)] == ["48 s", "7 min", "2.5 h"]


def test_progress_is_a_bar_on_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress(3, "3 runs") as advance:
        advance(2)
    assert "2/3" in capsys.readouterr().err


def test_an_interrupt_is_told_and_has_its_own_exit_code(sim, monkeypatch):
    def stopped(*args, **how):
        raise Interrupted("interrupted: 3 of 20 runs are kept in outputs/un_alone; the same call goes on from there")

    monkeypatch.setattr("sim.experiment.results.run", stopped)
    assert "3 of 20 runs are kept" in sim("run", "un_alone", code=130).stderr
