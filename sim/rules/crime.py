"""Organised crime, and the police who hold it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import CRIME
from sim.actors.staff import BASE, MOBILE, POLICE, TASK
from sim.rules import hazards
from sim.rules.borders import closed
from sim.rules.rule import rule
from sim.rules.shocks import SLOTS, monthly, slot_luck
from sim.rules.violence import at_most, victims

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "units.kind", "units.mission", "units.people", "units.cell", "missions.acting", "missions.effort",
        "hosts.capacity", "hosts.admits", "communities.residents", "communities.displaced", "open_to",
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
        rows = (m.luck("crime", name, cells.size) < m.cells.expected_crimes[cells]).nonzero()[0]
        if rows.size == 0:
            continue
        cell = cells[rows]
        u = slot_luck(m, "crime/how", name, cell)
        community = victims(m, cell, u[:, 0])
        dead = hazards.sizes(u[:, 1], p.mu, p.none, p.sigma)
        dead = at_most(m, dead, community) if np.count_nonzero(dead) else dead
        m.acts.add(
            rows.size, kind=CRIME, perpetrator=len(m.doers) - 1, cell=cell, community=community, source=cell % SLOTS,
            potential=dead, civilians=dead, deaths=dead,
        )  # fmt: skip


def near_by(m: Model, mission: int, kinds: tuple[int, int]) -> np.ndarray:
    """Return a mission's people in units of some kinds (first, last) in each cell and those next to it; (cells,).

    None where the ground is closed to it.
    """
    u, rows = m.units, m.unit_spans[mission]
    found = _near_by(u.cell[rows], u.kind[rows], u.people[rows], kinds, m.space.neighbours)
    return np.where(closed(m, mission, m.all_cells), 0.0, found) if m.bounded[mission] else found


@njit(cache=True, nogil=True)
def _near_by(cell, kind, people, kinds, neighbours):
    """Add up people over each unit's cell and its neighbours on land."""
    out = np.zeros(neighbours.shape[1])
    for u in range(cell.size):
        if cell[u] >= 0 and people[u] > 0 and kinds[0] <= kind[u] <= kinds[1]:
            out[cell[u]] += people[u]
            for k in range(neighbours.shape[0]):
                if neighbours[k, cell[u]] >= 0:
                    out[neighbours[k, cell[u]]] += people[u]
    return out


def policed(m: Model) -> np.ndarray:
    """Return how far police hold each cell, 0-1: the host's where the state is present, and missions' near their posts.

    Without courts and prisons police achieve only a part [F-M166].
    """
    p, effort, host = m.p.crime, m.missions.effort, m.world.host
    free, courts = 1 - m.hosts.capacity[host] * m.world.state_presence, np.zeros(m.world.cells)
    for k in m.at_work:
        courts = np.maximum(courts, effort[TASK["rule_of_law"], k] * m.hosts.admits[k, host])
    for k in m.at_work:
        if effort[TASK["policing"], k] > 0:
            here = -np.expm1(-near_by(m, k, (POLICE, POLICE)) / p.police_people)
            free = free * (1 - effort[TASK["policing"], k] * (p.alone + (1 - p.alone) * courts) * here)
    return 1 - free


def crimes_expected(m: Model) -> np.ndarray:
    """Return the crimes expected in each cell a week, at most one: by people, displaced people, garrisons, police."""
    p, c, soldiers = m.p.crime, m.communities, np.zeros(m.world.cells)
    for k in m.at_work:
        soldiers = soldiers + near_by(m, k, (BASE, MOBILE))
    rate = p.base * m.people_in / 1e6
    if np.count_nonzero(c.displaced):
        rate = rate * (1 + p.displaced * np.bincount(c.cell, c.displaced, m.world.cells) / np.maximum(m.people_in, 1))
    rate = rate * (1 + p.garrison * -np.expm1(-soldiers / p.garrison_people))
    return -np.expm1(-rate * (1 - p.effect * m.cells.policed))
