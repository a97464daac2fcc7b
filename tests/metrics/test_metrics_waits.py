"""Waiting times are censored, never averaged over the lucky ones."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, small, tables

from sim.metrics.waits import Waits, mean_wait


def waits(*weeks: int) -> np.ndarray:
    """Return how many of some waits lasted 0, 1, 2 ... weeks."""
    return np.bincount(weeks, minlength=20).astype(float)


def test_without_censoring_it_is_the_plain_mean():
    assert mean_wait(waits(0, 2, 7), waits(), 52) == pytest.approx(3)


def test_what_never_ends_counts_to_the_horizon():
    assert mean_wait(waits(0), waits(19), 52) == pytest.approx(26)
    assert mean_wait(waits(), waits(19), 52) == 52


def test_what_is_broken_off_counts_as_long_as_it_was_seen():
    """By hand: of four waits one ends in week 1; one is last seen open in week 2; one ends in week 3, one in week 5."""
    curve = [1, 3 / 4, 3 / 4, 3 / 4 * 1 / 2, 3 / 4 * 1 / 2, 0]
    assert mean_wait(waits(1, 3, 5), waits(2), 52) == pytest.approx(sum(curve))
    assert mean_wait(waits(1, 3, 5), waits(2), 52) > np.mean([1, 3, 5]) - 1e-9  # the lucky ones alone: 3


def note(waits: Waits, week: int, wanted: float, met: float, leave: bool = False) -> None:
    """Tell of one week in a country of one cell: whether somebody is wanted there, and whether somebody is in reach."""
    waits.note([0], week, np.array([[float(wanted)]]), 0.5, np.array([[[met]], [[0.0]]]), leave)


def test_a_wait_opens_once_and_ends_with_somebody_in_reach():
    one = Waits(1, 1, 10)
    for week, (wanted, met) in enumerate([(1, 0), (1, 0), (0, 0), (0, 1)]):
        note(one, week, wanted, met)
    assert one.ended[0].nonzero()[0].tolist() == [3] and one.mean(3)[0] == pytest.approx(3)
    note(one, 4, 1, 1)
    assert one.mean(4)[0] == pytest.approx(1.5)  # another, met at once
    note(one, 5, 1, 0)
    assert one.mean(5)[0] > 1.5  # a third, still open


def test_what_nobody_wants_any_more_is_censored_if_it_may_be():
    one = Waits(1, 1, 10)
    note(one, 0, 1, 0)
    note(one, 1, 0, 0, leave=True)
    assert one.censored[0].nonzero()[0].tolist() == [1] and one.since[0, 0] == -1


def test_more_and_faster_units_are_waited_for_less():
    few = UN | HERE | {"troops": 300, "mobile_share": 0.0}
    many = UN | HERE | {"troops": 6000, "mobile_share": 1.0}
    short, long = (tables(small({"weeks": 40}, missions={"M": x}))["summary"].iloc[0] for x in (many, few))
    for name in ("alert_to_presence_weeks:M", "reallocation_weeks:M"):
        assert 0 <= short[name] < long[name] <= 52


def test_nobody_comes_and_all_wait():
    row = tables(small(missions={"M": UN | {"arrives": 900}}))["summary"].iloc[0]
    assert row["reallocation_weeks:M"] == 52 and np.isnan(row["alert_to_presence_weeks:M"])
