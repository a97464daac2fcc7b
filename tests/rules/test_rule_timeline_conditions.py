"""The rule `timeline`, where events have conditions: handover at a benchmark or for want of money, exits, returns."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, column, played, small, tables, village

from sim.actors.acts import ATTACK
from sim.actors.mission import NEVER
from sim.rules.conditions import MEASURES

FORCE = AU | HERE | {"casualty_tolerance": 1000.0}
LATE = UN | {"mandated": 12, "arrives": 14, "ramp": 20}


def week_of(m, name: str = "it") -> int | None:
    """Return the week in which an event has happened, None if it has not."""
    week = int(m.happenings.week[m.event_rows[name]])
    return None if week == NEVER else week


def deployed(m, mission: str) -> int:
    """Return how many people a mission has in the country."""
    return int(m.missions.deployed[:, m.actors.index[mission]].sum())


def waiting(when: dict, weeks: int = 12, change=None, **event):
    """Return a village after some weeks in which the UN leaves on a condition."""
    it = {"event": "withdrawal", "mission": "UN", "when": when, **event}
    return played(village({"weeks": 40, **(change or {})}, missions={"UN": UN | HERE}, timeline={"it": it}), weeks)


def test_an_event_comes_once_its_condition_has_held_for_so_many_weeks_in_a_row():
    assert week_of(waiting({"measure": "paid", "above": 0.5, "weeks": 3})) == 2
    assert week_of(waiting({"measure": "paid", "above": 0.5, "weeks": 3, "after": 6})) == 8
    assert week_of(waiting({"measure": "paid", "below": 0.5, "weeks": 1})) is None
    assert week_of(waiting({"measure": "paid", "below": 0.5, "by": 7})) == 7


def test_what_an_event_follows_comes_first():
    first = {"event": "reinforcement", "mission": "UN", "week": 5, "troops": 10}
    it = {"event": "withdrawal", "mission": "UN", "when": {"follows": "more", "weeks": 4}}
    m = played(village(missions={"UN": UN | HERE}, timeline={"more": first, "it": it}), 12)
    assert week_of(m) == 9 and deployed(m, "UN") == 0


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_a_number_that_can_be_above_and_below(measure):
    high = {"civilian_deaths": 1e5, "ceasefire": 1.0}.get(measure, 1.0)
    above, below = (
        waiting({"measure": measure, side: level, "weeks": 1}) for side, level in (("above", high), ("below", 0.0))
    )
    assert week_of(above) is None and week_of(below) is None


def test_deaths_are_counted_per_100_000_people_and_year():
    m = waiting({"measure": "civilian_deaths", "above": 50.0, "weeks": 1}, weeks=2)
    memory, people = m.p.conditions.memory_weeks, float(m.people_in.sum())
    m.acts.add(1, kind=ATTACK, perpetrator=m.actors.index["rebels"], cell=0, community=0, civilians=20, deaths=20)
    m.step()
    rate = 20 * (1 - np.exp(-1 / memory)) * 52 / people * 1e5
    assert m.cells.bloodshed.sum() * 52 / people * 1e5 == pytest.approx(rate)
    assert (week_of(m) == 2) == (rate > 50)


def handed(when: dict, weeks: int, timeline: dict | None = None, **dials):
    """Return a model in which a regional force hands over to the UN on a condition."""
    it = {"event": "handover", "mission": "AU", "to": "UN", "when": when}
    missions = {"AU": FORCE | dials, "UN": LATE}
    return played(small({"weeks": 60}, missions=missions, timeline={"it": it, **(timeline or {})}), weeks)


def test_a_handover_waits_until_the_heir_is_strong_enough():
    m = handed({"measure": "strength", "above": 0.5, "weeks": 1}, 40)
    assert 15 < week_of(m) < 30 and deployed(m, "AU") == 0


CUT = {"cut": {"week": 2, "event": "funding_cut", "mission": "AU", "share": 0.9}}
BROKE = {"measure": "paid", "below": 0.7, "weeks": 4}


def test_a_giver_that_cannot_pay_hands_over_early_and_the_heir_gets_its_mandate_with_the_people():
    m = handed(BROKE, 12, CUT, reserve=0.0)
    assert week_of(m) < LATE["mandated"]
    k = m.actors.index["UN"]
    assert m.missions.mandated[k] == week_of(m) and deployed(m, "UN") > 0 and k in m.at_work
    assert week_of(handed(BROKE, 12, reserve=8.0)) is None


def test_police_stay_when_only_soldiers_are_withdrawn():
    m = waiting({"measure": "paid", "above": 0.5, "weeks": 1}, components=["troops", "observers"])
    assert column(m, "missions.deployed")[:, 0].tolist() == [0, UN["police"], UN["civilians"], 0]


BACK = {"event": "reentry", "mission": "UN", "when": {"follows": "it", "weeks": 2}}


def returned(weeks: int, **people):
    """Return a model in which a mission leaves in week 14 and is called back in week 16."""
    missions = {"UN": UN | HERE | {"delay": 3, "ramp": 12}}
    it = {"event": "withdrawal", "mission": "UN", "week": 14, "components": ["troops"]}
    timeline = {"it": it, "back": BACK | people}
    return played(village({"weeks": 40}, missions=missions, timeline=timeline), weeks)


def test_a_mission_comes_back_its_delay_later_and_by_its_ramp():
    troops = [int(column(returned(w), "missions.deployed")[0, 0]) for w in (14, 15, 19, 22, 36)]
    assert troops[0] == 2000 and troops[1] == troops[2] == 0 < troops[3] < troops[4] == 2000


def test_whoever_stayed_is_not_sent_away_by_a_return():
    police = {int(column(returned(w), "missions.deployed")[1, 0]) for w in range(14, 26)}
    assert police == {UN["police"]}


def test_a_return_may_be_smaller_or_larger_than_what_left():
    assert int(column(returned(36, troops=600), "missions.deployed")[0, 0]) == 600
    assert int(column(returned(36, troops=3000), "missions.deployed")[0, 0]) == 3000


def test_a_successor_comes_with_the_exit_and_no_other_way():
    small_one = {
        "org_type": "un",
        "profile": "political",
        "mandate": "political",
        "civilians": 50,
        "delay": 2,
        "ramp": 1,
    }
    it = {"event": "withdrawal", "mission": "UN", "week": 4}

    def setup(week):
        return village(
            missions={"UN": UN | HERE, "OFFICE": small_one | {"on_event": "it"}}, timeline={"it": it | {"week": week}}
        )

    found = tables(setup(4))["units"]
    assert found[found.actor == "OFFICE"].week.min() == 6
    stays = tables(setup(19))["units"]
    assert not (stays.actor == "OFFICE").any()
