"""The plan of a sweep: fixed before it starts, paired, cut at fixed points; workers and stops move nothing."""

from __future__ import annotations

import numpy as np
import pytest
from sweeping import CHANCE, Turned, digests, kept, played, told

from sim.errors import Problems
from sim.experiment.sweeps.sweep import load_sweep

ENOUGH = {"metric": "civilians_killed", "within": 0.05, "step": 2, "most": 9}


def runs_of(sweep):
    return [run for batch, _ in sweep.batches() for run in batch.runs]


def test_numbers_and_contents_of_batches_are_fixed_and_arms_stay_together():
    sweep = load_sweep(told(batch=3, seeds=5))
    batches = [batch for batch, _ in sweep.batches()]
    assert [b.number for b in batches] == list(range(8)) and sum(len(b.runs) for b in batches) == 30
    assert [len(b.runs) for b in batches] == [4] * 7 + [2]  # 3 is rounded up to whole pairs of arms
    for batch in batches:
        seeds = [run.seed for run in batch.runs]
        assert seeds[::2] == seeds[1::2] and len({run.scenario for run in batch.runs}) == 2
    assert batches == [batch for batch, _ in load_sweep(told(batch=3, seeds=5)).batches()]


def test_all_arms_and_points_play_the_same_seeds():
    sweep = load_sweep(told())
    seeds = {}
    for run in runs_of(sweep):
        seeds.setdefault((run.scenario, dict(run.place)["point"]), []).append(run.seed)
    assert len(seeds) == 6 and all(found == [0, 1, 2, 3] for found in seeds.values())


def test_with_luck_of_their_own_points_share_no_seed_and_arms_still_do():
    sweep = load_sweep(told(design={"samples": 3, "luck": "own"}))
    seeds = {}
    for run in runs_of(sweep):
        seeds.setdefault(dict(run.place)["point"], {}).setdefault(run.scenario, set()).add(run.seed)
    arms = [list(by_arm.values()) for by_arm in seeds.values()]
    assert all(a == b and len(a) == 4 for a, b in arms)
    assert len(set.union(*(a for a, _ in arms))) == 12


def test_ids_are_unique_and_follow_what_is_played_not_where_it_stands():
    ids = [run.id for run in runs_of(load_sweep(told()))]
    assert len(set(ids)) == len(ids) == 24
    more = {run.id for run in runs_of(load_sweep(told(seeds=9, batch=20, question="Another?")))}
    assert set(ids) < more
    assert not set(ids) & {run.id for run in runs_of(load_sweep(told(set={"spin_up": 1})))}


def test_points_fill_the_range_of_each_unknown_once_and_whole_numbers_stay_whole():
    whole = {"world.people": [100_000, 200_000], CHANCE: [0.2, 0.6]}
    sweep = load_sweep(told(unknowns=whole, design={"samples": 8}, choices={}))
    people, chance = sweep.points.T
    assert sorted(np.floor((chance - 0.2) / 0.4 * 8)) == list(range(8))
    assert all(isinstance(dict(run.unknowns)["world.people"], int) for run in runs_of(sweep))
    assert people.min() >= 100_000 and people.max() <= 200_000


def test_stages_are_cut_at_fixed_points_and_batches_do_not_cross_them():
    sweep = load_sweep(told(seeds=4, enough=ENOUGH))
    assert [(s.first, s.last) for s in sweep.stages] == [(0, 4), (4, 6), (6, 8), (8, 9)]
    whole = [batch for batch, _ in sweep.batches()]
    pieces = [batch for stage in sweep.stages for batch, _ in sweep.batches([stage])]
    assert whole == pieces and len(runs_of(sweep)) == sweep.most_runs == 54


def test_it_stops_by_itself_only_after_a_whole_stage_and_says_how_well_it_knows(tmp_path):
    loose = played(tmp_path / "loose", seeds=4, enough={**ENOUGH, "within": 0.9})
    tight = played(tmp_path / "tight", seeds=4, enough={**ENOUGH, "within": 1e-6})
    assert len(loose) == 24 and len(tight) == 54


def test_a_sweep_that_was_stopped_decides_as_one_that_was_not(tmp_path):
    asked = {"seeds": 4, "enough": {**ENOUGH, "within": 0.09}}
    whole = played(tmp_path / "whole", **asked)
    assert 24 < len(whole) < 54
    for gone in (range(3), range(4, 8)):
        for number in gone:
            (whole.folder / "runs" / f"part-{number:06d}.parquet").unlink(missing_ok=True)
        again = played(tmp_path / "whole", **asked)
        assert len(again) == len(whole)
    assert digests(tmp_path / "whole") == digests(played(tmp_path / "other", **asked).folder)


def test_a_metric_that_is_no_column_is_refused_before_anything_is_played(tmp_path):
    with pytest.raises(Problems, match=r"enough.metric.*did you mean 'civilians_killed'"):
        played(tmp_path, enough={**ENOUGH, "metric": "civilians_kiled"})
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The small sweep with its weeks and events, played in this process."""
    return played(tmp_path_factory.mktemp("alone") / "x", keep=["weeks", "events"]).folder


@pytest.mark.parametrize("jobs", [2, 4])
def test_the_number_of_workers_does_not_matter(alone, tmp_path, jobs):
    found = played(tmp_path, jobs=jobs, keep=["weeks", "events"])
    assert digests(tmp_path) == digests(alone) and len(digests(alone)) == 18
    assert len(found) == 24 and found.failed.empty


def test_points_and_arms_make_other_results_and_every_run_is_there_once(alone):
    runs = kept(alone)
    assert runs["id"].is_unique and len(runs) == 24 and runs["error"].isna().all()
    assert runs.groupby("seed")["civilians_killed"].nunique().min() >= 4
    assert sorted(runs.groupby("scenario", observed=True)["weeks"].unique().explode()) == [3.0, 4.0]
    assert runs[CHANCE].nunique() == 3 and Turned.alive == 0
