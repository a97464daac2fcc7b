"""How people and hosts turn missions away: protests in towns, and expulsion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import PROTEST
from sim.actors.mission import NEVER
from sim.actors.presence import ARMED
from sim.rules.borders import has_ground
from sim.rules.rule import rule
from sim.rules.violence import at_most

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "past", "communities.perceptions", "communities.met", "communities.residents", "communities.displaced", "acts",
    ),
    writes=("acts", "missions.hampered", "hosts.anger"),
)  # fmt: skip
def protest(m: Model) -> None:
    """Towns in which a mission has lost its legitimacy protest against it, the more so where others nearby did.

    A protest stops part of the mission's patrols for a week and leaves anger that the host feels; a few are deadly.
    Source: B-M44, B-M45. Basis: literature (signs), assumption (sizes).
    """
    p, g, t = m.p.protest, m.hosts, m.missions
    g.anger[:] *= np.exp(-1 / p.anger_weeks)
    t.hampered[:] = 0.0
    people = m.world.people[m.world.towns]
    for k in m.at_work:
        standing, against = standing_in_towns(m, k)
        low = np.maximum(0.0, 1 - standing / p.threshold)
        if not np.count_nonzero(low):
            continue
        chance = -np.expm1(-p.rate * low * (1 + p.contagion * stirred(m, k)))
        u = m.luck("protest", m.actors.missions[k], (people.size, 3))
        towns = (u[:, 0] < chance).nonzero()[0]
        if towns.size:
            rise(m, k, towns, against, u)
            t.hampered[k] = p.hamper * people[towns].sum() / max(people.sum(), 1)
            vex(m, k, towns, people)


def standing_in_towns(m: Model, mission: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a mission's legitimacy in each town among those who know it (1 where nobody does).

    And the community there in which most people are against it.
    """
    c = m.communities
    return _standing(m.town_rows, c.home, c.met[mission], m.opinion[0, mission])


@njit(cache=True, nogil=True)
def _standing(rows, people, met, legitimacy):
    """Average legitimacy over the people of each town; and find the row with most people x illegitimacy."""
    standing, against = np.ones(rows.shape[1]), np.full(rows.shape[1], -1)
    for town in range(rows.shape[1]):
        known, granted, worst = 0.0, 0.0, -1.0
        for row in rows[:, town]:
            if row >= 0 and met[row]:
                known += people[row]
                granted += people[row] * legitimacy[row]
                if people[row] * (1 - legitimacy[row]) > worst:
                    worst, against[town] = people[row] * (1 - legitimacy[row]), row
        if known > 0:
            standing[town] = granted / known
    return standing, against


def stirred(m: Model, mission: int) -> np.ndarray:
    """Return how far last week's protests against a mission stir each town, 0-1: the nearer and the more."""
    mine = (m.past.kind == PROTEST) & (m.past.opponent == mission)
    near = np.zeros(m.world.towns.size)
    for cell in m.past.cell[mine].tolist():
        near += np.exp(-m.space.distance(cell, m.world.towns) / m.p.protest.km)
    return near / (1 + near)


def rise(m: Model, mission: int, towns: np.ndarray, against: np.ndarray, u: np.ndarray) -> None:
    """Record the protests of a week, and those who die in them."""
    p, community = m.p.protest, against[towns]
    dead = np.where(u[towns, 1] < p.deadly, 1 + (u[towns, 2] < 0.5), 0).astype(np.int64)
    dead = at_most(m, dead, community)
    doer = len(m.actors.names) + m.communities.group[community]
    m.acts.add(
        towns.size, kind=PROTEST, perpetrator=doer, opponent=mission, cell=m.world.towns[towns], community=community,
        source=towns, potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


def vex(m: Model, mission: int, towns: np.ndarray, people: np.ndarray) -> None:
    """Let each host feel the share of its townspeople whose towns protest."""
    anger, host = m.hosts.anger, m.world.host[m.world.towns]
    for h in range(m.hosts.rows):
        all_towns, mine = people[host == h].sum(), people[towns][host[towns] == h].sum()
        if mine:
            anger[mission, h] += (1 - anger[mission, h]) * m.p.protest.felt * mine / all_towns


@rule(
    reads=(
        "hosts.consent",
        "hosts.rival",
        "hosts.discontent",
        "hosts.unrest",
        "hosts.barred",
        "units.cell",
        "near",
        "missions.acting",
        "missions.expelled",
        "scenario.missions.delay",
        "scenario.missions.on_expulsion_of",
        "scenario.missions.pursuit",
    ),
    writes=("missions.expelled", "hosts.sour", "hosts.ousted", "hosts.left", "missions.comes"),
)
def expulsion(m: Model) -> None:
    """A host that has not wanted a mission for weeks sends it out, if people are angry or a rival offers itself.

    It leaves that host's land, and altogether if no other host on the map lets it stay. Once its consent has come back,
    the mission may return, as slowly as it once came. A mission that a scenario keeps in wait for another's expulsion
    comes its delay later.
    Source: B-M45, B-M83, B-M103, B-M104, S-M112. Basis: literature (conditions), assumption (levels).
    """
    p, g, t = m.p.expulsion, m.hosts, m.missions
    for k in m.at_work:
        g.sour[k] = np.where(g.consent[k] < p.floor, g.sour[k] + 1, 0)
        for h in (g.sour[k] >= p.weeks).nonzero()[0].tolist():
            provoked = g.rival[h] > 0 or g.discontent[k, h] >= p.anger
            if provoked and stands_in(m, k, h):
                g.ousted[k, h], g.sour[k, h], g.left[k, h] = True, 0, g.unrest[h]
                t.expelled[k] = not has_ground(m, k)
    for k in np.flatnonzero(g.ousted.any(axis=1)).tolist():
        g.ousted[k] &= g.consent[k] <= p.restored
        if t.expelled[k] and has_ground(m, k):
            t.expelled[k], t.comes[k] = False, m.week + delay(m, k)
    hire(m)


def stands_in(m: Model, mission: int, host: int) -> bool:
    """Say whether a mission has a unit in a host's land, or follows armed groups into it."""
    cells = m.units.cell[m.unit_spans[mission]]
    stands = (m.world.host[cells[cells >= 0]] == host).any()
    return bool(stands or (m.follows[mission, host] and m.near[ARMED, mission, m.host_cells[host]].any()))


def delay(m: Model, mission: int) -> int:
    """Return the weeks that a mission takes from the decision to its first unit in the country."""
    return int(m.setup.missions[m.actors.missions[mission]].delay)


def hire(m: Model) -> None:
    """Send for the missions that wait for an expulsion which has come."""
    t = m.missions
    for k in (t.comes == NEVER).nonzero()[0].tolist():
        awaited = m.setup.missions[m.actors.missions[k]].on_expulsion_of
        if awaited is not None and t.expelled[m.actors.index[awaited]]:
            t.comes[k] = m.week + delay(m, k)
