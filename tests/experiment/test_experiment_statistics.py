"""Known answers of the statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from sim.experiment import statistics as st

X = np.array([3.0, -1.0, 4.0, 1.0, 5.0, -9.0, 2.0, 6.0])


def test_the_interval_is_students():
    low, high = stats.t.interval(0.95, len(X) - 1, X.mean(), stats.sem(X))
    assert st.student(X) == pytest.approx((low, high))
    assert st.student_p(X) == pytest.approx(stats.ttest_1samp(X, 0).pvalue)


def test_equal_values_have_an_interval_of_no_width_and_one_value_none():
    assert st.student(np.full(5, 0.1)) == (0.1, 0.1) and st.student(np.full(5, 0.1)).side == 1
    assert not st.student(np.array([1.0])).known and st.student_p(np.array([1.0])) == 1
    assert st.student_p(np.full(5, 0.1)) == 0 and st.student_p(np.zeros(5)) == 1


def test_the_interval_covers_what_it_says():
    luck = np.random.default_rng(1)
    hits = [low <= 2 <= high for low, high in (st.student(luck.normal(2, 3, 12)) for _ in range(2000))]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.015)


def test_a_difference_of_the_detectable_size_is_seen_in_eight_of_ten_repetitions():
    luck = np.random.default_rng(2)
    size = np.mean([st.detectable(luck.normal(0, 1, 30)) for _ in range(200)])
    seen = [st.student(luck.normal(size, 1, 30)).side == 1 for _ in range(1000)]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.05)


def test_ties_count_against_agreement():
    assert st.agreement(np.array([1.0, 2, 3, 0, 0])) == 0.6
    assert st.agreement(np.array([-1.0, -2, 1])) == pytest.approx(2 / 3)
    assert st.agreement(np.zeros(4)) == 0 and math.isnan(st.agreement(np.array([])))


def test_effect_is_in_units_of_the_spread_between_runs():
    a, b = np.array([1.0, 3, 5]), np.array([2.0, 4, 6])
    assert st.effect(a, b) == pytest.approx(0.5)
    assert st.effect(np.zeros(3), b) == pytest.approx(2.0)  # only the arm that varies says how runs spread
    assert st.effect(np.ones(3), np.ones(3)) == 0 and st.effect(np.ones(3), 2 * np.ones(3)) == math.inf


def test_spread_is_the_fifth_and_ninety_fifth_percentile():
    assert st.spread(np.arange(101.0)) == (5, 95)


def test_the_ratio_of_sums_has_a_bootstrap_interval_that_is_always_the_same():
    luck = np.random.default_rng(3)
    below = luck.poisson(100, 40).astype(float)
    above = below * 0.8 + luck.normal(0, 2, 40)
    first = st.percentiles(st.resampled_ratio(above, below))
    assert first == st.percentiles(st.resampled_ratio(above, below))
    assert first.low < st.ratio(above, below) < first.high and first.within((0.78, 0.82))
    how = {"paired": True, "vectorized": False, "method": "percentile", "n_resamples": 2000}
    again = stats.bootstrap((above, below), lambda a, b: a.sum() / b.sum(), rng=np.random.default_rng(9), **how)
    assert first == pytest.approx(tuple(again.confidence_interval), abs=0.002)


def test_a_ratio_to_nothing_is_not_estimable():
    assert not st.percentiles(st.resampled_ratio(np.ones(5), np.zeros(5))).known
    assert not st.percentiles(st.resampled_ratio(np.ones(1), np.ones(1))).known
    assert math.isnan(st.ratio(np.ones(5), np.zeros(5)))
    rare = np.array([0.0, 0, 0, 0, 3])
    assert not st.percentiles(st.resampled_ratio(rare, rare)).known  # a third of the draws is 0 / 0


def test_holm_rejects_what_the_step_down_procedure_rejects():
    p = np.array([0.04, 0.01, 0.03, 0.005])  # of m = 4: 0.0125, 0.0167, 0.025 (fails)
    assert 1 - st.holm_levels(p) == pytest.approx([0.025, 0.05 / 3, 0.025, 0.0125])
    assert 1 - st.holm_levels(np.array([0.04])) == pytest.approx([0.05])
    assert 1 - st.holm_levels(np.array([0.02, 0.04])) == pytest.approx([0.025, 0.05])


@given(some.lists(some.floats(0, 1), min_size=1, max_size=8))
def test_a_level_excludes_zero_exactly_where_holm_rejects(p):
    p, m = np.array(p), len(p)
    rejected, going = np.zeros(m, bool), True
    for step, arm in enumerate(np.argsort(p, kind="stable")):
        going = going and p[arm] <= 0.05 / (m - step) + 1e-15
        rejected[arm] = going
    assert ((p <= 1 - st.holm_levels(p) + 1e-12) == rejected).all()


def test_a_sign_holds_by_all_three_conditions():
    clear = st.Interval(0.1, 0.4)
    assert st.sign_holds(clear, 0.7, 0.2) == 1
    assert st.sign_holds(st.Interval(-0.4, -0.1), 0.9, -0.5) == -1
    assert st.sign_holds(clear, 0.69, 0.2) == 0
    assert st.sign_holds(clear, 0.7, 0.19) == 0
    assert st.sign_holds(st.Interval(-0.1, 0.4), 1.0, 3.0) == 0
    assert st.sign_holds(st.NOTHING, 1.0, 3.0) == 0


def test_a_null_holds_inside_its_bounds():
    assert st.null_holds(st.Interval(0.87, 1.15)) and not st.null_holds(st.Interval(0.86, 1.0))
    assert not st.null_holds(st.Interval(0.95, 1.16)) and not st.null_holds(st.NOTHING)
    assert st.null_holds(st.Interval(-0.03, 0.03), share=True) and not st.null_holds(st.Interval(-0.031, 0), share=True)
