"""Whose land a mission or an army may stand on, and how far over a border it may follow armed groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.model import Model


def let_in(m: Model, mission: int) -> np.ndarray:
    """Return which hosts let a mission's units stand on their land: it is sent there, and not unwanted or sent out."""
    return m.sent[mission] & _wanted(m, mission)


def let_follow(m: Model, mission: int) -> np.ndarray:
    """Return which hosts let a mission follow armed groups into their land, where it does not stand."""
    return m.follows[mission] & _wanted(m, mission)


def _wanted(m: Model, mission: int) -> np.ndarray:
    """Return which hosts consent to a mission at all, and have not sent it out."""
    g = m.hosts
    return (g.consent[mission] > 0) & ~g.ousted[mission] & ~g.barred[mission]


def belt(m: Model, stands: np.ndarray, follows: np.ndarray) -> np.ndarray:
    """Return the cells of some hosts within the length of a pursuit from the land of others; (cells,).

    stands, follows: of each host, whether one stands on its land, and whether one may follow into it.
    """
    key = (stands.tobytes(), follows.tobytes())
    if key not in m.belts:
        host = m.world.host
        m.belts[key] = follows[host] & (m.space.from_land(stands[host]) <= m.p.borders.pursuit_km)
    return m.belts[key]


def bound(m: Model, mission: int, inside: np.ndarray | None, consent: np.ndarray) -> np.ndarray:
    """Return how far each cell is open to a mission, and note where its units may stand.

    Open is the land of hosts that let it in, inside its mandate's area, and a belt beyond the border where it may
    follow; all else is closed. inside: the mandate's area, None for all; consent: how far each cell consents.
    """
    w = m.world
    m.hosts.admits[mission] = stands = let_in(m, mission)
    posts = stands[w.host] & (consent > 0)
    if inside is not None:
        posts = posts & inside
    m.missions.posts[:, mission] = posts
    m.bounded[mission] = True
    return consent * (posts | belt(m, stands, let_follow(m, mission)))


def closed(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return which of some cells a mission may not act in."""
    return m.open_to[mission, cell] <= 0


def leave_closed_ground(m: Model) -> None:
    """Take units from where they may no longer stand; they look for another post at once."""
    u = m.units
    if any(m.bounded):
        u.cell[(u.cell >= 0) & ~m.missions.posts[u.cell, u.mission]] = -1


def has_ground(m: Model, mission: int) -> bool:
    """Say whether any host still lets a mission's units stand on its land."""
    return bool(let_in(m, mission).any())
