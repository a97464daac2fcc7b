"""The rule `state_moves`: state forces hold their posts, and now and then go where rebels have lately struck."""

from __future__ import annotations

import numpy as np
from helpers import column, played, small

QUIET = {f"parameters.{rate}": 0.0 for rate in ("attacks.base", "battles.base", "state_abuse.base")}
MANY = {"hosts.host.forces": 60, "parameters.state_moves.leave": 0.2}


def test_most_forces_stand_at_their_posts_and_some_are_away():
    m = played(small(MANY), 12)
    away = column(m, "forces.cell") != column(m, "forces.home")
    assert 0.1 < away.mean() < 0.7


def test_those_who_went_come_back():
    m = played(small(MANY | {"parameters.state_moves.back": 1.0}), 10)
    away = [column(m, "forces.cell") != column(m, "forces.home")]
    m.step()
    away.append(column(m, "forces.cell") != column(m, "forces.home"))
    assert away[0].any() and not (away[0] & away[1]).any()


def test_forces_follow_rebels_who_struck():
    area = played(small(QUIET), 1).world.area_names[-1]
    raids = {f"r{w}": {"week": w, "event": "massacre", "by": "rebels", "deaths": 5, "area": area} for w in range(14)}
    there = []
    for timeline in ({}, raids):
        m = played(small(QUIET | MANY, timeline=timeline), 14)
        there.append(np.mean(m.world.area_names.index(area) == m.world.area[column(m, "forces.cell")]))
    assert there[1] > there[0]
