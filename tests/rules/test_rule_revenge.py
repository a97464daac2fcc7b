"""The rule `revenge`: a struck band remembers it, and turns on civilians where it does not expect to be met."""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, RULES, after, column, played, village, without

STRIKING = {"AU": AU | HERE | {"tempo": 3.0, "liaison": 1.0}}


def test_a_struck_band_remembers_for_some_weeks():
    m = played(village(missions=STRIKING), 6)
    assert column(m, "bands.revenge").max() > 0.5 and not column(m, "bands.struck").any()
    without(m, "offensives")
    memory = column(m, "bands.revenge")
    m.step()
    assert np.allclose(column(m, "bands.revenge"), memory * np.exp(-1 / m.p.attacks.revenge_weeks))


def attacks_after(revenge: float, belief: float) -> float:
    """Return the attacks expected of bands with a given memory of being struck and a given belief to be met."""
    quiet = {"parameters.attacks.base": 0.01, "parameters.restraint.local": 0, "parameters.restraint.group": 0}
    m = after("state_moves", village(quiet, missions=STRIKING), 2)
    m.bands.revenge[:], m.bands.belief[:] = revenge, belief
    RULES["attacks"](m)
    return float(column(m, "cells.expected_attacks").sum())


def test_memory_of_a_blow_turns_bands_on_civilians():
    assert attacks_after(1.0, 0.0) > 1.5 * attacks_after(0.0, 0.0)


def test_it_does_so_less_where_they_expect_to_be_met():
    assert attacks_after(1.0, 0.9) < 0.7 * attacks_after(1.0, 0.0)
    assert attacks_after(0.0, 0.9) == attacks_after(0.0, 0.0)
