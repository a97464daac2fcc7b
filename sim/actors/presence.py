"""Who is near: people in reach of each cell.

By actor. All contact and all deterrence are computed from this one array.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from sim.actors.staff import BASE, CIVILIAN, KINDS, MOBILE, OBSERVER

if TYPE_CHECKING:
    from sim.model import Model

ARMED, UNARMED, READY = range(3)


@njit(cache=True, nogil=True)
def rings_of(radius_km, side_km):
    """Return how many rings of cells round one's own are in reach."""
    return int((radius_km + 0.5 * side_km) // side_km)


@njit(cache=True, nogil=True)
def cells_within(radius_km, side_km):
    """Return how many cells are in reach, in open country."""
    return (2 * rings_of(radius_km, side_km) + 1) ** 2


@njit(cache=True, nogil=True)
def _spread(reach, actor, kind, cell, people, radius_km, ready, share, land, kernel):
    """Add people to the cells in their reach (nearest edge, Chebyshev) and, if armed, to their surroundings.

    share: the part of their hours that falls to each cell in reach; land: row and column of each cell, cell at each
    row and column, side in km.
    """
    row, col, cell_at, side = land
    at, there, rings = (row[cell], col[cell]), people * share, rings_of(radius_km, side)
    for r in range(max(at[0] - rings, 0), min(at[0] + rings + 1, cell_at.shape[0])):
        for c in range(max(at[1] - rings, 0), min(at[1] + rings + 1, cell_at.shape[1])):
            if cell_at[r, c] >= 0:
                reach[kind, actor, cell_at[r, c]] += there
    if kind != ARMED:
        return
    free, rings = people * ready, kernel.shape[0] // 2
    top, left = at[0] - rings, at[1] - rings
    for r in range(max(top, 0), min(at[0] + rings + 1, cell_at.shape[0])):
        for c in range(max(left, 0), min(at[1] + rings + 1, cell_at.shape[1])):
            if cell_at[r, c] >= 0:
                reach[READY, actor, cell_at[r, c]] += free * kernel[r - top, c - left]


@njit(cache=True, nogil=True)
def _spread_units(reach, mission, kind, cell, people, mobility, protection, km, thin, wetness, mud, land, kernel):
    """Count whom mission units in the field reach; wet-season mud halves their reach at its peak on bad roads [B-M10].

    km: reach by kind of unit; thin: how far the hours of those who reach beyond a base are shared out over more cells
    [B-M7]; mud: wet-season amplitude and access of each cell.
    """
    wet, access = mud
    reach[:, : mobility.size] = 0.0
    for u in range(cell.size):
        if cell[u] >= 0 and people[u] > 0:
            slow = wetness * wet[cell[u]] * (1 - access[cell[u]])
            far = km[kind[u]] * mobility[mission[u]] * (1 - 0.5 * slow)
            armed = UNARMED if kind[u] >= CIVILIAN else ARMED
            share = 1.0
            if thin > 0 and km[kind[u]] > km[BASE]:
                share -= thin * (1 - cells_within(far * km[BASE] / km[kind[u]], land[3]) / cells_within(far, land[3]))
            _spread(reach, mission[u], armed, cell[u], people[u], far, 1 - protection[mission[u]], share, land, kernel)


@njit(cache=True, nogil=True)
def _spread_forces(reach, first, host, cell, people, km, land, kernel):
    """Spread state forces: all of them armed, and ready."""
    for f in range(cell.size):
        if people[f] > 0:
            _spread(reach, first + host[f], ARMED, cell[f], people[f], km, 1.0, 1.0, land, kernel)


def deterrence_kernel(radius_km: float, side_km: float) -> np.ndarray:
    """Return exp(-d^2 / 2 radius^2) on the grid out to three radii, shape (2k + 1, 2k + 1)."""
    k = int(3 * radius_km // side_km)
    d = np.arange(-k, k + 1) * side_km
    return np.exp(-(d[:, None] ** 2 + d[None, :] ** 2) / (2 * radius_km**2))


def wetness(m: Model) -> float:
    """Return how far into the wet season the week is: 0 in the dry half of the year, 1 at its peak."""
    return _wetness(m.week)


@lru_cache(maxsize=1024)
def _wetness(week: int) -> float:
    """Return the same for a week by number."""
    return float(max(0.0, np.sin(2 * np.pi * week / 52)))


def refresh(m: Model) -> None:
    """Count again who is near which cell: mission units and state forces as they stand now; shape (3, actors, cells).

    `reach` is what stands there; `near` is what the rules see, empty of missions in a placebo run; `on_call` is who can
    come when told where to, in full where hours are shared out.
    """
    count_units(m)
    count_forces(m)


def count_units(m: Model) -> None:
    """Count again whom mission units reach, after some have moved or changed size, or the season has.

    They reach nobody on ground that is closed to them.
    """
    u, t = m.units, m.missions
    if t.rows == 0:
        return
    mine = slice(0, t.rows)
    units = u.mission, u.kind, u.cell, u.people, t.mobility * t.patrols, t.guarding, m.unit_km
    country, thin = (wetness(m), (m.world.wet, m.world.access), m.land, m.kernel), float(m.p.units.thinning)
    _spread_units(m.reach, *units, thin, *country)
    for k, bounded in enumerate(m.bounded):
        if bounded:
            m.reach[:, k] *= m.open_to[k] > 0
    m.near[:, mine] = 0.0 if m.setup.placebo else m.reach[:, mine]
    if m.setup.placebo:
        return
    people = (u.people * m.worth).astype(np.int64) if m.contingents.rows else u.people
    if m.contingents.rows:
        m.able = _counted(m, people, thin, country)[ARMED]
    if thin > 0:
        m.on_call = _counted(m, people, 0.0, country)


def _counted(m: Model, people: np.ndarray, thin: float, country: Any) -> np.ndarray:
    """Return whom mission units reach, given how many people each counts for; shape (3, actors, cells)."""
    u, t, out = m.units, m.missions, np.zeros_like(m.near)
    units = u.mission, u.kind, u.cell, people, t.mobility * t.patrols, t.guarding, m.unit_km
    _spread_units(out, *units, thin, *country)
    return out


def count_forces(m: Model) -> None:
    """Count again whom state forces reach, after some have moved: on their own land, and where they may pursue."""
    f, theirs = m.forces, slice(m.actors.first_host, m.actors.judged)
    m.reach[:, theirs] = 0.0
    km = float(m.p.units.base_reach_km)
    _spread_forces(m.reach, m.actors.first_host, f.host, f.cell, f.people, km, m.land, m.kernel)
    for h, own in enumerate(m.beat if m.hosts.rows > 1 else ()):
        m.reach[:, m.actors.first_host + h] *= own
    m.near[:, theirs] = m.reach[:, theirs]


def unit_reach_km(base_km: float, mobile_km: float) -> np.ndarray:
    """Return the reach of each kind of mission unit in the dry season on good roads, in km."""
    km = np.full(len(KINDS), float(base_km))
    km[[MOBILE, OBSERVER]] = mobile_km
    return km
