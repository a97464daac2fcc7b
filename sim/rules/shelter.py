"""Sites where missions shelter displaced people at their bases, and who in a cell can be hurt at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.staff import BASE, POLICE, TASK

if TYPE_CHECKING:
    from sim.model import Model


def sites(m: Model) -> tuple[np.ndarray, np.ndarray] | None:
    """Return how many people each cell's sites have room for, and how surely they are safe there, 0-1.

    A site is a base, or a post of formed police, of a mission that spends effort on `protect_sites`; room grows with
    the people there and that effort; troops that take no risks guard it less well. None where there is no site.
    Source: S-M33, B-M11, E34. Basis: assumption.
    """
    p, u, t = m.p.shelter, m.units, m.missions
    room, firm = np.zeros(m.world.cells), np.zeros(m.world.cells)
    found = False
    for k in m.at_work:
        effort, rows = t.effort[TASK["protect_sites"], k], m.unit_spans[k]
        if effort <= 0:
            continue
        here = (u.cell[rows] >= 0) & ((u.kind[rows] == BASE) | (u.kind[rows] == POLICE))
        if here.any():
            found = True
            own = np.bincount(u.cell[rows][here], u.people[rows][here] * effort * p.people_each, room.size)
            room = room + own
            firm = firm + own * p.security * (p.timid + (1 - p.timid) * t.boldness[k])
    return (room, firm / np.maximum(room, 1e-12)) if found else None


def fill_sites(m: Model, found: tuple[np.ndarray, np.ndarray] | None) -> None:
    """Let displaced people into the sites of their cell, as far as there is room."""
    cells = m.cells
    if found is None:
        cells.sheltered[:] = 0.0
        cells.secured[:] = 0.0
        return
    room, firm = found
    hosted = hosted_in(m)
    cells.sheltered[:] = np.minimum(hosted, np.floor(room))
    cells.secured[:] = firm * cells.sheltered / np.maximum(hosted, 1.0)


def room_left(m: Model, found: tuple[np.ndarray, np.ndarray] | None) -> np.ndarray:
    """Return the share of each cell's room in sites that is free, 0 where there is none."""
    if found is None:
        return np.zeros(m.world.cells)
    return np.maximum(found[0] - hosted_in(m), 0) / np.maximum(found[0], 1.0)


def hosted_in(m: Model) -> np.ndarray:
    """Return the displaced people hosted in each cell."""
    out, places = np.zeros(m.world.cells), m.world.places
    if places.size:
        out[places] = m.communities.displaced.reshape(-1, places.size).sum(axis=0)
    return out


def log_reachable(m: Model) -> np.ndarray:
    """Return by how much the log size of attacks falls in each cell where people have left or are inside a site.

    Whom a site keeps safe cannot be hit: deaths fall in proportion. Where people have left there are fewer to hit, but
    those who come find some: deaths fall less than in proportion.
    Source: B-H15. Basis: assumption.
    """
    c = m.communities
    by_people = float(m.p.violence.by_people)
    return _log_reachable(c.residents, c.displaced, c.home, m.world.places, m.cells.secured, by_people)


@njit(cache=True, nogil=True)
def _log_reachable(residents, displaced, home, places, secured, by_people):
    """Compare who can be reached in each place with who is there, and these with who lived there; 0 elsewhere."""
    out = np.zeros(secured.size)
    for k in range(places.size):
        here, hidden, lived = 0.0, 0.0, 0.0
        for i in range(k, home.size, places.size):
            here += residents[i] + displaced[i]
            hidden += secured[places[k]] * displaced[i]
            lived += home[i]
        if here < lived:
            out[places[k]] = by_people * np.log(max(here, 1.0) / lived)
        if hidden > 0:
            out[places[k]] += np.log(max(here - hidden, 1.0) / max(here, 1.0))
    return out
