"""The rule `contributors`: losses make a mission cautious, and beyond what is borne people go home."""

from __future__ import annotations

import pytest
from helpers import HERE, RULES, UN, column, played, small, without

from sim.actors.acts import ON_PEACEKEEPERS
from sim.rules.contributors import nerve


def bled(dead: int, tolerance: float = 4.0, weeks: int = 8):
    """Return a model in which each week armed men kill so many peacekeepers, and nobody else attacks them."""
    missions = {"UN": UN | HERE | {"casualty_tolerance": tolerance}}
    safe = {"weeks": 40, "parameters.attacks_on_peacekeepers.base": 0.0}
    m = without(played(small(safe, missions=missions), 2), "contributors")
    for _ in range(weeks):
        m.step()
        rebels = m.actors.index["rebels"]
        m.acts.add(1, kind=ON_PEACEKEEPERS, perpetrator=rebels, opponent=m.actors.index["UN"], cell=0, deaths=dead)
        RULES["contributors"](m)
    return m


def test_without_losses_a_mission_takes_the_risks_it_set_out_to_take():
    m = bled(0)
    assert column(m, "missions.boldness")[0] == column(m, "missions.risk_tolerance")[0]
    assert column(m, "missions.left")[0] == 0


def test_losses_make_it_cautious_the_more_the_less_contributors_bear():
    bold = [column(bled(2, tolerance), "missions.boldness")[0] for tolerance in (1000.0, 20.0, 4.0)]
    assert column(bled(0), "missions.boldness")[0] > bold[0] > bold[1] > bold[2] > 0


def test_beyond_what_they_bear_people_go_home():
    few, many = bled(1, tolerance=500.0), bled(5, tolerance=1.0)
    assert column(few, "missions.left")[0] == 0 < column(many, "missions.left")[0] < 1
    many.step()
    assert column(many, "missions.deployed")[0].sum() < column(few, "missions.deployed")[0].sum()


def test_a_contributor_that_goes_takes_its_share():
    out = {"out": {"week": 4, "event": "contributor_exit", "mission": "UN", "share": 0.4}}
    people = [
        column(played(small(missions={"UN": UN | HERE}, timeline=t), 6), "missions.deployed").sum() for t in ({}, out)
    ]
    assert people[1] == pytest.approx(0.6 * people[0], rel=0.05)


def test_nerve():
    assert nerve(0.0) == 1 and nerve(1.0) == 0.5
