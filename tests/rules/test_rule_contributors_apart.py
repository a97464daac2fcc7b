"""The rule `contributors` where they are told apart: each bears its own losses, caveats hold units back."""

from __future__ import annotations

import pytest
from helpers import AU, HERE, RULES, UN, column, played, small, tables, without

from sim.actors.acts import ON_PEACEKEEPERS
from sim.rules.contributors import discipline, sent, worth

HALVES = {"A": {"share": 0.5}, "B": {"share": 0.5}}
SAFE = {"weeks": 40, "parameters.attacks_on_peacekeepers.base": 0.0}


def halves(weeks: int = 3, timeline: dict | None = None, a: dict | None = None, **dials):
    """Return a model with a UN of two contributors, whose first one differs."""
    told = {"A": HALVES["A"] | (a or {}), "B": HALVES["B"]}
    missions = {"UN": UN | HERE | {"contributors": told} | dials}
    return played(small(SAFE, missions=missions, timeline=timeline or {}), weeks)


def people(m, row: int) -> int:
    """Return how many people of a contingent are in the field."""
    return int(m.units.people[m.units.contributor == row].sum())


def test_each_has_units_of_its_own_that_hold_its_share():
    m = halves(a={"share": 0.5})
    assert people(m, 0) == pytest.approx(people(m, 1), abs=2) and people(m, 0) + people(m, 1) == 2000 + 140
    assert (m.units.contributor[m.units.kind >= 3] == -1).all()


def test_one_contributor_that_differs_in_nothing_is_the_mission_itself():
    """But for losses, which fall to soldiers and police alone where contributors are told apart."""
    safe = {"parameters.attacks_on_peacekeepers.base": 0.0}
    alone = tables(small(safe, missions={"UN": UN | HERE}))
    told = tables(small(safe, missions={"UN": UN | HERE | {"contributors": {"A": {"share": 1.0}}}}))
    for name in ("weeks", "events"):
        assert alone[name].drop(columns="scenario").equals(told[name].drop(columns="scenario"))


def test_the_one_that_leaves_takes_its_units():
    out = {"out": {"week": 1, "event": "contributor_exit", "mission": "UN", "share": 1.0, "contributor": "A"}}
    m = halves(timeline=out)
    assert people(m, 0) < 30 and people(m, 1) == pytest.approx(1070, abs=2)
    assert column(m, "missions.deployed")[2, 0] == UN["civilians"]


def test_all_leave_alike_if_none_is_named():
    out = {"out": {"week": 1, "event": "contributor_exit", "mission": "UN", "share": 0.4}}
    m = halves(timeline=out)
    assert people(m, 0) == pytest.approx(642, abs=20) and people(m, 0) == pytest.approx(people(m, 1), abs=2)


def test_losses_send_home_only_who_does_not_bear_them():
    m = without(halves(a={"casualty_tolerance": 0.5}, casualty_tolerance=1000.0), "contributors")
    for _ in range(6):
        m.step()
        cell = int(m.units.cell[(m.units.people > 0)][0])
        m.acts.add(1, kind=ON_PEACEKEEPERS, perpetrator=m.actors.index["rebels"], opponent=0, cell=cell, deaths=4)
        RULES["contributors"](m)
    left = column(m, "contingents.left")
    assert left[0] > 0 == left[1]
    assert column(m, "missions.left")[0] == pytest.approx(0.5 * left[0])
    assert column(m, "missions.boldness")[0] < column(m, "missions.risk_tolerance")[0]


def test_losses_fall_to_those_whose_units_are_near():
    m = without(halves(), "contributors")
    own = (m.units.people > 0) & (m.units.contributor == 0)
    m.units.cell[own], m.units.cell[(m.units.contributor == 1) & (m.units.people > 0)] = (
        m.world.places[0],
        m.world.places[-1],
    )
    m.acts.add(
        1, kind=ON_PEACEKEEPERS, perpetrator=m.actors.index["rebels"], opponent=0, cell=m.world.places[0], deaths=4
    )
    RULES["contributors"](m)
    bled = column(m, "contingents.bled")
    assert bled[0] > 3 * bled[1]


def test_caveats_and_quality_set_what_units_can_do():
    free, bound, good = halves(), halves(a={"caveats": 1.0}), halves(a={"quality": 2.0})
    reach = [float(m.able[0].sum()) for m in (bound, free, good)]
    assert reach[0] < reach[1] < reach[2]
    assert reach[1] == pytest.approx(float(free.near[0, 0].sum()), rel=0.01)
    assert [round(worth(m, 0), 2) for m in (bound, free, good)] == [0.5, 1.0, 1.5]


def test_caveats_hold_units_at_their_posts():
    m = halves(a={"caveats": 1.0})
    assert (m.restless[m.units.contributor == 0] == 0).all() and (m.restless[m.units.contributor == 1] > 0).all()


def test_when_an_ill_disciplined_contingent_goes_the_mission_s_conduct_gains():
    out = {"out": {"week": 2, "event": "contributor_exit", "mission": "UN", "share": 1.0, "contributor": "A"}}
    stays, gone = halves(5, a={"conduct": 0.1}), halves(5, out, a={"conduct": 0.1})
    whole = column(gone, "missions.conduct")[0]
    assert discipline(stays, 0) == pytest.approx((whole + 0.1) / 2)
    assert discipline(gone, 0) == pytest.approx(whole, abs=0.03) and sent(gone, 0)[1] > 0.95


def test_a_mission_without_contributors_told_apart_is_judged_whole():
    m = played(small(SAFE, missions={"AU": AU | HERE}), 2)
    assert sent(m, 0) == {} and worth(m, 0) == 1.0 and m.contingents.rows == 0
