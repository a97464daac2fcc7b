"""Where state forces go: to their posts, and now and then to where rebels have lately struck."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import count_forces
from sim.actors.roster import ARMED
from sim.actors.staff import TASK
from sim.luck import gumbel
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "cells.memory", "forces.cell", "forces.home", "forces.people", "missions.effort", "missions.picture",
        "scenario.hosts.pursuit",),
    writes=("forces.cell", "near", "reach"),
)  # fmt: skip
def state_moves(m: Model) -> None:
    """State forces hold the capital and the roads, and now and then go where rebels have lately struck.

    A unit away from its post returns to it within weeks. Where missions support the army, it follows their picture.
    It stays on its host's land, but for a belt beyond the border if its host may pursue there.
    Source: B-M5, S25, B-M73, F-M5; that armies follow attacks reported near roads is an assumption. Basis: assumption.
    """
    p, f, moved = m.p.state_moves, m.forces, False
    for h, name in enumerate(m.actors.hosts):
        rows = m.force_spans[h]
        u = m.luck("state_moves", name, (rows.stop - rows.start, 2))
        sent, returned = _turn_back(f.cell[rows], f.home[rows], u, float(p.back), float(p.leave))
        if sent.size:
            f.cell[rows.start + sent] = _posts(m, h, rows.start + sent)
        moved = moved or returned or sent.size > 0
    if moved:
        count_forces(m)


@njit(cache=True, nogil=True)
def _turn_back(cell, home, uniform, back, leave):
    """Let forces that are away return by luck; return which of the others leave, and whether any has returned."""
    sent, n, returned = np.empty(cell.size, np.int64), 0, False
    for f in range(cell.size):
        if cell[f] == home[f]:
            sent[n] = f
            n += uniform[f, 0] < leave
        elif uniform[f, 0] < back:
            cell[f], returned = home[f], True
    return sent[:n], returned


def _posts(m: Model, host: int, force: np.ndarray) -> np.ndarray:
    """Choose where some state forces go: near their posts, by road, to where rebels have lately struck.

    That they know, and missions that support the army tell it of bands: their map x their effort.
    """
    p, own, names, t = m.p.state_moves, m.beat_cells[host], m.force_names, m.missions
    told = p.told * t.effort[TASK["support_host_forces"]]
    known = _known(own, m.cells.memory[ARMED], np.array(m.at_work, np.int64), told, t.picture, float(p.floor))
    wish = (float(p.road), m.world.access, np.log(known))
    noise = gumbel(np.array([m.luck.once("state_moves/where", names[k], own.size) for k in force.tolist()]))
    return own[_best_posts(m.forces.home[force], own, m.world.x, m.world.y, float(p.km), wish, noise)]


@njit(cache=True, nogil=True)
def _known(cells, memory, missions, told, picture, floor):
    """Return how much an army knows of rebels in given cells, from recent violence and from missions' maps."""
    out = np.zeros(cells.size)
    for n in range(missions.size):
        if told[missions[n]] > 0:
            for j in range(out.size):
                out[j] += told[missions[n]] * picture[cells[j], missions[n]]
    for j in range(out.size):
        out[j] = floor + (memory[cells[j]] + out[j])
    return out


@njit(cache=True, nogil=True)
def _best_posts(home, cells, x, y, scale, wish, noise):
    """Return which of a host's cells draws each force most: by wish, by nearness to its post, with noise.

    wish: the weight of roads, access by road of each cell of the map, the log of what is known of each of the host's.
    """
    road, access, known = wish
    best = np.zeros(home.size, np.int64)
    for f in range(home.size):
        most = -np.inf
        for i in range(cells.size):
            at = cells[i]
            east, north = x[home[f]] - x[at], y[home[f]] - y[at]
            level = road * access[at] + known[i] - np.sqrt(east * east + north * north) / scale + noise[f, i]
            if level > most:
                best[f], most = i, level
    return best
