"""Who goes where: campaigns, bands, state forces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from sim.actors.acts import ON_AID, ON_PEACEKEEPERS
from sim.actors.mission import TASK
from sim.actors.presence import READY, count_forces
from sim.actors.roster import ARMED, COMMUNAL, HOST
from sim.luck import gumbel
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


def guard(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how strongly a mission's ready people stand over given cells, 0-1."""
    return 1 - np.exp(-m.near[READY, mission, cell] / (100 * m.p.restraint.hundreds))


def expected_cost(m: Model, cell: np.ndarray, band: np.ndarray) -> np.ndarray:
    """Return what bands expect it to cost to act in given cells: watch, and belief that an attack is met, x presence.

    cell, band: arrays that broadcast together. Belief is the band's own, fed by mandate and experience (rule response).
    Source: B-M3, B-M11.
    """
    p, cost = m.p.restraint, 0.0
    for k in m.at_work:
        weight = p.watch * m.missions.hears[k] + p.act * m.bands.belief[k][band]
        cost = cost + weight * guard(m, int(k), cell)
    return cost + np.zeros(np.broadcast(cell, band).shape)


def group_cost(m: Model, group: int) -> np.ndarray:
    """Return what a whole group expects it to cost to act in each cell: its bands' mean belief."""
    p, rows, cost = m.p.restraint, m.band_spans[group], np.zeros(m.world.cells)
    everywhere = np.arange(m.world.cells)
    for k in m.at_work:
        belief = m.bands.belief[k, rows].mean() if rows.stop > rows.start else 0.0
        cost = cost + (p.watch * m.missions.hears[k] + p.act * belief) * guard(m, int(k), everywhere)
    return cost


@rule(
    reads=("past", "near", "bands.belief", "missions.hears"),
    writes=("groups.focus", "groups.tempo", "hosts.tempo", "cells.memory"),
)
def campaigns(m: Model) -> None:
    """Each armed group has one campaign at a time: a focus cell that moves on after some two months.

    It is chosen by home range, attractiveness and the absence of missions. How active a group and a host are drifts by
    itself (built in: time series of violence rise and fall for reasons outside the model).
    Source: S15, S20c, S20g, B-M15. Basis: calibrated (S20g).
    """
    p, places, g = m.p.campaigns, m.world.places, m.groups
    remember_violence(m)
    for k, name in enumerate(m.actors.groups):
        u = m.luck("campaigns", name, 2)
        g.tempo[k] = drift(g.tempo[k], u[0], p.tempo_sd, p.tempo_weeks)
        if u[1] < 1 / p.weeks and places.size:
            wish = p.risk_weight * m.world.propensity[places] + p.range_weight * m.range_log[k][places]
            wish -= p.cost_weight * group_cost(m, k)[places]
            g.focus[k] = places[np.argmax(wish + gumbel(m.luck.once("campaigns/where", name, places.size)))]
    for h, name in enumerate(m.actors.hosts):
        m.hosts.tempo[h] = drift(m.hosts.tempo[h], m.luck("campaigns", name, 1)[0], p.country_sd, p.tempo_weeks)


def remember_violence(m: Model) -> None:
    """Let last week's violence linger where it was and next door, for each class of perpetrator apart.

    Attacks on peacekeepers and on aid do not: else a mission, by being attacked, would make its own surroundings worse.
    """
    p, memory, past = m.p.violence, m.cells.memory, m.past
    memory[:] *= np.exp(-1 / p.memory_weeks)
    if past.size == 0:
        return
    whose = np.where(np.isin(past.kind, (ON_PEACEKEEPERS, ON_AID)), -1, m.kind_of[past.perpetrator])
    for kind in (ARMED, HOST, COMMUNAL):
        cells = past.cell[whose == kind]
        if cells.size:
            here = np.bincount(cells, minlength=m.world.cells).astype(float)
            memory[kind] += here + p.spill * m.space.around(here)


def drift(level: float, uniform: float, sd: float, weeks: float) -> float:
    """Return the next value of a first-order process with the given long-run spread and time constant."""
    keep = np.exp(-1 / weeks)
    return keep * level + np.sqrt(1 - keep**2) * sd * ndtri(min(max(uniform, 1e-9), 1 - 1e-9))


@rule(
    reads=(
        "groups.focus", "bands.belief", "bands.scattered", "near", "cells.memory", "bands.fighters",
        "missions.hears", "groups.sanctuary", "cells.vacuum", "missions.effort",
    ),
    writes=("bands.cell", "bands.scattered", "bands.abroad"),
)  # fmt: skip
def band_moves(m: Model) -> None:
    """Most bands stay; a mover goes towards loot, abandoned ground and its group's campaign, within its range.

    And away from expected cost, over the border if its group has ground there.

    Moves of some tens of kilometres a week. A band that an operation scattered must move. Diversion from missions is
    the expected cost and nothing else, so bands go to the nearest uncovered place.
    Source: B-M15, B-M9, B-M81, F-M26, S12-S15. Basis: calibrated (texture), assumption (border).
    """
    rest_abroad(m)
    p, b = m.p.moves, m.bands
    u = m.band_luck("band_moves", "", 1 + m.hops.size)
    movers = np.flatnonzero(((u[:, 0] >= p.stay) | b.scattered) & (b.fighters > 0) & ~b.abroad)
    b.scattered[:] = False
    if movers.size == 0:
        return
    cells, there = m.space.offset(b.cell[movers], m.hops.rows, m.hops.cols)
    group = b.group[movers][:, None]
    wish = p.range_weight * m.range_log[group, cells] + p.risk_weight * m.world.propensity[cells]
    wish += p.memory_weight * np.log1p(m.cells.memory[ARMED, cells]) - m.hops.km / p.hop_km
    wish += p.focus_weight * np.exp(-m.space.distance(m.groups.focus[group], cells) / p.focus_km)
    wish += p.vacuum_weight * m.cells.vacuum[cells]
    wish -= p.cost_weight * expected_cost(m, cells, movers[:, None])
    wish = np.where(there, wish + gumbel(u[movers, 1:]), -np.inf)
    best = wish.argmax(axis=1)
    free = there.any(axis=1)
    b.cell[movers[free]] = cells[np.arange(movers.size), best][free]


def rest_abroad(m: Model) -> None:
    """Let bands near the border that were scattered, or expect to be met, rest beyond it for a week or a few.

    Groups differ in how far they have ground there; missions that watch the border stop them [F-M26].
    """
    p, b = m.p.borders, m.bands
    if not (m.at_work or b.abroad.any()):
        return
    refuge = np.where(b.abroad, p.rest, m.groups.sanctuary[b.group] * m.border_near[b.cell])
    u = m.band_luck("band_moves/abroad", "")
    lucky = np.flatnonzero((u < refuge) & (b.fighters > 0))
    stay = b.abroad[lucky]
    b.abroad[:] = False
    if lucky.size:
        cost = np.minimum(1.0, expected_cost(m, b.cell[lucky], lucky))
        pressed = np.where(stay, 1.0, np.maximum(b.scattered[lucky], cost))
        b.abroad[lucky] = u[lucky] < refuge[lucky] * pressed * (1 - border_control(m, b.cell[lucky]))


def border_control(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how far missions watch the border at given cells, 0-1: effort on that task x ready people near."""
    through = np.ones(cell.size)
    for k in m.at_work:
        effort = m.missions.effort[TASK["border_control"], k]
        if effort > 0:
            through = through * (1 - effort * guard(m, k, cell))
    return 1 - through


@rule(
    reads=("cells.memory", "forces.cell", "forces.home", "forces.people"),
    writes=("forces.cell", "near", "reach"),
)
def state_moves(m: Model) -> None:
    """State forces hold the capital and the roads, and now and then go where rebels have lately struck.

    A unit away from its post returns to it within weeks.
    Source: B-M5, S25; that armies follow attacks reported near roads is an assumption. Basis: assumption.
    """
    p, f, moved = m.p.state_moves, m.forces, False
    for h, name in enumerate(m.actors.hosts):
        rows = m.force_spans[h]
        u = m.luck("state_moves", name, (rows.stop - rows.start, 2))
        away = f.cell[rows] != f.home[rows]
        back, leave = away & (u[:, 0] < p.back), ~away & (u[:, 0] < p.leave)
        f.cell[rows] = np.where(back, f.home[rows], f.cell[rows])
        if leave.any():
            wish = p.road * m.world.access[m.host_cells[h]] + np.log(p.floor + m.cells.memory[ARMED, m.host_cells[h]])
            for k in rows.start + np.flatnonzero(leave):
                f.cell[k] = _post(m, h, int(k), wish)
        moved = moved or bool((back | leave).any())
    if moved:
        count_forces(m)


def _post(m: Model, host: int, force: int, wish: np.ndarray) -> int:
    """Choose where a state force goes: near its post, by road, to where rebels have lately struck."""
    own = m.host_cells[host]
    pull = wish - m.space.distance(m.forces.home[force], own) / m.p.state_moves.km
    return int(own[np.argmax(pull + gumbel(m.luck.once("state_moves/where", m.force_names[force], own.size)))])
