"""Two-way fixed effects: against least squares with a dummy for each cell and month."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, small, tables

from sim.metrics.presence_violence import fixed_effects

RNG = np.random.default_rng(1)


def by_dummies(x: np.ndarray, y: np.ndarray) -> float:
    """Return the coefficient of x by least squares with dummies."""
    months, cells = x.shape
    month, cell = np.divmod(np.arange(x.size), cells)
    dummies = [np.eye(months)[month], np.eye(cells)[cell][:, 1:]]
    return float(np.linalg.lstsq(np.column_stack([x.ravel(), *dummies]), y.ravel(), rcond=None)[0][0])


def test_it_is_least_squares_with_dummies():
    x, y = RNG.random((9, 14)) < 0.3, RNG.random((9, 14)) < 0.2
    assert fixed_effects(x, y)[0] == pytest.approx(by_dummies(x * 1.0, y * 1.0))


def test_an_effect_is_found_under_a_bias_of_siting():
    """Troops stand in bad cells, where they lower violence by 0.1: the raw difference has the wrong sign."""
    bad = RNG.random(300)
    x = RNG.random((60, 300)) < bad
    y = RNG.random((60, 300)) < 0.15 + 0.5 * bad - 0.1 * x
    b, error = fixed_effects(x, y)
    assert y[x].mean() > y[~x].mean() and b == pytest.approx(-0.1, abs=3 * error) and 0.004 < error < 0.02


def test_the_error_is_as_large_as_estimates_scatter():
    found = [fixed_effects(RNG.random((12, 40)) < 0.3, RNG.random((12, 40)) < 0.2) for _ in range(300)]
    assert np.std([b for b, _ in found]) == pytest.approx(np.mean([error for _, error in found]), rel=0.15)


def test_troops_that_never_move_say_nothing():
    still = np.zeros((9, 14), bool)
    still[:, 3] = True
    assert np.isnan(fixed_effects(still, RNG.random((9, 14)) < 0.2)).all()
    assert np.isnan(fixed_effects(still[:1], still[:1])).all()


def test_a_run_has_it():
    row = tables(small({"weeks": 60}, missions={"UN": UN | HERE}))["summary"].iloc[0]
    assert abs(row.presence_violence_fe) < 1 and 0 < row.presence_violence_fe_se < 1
    assert np.isnan(tables(small())["summary"].iloc[0].presence_violence_fe)
