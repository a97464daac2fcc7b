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


NEAR_BORDER = {
    "parameters.borders.km": 400.0,
    "armed_groups.rebels.sanctuary": 1.0,
    "armed_groups.militia.sanctuary": 0.0,
}


def abroad(changes=None, **dials) -> np.ndarray:
    """Return how many bands of each group rest across the border in the week in which a mission arrives."""
    setup = small(NEAR_BORDER | (changes or {}), missions={"UN": FORCE["UN"] | dials})
    out = np.zeros(2)
    for seed in range(8):
        m = before("band_moves", setup, WEEK, seed)
        m.bands.scattered[:] = True
        m.rules[[r.name for r in m.rules].index("band_moves")](m)
        out += np.bincount(m.bands.group, column(m, "bands.abroad"), 2)
    return out


def test_scattered_bands_rest_across_the_border_if_their_group_has_ground_there():
    militia, rebels = abroad()
    assert militia == 0 < rebels


def test_missions_that_watch_the_border_stop_them():
    watch = {"mandate": {"tasks": ["border_control"], "use_of_force": "protection"}}
    idle = {"mandate": {"tasks": ["presence"], "use_of_force": "protection"}}
    assert abroad(**watch)[1] < 0.85 * abroad(**idle)[1]


def test_those_who_rest_come_back():
    m = before("band_moves", small(NEAR_BORDER), WEEK)
    m.bands.abroad[:] = True
    for _ in range(12):
        m.step()
    assert not column(m, "bands.abroad").any()
