"""Attacks on those who came to help, where aid can go, and how long cleared ground lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import BATTLE, ON_AID, ON_PEACEKEEPERS
from sim.actors.staff import WAITS
from sim.metrics.counts import DEATHS, PEOPLE, by_perpetrator, by_target, layers
from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(by="mission", unit="events", better="lower", over_run="sum", source="E39, S31")
def attacks_on_peacekeepers(m: Model) -> np.ndarray:
    """Attacks by armed groups on the mission, deadly or not."""
    return by_target(m, ON_PEACEKEEPERS)


@metric(by="mission", unit="deaths", better="lower", over_run="sum", source="E39, B-M16")
def peacekeepers_killed(m: Model) -> np.ndarray:
    """The mission's people killed in attacks on it."""
    return by_target(m, ON_PEACEKEEPERS, DEATHS)


@metric(by="mission", unit="share", better="lower", over_run="mean", source="F-M41, B-M11")
def guarding(m: Model) -> np.ndarray:
    """Share of the mission's people who guard the mission itself."""
    return m.missions.guarding.copy()


@metric(by="perpetrator", unit="events", better="lower", over_run="sum", source="F-M18")
def attacks_on_aid(m: Model) -> np.ndarray:
    """Attacks on aid workers, deadly or not, by perpetrator."""
    return by_perpetrator(m, (ON_AID,))


@metric(unit="share", better="higher", over_run="ratio", source="S-M10, B-M153")
def humanitarian_access(m: Model) -> tuple[float, float]:
    """Share of people whom aid can reach: by an open or escorted road, no battle in or next to the cell in 4 weeks."""
    a, c = m.acts, m.cells
    road = _open_road(m.world.access, c.escorted, c.fought, a.kind, a.cell, m.space.neighbours)
    return float(road @ m.people_in), layers(m)[PEOPLE]


@njit(cache=True, nogil=True)
def _open_road(access, escorted, fought, kind, place, neighbours):
    """Return how open the roads of each cell are to aid, 0-1."""
    road = np.zeros(access.size)
    for cell in range(road.size):
        if fought[cell] <= 0:
            road[cell] = 1 - (1 - access[cell]) * (1 - escorted[cell])
    for act in range(kind.size):
        if kind[act] != BATTLE:
            continue
        cell = place[act]
        road[cell] = 0.0
        for k in range(neighbours.shape[0]):
            if neighbours[k, cell] >= 0:
                road[neighbours[k, cell]] = 0.0
    return road


@metric(by="mission", unit="weeks", better="higher", over_run="run", source="B-M81")
def relapse_after_clearing(m: Model) -> np.ndarray:
    """Weeks that ground which the mission cleared lasts, of a year at most, until bands are back.

    A band has stayed 4 weeks, or two attacks fell within 4. Area under the Kaplan-Meier curve of all clearings over 52
    weeks: those still waiting at the end count as far as they came; beyond the last week seen the curve stays level.
    """
    t = m.missions
    return _lasting(t.open_waits + t.held_waits, t.open_relapses + t.held_relapses)


@metric(by="mission", unit="weeks", better="higher", over_run="run", source="B-M81")
def relapse_after_clearing_held(m: Model) -> np.ndarray:
    """The same by the hazards of those weeks in which somebody held the cleared ground."""
    return _lasting(m.missions.held_waits, m.missions.held_relapses)


@metric(by="mission", unit="weeks", better="higher", over_run="run", source="B-M81")
def relapse_after_clearing_unheld(m: Model) -> np.ndarray:
    """The same by the hazards of those weeks in which nobody held the cleared ground."""
    return _lasting(m.missions.open_waits, m.missions.open_relapses)


def _lasting(waits: np.ndarray, relapses: np.ndarray) -> np.ndarray:
    """Return the mean wait within the weeks watched, for each mission; missing where nothing waited."""
    stays = 1 - relapses / np.maximum(waits, 1)
    curve = np.cumprod(stays, axis=0)
    before = np.vstack([np.ones((1, waits.shape[1])), curve[: WAITS - 1]])
    return np.where(waits.any(axis=0), before.sum(axis=0), np.nan)
