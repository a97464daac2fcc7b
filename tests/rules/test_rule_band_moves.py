"""The rule `band_moves`: bands go towards loot and their group's campaign, and away from the cost they expect."""

from __future__ import annotations

import numpy as np
from helpers import UN, after, before, column, small

RESTLESS = {"parameters.moves.stay": 0.0}
FORCE = {"UN": UN | {"ramp": 1, "troops": 20_000}}
WEEK = UN["arrives"]


def where(setup, seed: int = 0) -> np.ndarray:
    """Return the bands' cells after they moved in the week in which the mission arrives."""
    return column(after("band_moves", setup, WEEK, seed), "bands.cell")


def test_most_bands_stay():
    setup = small()
    moved = [column(before("band_moves", setup, WEEK, s), "bands.cell") != where(setup, s) for s in range(20)]
    assert 0.05 < np.mean(moved) < 0.25


def test_no_band_goes_further_than_it_can_in_a_week():
    m = before("band_moves", small(RESTLESS), WEEK)
    went = m.space.distance(column(m, "bands.cell"), where(small(RESTLESS)))
    assert 0 < went.max() <= m.p.moves.furthest_km


def test_bands_avoid_places_where_they_expect_to_be_met():
    """The same luck: the more cost weighs, the fewer end where ready troops stand [B-M15, B-M3]."""
    guarded = []
    for weight in (0.0, 3.0, 6.0):
        setup = small(RESTLESS | {"parameters.moves.cost_weight": weight}, missions=FORCE)
        states = [after("band_moves", setup, WEEK, seed) for seed in range(8)]
        guarded.append(np.mean([column(m, "near")[2, 0, column(m, "bands.cell")].mean() for m in states]))
    assert guarded[2] < guarded[1] < guarded[0]


def test_bands_are_drawn_to_their_group_s_campaign():
    far = []
    for weight in (0.0, 6.0):
        m = after("band_moves", small(RESTLESS | {"parameters.moves.focus_weight": weight}), WEEK)
        focus = column(m, "groups.focus")[column(m, "bands.group")]
        far.append(m.space.distance(column(m, "bands.cell"), focus).mean())
    assert far[1] < far[0]


def test_a_scattered_band_must_move():
    m = before("band_moves", small({"parameters.moves.stay": 1.0}), WEEK)
    old = column(m, "bands.cell")
    m.bands.scattered[:3] = True
    m.rules[[r.name for r in m.rules].index("band_moves")](m)
    moved = column(m, "bands.cell") != old
    assert moved[:3].all() and not moved[3:].any() and not column(m, "bands.scattered").any()
