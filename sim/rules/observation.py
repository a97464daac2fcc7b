"""The observation operator: what a coder of events would have written down of what happened, and where.

Patterns in data describe what is recorded, not what is so. Of the true events it keeps the deadly ones by known actors,
the surer the deadlier, the easier to reach and the better watched; some it puts in the wrong place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, ndtri

from sim.actors.presence import UNARMED
from sim.actors.roster import CRIMINALS

if TYPE_CHECKING:
    from sim.model import Model


def event_luck(m: Model, what: str, *tail: int) -> np.ndarray:
    """Return uniforms for each act of the week, by perpetrator and the slot it came from; (acts, *tail)."""
    a, out = m.acts, np.empty((m.acts.size, *tail))
    for actor in sorted(set(a.perpetrator.tolist())):
        mine, slots = a.perpetrator == actor, m.act_slots[actor]
        drawn = m.luck(f"record/{what}", m.doers[actor], (slots, *tail) if tail else slots)
        out[mine] = drawn[np.maximum(a.source[mine] - m.slot_start[actor], 0) % slots]
    return out


def observed(m: Model) -> np.ndarray:
    """Return which acts a coder would have recorded: deadly, by somebody with a name, and come to be known; (acts,).

    Recorded the surer the deadlier, the better the roads, and the nearer the staff of missions that report abuses.
    """
    a = m.acts
    if a.size == 0:
        return np.zeros(0, bool)
    named = a.perpetrator != m.doers.index(CRIMINALS)
    return (a.deaths > 0) & named & (event_luck(m, "observed") < chance(m))


def chance(m: Model) -> np.ndarray:
    """Return the chance that each act of the week is recorded, were it deadly and its doer known."""
    p, a = m.p.record, m.acts
    odds = np.log(p.coded / (1 - p.coded)) if 0 < p.coded < 1 else np.copysign(50.0, p.coded - 0.5)
    odds = odds + p.by_deaths * np.log(np.maximum(a.deaths, 1)) + p.by_access * m.world.access[a.cell]
    return expit(odds + p.by_rights * watched(m, a.cell))


def watched(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how well missions watch over rights in given cells, 0-1: voice x their unarmed staff in reach [B-M99].

    It reads who stands there even in a placebo run, whose record is then biased as any other's.
    """
    unseen = np.ones(cell.size)
    for k in np.flatnonzero((m.missions.voice > 0) & m.missions.fielded):
        near = -np.expm1(-m.reach[UNARMED, k, cell] / m.p.reports.sight_people)
        unseen = unseen * (1 - m.missions.voice[k] * near)
    return 1 - unseen


def recorded_cell(m: Model) -> np.ndarray:
    """Return the cell in which a coder would put each act of the week: where it was, but for some that lie off.

    Those are moved by a normal step east and one north, to land, or stay where that is none.
    """
    p, a = m.p.record, m.acts
    u, out = event_luck(m, "place", 3), a.cell.copy()
    off = np.flatnonzero(u[:, 0] < p.misplaced)
    if off.size:
        steps = p.misplaced_km / m.world.side_km * ndtri(np.clip(u[off, 1:], 1e-9, 1 - 1e-9))
        north, east = np.rint(steps).astype(np.int64).T
        out[off] = m.space.offset(a.cell[off], -north[:, None], east[:, None])[0][:, 0]
    return out
