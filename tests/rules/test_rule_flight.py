"""The rule `flight`: people leave where there was violence, weeks later; whether there was, not how deadly it was."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, QUIET, UN, column, played, small, village

from sim.model import Model
from sim.rules.displacement import _settle, _survivors
from sim.rules.shelter import room_left, sites
from sim.rules.violence import at_most, victims

CALM = QUIET | {"spin_up": 0, "weeks": 60, "parameters.flight.every": 1}
SITE = UN | HERE | {"mandate": {"tasks": {"protect_sites": 1.0}, "use_of_force": "protection"}, "mobile_share": 0.0}


def massacre(week: int = 0, deaths: int = 30, by: str = "rebels") -> dict:
    """Return a timeline with one massacre."""
    return {f"m{week}{by}": {"event": "massacre", "week": week, "by": by, "deaths": deaths}}


def left(m: Model) -> np.ndarray:
    """Return how many residents flight took from their homes in each week."""
    table = m.tables()["ledger"].query("rule == 'flight' and quantity == 'residents'")
    return -table.groupby("week").change.sum().reindex(range(m.week + 1), fill_value=0).to_numpy()


def test_nobody_flees_where_nothing_happens():
    m = played(small(CALM), 20)
    assert column(m, "communities.displaced").sum() == column(m, "communities.refugees").sum() == 0


def test_people_leave_weeks_after_the_violence():
    """Flight peaks one to two months after it [S36], and ends."""
    weekly = left(played(small(CALM, timeline=massacre())))
    assert 3 <= weekly.argmax() <= 9
    assert weekly[:2].sum() < 0.15 * weekly.sum() and weekly[40:].sum() < 0.02 * weekly.sum()


def test_it_does_not_matter_how_deadly_it_was_but_in_how_many_places():
    few, many = (left(played(small(CALM, timeline=massacre(deaths=n)), 20)).sum() for n in (3, 300))
    assert many == pytest.approx(few, rel=0.1)
    two = massacre(deaths=3) | massacre(deaths=3, by="host")
    assert left(played(small(CALM, timeline=two), 20)).sum() > 1.3 * few


def test_whoever_leaves_is_somewhere():
    """Those who left home are displaced or abroad, and none of them is at home."""
    m = played(small(CALM | {"disable": ["return_home"]}, timeline=massacre()), 20)
    gone = left(m).sum()
    there = column(m, "communities.displaced").sum() + column(m, "communities.refugees").sum()
    assert there == gone > 0 and column(m, "communities.left").sum() <= gone


def test_they_go_to_calm_places_near_by():
    m = played(small(CALM | {"parameters.flight.abroad": 0.0}, timeline=massacre()), 12)
    hosted, cell, unease = (column(m, f) for f in ("communities.displaced", "communities.cell", "cells.unease"))
    origin = int(np.argmax(unease))
    km = m.space.distance(origin, cell)
    people = column(m, "communities.residents")
    assert np.average(km, weights=hosted) < 0.7 * np.average(km, weights=people)
    assert hosted[cell == origin].sum() < 0.1 * hosted.sum()


def test_they_go_to_their_own_group():
    def with_own(strangers: float) -> float:
        m = played(small(CALM | {"parameters.flight.strangers": strangers}, timeline=massacre()), 12)
        hosted, people = column(m, "communities.displaced"), m.opening["residents"]
        return float(np.average(people / m.world.people[m.communities.cell], weights=hosted))

    assert with_own(0.0) > with_own(1.0)


def test_from_the_border_some_go_abroad_and_where_there_is_nowhere_else_all_who_leave_do():
    none = played(village(CALM | {"parameters.flight.abroad": 0.0}, timeline=massacre()), 10)
    some = played(village(CALM | {"parameters.flight.abroad": 1.0}, timeline=massacre()), 10)
    assert column(none, "communities.refugees").sum() == left(none).sum() == 0
    assert column(some, "communities.refugees").sum() == left(some).sum() > 0
    assert column(some, "communities.displaced").sum() == 0


def test_the_displaced_can_be_driven_out_again():
    m = played(small(CALM), 1)
    c = m.communities
    for stock, sign in (("residents", -1), ("displaced", 1)):
        m.ledger.people("test", stock, c.ledger[stock], np.arange(c.rows), sign * np.minimum(c.residents, 500))
    row = int(np.argmax(c.displaced))
    m.cells.unease[c.cell[row]] = 0.9
    hosted = column(m, "communities.displaced")[row]
    m.step()
    assert column(m, "communities.displaced")[row] < 0.95 * hosted


# -- sites ----------------------------------------------------------------------------------------------------------


def crowded(**dials) -> Model:
    """Return a village in which half of the people are displaced, beside a mission that guards sites."""
    m = played(village(CALM, missions={"UN": SITE | {"troops": 200, "police": 0} | dials}), 1)
    c = m.communities
    half = c.residents // 2
    for stock, number in (("residents", -half), ("displaced", half)):
        m.ledger.people("test", stock, c.ledger[stock], np.arange(c.rows), number)
    m.step()
    return m


def test_a_mission_that_guards_sites_shelters_as_many_as_there_is_room_for():
    m, each = crowded(troops=100), 50
    effort = m.missions.effort[:, 0].max()
    assert column(m, "cells.sheltered").sum() == pytest.approx(100 * each * effort, rel=0.01)
    many = crowded(troops=2000)
    assert column(many, "cells.sheltered").sum() == column(many, "communities.displaced").sum()


def test_other_tasks_shelter_nobody():
    assert column(crowded(mandate="presence"), "cells.sheltered").sum() == 0


def test_those_inside_are_hard_to_hit():
    free, safe = crowded(mandate="presence"), crowded(troops=2000)
    timid = crowded(troops=2000, risk_tolerance=0.0)
    rows = np.arange(free.communities.rows)
    reach = [at_most(m, np.full(rows.size, 10**6), rows) for m in (free, timid, safe)]
    assert reach[0].sum() > 1.1 * reach[1].sum() > 1.1 * reach[2].sum()
    assert (reach[2][:2] < reach[0][:2]).all()


def test_attacks_go_to_those_outside():
    """Where one group is inside, attacks hit the other."""
    m = crowded(troops=2000)
    c, draws = m.communities, (np.arange(1000) + 0.5) / 1000
    c.ledger["displaced"][0] += c.ledger["residents"][0]
    c.ledger["residents"][0] = 0
    hit = np.bincount(victims(m, np.zeros(1000, np.int64), draws), minlength=2) / 1000
    assert hit[0] < 0.6 * c.displaced[0] / (c.residents + c.displaced).sum()


def test_a_site_draws_the_people_of_its_own_cell():
    """Where a mission guards a site, people of that very cell go into it instead of leaving the country."""
    m = played(village(CALM | {"parameters.flight.abroad": 0.0}, missions={"UN": SITE}, timeline=massacre()), 12)
    assert column(m, "cells.sheltered").sum() == column(m, "communities.displaced").sum() > 100
    found = sites(m)
    assert found is not None and 0 < room_left(m, found).max() <= 1


def test_a_mission_that_leaves_shelters_nobody():
    gone = {"out": {"event": "withdrawal", "mission": "UN", "week": 10}} | massacre()
    m = played(village(CALM, missions={"UN": SITE}, timeline=gone), 14)
    assert column(m, "cells.sheltered").sum() == column(m, "cells.secured").sum() == 0


# -- arithmetic -------------------------------------------------------------------------------------------------------


def test_people_are_sent_in_whole_and_none_is_lost():
    weight, rows = np.array([1.0, 0.0, 3.0]), np.arange(3)
    for number in (0, 1, 2, 7, 100):
        for uniform in (0.0, 0.4, 0.999):
            people = np.zeros(3, np.int64)
            _settle(number, weight, rows, weight.sum(), uniform, people)
            assert people.sum() == number and people[1] == 0


def test_those_whom_the_week_may_have_killed_do_not_leave():
    free = _survivors(np.array([5, 10]), np.array([4, 0]), np.array([0, 1, -1]), np.array([7, 3, 99]))
    assert free.tolist() == [[0, 7], [2, 0]]
