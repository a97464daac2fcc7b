"""The rule `attacks`: bands attack civilians where they are, less where they expect it to cost them."""

from __future__ import annotations

from helpers import UN, after, column, small, tables

STILL = {"parameters.moves.cost_weight": 0.0, "parameters.campaigns.cost_weight": 0.0}
FORCE = {"UN": UN | {"ramp": 1, "troops": 20_000}}
WEEK = UN["arrives"]


def rates(name: str, changes=None, missions=None, week: int = WEEK) -> float:
    """Return the sum of a column over the country, just after the rule in the week in which the mission arrives."""
    return float(column(after("attacks", small(STILL | (changes or {}), missions=missions or {}), week), name).sum())


def test_bands_kill_civilians_and_half_of_their_attacks_kill_nobody():
    found = tables(small({"parameters.attacks.base": 0.1}), seed=1)["events"].query("kind == 'attack_on_civilians'")
    assert set(found.perpetrator) == {"militia", "rebels"} and found.target.str.startswith("group").all()
    assert len(found) > 100 and 0.4 < found.potential_deaths.eq(0).mean() < 0.6
    assert found.civilians.sum() > 0 and found.ucdp_type.eq("onesided").all()


def test_there_are_fewer_where_bands_expect_to_be_met():
    assert rates("cells.expected_attacks", missions=FORCE) < 0.95 * rates("cells.expected_attacks")


def test_a_mission_that_covers_nobody_restrains_hardly():
    """Only its watch is left: without a mandate to protect, presence lowers attacks by very little [E15]."""
    idle = {"UN": FORCE["UN"] | {"mandate": "poc_no_force"}}
    alone, covering, watching = (rates("cells.expected_attacks", missions=m) for m in ({}, FORCE, idle))
    assert alone - watching < 0.25 * (alone - covering)


def test_the_yardstick_of_threat_is_blind_to_missions():
    assert rates("cells.threat", missions=FORCE) == rates("cells.threat") > 0


def test_losses_drive_bands_onto_civilians():
    """Desperation: the same bands after losing a third of their fighters [E39]."""
    m, spared = (after("campaigns", small(), 5) for _ in range(2))
    m.bands.lost[:] = 0.35
    for model in (m, spared):
        model.rules = tuple(r for r in model.rules if r.name == "attacks")
        model.rules[0](model)
    assert column(m, "cells.expected_attacks").sum() > 1.3 * column(spared, "cells.expected_attacks").sum()


def test_recent_violence_breeds_more():
    m, calm = (after("campaigns", small(), 5) for _ in range(2))
    m.cells.memory[0] += 2.0
    for model in (m, calm):
        next(r for r in model.rules if r.name == "attacks")(model)
    assert column(m, "cells.expected_attacks").sum() > 1.2 * column(calm, "cells.expected_attacks").sum()
