"""Who goes where: campaigns and bands."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import ndtri

from sim.actors.acts import KINDS, ON_AID, ON_PEACEKEEPERS, PROTEST
from sim.actors.presence import READY
from sim.actors.roster import ARMED
from sim.actors.staff import TASK
from sim.luck import gumbel
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model

LINGERS = np.array([kind not in (ON_PEACEKEEPERS, ON_AID, PROTEST) for kind in range(len(KINDS))])


def guard(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how strongly a mission's ready people stand over given cells, 0-1."""
    return 1 - np.exp(m.near[READY, mission][cell] / (-100 * m.p.restraint.hundreds))


def guards(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how strongly each mission at work stands over given cells, 0-1; (missions at work, cells)."""
    people = 100 * float(m.p.restraint.hundreds)
    return 1 - np.exp(_over(m.near[READY], np.array(m.at_work, np.int64), cell, people))


@njit(cache=True, nogil=True)
def _over(ready, missions, cell, people):
    """Return how far the ready people of some missions over given cells count, as exponents; (missions, cells)."""
    out = np.empty((missions.size, cell.size))
    for n in range(missions.size):
        over = ready[missions[n]]
        for j in range(cell.size):
            out[n, j] = over[cell[j]] / -people
    return out


def group_cost(m: Model, group: int, cell: np.ndarray) -> np.ndarray:
    """Return what a whole group expects it to cost to act in given cells: its bands' mean belief."""
    p, rows, cost = m.p.restraint, m.band_spans[group], np.zeros(cell.size)
    for k, guarded in zip(m.at_work, guards(m, cell), strict=True):
        belief = m.bands.belief[k, rows].sum() / max(rows.stop - rows.start, 1)
        cost = cost + (p.watch * m.missions.hears[k] + p.act * belief) * guarded
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
    u = m.luck.of_slots("campaigns", "", [(name, 2) for name in m.actors.groups]).reshape(-1, 2)
    g.tempo[:] = drift(g.tempo, u[:, 0], p.tempo_sd, p.tempo_weeks)
    for k in (u[:, 1] < 1 / p.weeks).nonzero()[0].tolist():
        if places.size:
            name = m.actors.groups[k]
            wish = p.risk_weight * m.world.propensity[places] + p.range_weight * m.range_log[k][places]
            wish -= p.cost_weight * group_cost(m, k, places)
            g.focus[k] = places[np.argmax(wish + gumbel(m.luck.once("campaigns/where", name, places.size)))]
    for h, name in enumerate(m.actors.hosts):
        m.hosts.tempo[h : h + 1] = drift(m.hosts.tempo[h], m.luck("campaigns", name, 1), p.country_sd, p.tempo_weeks)


def remember_violence(m: Model) -> None:
    """Let last week's violence linger where it was and next door, for each class of perpetrator apart.

    Attacks on peacekeepers and on aid do not: else a mission, by being attacked, would make its own surroundings worse.
    """
    p, past, space = m.p.violence, m.past, m.space
    acts = (past.kind, past.perpetrator, past.cell)
    around = (space.neighbours, space.count, float(p.spill))
    _remember(m.cells.memory, acts, m.kind_of, LINGERS, around, kept(p.memory_weeks))


@njit(cache=True, nogil=True)
def _remember(memory, acts, kind_of, lingers, around, fade):
    """Let memory fade, and add each act in its cell and a part of it to the mean of each neighbour's surroundings."""
    neighbours, count, spill = around
    here, near = np.zeros(memory.shape), np.zeros(memory.shape)
    kind, doer, where = acts
    for j in range(kind.size):
        whose, cell = kind_of[doer[j]], where[j]
        if lingers[kind[j]] and whose >= 0:
            here[whose, cell] += 1
            for k in range(neighbours.shape[0]):
                if neighbours[k, cell] >= 0:
                    near[whose, neighbours[k, cell]] += 1
    for whose in range(memory.shape[0]):
        for cell in range(memory.shape[1]):
            memory[whose, cell] *= fade
            memory[whose, cell] += here[whose, cell] + spill * (near[whose, cell] / count[cell])


def drift(level: np.ndarray, uniform: np.ndarray, sd: float, weeks: float) -> np.ndarray:
    """Return the next values of first-order processes with the given long-run spread and time constant."""
    keep = kept(weeks)
    return keep * level + sqrt(1 - keep**2) * sd * ndtri(np.minimum(np.maximum(uniform, 1e-9), 1 - 1e-9))


@rule(
    reads=(
        "groups.focus", "bands.belief", "bands.scattered", "near", "cells.memory", "bands.fighters",
        "missions.hears", "groups.sanctuary", "cells.vacuum", "missions.effort", "scenario.hosts.tolerates",),
    writes=("bands.cell", "bands.scattered", "bands.abroad"),
)  # fmt: skip
def band_moves(m: Model) -> None:
    """Most bands stay; a mover goes towards loot, abandoned ground and its group's campaign, within its range.

    And away from expected cost, over the border if its group has ground there: beyond the map's edge by its access to
    sanctuary; on the map to land that missions may not enter, the more so where the host there leaves its group alone.

    Moves of some tens of kilometres a week. A band that an operation scattered must move. Diversion from missions is
    the expected cost and nothing else, so bands go to the nearest uncovered place.
    Source: B-M15, B-M9, B-M81, F-M26, F-M27, S12-S15. Basis: calibrated (texture), assumption (border).
    """
    rest_abroad(m)
    p, b = m.p.moves, m.bands
    slots, size = m.band_slots, 1 + m.hops.size
    u = m.luck.of_slots_at("band_moves", "", slots, m.all_bands, size, upto=1)[:, 0]
    movers = _movers(u, b.scattered, b.fighters, b.abroad, float(p.stay))
    pressed = under_pressure(m, movers) if np.count_nonzero(m.tolerance) else None
    b.scattered[:] = False
    if movers.size == 0:
        return
    loot = (np.log1p(m.cells.memory[ARMED]), m.cells.vacuum, float(p.memory_weight), float(p.vacuum_weight))
    wish = (m.range_wish, loot, campaigning(m), m.tolerance)
    cost = (expecting(m), guards(m, m.all_cells), float(p.cost_weight))
    hops = (m.hops.rows, m.hops.cols, m.hops.km / p.hop_km)
    seeking = np.zeros(movers.size) if pressed is None else p.refuge * pressed
    band = (movers, b.cell, b.group, seeking)
    noise = gumbel(m.luck.of_slots_at("band_moves", "", slots, movers, size)[:, 1:])
    to = _best_cells(band, m.world.host, m.land, hops, wish, cost, noise)
    b.cell[movers] = stopped_at_borders(m, movers, to)


@njit(cache=True, nogil=True)
def _movers(uniform, scattered, fighters, abroad, stay):
    """Return the bands on the map that leave their cell: by luck, or because they were scattered."""
    rows, n = np.empty(uniform.size, np.int64), 0
    for b in range(uniform.size):
        if (uniform[b] >= stay or scattered[b]) and fighters[b] > 0 and not abroad[b]:
            rows[n] = b
            n += 1
    return rows[:n]


def campaigning(m: Model) -> np.ndarray:
    """Return how much each group's campaign draws its bands to each cell; (groups, cells).

    Worked out anew for the groups whose campaign has moved on.
    """
    p, (foci, pull) = m.p.moves, m.drawn
    for g in (m.groups.focus != foci).nonzero()[0].tolist():
        foci[g] = m.groups.focus[g]
        pull[g] = p.focus_weight * np.exp(-m.space.distance(foci[g], m.all_cells) / p.focus_km)
    return pull


def expecting(m: Model) -> tuple:
    """Return of what bands' expected cost is made where a mission stands in full: watch, and belief to be met.

    Belief is the band's own, fed by mandate and experience (rule response). Source: B-M3, B-M11.
    """
    p = m.p.restraint
    return np.array(m.at_work, np.int64), m.missions.hears, m.bands.belief, float(p.watch), float(p.act)


@njit(cache=True, nogil=True)
def _expected(expecting, n, band):
    """Return what a band expects it to cost to act where the n-th mission at work stands in full."""
    missions, hears, belief, watch, act = expecting
    return watch * hears[missions[n]] + act * belief[missions[n], band]


def expected_cost(m: Model, band: np.ndarray) -> np.ndarray:
    """Return what each of some bands expects it to cost to act where it stands; (bands,)."""
    return _cost(expecting(m), band, guards(m, m.bands.cell[band]))


@njit(cache=True, nogil=True)
def _cost(expecting, band, guarded):
    """Add up what each mission near costs each of some bands."""
    out = np.zeros(band.size)
    for n in range(guarded.shape[0]):
        for j in range(band.size):
            out[j] += _expected(expecting, n, band[j]) * guarded[n, j]
    return out


@njit(cache=True, nogil=True)
def _best_cells(band, host, land, hops, wish, cost, noise):
    """Return where each band goes: of the cells at its hops, that of the greatest wish less cost, with noise.

    band: rows, cells and groups of all, and how much each of the rows seeks a host that leaves its group alone.
    """
    band_rows, cells, groups, seeking = band
    row, col, cell_at, _ = land
    rows, cols, far = hops
    lasting, (memory, vacuum, by_memory, by_vacuum), campaign, tolerance = wish
    expecting, guarded, weight = cost
    out, expected = np.empty(band_rows.size, np.int64), np.empty(guarded.shape[0])
    for b in range(out.size):
        most, at, g = -np.inf, cells[band_rows[b]], groups[band_rows[b]]
        out[b] = at
        for k in range(expected.size):
            expected[k] = _expected(expecting, k, band_rows[b])
        for h in range(rows.size):
            r, c = row[at] + rows[h], col[at] + cols[h]
            if r < 0 or c < 0 or r >= cell_at.shape[0] or c >= cell_at.shape[1] or cell_at[r, c] < 0:
                continue
            to, price = cell_at[r, c], 0.0
            for k in range(expected.size):
                price += expected[k] * guarded[k, to]
            loot = by_memory * memory[to] + by_vacuum * vacuum[to]
            level = lasting[g, to] + (loot - far[h]) + campaign[g, to] - weight * price + noise[b, h]
            if seeking[b] > 0:
                level += seeking[b] * tolerance[host[to], g]
            if level > most:
                most, out[b] = level, to
    return out


def under_pressure(m: Model, band: np.ndarray) -> np.ndarray:
    """Return how hard pressed some bands are where they stand, 0-1: scattered, or by the cost that they expect."""
    return _pressed(m.bands.scattered, expecting(m), band, guards(m, m.bands.cell[band]))


@njit(cache=True, nogil=True)
def _pressed(scattered, expecting, band, guarded):
    """Bound the cost that each of some bands expects by 1; one that was scattered is pressed in full."""
    out = _cost(expecting, band, guarded)
    for j in range(out.size):
        out[j] = 1.0 if scattered[band[j]] else min(1.0, out[j])
    return out


def stopped_at_borders(m: Model, band: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Return where some bands on their way to other cells get: those whom a watched border stops stay where they are.

    Each border between two hosts is watched as well as missions watch either end of the way [F-M26, F-M27].
    """
    now, host = m.bands.cell[band], m.world.host
    if m.hosts.rows == 1 or not any(m.missions.effort[TASK["border_control"], k] > 0 for k in m.at_work):
        return to
    watched = np.maximum(border_control(m, now), border_control(m, to)) * (host[now] != host[to])
    return np.where(m.band_luck("band_moves/border", "")[band] < watched, now, to)


def rest_abroad(m: Model) -> None:
    """Let bands near the map's edge that were scattered, or expect to be met, rest beyond it for a week or a few.

    Groups differ in how far they have ground there; missions that watch the border stop them [F-M26].
    """
    p, b = m.p.borders, m.bands
    if not (m.at_work or np.count_nonzero(b.abroad)):
        return
    u = m.band_luck("band_moves/abroad", "")
    where = (b.cell, b.group, m.groups.sanctuary, m.border_near)
    lucky, refuge = _lucky(u, b.abroad, b.fighters, where, float(p.rest))
    if lucky.size == 0:
        b.abroad[:] = False
        return
    _rest(b.abroad, lucky, refuge, under_pressure(m, lucky), border_control(m, b.cell[lucky]), u)


@njit(cache=True, nogil=True)
def _lucky(uniform, abroad, fighters, where, rest):
    """Return the bands that rest abroad if hard pressed enough, and how sure a refuge each would have there."""
    cell, group, sanctuary, near = where
    rows, refuge = np.empty(cell.size, np.int64), np.empty(cell.size)
    n = 0
    for b in range(cell.size):
        sure = rest if abroad[b] else sanctuary[group[b]] * near[cell[b]]
        if uniform[b] < sure and fighters[b] > 0:
            rows[n], refuge[n] = b, sure
            n += 1
    return rows[:n], refuge[:n]


@njit(cache=True, nogil=True)
def _rest(abroad, band, refuge, pressed, watched, uniform):
    """Let some bands rest abroad, and no others: those who already do need not be pressed."""
    before = abroad.copy()
    abroad[:] = False
    for j in range(band.size):
        hard = 1.0 if before[band[j]] else pressed[j]
        abroad[band[j]] = uniform[band[j]] < refuge[j] * hard * (1 - watched[j])


def border_control(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how far missions watch the border at given cells, 0-1: effort on that task x ready people near."""
    through = np.ones(cell.size)
    for k in m.at_work:
        effort = m.missions.effort[TASK["border_control"], k]
        if effort > 0:
            through = through * (1 - effort * guard(m, k, cell))
    return 1 - through
