"""Runs that go wrong: recorded with their inputs and where it was; the rest goes on, only they are played again."""

from __future__ import annotations

import signal
import time

import numpy as np
import pytest
from sweeping import (
    ILL,
    Early,
    Ending,
    Faulting,
    Greedy,
    Holding,
    Looping,
    Raising,
    Turned,
    digests,
    kept,
    played,
    told,
)

from sim.errors import SimError
from sim.experiment.limits import Limits, TookTooLong, within
from sim.experiment.sweeps.play import sweep
from sim.model import Model

FEW = {"choices": {"weeks": [3, 4]}, "design": {"samples": 1}, "seeds": 4, "batch": 4, "keep": ["weeks"]}
"""Eight runs in two parts; two of them, in the second part, are ill."""
QUICK = {"limits": {"seconds": 0.4}}


class Noting(Turned):
    """Notes what is played."""

    seen: list[tuple[int, int]] = []  # noqa: RUF012

    def run(self):
        self.seen.append((self.setup.weeks, self.seed))
        super().run()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The parts of a sweep in which nothing goes wrong."""
    return digests(played(tmp_path_factory.mktemp("whole") / "x", **FEW).folder)


def check(folder, whole, *words):
    """Check that two runs are recorded with inputs, error and last places, and that a retry mends just these."""
    runs = kept(folder)
    ill = runs[runs["seed"] == ILL]
    assert len(runs) == 8 and runs["id"].is_unique and ill["error"].notna().all() and len(ill) == 2
    assert (
        runs[runs["seed"] != ILL]["error"].isna().all() and runs[runs["seed"] != ILL]["civilians_killed"].notna().all()
    )
    assert sorted(ill["weeks"]) == [3.0, 4.0] and ill["parameters.response.base_chance"].notna().all()
    for word in words:
        assert ill["error"].str.contains(word, regex=False).all(), ill["error"].tolist()
    Noting.seen.clear()
    mended = played(folder, Noting, retry_failed=True, **FEW)
    assert Noting.seen == [(3, ILL), (4, ILL)] and mended.failed.empty and len(mended) == 8
    assert digests(folder) == whole


def test_a_run_that_raises(tmp_path, whole):
    found = played(tmp_path, Raising, **FEW)
    assert len(found) == 6 and len(found.failed) == 2 and "error" not in found.runs
    check(tmp_path, whole, "ValueError: a fault in a rule", "sweeping.py", "in go_wrong: raise ValueError")


def test_a_failed_run_is_not_played_again_unless_asked(tmp_path):
    played(tmp_path, Raising, **FEW)
    Noting.seen.clear()
    assert len(played(tmp_path, Noting, **FEW).failed) == 2 and Noting.seen == []


def test_a_run_that_raises_again_is_recorded_anew(tmp_path):
    before = digests(played(tmp_path, Raising, **FEW).folder)
    assert len(played(tmp_path, Raising, retry_failed=True, **FEW).failed) == 2 and digests(tmp_path) == before


@pytest.mark.parametrize("model, words", [(Ending, ("died twice", "with code 7")),
                                          (Faulting, ("died twice", "signal 11", "in go_wrong"))])  # fmt: skip
def test_a_run_that_takes_its_process_with_it(tmp_path, whole, model, words):
    played(tmp_path, model, 2, **FEW)
    check(tmp_path, whole, *words)


def test_a_run_that_hangs_in_python(tmp_path, whole):
    played(tmp_path, Looping, 2, **FEW, **QUICK)
    check(tmp_path, whole, "TookTooLong: no end after 0.4 s", "in go_wrong")


def test_a_run_that_hangs_and_lets_nothing_else_run(tmp_path, whole):
    played(tmp_path, Holding, 1, **FEW, **QUICK)
    check(tmp_path, whole, "died twice", "when its time was over", "in go_wrong")


def test_a_run_that_takes_too_much_memory(tmp_path, whole):
    played(tmp_path, Greedy, 1, **FEW, limits={"memory_mb": 500})
    check(tmp_path, whole, "MemoryError", "in go_wrong")


def test_limits_do_not_move_what_ends_within_them(tmp_path, whole):
    assert digests(played(tmp_path, jobs=1, limits={"seconds": 60, "memory_mb": 500}, **FEW).folder) == whole


class Poisoned(Model):
    """The real model, with a number that is none in its state."""

    def step(self):
        super().step()
        if self.run_seed == 1:
            self.cells.aid[0] = np.nan


def test_a_real_run_whose_state_is_no_number(tmp_path):
    small = {"weeks": 3, "spin_up": 0, "world.grid": [6, 6], "world.places": 20}
    asked = told(set=small, choices={}, unknowns={}, seeds=3, limits={})
    found = sweep(asked, tmp_path, 1, progress=False, _model=Poisoned)
    assert list(found.failed["seed"]) == [1] and list(found.runs["seed"]) == [0, 2]
    assert "seed 1, week 1: state holds NaN or infinity" in found.failed["error"][0]


def test_an_arm_that_fails_at_once_is_recorded_and_the_columns_are_found_all_the_same(tmp_path, whole):
    found = played(tmp_path, Early, **FEW)
    assert sorted(found.failed["seed"]) == [0, 0, 1, 1] and len(found) == 4
    assert len(played(tmp_path, retry_failed=True, **FEW)) == 8 and digests(tmp_path) == whole


def test_a_sweep_of_which_nothing_can_be_played_says_why(tmp_path):
    class Never(Turned):
        def step(self):
            raise ValueError("no start")

    with pytest.raises(SimError, match="no arm can be played: ValueError: no start"):
        played(tmp_path, Never, **FEW)


def busy(seconds):
    """Keep the thread busy for so long: it hears its clock some milliseconds late."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
    return seconds


def check_nothing_is_left():
    """Check that nothing is raised in what comes after, and that no alarm is set."""
    sum(range(2000))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_limit_that_is_met_at_the_very_end_harms_nothing_that_comes_after():
    """What is done ends before the clock is heard, at that moment, and after it."""
    late, tries = 0, 0
    for k in range(4000):
        span = 0.002 + k * 5e-5
        try:
            assert within(Limits(seconds=0.001), lambda span=span: busy(span)) == span
        except TookTooLong as error:
            assert str(error) == "no end after 0.001 s"
            late += 1
        tries += 1
        check_nothing_is_left()
        if late == 200:
            break
    assert 0 < late < tries


@pytest.mark.parametrize("seconds", [0, 1e-5, 1e-4])
def test_a_limit_that_is_met_before_its_clock_is_up_is_raised_in_the_work_and_not_in_the_clock(seconds):
    for _ in range(100):
        with pytest.raises(TookTooLong, match="no end after"):
            within(Limits(seconds=seconds), lambda: busy(5))
        check_nothing_is_left()


def test_a_limit_of_ages_is_none():
    assert within(Limits(seconds=1e15, memory_mb=10**9), lambda: 7) == 7
    check_nothing_is_left()
