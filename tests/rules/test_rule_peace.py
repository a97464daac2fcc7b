"""The rule `peace`: ceasefires between armed groups and hosts come, hold and break."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, played, small, village

from sim.model import Model
from sim.rules import hazards
from sim.rules.peace import begins, breaks, mediation

TALKS = UN | HERE | {"mandate": {"tasks": ["good_offices"]}}
STAYS = UN | HERE | {"mandate": {"tasks": ["presence"]}}
WAR = UN | HERE | {"mandate": {"tasks": ["good_offices", "counter_terrorism"]}, "tempo": 1.0}


def model(mission=TALKS, changes=None, weeks: int = 1) -> Model:
    """Return a quiet village of rebels and one mission."""
    return played(
        village({"armed_groups.rebels.willingness": 1.0} | dict(changes or {}), missions={"UN": mission}), weeks
    )


def chance(m: Model, parties: int = 1) -> float:
    """Return the chance that a truce begins this week, from the luck at which it just does."""
    tried = np.linspace(0, 0.2, 4001)
    return float(np.mean([begins(m, 0, 0, u, parties) for u in tried])) * 0.2


def test_mediation_brings_truces_and_troops_alone_hardly_any():
    assert chance(model()) > 20 * chance(model(STAYS)) > 0


def test_a_mediator_needs_standing():
    hated = model(changes={"parameters.perceptions.prior": 0.1})
    assert chance(hated) < 0.3 * chance(model())


def test_a_mediator_that_fights_is_none():
    assert mediation(model(WAR), 0) < mediation(model(), 0) * 0.6


def test_violence_operations_many_parties_and_unwillingness_stand_in_its_way():
    m, usual = model(), chance(model())
    assert chance(m, parties=4) == pytest.approx(usual / 2, rel=0.05)
    m.bands.revenge[:] = 1.0
    assert chance(m) < 0.5 * usual
    m.bands.revenge[:] = 0.0
    m.cells.memory[0] = 5.0
    assert chance(m) < 0.5 * usual
    assert chance(model(changes={"armed_groups.rebels.willingness": 0.1})) < 0.2 * usual


def test_an_inclusive_host_is_easier_to_make_peace_with():
    fair, partial = (model(changes={"hosts.host.inclusiveness": v}) for v in (0.9, 0.1))
    assert chance(fair) > chance(partial)


def hold(m: Model) -> float:
    """Return the chance that a truce breaks this week."""
    return float(np.mean([breaks(m, 0, 0, u) for u in np.linspace(0, 0.2, 4001)])) * 0.2


def test_troops_hold_a_truce_and_strikes_spoil_it():
    guarded, alone = model(UN | HERE), model(TALKS | {"troops": 0, "police": 0})
    assert hold(guarded) < 0.6 * hold(alone)
    alone.bands.revenge[:] = 1.0
    assert hold(alone) > 2 * hold(model(TALKS | {"troops": 0, "police": 0}))


NOBODY = np.zeros((0, 0))
CALM = {"truce": {"event": "ceasefire", "group": "rebels", "week": 0, "duration": 12}}


def test_a_truce_of_a_fixed_term_lasts_so_long_and_ends():
    m = played(small(timeline=CALM), 12)
    rebels = m.actors.groups.index("rebels")
    assert m.groups.truce[0, rebels] == 12
    m.step()
    assert m.groups.truce[0, rebels] == 0


def test_a_truce_stops_most_battles_and_some_attacks_of_that_group():
    at_war, at_peace = played(small(), 6), played(small(timeline=CALM), 6)
    assert at_peace.groups.truce.any() and not at_war.groups.truce.any()
    mine = at_peace.bands.group == at_peace.actors.groups.index("rebels")
    with_truce, truce = hazards.battle_rates(at_peace), at_peace.groups.truce.copy()
    attacks = hazards.unrestrained(at_peace, NOBODY)
    at_peace.groups.truce[:] = 0
    without, more = hazards.battle_rates(at_peace), hazards.unrestrained(at_peace, NOBODY)
    at_peace.groups.truce[:] = truce
    assert with_truce[mine].sum() < 0.2 * without[mine].sum()
    assert np.array_equal(with_truce[~mine], without[~mine]) and np.array_equal(attacks[~mine], more[~mine])
    assert 0.3 * more[mine].sum() < attacks[mine].sum() < 0.9 * more[mine].sum()


def test_the_rule_begins_truces_and_ends_them():
    often = {"parameters.peace.mediated": 1.0, "parameters.peace.breaks": 0.2, "weeks": 60}
    m, states = Model(village(often | {"armed_groups.rebels.willingness": 1.0}, missions={"UN": TALKS})), []
    for _ in range(60):
        m.step()
        states.append(int(m.groups.truce[0, 0]))
    assert 0 in states[5:] and max(states) > 1
