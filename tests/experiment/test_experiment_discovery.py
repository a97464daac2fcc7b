"""Scenario discovery: a planted region is found, none where there is none, and the judge is worlds held out."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import qmc
from swept import METRIC, runs

import sim
from sim.experiment.boxes import Box, choose, quality, quasi_p
from sim.experiment.discovery import discover

NAMES = ("parameters.g.one", "parameters.g.two", "parameters.g.three")
UNKNOWNS = dict.fromkeys(NAMES, (0.0, 10.0))
REGION = {NAMES[0]: (6.0, 10.0), NAMES[1]: (0.0, 4.0)}
FAILS = (METRIC, "above", 15.0)


def planted(x):
    """Return 30 more killed where the first unknown is above 6 and the second below 4."""
    return np.where((x[:, 0] > 6) & (x[:, 1] < 4), 30.0, 0.0)


def nothing(x):
    return np.zeros(len(x))


@cache
def swept(points: int = 300, luck: int = 0):
    """Return two arms: the first kills by luck alone, the second more in the region."""
    design = qmc.LatinHypercube(len(NAMES), rng=luck).random(points)
    return runs(design, UNKNOWNS, nothing, planted, seeds=3, noise=15.0, luck=luck)


@cache
def found():
    return discover(swept(), UNKNOWNS, FAILS, arm=1)


@cache
def not_found():
    return discover(swept(), UNKNOWNS, (METRIC, "above", 8.0), arm=0)


@pytest.fixture
def one_width(monkeypatch):
    """Peel slabs of one width only, which is quicker."""
    monkeypatch.setattr("sim.experiment.boxes.PEELS", (0.1,))


def test_a_planted_region_is_found_in_noise():
    d = found()
    limited = d.table[d.table["restricted"]].set_index("parameter")
    assert d.found and set(limited.index) == set(REGION) and (limited["quasi_p"] < 0.001).all()
    for name, (low, high) in REGION.items():
        assert limited.loc[name, ["low", "high"]].tolist() == pytest.approx([low, high], abs=0.6)
    assert d.coverage > 0.7 and d.density > 0.85 and d.mass == pytest.approx(0.16, abs=0.04)


def test_how_good_it_is_is_judged_on_worlds_that_it_was_not_drawn_round():
    d = found()
    low, high = d.held_interval
    assert d.p < 0.001 and d.rate < 0.3 < low < d.held.density < high
    assert d.held.points == d.inside.points == 300


def test_where_nothing_is_planted_it_says_that_nothing_better_than_chance_was_found():
    d = not_found()
    assert not d.found and d.p > 0.05
    assert not d.table["restricted"].any() and d.table["low"].tolist() == [0.0] * 3 and (d.table["quasi_p"] == 1).all()
    assert d.boxes["density"].max() > 1.5 * d.rate  # luck alone draws a box in which far more fail
    assert (
        "No region was found that is better than chance" in str(d) and "from" not in d._repr_html_().partition("<p>")[0]
    )


def test_chance_is_taken_for_a_region_no_more_often_than_said(one_width):
    design = qmc.LatinHypercube(2, rng=1).random(60)
    two = {name: UNKNOWNS[name] for name in NAMES[:2]}
    verdicts = [discover(runs(design, two, nothing, seeds=1, noise=1.0, luck=k), two, (METRIC, "above", 0.4)).found
                for k in range(10)]  # fmt: skip
    assert sum(verdicts) <= 2


def test_an_arm_that_loses_against_another_is_a_difference_on_the_same_points_and_seeds(one_width):
    frame = swept().copy()
    frame[METRIC] += frame["point"] % 7 * 100 + frame["seed"] * 50  # what both arms share
    d = discover(frame, UNKNOWNS, (METRIC, "above", 15.0), arm=1, against=0)
    assert d.found and {*d.table.loc[d.table["restricted"], "parameter"]} == set(REGION)
    assert "arm 1 against arm 0" in str(d)


def test_failing_may_be_said_run_by_run_and_a_world_fails_by_most_of_its_runs(one_width):
    frame = swept()
    d = discover(frame, UNKNOWNS, frame[METRIC] > 15, arm=1)
    most = (frame[frame["arm"] == 1].set_index("point")[METRIC] > 15).groupby(level=0).sum() >= 2
    assert d.found and d.worlds["fails"].tolist() == most.tolist()
    below = discover(swept().assign(**{METRIC: -frame[METRIC]}), UNKNOWNS, (METRIC, "below", -15.0), arm=1)
    assert below.worlds["fails"].tolist() == found().worlds["fails"].tolist()


def test_the_path_trades_coverage_for_density_and_any_box_of_it_can_be_seen():
    d = found()
    assert d.boxes["coverage"].iloc[0] == d.boxes["mass"].iloc[0] == 1 and d.boxes["chosen"].sum() == 1
    assert d.boxes["density"].iloc[0] == pytest.approx(d.rate) and d.boxes["density"].max() >= d.density - 0.1
    some = int(d.boxes.loc[d.boxes["chosen"], "box"].iloc[0])
    assert set(REGION) <= set(d.limits(some)["parameter"]) and d.limits(0).empty
    with pytest.raises(sim.SimError, match=f"0 to {len(d.boxes) - 1}"):
        d.limits(999)


def test_a_box_is_measured_as_it_should_be():
    x = np.array([[0.1], [0.2], [0.6], [0.7], [0.9]])
    fails = np.array([False, True, True, True, False])
    q = quality(Box(np.array([0.5]), np.array([0.8])), x, fails)
    assert (q.coverage, q.density, q.mass, q.balance) == pytest.approx((2 / 3, 1.0, 0.4, 0.8))
    assert q.p == pytest.approx(3 / 10)  # two of two out of three in five


def test_limits_that_add_nothing_are_taken_off():
    luck = np.random.default_rng(2)
    x = luck.random((200, 2))
    fails = x[:, 0] > 0.5
    box = Box(np.array([0.5, 0.1]), np.array([np.inf, 0.9]))
    p = quasi_p(box, x, fails)
    assert p[0] < 1e-6 and p[1] == 1
    assert choose([box], x, fails)[1].restricted.tolist() == [True, False]


@pytest.mark.parametrize(
    ("failing", "how", "message"),
    [
        ((METRIC, "above", 1e9), {"arm": 1}, "0 of 300 worlds fail"),
        ((METRIC, "over", 1.0), {"arm": 1}, "above or below"),
        (("civilians_kiled", "above", 1.0), {"arm": 1}, "did you mean 'civilians_killed'"),
        ((METRIC, "above", 1.0), {}, "one of the arms 0, 1"),
        (np.ones(3, bool), {"arm": 1}, "one for each of the 1800 runs"),
        (np.ones(1800, bool), {"arm": 1, "against": 0}, "give failing as"),
    ],
)
def test_what_cannot_be_sought_is_an_error(failing, how, message):
    with pytest.raises(sim.SimError, match=message):
        discover(swept(), UNKNOWNS, failing, **how)


def test_it_reads_as_limits_with_their_price():
    told = str(found())
    assert "parameters.g.one" in told and "parameters.g.three" not in told
    assert "worlds held out" in told and "(chosen)" in told and "Exploratory, not a forecast." in told
    assert "parameters.g.two" in found()._repr_html_()
