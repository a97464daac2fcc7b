"""The rule `battles`: bands and state forces fight where both are, and both lose."""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, small, tables, total, village
from helpers import played as play

WAR = {"parameters.battles.base": 0.05, "weeks": 6}


def test_bands_and_forces_that_meet_fight_and_lose():
    m = play(village(WAR))
    found = m.tables()["events"]
    assert set(found.kind) == {"battle"} and set(found.perpetrator) == {"rebels"} and set(found.target) == {"host"}
    assert found.deaths.sum() > 0 > total(m, "battles", "fighters")
    assert found.ucdp_type.eq("state").all()


def test_there_are_fewer_where_no_force_stands():
    guarded, empty = (len(tables(village(WAR | {"hosts.host.forces": n}))["events"]) for n in (40, 0))
    assert guarded > 1.5 * empty


def test_civilians_die_between_the_lines():
    crossfire = WAR | {"parameters.battles.crossfire": 1.0}
    found = tables(village(crossfire))
    assert found["events"].civilians.sum() == found["summary"].crossfire_deaths.item() > 0
    assert found["summary"].civilians_killed.item() == 0
    assert tables(village(WAR | {"parameters.battles.crossfire": 0.0}))["summary"].crossfire_deaths.item() == 0


def test_no_mission_lowers_their_rate():
    """Battles fall as fighters, held ground and truces do, never because troops are near [E2]."""
    force = {"UN": UN | HERE | {"arrives": 3, "troops": 20_000}}
    still = {"parameters.moves.cost_weight": 0.0, "parameters.campaigns.cost_weight": 0.0, "weeks": 4}
    still |= {f"armed_groups.{name}.sanctuary": 0.0 for name in ("rebels", "militia")}
    expected = [column(play(small(still, missions=missions)), "cells.expected_battles") for missions in ({}, force)]
    assert np.array_equal(*expected) and expected[0].sum() > 0
