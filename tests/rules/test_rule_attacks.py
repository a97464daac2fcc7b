"""The rule `attacks`: bands attack civilians where they are, less where they expect it to cost them."""

from __future__ import annotations

from helpers import RULES, UN, after, before, column, small, tables, village

from sim.actors.acts import ATTACK

STILL = {"parameters.moves.cost_weight": 0.0, "parameters.campaigns.cost_weight": 0.0}
FORCE = {"UN": UN | {"ramp": 1, "troops": 20_000}}
WEEK = UN["arrives"]
FAR_BELOW_THE_CAP = {"parameters.attacks.base": 0.0002}


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


def rate_of(lost: float, memory: float) -> float:
    """Return the attacks expected in one and the same week, given bands' losses and memory of violence everywhere."""
    m = after("campaigns", small(FAR_BELOW_THE_CAP), 5)
    m.bands.lost[:], m.bands.revenge[:], m.cells.memory[:] = lost, 0.0, memory
    RULES["attacks"](m)
    return float(column(m, "cells.expected_attacks").sum())


def test_losses_drive_bands_onto_civilians():
    """Desperation: the same bands after losing a third of their fighters [E39]."""
    assert rate_of(lost=0.35, memory=0.0) > 1.5 * rate_of(lost=0.0, memory=0.0)


def test_recent_violence_breeds_more():
    assert rate_of(lost=0.0, memory=2.0) > 1.5 * rate_of(lost=0.0, memory=0.0)


def test_a_place_that_was_found_out_to_inform_is_attacked_more():
    """The same state and luck: bands there punish it, for some weeks [F-M72]."""
    m = before("attacks", village({"parameters.attacks.base": 0.01}), 3)
    rate = []
    for level in (0.0, 1.0):
        m.cells.exposed[:] = level
        RULES["attacks"](m)
        rate.append(m.bands.expected[0].sum())
    assert rate[1] > 2 * rate[0] > 0


def test_bands_across_the_border_attack_nobody():
    m = before("attacks", village({"parameters.attacks.base": 0.01}), 3)
    m.bands.abroad[:] = True
    RULES["attacks"](m)
    assert not m.bands.expected[0].any()


def going_on(episode: float, missions=None) -> float:
    """Return the attacks expected in the week after a band struck twice, beyond those expected had it not struck."""
    expected = []
    for strikes in (0, 2):
        setup = small(FAR_BELOW_THE_CAP | {"parameters.attacks.episode": episode}, missions=missions or {})
        m = after("campaigns", setup, WEEK + 1)
        m.past.clear()
        m.past.add(strikes, kind=ATTACK, perpetrator=m.actors.first_group, cell=m.bands.cell[0], source=0)
        RULES["attacks"](m)
        expected.append(float(column(m, "bands.expected")[0].sum()))
    return expected[1] - expected[0]


def test_an_attack_is_an_episode():
    """Its band goes on the week after, less surely near the cap; a mission holds it back like the rest."""
    assert going_on(0.0) == 0.0
    assert 0.5 < going_on(0.3) < 0.6
    assert going_on(0.3, FORCE) < 0.95 * going_on(0.3)
