"""What strikes a country from outside: droughts and diseases of the scenario's timeline, and those who help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import UNARMED
from sim.actors.staff import TASK
from sim.rules.areas import area_number

if TYPE_CHECKING:
    from sim.model import Model

SLOTS = 32


def monthly(m: Model) -> bool:
    """Say whether it is time for what changes slowly: every fourth week, and the first that is played."""
    return m.week % 4 == 0 or m.week == -m.setup.spin_up


def slot_luck(m: Model, rule: str, owner: str, cell: np.ndarray) -> np.ndarray:
    """Return two uniforms for what happens in each of some cells: a cell has its slot for good, and shares it."""
    return m.luck(rule, owner, (SLOTS, 2))[cell % SLOTS]


def struck(m: Model, kind: str) -> np.ndarray | None:
    """Return the share of each cell that events of a kind strike this week, the largest counts; None in quiet times.

    An event holds for its duration, or to the end of the run if that is not said.
    """
    out = None
    for event, age in m.lasting(kind):
        if age >= (event.duration or m.setup.weeks):
            continue
        out = np.zeros(m.world.cells) if out is None else out
        inside = slice(None)
        if event.area is not None:
            inside = m.world.area == area_number(m, f"timeline.{event.name}.area", event.area)
        out[inside] = np.maximum(out[inside], float(event.share or 0.0))
    return out


def helped(m: Model, task: str, cell: np.ndarray, staff: float) -> np.ndarray:
    """Return how far missions that put staff to a task help in given cells, 0-1; each reaches those left by others."""
    left = np.ones(cell.size)
    for k in m.at_work:
        if (effort := m.missions.effort[TASK[task], k]) > 0:
            left = left * (1 - effort * staffed(m.near[UNARMED, k], cell, staff))
    return 1 - left


@njit(cache=True, nogil=True)
def staffed(unarmed, cell, staff):
    """Return 1 - exp(-people / staff) for the unarmed people in reach of given cells."""
    out = np.zeros(cell.size)
    for j in range(cell.size):
        if unarmed[cell[j]] > 0:
            out[j] = -np.expm1(-unarmed[cell[j]] / staff)
    return out
