"""Running: plans, workers, failures, folders that are gone on with. Most of it on a fast double of the model."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from toy import Dying, Failing, Toy, results_of, scenario, with_mission

import sim
from sim.errors import Problems, SimError
from sim.experiment.plan import Misfit, batch_size
from sim.experiment.results import RunsFailed, run
from sim.experiment.store import Store
from sim.experiment.sweeps.play import read
from sim.experiment.tables import KEPT

BOTH = [scenario(), with_mission()]


def play(what=BOTH, seeds=4, jobs=1, **how):
    return run(what, seeds, jobs, progress=False, _model=how.pop("_model", Toy), **how)


def parts(folder):
    files = sorted(folder.glob("*/part-*.parquet"))
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def same(a, b):
    for table in KEPT:
        pd.testing.assert_frame_equal(getattr(a, table), getattr(b, table))
    return True


def test_rows_come_in_order_of_the_plan_under_the_labels_of_the_study():
    r = play(seeds=[3, 1])
    assert list(r.summary["scenario"]) == ["alone", "alone", "policy", "policy"]
    assert list(r.summary["seed"]) == [3, 1, 3, 1]
    weeks = r.weeks[["scenario", "seed", "week"]].to_numpy().tolist()
    assert weeks == [[label, seed, week] for label in ("alone", "policy") for seed in (3, 1) for week in range(6)]


def test_one_and_two_processes_give_the_same_tables_and_the_same_bytes(tmp_path):
    one, two = play(out=tmp_path / "one"), play(out=tmp_path / "two", jobs=2)
    assert same(one, two) and same(play(), play(jobs=2)) and same(one, play())
    assert parts(tmp_path / "one") == parts(tmp_path / "two")


def test_texts_are_categories_and_the_tables_are_those_that_were_asked_for():
    r = play(BOTH[0])
    assert r.ledger["rule"].dtype == "category" and list(r.weeks["scenario"].cat.categories) == ["alone"]
    assert list(r.ledger["rule"].cat.categories) == ["decay", "harm_seen"]
    small = play(BOTH[0], keep=["weeks", "communities"])
    assert small.tables == ("weeks", "summary", "communities") and len(small.communities) == 24
    with pytest.raises(SimError, match=r"'ledger' was not kept: run again with keep=\['weeks'"):
        _ = small.ledger
    with pytest.raises(Problems, match="did you mean 'ledger'"):
        play(keep=["ledgr"])


def test_models_are_freed_even_when_they_fail():
    before = Toy.alive, Failing.alive
    play()
    with pytest.raises(RunsFailed):
        play(_model=Failing)
    assert (Toy.alive, Failing.alive) == before


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_raises_is_told_after_the_others_have_finished(jobs, tmp_path):
    with pytest.raises(RunsFailed) as caught:
        play(jobs=jobs, _model=Failing, out=tmp_path / "x")
    told, r = str(caught.value), caught.value.results
    assert told.startswith("2 of 8 runs failed") and "alone, seed 2: ValueError: state holds NaN" in told
    assert "toy.py:" in told and ": /" not in told and "Traceback" not in told
    assert len(r) == 6 and list(r.failed["seed"]) == [2, 2] and "seed 2" not in str(r.weeks["seed"].unique())
    again = read(tmp_path / "x")
    assert len(again) == 6 and "2 runs failed" in str(again)


def test_failed_runs_are_played_again_and_no_others(tmp_path):
    with pytest.raises(RunsFailed):
        play(_model=Failing, out=tmp_path / "x")
    before = parts(tmp_path / "x")
    whole = play(out=tmp_path / "x")
    assert same(whole, play())
    moved = {name for name, digest in parts(tmp_path / "x").items() if before.get(name) != digest}
    assert {name.split("/")[1] for name in moved} == {"part-000002.parquet", "part-000006.parquet"}


def test_a_run_that_kills_its_process_is_found_out_and_the_others_finish(tmp_path):
    with pytest.raises(RunsFailed, match="alone, seed 2: its process died twice") as caught:
        play(BOTH[0], seeds=6, jobs=2, _model=Dying, out=tmp_path / "x")
    assert list(caught.value.results.summary["seed"]) == [0, 1, 3, 4, 5]


def test_more_seeds_and_scenarios_extend_a_folder_without_repeating_any(tmp_path):
    play(BOTH[0], seeds=2, out=tmp_path / "x")
    before = parts(tmp_path / "x")
    grown = play(BOTH, seeds=4, out=tmp_path / "x")
    assert same(grown, play(BOTH, seeds=4))
    assert before.items() <= parts(tmp_path / "x").items() and len(Store(tmp_path / "x").done()) == 8
    assert same(read(tmp_path / "x"), grown)
    log = [json.loads(line) for line in (tmp_path / "x" / "log" / "runs.jsonl").read_text().splitlines()]
    assert sum(line["runs"] for line in log) == 8


def test_the_same_call_gives_the_same_results_whatever_the_folder_holds(tmp_path):
    play(seeds=4, out=tmp_path / "x")
    assert same(play(BOTH[1], seeds=[2, 0], out=tmp_path / "x"), play(BOTH[1], seeds=[2, 0]))
    assert len(Store(tmp_path / "x").done()) == 8


def test_more_seeds_in_memory_leave_the_first_results_as_they_were():
    few = play(seeds=2)
    many = few.more(2, jobs=1, progress=False)
    assert same(many, play(seeds=4)) and len(few) == 4 and few.seeds == (0, 1)
    assert few.more([7, 1], jobs=1, progress=False).seeds == (0, 1, 7)


def test_results_are_saved_and_read(tmp_path):
    r = play(seeds=3)
    saved = r.save(tmp_path / "x")
    assert same(saved, r) and same(read(tmp_path / "x"), r) and read(tmp_path / "x").setups == r.setups
    play(seeds=3, out=tmp_path / "y")
    assert parts(tmp_path / "x") == parts(tmp_path / "y")
    assert read(tmp_path / "x").more(1, jobs=1, progress=False).seeds == (0, 1, 2, 3)
    with pytest.raises(SimError, match="holds a study already"):
        r.save(tmp_path / "x")


def test_a_folder_takes_no_runs_that_do_not_belong_there(tmp_path):
    play(out=tmp_path / "x")
    with pytest.raises(Misfit, match="'alone' stands for other values of weeks"):
        play(scenario(weeks=7), out=tmp_path / "x")
    with pytest.raises(Misfit, match="keeps the tables"):
        play(out=tmp_path / "x", keep=["weeks"])
    file = tmp_path / "x" / "manifest.json"
    told = json.loads(file.read_text())
    for place, key, words in (("project", "code", "other code"), ("versions", "numpy", "numpy 1.0 ")):
        file.write_text(json.dumps({**told, place: {**told[place], key: "1.0"}}))
        with pytest.raises(Misfit, match=words):
            play(out=tmp_path / "x")
    file.unlink()
    with pytest.raises(SimError, match="without its manifest"):
        play(out=tmp_path / "x")
    with pytest.raises(SimError, match="no study here"):
        read(tmp_path / "x")


def test_two_writers_are_kept_apart(tmp_path):
    with Store(tmp_path / "x").locked(), pytest.raises(SimError, match="another process is writing"):
        play(out=tmp_path / "x")


def test_the_manifest_says_what_was_run(tmp_path):
    play(out=tmp_path / "x")
    told = json.loads((tmp_path / "x" / "manifest.json").read_text())
    assert told["versions"]["numpy"] == np.__version__ and told["project"]["version"]
    assert told["plan"] == [{"seeds": {"alone": [0, 1, 2, 3], "policy": [0, 1, 2, 3]}, "batch": 1}]
    assert told["scenarios"]["policy"]["scenario"]["missions"]["UN"]["profile"] == "un_multidimensional"
    assert told["parameters"]["alone"]["set by the scenario"] == 0 and sum(told["parameters"]["alone"].values()) > 20
    elsewhere = "".join(f.read_text() for f in (tmp_path / "x").glob("*.json"))
    assert "time" not in told and "host" not in told["machine"] and str(tmp_path) not in elsewhere


def test_a_row_of_runs_has_its_id_and_its_summary(tmp_path):
    play(out=tmp_path / "x", seeds=2)
    runs = pd.read_parquet(tmp_path / "x" / "runs")
    assert list(runs.columns[:4]) == ["id", "scenario", "seed", "error"] and runs["id"].is_unique
    assert (runs["id"] == [f"{BOTH[k // 2].digest[:10]}-{k % 2}" for k in range(4)]).all()
    assert runs["civilians_killed"].gt(0).all() and runs["error"].isna().all()


@pytest.mark.parametrize("wrong", [0, -1, 2.5, "3", True, [], [1, 1], [-1], ["a"], [0.5]])
def test_seeds_are_whole_numbers(wrong):
    with pytest.raises(Problems, match="seeds"):
        play(seeds=wrong)


@pytest.mark.parametrize("wrong", [0, -2, 1.5, True])
def test_jobs_are_whole_numbers(wrong):
    with pytest.raises(Problems, match="jobs"):
        play(jobs=wrong)


def test_labels_are_unique_and_scenarios_may_be_named():
    with pytest.raises(SimError, match="two scenarios are called 'alone'"):
        play([scenario(), scenario(weeks=7)])
    with pytest.raises(SimError, match="no scenario"):
        play([])
    assert play("no_mission", seeds=1).scenarios == ("no_mission",)
    assert play([scenario(), scenario("twin")], seeds=np.arange(2)).summary["civilians_killed"].nunique() == 2


def test_batches_leave_work_for_every_core_and_stay_few():
    assert [batch_size(n) for n in (1, 40, 199, 1000, 10**6)] == [1, 1, 1, 10, 1000]
    r = play(scenario(weeks=1), seeds=200)
    assert [len(b.runs) for b in r.plan.batches()] == [2] * 100 and list(r.summary["seed"]) == list(range(200))


def test_the_shown_run_is_the_median_one():
    r = results_of({"a": {"civilians_killed": [9, 1, 5, 7, 3]}, "b": {"civilians_killed": [1, 2, 30, 4, 5]}})
    assert r.shown(scenario="a") == 2 and r.shown(scenario="b") == 3
    assert r.shown() == 3  # 7 and 4: near the middle in both
    with pytest.raises(SimError, match="did you mean 'civilians_killed'"):
        r.shown("civilians_kiled")


def test_results_read_as_what_was_run():
    r = play(seeds=3)
    told, page = str(r), r._repr_html_()
    for words in ("2 scenarios, 3 seeds, 6 weeks", "civilians killed", "Tables: weeks", "not a forecast"):
        assert words in told and words in page
    assert len(r) == 6 and "ledger" in dir(r) and "communities" not in dir(r)
    assert "row per scenario, seed, week" in type(r).weeks.__doc__


def test_the_real_model_gives_the_same_tables_on_one_and_on_two_processes():
    short = {"weeks": 5, "spin_up": 3, "world.places": 60, "world.grid": [10, 10]}
    both = [sim.load(name).but(short).named(name) for name in ("un_alone", "un_au_parallel")]
    one, two = (sim.run(both, seeds=2, jobs=jobs, progress=False) for jobs in (1, 2))
    assert same(one, two) and len(one.weeks) == 20
    comparison = one.compare("un_alone")
    assert {"civilians_killed", "legitimacy:all->UN"} <= set(comparison.table["metric"])
    assert "civilians killed" in str(comparison)


def test_a_country_that_cannot_be_built_is_said_in_a_line_for_each_run_and_nothing_is_kept(tmp_path):
    crowded = sim.load("no_mission").but({"weeks": 2, "world.grid": [5, 5]}).named("crowded")
    with pytest.raises(RunsFailed) as caught:
        run(crowded, 2, 1, out=tmp_path / "x", progress=False)
    told = str(caught.value).splitlines()
    assert told[0] == "2 of 2 runs failed" and len(told) == 3
    assert told[1] == "crowded, seed 0: world.places: got 600; allowed: 0 to 19, the land cells in a grid of 5 x 5"
