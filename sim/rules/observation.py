"""The observation operator: what a coder of events would have written down of what happened, and where.

Patterns in data describe what is recorded, not what is so. Of the true events it keeps the deadly ones by known actors,
the surer the deadlier, the easier to reach and the better watched; some it puts in the wrong place.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import expit, ndtri

from sim.actors.presence import UNARMED

if TYPE_CHECKING:
    from sim.model import Model


def event_luck(m: Model, what: str, size: int) -> np.ndarray:
    """Return so many uniforms for each act of the week, by perpetrator and the slot it came from; (acts, size)."""
    rows = m.slot_of(m.acts.perpetrator, m.acts.source)
    return m.luck.of_slots_at(f"record/{what}", "", m.act_slots, rows, size)


def coded(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return which acts of the week a coder would have recorded, and in which cell he would have put each; (acts,).

    Recorded are deadly acts by somebody with a name, the surer the deadlier, the better the roads, and the nearer the
    staff of missions that report abuses. Luck of the record has addresses of its own and moves nothing else.
    """
    a = m.acts
    if a.size == 0:
        return np.zeros(0, bool), np.zeros(0, np.int64)
    luck = event_luck(m, "coder", 4)
    deadly = _deadly(a.deaths, a.perpetrator, len(m.doers) - 1)  # criminals, who are nobody in particular, stand last
    found = np.zeros(a.size, bool)
    if deadly.size:
        found[deadly] = luck[deadly, 0] < chance(m, deadly)
    return found, recorded_cell(m, luck[:, 1:])


@njit(cache=True, nogil=True)
def _deadly(deaths, doer, nobody):
    """Return the acts that killed and were not by nobody in particular."""
    return np.array([act for act in range(deaths.size) if deaths[act] > 0 and doer[act] != nobody], np.int64)


def chance(m: Model, acts: np.ndarray) -> np.ndarray:
    """Return the chance that each of some deadly acts is recorded."""
    p, deaths, cell = m.p.record, m.acts.deaths[acts], m.acts.cell[acts]
    odds = _log_odds(p.coded) + p.by_deaths * np.log(np.maximum(deaths, 1)) + p.by_access * m.world.access[cell]
    return expit(odds + p.by_rights * watched(m, cell))


@cache
def _log_odds(chance: float) -> float:
    """Return the logarithm of the odds of a chance; large where it is certain."""
    return float(np.log(chance / (1 - chance)) if 0 < chance < 1 else np.copysign(50.0, chance - 0.5))


def watched(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how well missions watch over rights in given cells, 0-1: voice x their unarmed staff in reach [B-M99].

    It reads who stands there even in a placebo run, whose record is then biased as any other's.
    """
    return _watched(m.reach[UNARMED], m.missions.voice, m.missions.fielded, m.p.reports.sight_people, cell)


@njit(cache=True, nogil=True)
def _watched(staff, voice, fielded, sight, cell):
    """Return how well cells are watched by the staff of missions in the field; staff: in reach, (actors, cells)."""
    out = np.empty(cell.size)
    for j in range(out.size):
        unseen = 1.0
        for k in range(voice.size):
            if voice[k] > 0 and fielded[k]:
                unseen = unseen * (1 - voice[k] * -np.expm1(-staff[k, cell[j]] / sight))
        out[j] = 1 - unseen
    return out


def recorded_cell(m: Model, luck: np.ndarray) -> np.ndarray:
    """Return the cell in which a coder would put each act of the week: where it was, but for some that lie off.

    Those are moved by a normal step north and one east, to land, or stay where that is none. luck: (acts, 3).
    """
    p, a = m.p.record, m.acts
    out, off = a.cell.copy(), (luck[:, 0] < p.misplaced).nonzero()[0]
    if off.size:
        sure = np.minimum(np.maximum(luck[off, 1:], 1e-9), 1 - 1e-9)
        steps = p.misplaced_km / m.world.side_km * ndtri(sure)
        north, east = np.rint(steps).astype(np.int64).T
        out[off] = m.space.offset(a.cell[off], -north, east)
    return out
