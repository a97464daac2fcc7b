"""Attacks on those who came to help: on peacekeepers, and on aid workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import BATTLE, ON_AID, ON_PEACEKEEPERS
from sim.actors.presence import ARMED, UNARMED
from sim.actors.staff import TASK
from sim.rules import hazards
from sim.rules.movement import guard, guards
from sim.rules.rule import rule
from sim.rules.shelter import hosted_in
from sim.rules.violence import happening

if TYPE_CHECKING:
    from sim.model import Model


MONTH = 4  # weeks from one plan for aid to the next


@rule(
    reads=(
        "past", "bands.cell", "bands.fighters", "bands.lost", "bands.abroad", "groups.tempo", "groups.focus",
        "hosts.tempo", "cells.memory", "near", "communities.perceptions", "communities.residents",
        "communities.displaced", "missions.force_protection", "missions.deployed", "groups.truce",
    ),
    writes=("acts", "bands.grudge", "missions.harassed", "missions.guarding"),
)  # fmt: skip
def attacks_on_peacekeepers(m: Model) -> None:
    """Bands attack the peacekeepers in their reach, more after losses and where a mission is held to take sides.

    The rate follows what makes a band fight at all (its strength, campaign and recent violence, so also where civilians
    are targeted), its recent losses, being struck by that mission, and how partial people there find it; it falls with
    the share of the mission that guards itself. A mission that is attacked guards itself more for about a quarter of a
    year, and the fewer patrol, answer and escort. Peacekeepers who die are replaced.
    Source: E39, F-M16, F-M17, F-M41, B-M11, B-M36, B-M64, S31. Basis: calibrated (level, S31), assumption (weights).
    """
    p = m.p.attacks_on_peacekeepers
    bear_grudges(m)
    if m.at_work:
        angry = 1 - p.loss_size * np.expm1(-m.bands.lost / p.loss_scale)
        driven = p.base * hazards.readiness(m) * hazards.at_peace(m, m.p.peace.calm) * angry
        for k in m.at_work:
            strike_at(m, k, driven * provocation(m, k))
    if np.count_nonzero(m.missions.harassed):
        stand_guard(m)


def bear_grudges(m: Model) -> None:
    """Let bands remember for some weeks which mission struck them."""
    m.bands.grudge[:] *= np.exp(-1 / m.p.attacks.revenge_weeks)
    fought = m.past.of(BATTLE)
    fought = fought[m.past.perpetrator[fought] < m.actors.first_host]
    if fought.size:
        np.add.at(m.bands.grudge, (m.past.perpetrator[fought], m.past.source[fought]), 1.0)


def provocation(m: Model, mission: int) -> np.ndarray:
    """Return how much a mission is a target for each band: in reach, thought partial, remembered, and not on guard."""
    p, b, near = m.p.attacks_on_peacekeepers, m.bands, m.near[:, mission]
    dials = (float(p.reach_people), float(p.partial_size), float(p.struck_size))
    fair = impartial(m, mission, b.cell)
    target = _provoked(b.cell, near[ARMED], near[UNARMED], fair, b.grudge[mission], dials)
    return target * (1 - p.hardness * m.missions.guarding[mission])


@njit(cache=True, nogil=True)
def _provoked(cell, armed, unarmed, impartial, grudge, dials):
    """Return in reach (0-1) x (1 + partial) x (1 + grudge) for each band."""
    people, partial, struck = dials
    out = np.zeros(cell.size)
    for b in range(cell.size):
        here = armed[cell[b]] + unarmed[cell[b]]
        if here > 0:
            angry = (1 + partial * (1 - impartial[b])) * (1 + struck * grudge[b] / (1 + grudge[b]))
            out[b] = (1 - np.exp(-here / people)) * angry
    return out


def impartial(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how impartial people in given cells find a mission, 0-1; the prior where nobody lives."""
    c, prior = m.communities, float(m.p.perceptions.prior)
    return _mean_view(cell, m.community_of, c.residents, c.displaced, c.perceptions[1, mission], prior)


@njit(cache=True, nogil=True)
def _mean_view(cell, community_of, residents, displaced, view, prior):
    """Average a perception over the people of each cell."""
    out = np.full(cell.size, prior)
    for j in range(cell.size):
        people, weighed = 0.0, 0.0
        for g in range(community_of.shape[0]):
            row = community_of[g, cell[j]]
            if row >= 0:
                here = residents[row] + displaced[row]
                people += here
                weighed += here * view[row]
        if people > 0:
            out[j] = weighed / people
    return out


def strike_at(m: Model, mission: int, rate: np.ndarray) -> None:
    """Play one week's attacks on one mission; the dead are peacekeepers, at most those in reach."""
    p, b, slots = m.p.attacks_on_peacekeepers, m.bands, int(m.p.violence.slots)
    u = m.band_luck("attacks_on_peacekeepers", m.actors.names[mission], slots, 2)
    row, slot = happening(u[:, :, 0], hazards.saturate(rate, p.cap))
    if row.size == 0:
        return
    here = m.near[ARMED, mission, b.cell[row]] + m.near[UNARMED, mission, b.cell[row]]
    dead = np.minimum(hazards.sizes(u[row, slot, 1], p.mu, p.none, p.sigma), here.astype(np.int64))
    m.acts.add(
        row.size, kind=ON_PEACEKEEPERS, perpetrator=m.actors.first_group + b.group[row], opponent=mission,
        cell=b.cell[row], source=row * slots + slot, deaths=dead,
    )  # fmt: skip
    m.missions.harassed[mission] += row.size


def stand_guard(m: Model) -> None:
    """Let each mission guard itself the more, the more of late it was attacked for its size; what is past fades."""
    p, t = m.p.attacks_on_peacekeepers, m.missions
    thousands = np.maximum(t.deployed.sum(axis=0), p.smallest) / 1000
    t.guarding[:] = guarded_share(t.force_protection, t.harassed / thousands, p.guard_attacks)
    t.harassed[:] *= np.exp(-1 / p.guard_weeks)


def guarded_share(usual: np.ndarray, attacks: np.ndarray, scale: float) -> np.ndarray:
    """Return the share that guards: the usual one, and of the rest the more, the more attacks per 1,000 people."""
    return usual + (1 - usual) * -np.expm1(-attacks / scale)


@rule(
    reads=(
        "past", "bands.cell", "bands.fighters", "bands.abroad", "groups.tempo", "groups.focus", "hosts.tempo",
        "cells.memory", "cells.fear", "near", "missions.effort", "missions.guarding", "missions.strikes", "open_to",
        "communities.perceptions", "communities.residents", "communities.displaced", "groups.truce",
    ),
    writes=("acts", "cells.aid", "cells.aid_risk", "cells.escorted", "cells.fought"),
)  # fmt: skip
def attacks_on_aid(m: Model) -> None:
    """Bands attack aid workers where there are any; aid comes where people are in need and leaves where it is unsafe.

    Escorts by a mission with that task, ready people near whom people find impartial, lower the rate and open roads. A
    mission that is on guard or strikes is a hard target, and near it bands turn to the softer one. Aid withdraws where
    attacks exceed what it bears, from battles, and from where a striking force sits.
    Source: S-M10, F-M18, B-M153, E33. Basis: assumption.
    """
    p, b, c = m.p.attacks_on_aid, m.bands, m.cells
    remember_battles(m)
    if m.week % MONTH == 0:
        aid_moves(m)
    rate = (
        p.base
        * hazards.readiness(m)
        * hazards.at_peace(m, m.p.peace.calm)
        * c.aid[b.cell]
        * (1 - p.escort * c.escorted[b.cell])
    )
    rate = hazards.saturate(rate * (1 + p.softer * hardened(m, b.cell)), p.cap)
    slots = int(m.p.violence.slots)
    u = m.band_luck("attacks_on_aid", "", slots, 2)
    row, slot = happening(u[:, :, 0], rate)
    c.aid_risk[:] *= np.exp(-1 / p.risk_weeks)
    if row.size == 0:
        return
    m.acts.add(
        row.size, kind=ON_AID, perpetrator=m.actors.first_group + b.group[row], cell=b.cell[row],
        source=row * slots + slot, deaths=hazards.sizes(u[row, slot, 1], p.mu, p.none, p.sigma),
    )  # fmt: skip
    here = np.bincount(b.cell[row], minlength=m.world.cells).astype(float)
    c.aid_risk[:] += here + p.spill * m.space.around(here)


def aid_moves(m: Model) -> None:
    """Every four weeks aid moves and escorts are planned: where people need it, it is calm, and no force strikes."""
    p, c = m.p.attacks_on_aid, m.cells
    c.escorted[:] = escorts(m)
    back, leave = (1 - (1 - share) ** MONTH for share in (p.back, p.leave))
    dials = (float(p.floor), float(back), float(leave), float(p.tolerance))
    _aid_moves(c.aid, c.aid_risk, c.fought, striking(m), need(m), m.people_in, dials)


def need(m: Model) -> np.ndarray:
    """Return how much the people of each cell need aid, 0-1: by fear, and by the share who are displaced [B-M146]."""
    return 1 - (1 - m.cells.fear) * (1 - hosted_in(m) / np.maximum(m.people_in, 1.0))


def escorts(m: Model) -> np.ndarray:
    """Return how far missions open each cell to aid, 0-1: effort x ready people near x impartiality x consent."""
    without = np.ones(m.world.cells)
    for k in m.at_work:
        effort = m.missions.effort[TASK["humanitarian_access"], k]
        if effort > 0:
            near = effort * guard(m, k, m.all_cells) * m.open_to[k]
            without = without * (1 - near * impartial(m, k, m.all_cells))
    return 1 - without


def hardened(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how hard a target missions near given cells are, 0-1: on guard, or out to strike."""
    without = np.ones(cell.size)
    for k, near in zip(m.at_work, guards(m, cell), strict=True):
        without = without * (1 - max(m.missions.guarding[k], min(1.0, m.missions.strikes[k])) * near)
    return 1 - without


def striking(m: Model) -> np.ndarray:
    """Return how far missions that strike sit over each cell, 0-1."""
    without = np.ones(m.world.cells)
    for k in m.at_work:
        if m.missions.strikes[k] > 0:
            without = without * (1 - min(1.0, m.missions.strikes[k]) * guard(m, k, m.all_cells))
    return 1 - without


def remember_battles(m: Model) -> None:
    """Count down the weeks for which a battle in or next to a cell is remembered."""
    fought, last = m.cells.fought, m.past.of(BATTLE)
    np.maximum(fought - 1, 0, out=fought)
    cells = m.past.cell[last]
    beside = m.space.neighbours[:, cells]
    fought[cells] = fought[beside[beside >= 0]] = m.p.attacks_on_aid.battle_weeks - 1


@njit(cache=True, nogil=True)
def _aid_moves(aid, risk, fought, striking, need, people, dials):
    """Move the presence of aid in each cell towards need where it is calm and no force strikes, and away elsewhere."""
    floor, back, leave, tolerance = dials
    for cell in range(aid.size):
        wanted = (floor + (1 - floor) * need[cell]) * (1 - striking[cell]) if people[cell] > 0 else 0.0
        if risk[cell] > tolerance or fought[cell] > 0:
            aid[cell] *= 1 - leave
        elif aid[cell] < wanted:
            aid[cell] += back * (wanted - aid[cell])
        else:
            aid[cell] += leave * (wanted - aid[cell])
