"""Organised crime, and the police who hold it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import CRIME
from sim.actors.mission import BASE, MOBILE, POLICE, TASK
from sim.rules import hazards
from sim.rules.rule import rule
from sim.rules.shocks import monthly
from sim.rules.violence import at_most, victims

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "units.kind", "units.mission", "units.people", "units.cell", "missions.acting", "missions.effort",
        "hosts.capacity", "communities.residents", "communities.displaced",
    ),
    writes=("acts", "cells.policed", "cells.expected_crimes"),
)  # fmt: skip
def crime(m: Model) -> None:
    """Gangs kill where many people live, more among the displaced and round large garrisons, less where police work.

    Police are the host's, by its capacity and presence, and missions' by their effort on policing; they achieve
    little without courts and prisons (rule of law). Soldiers lower it nowhere. Only organised crime that makes events
    is meant, not all homicide. Where it is expected changes slowly and is worked out every fourth week.
    Source: E34, B-M130, F-M166. Basis: literature (signs), assumption (sizes).
    """
    if monthly(m):
        m.cells.policed[:] = policed(m)
        m.cells.expected_crimes[:] = crimes_expected(m)
    p = m.p.crime
    for h, name in enumerate(m.actors.hosts):
        cells = m.host_cells[h]
        rows = np.flatnonzero(m.luck("crime", name, cells.size) < m.cells.expected_crimes[cells])
        if rows.size == 0:
            continue
        u, cell = m.luck.once("crime/how", name, (cells.size, 2))[rows], cells[rows]
        community = victims(m, cell, u[:, 0])
        dead = at_most(m, hazards.sizes(u[:, 1], p.mu, p.none, p.sigma), community)
        m.acts.add(
            rows.size, kind=CRIME, perpetrator=len(m.doers) - 1, cell=cell, community=community, source=rows,
            potential=dead, civilians=dead, deaths=dead,
        )  # fmt: skip


def near_by(m: Model, mission: int, kinds: tuple[int, ...]) -> np.ndarray:
    """Return a mission's people of some kinds of unit in each cell and those next to it; (cells,)."""
    u, rows = m.units, m.unit_spans[mission]
    mine = rows.start + np.flatnonzero(np.isin(u.kind[rows], kinds) & (u.cell[rows] >= 0))
    if mine.size == 0:
        return np.zeros(m.world.cells)
    here = np.bincount(u.cell[mine], u.people[mine], m.world.cells)
    return here + m.space.around(here) * m.space.count


def policed(m: Model) -> np.ndarray:
    """Return how far police hold each cell, 0-1: the host's where the state is present, and missions' near their posts.

    Without courts and prisons police achieve only a part [F-M166].
    """
    p, effort, courts = m.p.crime, m.missions.effort, 0.0
    free = 1 - m.hosts.capacity[m.world.host] * m.world.state_presence
    for k in m.at_work:
        courts = max(courts, float(effort[TASK["rule_of_law"], k]))
    for k in m.at_work:
        if effort[TASK["policing"], k] > 0:
            here = -np.expm1(-near_by(m, k, (POLICE,)) / p.police_people)
            free = free * (1 - effort[TASK["policing"], k] * (p.alone + (1 - p.alone) * courts) * here)
    return 1 - free


def crimes_expected(m: Model) -> np.ndarray:
    """Return the crimes expected in each cell a week, at most one: by people, displaced people, garrisons, police."""
    p, c, soldiers = m.p.crime, m.communities, np.zeros(m.world.cells)
    for k in m.at_work:
        soldiers = soldiers + near_by(m, k, (BASE, MOBILE))
    uprooted = np.bincount(c.cell, c.displaced, m.world.cells) / np.maximum(m.people_in, 1)
    rate = p.base * m.people_in / 1e6 * (1 + p.displaced * uprooted)
    rate = rate * (1 + p.garrison * -np.expm1(-soldiers / p.garrison_people))
    return -np.expm1(-rate * (1 - p.effect * m.cells.policed))
