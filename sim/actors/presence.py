"""Who is near: people in reach of each cell.

By actor. All contact and all deterrence are computed from this one array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.mission import BASE, CIVILIAN, MOBILE, OBSERVER, POLICE

if TYPE_CHECKING:
    from sim.model import Model

ARMED, UNARMED, READY = range(3)


@njit(cache=True, nogil=True)
def _spread(near, actor, kind, cell, people, reach, ready, row, col, cell_at, side, kernel):
    """Add each unit to the cells in its reach (nearest edge, Chebyshev) and, if armed.

    To its surroundings by distance.
    """
    rows, cols = cell_at.shape
    radius = kernel.shape[0] // 2
    for u in range(cell.size):
        if cell[u] < 0 or people[u] <= 0:
            continue
        r0, c0 = row[cell[u]], col[cell[u]]
        rings = int((reach[u] + 0.5 * side) // side)
        span = max(rings, radius if kind[u] == 0 else 0)
        for dr in range(-span, span + 1):
            for dc in range(-span, span + 1):
                r, c = r0 + dr, c0 + dc
                if r < 0 or c < 0 or r >= rows or c >= cols or cell_at[r, c] < 0:
                    continue
                k = cell_at[r, c]
                if abs(dr) <= rings and abs(dc) <= rings:
                    near[kind[u], actor[u], k] += people[u]
                if kind[u] == 0 and abs(dr) <= radius and abs(dc) <= radius:
                    near[2, actor[u], k] += people[u] * ready[u] * kernel[dr + radius, dc + radius]


def deterrence_kernel(radius_km: float, side_km: float) -> np.ndarray:
    """Return exp(-d^2 / 2 radius^2) on the grid out to three radii, shape (2k + 1, 2k + 1)."""
    k = int(3 * radius_km // side_km)
    d = np.arange(-k, k + 1) * side_km
    return np.exp(-(d[:, None] ** 2 + d[None, :] ** 2) / (2 * radius_km**2))


def wetness(m: Model) -> float:
    """Return how far into the wet season the week is: 0 in the dry half of the year, 1 at its peak."""
    return float(max(0.0, np.sin(2 * np.pi * m.week / 52)))


def reach_km(m: Model) -> np.ndarray:
    """Return the reach of each mission unit in km.

    By kind and mobility, halved at the wet peak on bad roads [B-M10].
    """
    p, u, w = m.p.units, m.units, m.world
    by_kind = np.empty(5)
    by_kind[[BASE, POLICE, CIVILIAN]] = p.base_reach_km
    by_kind[[MOBILE, OBSERVER]] = p.mobile_reach_km
    at = np.maximum(u.cell, 0)
    mud = wetness(m) * w.wet[at] * (1 - w.access[at])
    return by_kind[u.kind] * m.missions.mobility[u.mission] * (1 - 0.5 * mud)


def refresh(m: Model) -> None:
    """Count again who is near which cell: mission units and state forces as they stand now; shape (3, actors, cells).

    `reach` is what stands there; `near` is what the rules see, empty of missions in a placebo run.
    """
    w, u, f = m.world, m.units, m.forces
    raw = np.zeros_like(m.reach)
    grid = (w.row, w.col, w.cell_at, float(w.side_km), m.kernel)
    unarmed = (u.kind >= CIVILIAN).astype(np.int64)
    ready = 1 - m.missions.force_protection[u.mission]
    _spread(raw, u.mission, unarmed, u.cell, u.people, reach_km(m), ready, *grid)
    ones = np.ones(f.rows)
    hosts = m.actors.first_host + f.host
    _spread(raw, hosts, np.zeros(f.rows, np.int64), f.cell, f.people, ones * m.p.units.base_reach_km, ones, *grid)
    m.reach[:] = raw
    m.near[:] = raw
    if m.setup.placebo:
        m.near[:, : m.actors.first_host] = 0.0
