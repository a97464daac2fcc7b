"""The rule `relapse`: ground that was cleared or left and that nobody holds becomes a vacuum, which draws bands."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, before, column, played, small, village, without

from sim.actors.acts import ATTACK, BATTLE
from sim.metrics.targets import _lasting
from sim.rules.relapse import relapse

STANDBY = UN | HERE | {"mandate": "presence", "holding": 0.0, "risk_tolerance": 1.0}
STATELESS = {"hosts.host.forces": 0, "weeks": 60}


def cleared(weeks: int, changes=None, bands: bool = False, **dials):
    """Return a village some weeks after a mission cleared it, its bands gone or not."""
    m = without(played(village(STATELESS | (changes or {}), missions={"UN": STANDBY | dials}), 3), "band_moves")
    if not bands:
        stock = m.bands.ledger["fighters"]
        m.ledger.people("test", "fighters", stock, range(stock.size), -stock)
        m = without(m, "recruitment")
    clear(m)
    for _ in range(weeks):
        m.step()
    return m


def clear(m) -> None:
    """Let the mission clear the first cell this week."""
    m.acts.add(1, kind=BATTLE, perpetrator=0, cell=0, opponent=m.actors.first_group, source=0)
    relapse(m)


def vacuum(m) -> float:
    """Return the vacuum in the village."""
    return float(column(m, "cells.vacuum")[0])


def test_cleared_ground_that_nobody_holds_becomes_a_vacuum_that_grows():
    levels = [vacuum(cleared(weeks)) for weeks in (0, 1, 4, 10)]
    assert levels[0] == 0 < levels[1] < levels[2] < levels[3] < 1


def test_held_ground_does_not():
    assert vacuum(cleared(6, holding=1.0, troops=20_000)) < 0.3 * vacuum(cleared(6))


def test_state_forces_hold_too():
    assert vacuum(cleared(6, {"hosts.host.forces": 12})) < 0.6 * vacuum(cleared(6))


def test_ground_that_was_never_cleared_or_held_is_none():
    m = played(small(missions={"UN": STANDBY}), 12)
    assert not column(m, "cells.vacuum").any()


def test_a_mission_that_leaves_leaves_a_vacuum():
    holders = STANDBY | {"holding": 1.0, "arrives": 0}
    out = {"out": {"week": 5, "event": "expulsion", "mission": "UN"}}
    setup = village(STATELESS, missions={"UN": holders}, timeline=out)
    assert vacuum(played(setup, 5)) == 0 < vacuum(played(setup, 6))


def test_a_vacuum_draws_bands():
    """One week from one state, the same luck: more bands end where a vacuum is [B-M81, B-M9]."""
    there = []
    for level in (0.0, 1.0):
        number = 0
        for seed in range(12):
            m = before("band_moves", small({"parameters.moves.stay": 0.0}), 3, seed)
            m.cells.vacuum[m.world.places[::2]] = level
            m.rules[[r.name for r in m.rules].index("band_moves")](m)
            number += np.isin(m.bands.cell, m.world.places[::2]).sum()
        there.append(number)
    assert there[1] > 1.15 * there[0]


def test_a_band_that_stays_ends_the_wait():
    m = cleared(3, bands=True)
    assert column(m, "missions.open_for").max() == 3
    m.step()
    assert column(m, "missions.open_for").max() == -1
    assert column(m, "missions.open_relapses").sum() == 1 and column(m, "missions.open_waits").sum() == 4


def test_two_attacks_within_four_weeks_end_it_too_and_one_does_not():
    for apart, back in ((3, 1), (4, 0)):
        m = without(cleared(2), "relapse")
        for week in range(5):
            m.step()
            if week in (0, apart):
                m.acts.add(1, kind=ATTACK, perpetrator=m.actors.first_group, cell=0)
            relapse(m)
        assert column(m, "missions.open_relapses").sum() == back, apart


@pytest.mark.parametrize(("relapses", "mean"), [(0, 52.0), (1, 1.0)])
def test_the_mean_wait_lies_between_a_week_and_a_year(relapses, mean):
    waits = np.zeros((52, 1), int)
    waits[0] = 10
    assert _lasting(waits, waits * relapses)[0] == mean
    assert np.isnan(_lasting(0 * waits, waits)[0])


def test_operations_are_what_clears():
    strikes = AU | {"arrives": 2, "tempo": 10.0, "liaison": 1.0, "troops": 6000}
    m = played(small({"parameters.picture.sight": 0.5}, missions={"AU": strikes}))
    assert column(m, "missions.hits").size == 1 and column(m, "missions.open_waits").sum() > 0
