"""Playing a recorded run again, and what a sweep was said to cost beside what it took."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from sweeping import CHANCE, told
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.experiment.store import Store
from sim.experiment.sweeps.cost import cost
from sim.experiment.sweeps.play import sweep
from sim.experiment.sweeps.sweep import load_sweep

SMALL = {"weeks": 3, "spin_up": 0, "world.grid": [6, 6], "world.places": 20}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A small sweep with the real model, one run of it out of memory from the start: recorded as failed by hand."""
    small = {**SMALL, "missions.UN.arrives": 0, "missions.UN.troops": 500}
    asked = told(
        scenario="un_alone", set=small, choices={"missions.UN.care": [0.2, 0.8]}, seeds=2, batch=2, keep=["weeks"]
    )
    return sweep(asked, tmp_path_factory.mktemp("real") / "outputs" / "small", 1, progress=False)


def call(*words, code=0):
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_every_run_of_a_sweep_comes_out_the_same_to_the_last_bit(played, monkeypatch):
    monkeypatch.chdir(played.folder.parents[1])
    for row in played.runs.iloc[[0, 5, 11]].itertuples():
        said = call("replay", row.id).stdout
        assert said.startswith(f"{row.id}: {row.scenario}, seed {row.seed}, ") and "the same to the last bit" in said
    (told,) = json.loads(call("replay", played.runs["id"][3], "--in", str(played.folder), "--json").stdout)
    assert told["differ"] == [] and told["columns"] > 50


def test_a_run_of_a_study_comes_out_the_same(tmp_path):
    setup = sim.load("no_mission").but(SMALL)
    runs = sim.run(setup, 2, 1, out=tmp_path, progress=False)
    name = Store(runs.folder).column("runs", 0, "id")[0]
    assert "the same to the last bit" in call("replay", name, "--in", str(tmp_path)).stdout


def test_an_id_that_is_nowhere_is_said(played):
    assert "'abc'" in call("replay", "abc", "--in", str(played.folder), code=2).stderr


def test_a_part_that_was_tampered_with_is_noticed(played, tmp_path):
    store = Store(played.folder)
    part = store.part("runs", 2)
    changed = [v if v is None else v + 1 for v in part["civilians_killed"].to_pylist()]
    place = part.column_names.index("civilians_killed")
    try:
        store.write(2, {"runs": part.set_column(place, "civilians_killed", pa.array(changed, pa.float64()))})
        result = call("replay", part["id"][0].as_py(), "--in", str(store.folder), code=2)
        assert "1 differ: civilians_killed" in result.stdout and "this is a fault, please report it" in result.stderr
    finally:
        store.write(2, {"runs": part})
    assert "the same to the last bit" in call("replay", part["id"][0].as_py(), "--in", str(store.folder)).stdout


def test_a_run_that_failed_says_what_it_said_and_what_it_does_now(played):
    store = Store(played.folder)
    part = store.part("runs", 1)
    try:
        words = pa.array(["MemoryError"] * part.num_rows).dictionary_encode()
        store.write(1, {"runs": part.set_column(part.column_names.index("error"), "error", words)})
        said = call("replay", part["id"][0].as_py(), "--in", str(store.folder), code=2).stderr
        assert "failed when it was recorded:\nMemoryError\nnow it ends without an error" in said
    finally:
        store.write(1, {"runs": part})


def test_a_sweep_costs_about_what_a_dry_run_said(played):
    said = cost(played.sweep, 1)[-1]
    log = [json.loads(line) for line in (played.folder / "log" / "runs.jsonl").read_text().splitlines()]
    seconds = sum(line["seconds"] for line in log if line["event"] == "batch")
    assert said.runs == len(played) == 12
    assert 0.5 < Store(played.folder).size() / 1e6 / said.disk_mb < 2
    assert 0.1 < seconds / 3600 / said.hours < 10


def test_a_dry_run_says_at_least_and_at_most_where_a_sweep_may_stop():
    enough = {"step": 2, "most": 7}
    rows = cost(load_sweep(told(set=SMALL, choices={CHANCE: [0.1, 0.2]}, unknowns={}, enough=enough)), 2)
    assert [(row.name, row.runs) for row in rows[-2:]] == [("in all, at least", 8), ("in all, at most", 14)]
