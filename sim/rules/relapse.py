"""Cleared or abandoned ground that nobody holds draws bands back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ATTACK, BATTLE
from sim.actors.presence import READY
from sim.actors.staff import RELAPSE_TABLE
from sim.rules.recruitment import held_ground
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "acts", "near", "missions.holding", "missions.boldness", "bands.cell", "bands.fighters", "bands.abroad",
    ),
    writes=(
        "cells.vacuum", "cells.held", "cells.settled", "cells.calm", "missions.open_for", "missions.open_waits",
        "missions.held_waits", "missions.open_relapses", "missions.held_relapses",
    ),
)  # fmt: skip
def relapse(m: Model) -> None:
    """Ground that an operation cleared, or that a mission left, becomes a vacuum unless somebody holds it.

    The vacuum grows from week to week while the ground lies open, and fills where missions hold, where state forces
    stand and where a band settles. Bands are drawn to it (rule band_moves). Built in: that a vacuum draws; how long
    cleared ground lasts, and how much sooner unheld ground relapses, follows from moves and holding.
    Source: B-M81, B-M9, B-M152. Basis: assumption.
    """
    p, c, t = m.p.relapse, m.cells, m.missions
    cell, mission = cleared_now(m)
    if not (m.at_work or cell.size or np.count_nonzero(c.held) or np.count_nonzero(c.vacuum)):
        return
    held, b = held_ground(m), m.bands
    bands = np.bincount(b.cell[(b.fighters > 0) & ~b.abroad], minlength=m.world.cells)
    raids = np.bincount(m.acts.cell[m.acts.of(ATTACK)], minlength=m.world.cells)
    firm = _open_up(
        c.vacuum, c.held, held, _state_near(m), t.open_for, bands,
        (float(p.by_state), float(p.left), float(p.opening), float(p.filling), float(p.closing)),
    )  # fmt: skip
    tables = tuple(getattr(t, name) for name in RELAPSE_TABLE)
    _watch(t.open_for, c.settled, c.calm, bands, raids, firm, tables, (float(p.held_from), int(p.weeks)))
    t.open_for[cell, mission] = 0
    c.settled[cell] = 0
    c.calm[cell] = p.weeks


def cleared_now(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells that operations cleared this week, and the missions that did."""
    fought = m.acts.of(BATTLE)
    fought = fought[m.acts.perpetrator[fought] < m.actors.first_host]
    return m.acts.cell[fought], m.acts.perpetrator[fought]


def _state_near(m: Model) -> np.ndarray:
    """Return how many hundreds of ready state forces stand near each cell, in the measure of restraint."""
    ready = np.zeros(m.world.cells)
    for h in range(m.actors.first_host, m.actors.first_group):
        ready = ready + m.near[READY, h]
    return ready / (100 * m.p.restraint.hundreds)


@njit(cache=True, nogil=True)
def _open_up(vacuum, before, held, state, open_for, bands, dials):
    """Let vacuums grow where a mission left and where cleared ground lies open, and fill elsewhere.

    Notes what is held now; returns how firmly anybody holds each cell that matters, 0-1.
    """
    by_state, left, opening, filling, closing = dials
    firm, lying = np.zeros(vacuum.size), np.zeros(vacuum.size)
    for k in range(open_for.shape[1]):
        for cell in range(vacuum.size):
            lying[cell] += open_for[cell, k] >= 0
    for cell in range(vacuum.size):
        level = vacuum[cell] + (1 - vacuum[cell]) * left * max(0.0, before[cell] - held[cell])
        before[cell] = held[cell]
        if level == 0 and lying[cell] == 0:
            continue
        firm[cell] = 1 - (1 - held[cell]) * (1 - by_state * (1 - np.exp(-state[cell])))
        if lying[cell] > 0:
            level += (1 - level) * opening * (1 - firm[cell])
        level *= (1 - closing) * (1 - filling * firm[cell])
        vacuum[cell] = level * (1 - filling) if bands[cell] > 0 else level
    return firm


@njit(cache=True, nogil=True)
def _watch(open_for, settled, calm, bands, raids, firm, tables, dials):
    """Note for each cleared cell whether it still waits or has relapsed, in the column of held or of open ground.

    Relapsed: a band has stayed for so many weeks, or there were two attacks within as many.
    """
    open_waits, held_waits, open_relapses, held_relapses = tables
    held_from, weeks = dials
    for cell in range(open_for.shape[0]):
        lying = False
        for k in range(open_for.shape[1]):
            lying |= open_for[cell, k] >= 0
        if not lying:
            continue
        settled[cell] = settled[cell] + 1 if bands[cell] > 0 else 0
        twice = raids[cell] > 1 or (raids[cell] == 1 and calm[cell] < weeks)
        calm[cell] = 1 if raids[cell] > 0 else min(calm[cell] + 1, weeks)
        back, held = settled[cell] >= weeks or twice, firm[cell] >= held_from
        for k in range(open_for.shape[1]):
            age = open_for[cell, k]
            if age >= 0:
                waits, relapses = (held_waits, held_relapses) if held else (open_waits, open_relapses)
                waits[age, k] += 1
                relapses[age, k] += back
                open_for[cell, k] = -1 if back or age + 1 >= waits.shape[0] else age + 1
