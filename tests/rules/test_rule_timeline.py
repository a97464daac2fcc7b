"""The rule `timeline`: what the scenario says happens this week happens first."""

from __future__ import annotations

import pytest
from helpers import HERE, UN, after, column, played, tables, total, village

KINDS = {"rebels": "attack_on_civilians", "host": "state_abuse", "UN": "mission_harm"}


def strength(setup) -> list[int]:
    """Return how many people the UN has in the field, week by week."""
    units = tables(setup)["units"]
    return [int(units[units.week == week].people.sum()) for week in range(setup.weeks)]


def with_event(**event):
    """Return a village with the UN in it, to which something happens in week 4."""
    return village({"weeks": 8}, missions={"UN": UN | HERE}, timeline={"it": {"week": 4, **event}})


@pytest.mark.parametrize("doer", KINDS)
def test_a_massacre_kills_as_many_as_said_by_whom_it_is_said(doer):
    found = tables(with_event(event="massacre", by=doer, deaths=40))["events"]
    theirs = found[(found.perpetrator == doer) & (found.week == 4)]
    assert theirs.kind.tolist() == [KINDS[doer]] and theirs.potential_deaths.tolist() == [40]


def test_an_expelled_mission_leaves_and_stays_away():
    there = strength(with_event(event="expulsion", mission="UN"))
    assert min(there[:4]) > 2000 and there[4:] == [0, 0, 0, 0]


def test_a_reinforcement_stands_in_the_field():
    there = strength(with_event(event="reinforcement", mission="UN", troops=3000))
    assert there[4] - there[3] == 3000


def test_a_withdrawal_takes_its_share_in_equal_parts():
    there = strength(with_event(event="withdrawal", mission="UN", share=0.5, duration=2))
    assert there[4] == pytest.approx(0.75 * there[3], rel=0.01) and there[5] == pytest.approx(0.5 * there[3], rel=0.01)
    assert there[7] == there[5]


def test_a_changed_mandate_changes_what_a_mission_may_do():
    setup = with_event(event="mandate_change", mission="UN", mandate="presence")
    assert column(played(setup, 4), "missions.cover").max() > 0
    assert column(played(setup, 5), "missions.cover").max() == 0


def test_arms_and_fighters_from_abroad_swell_a_group_for_good():
    """37 join over its bands, whole and booked as from abroad; what it can keep in the field grows by as many."""
    inflow = {"arms": {"week": 2, "event": "arms_inflow", "group": "rebels", "fighters": 37}}
    without, with_it = (after("timeline", village(timeline=t), 2) for t in ({}, inflow))
    assert with_it.bands.fighters.sum() - without.bands.fighters.sum() == 37
    assert total(with_it, "timeline", "fighters", "abroad") == 37
    assert (with_it.groups.capacity - without.groups.capacity).sum() == 37
