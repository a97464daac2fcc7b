"""Battles, attacks on civilians, state abuse: what happens, before anybody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, BATTLE
from sim.luck import whole
from sim.rules import hazards
from sim.rules.movement import guard
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


def happening(uniform: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return row and slot of each event: each slot of a row fires with chance 1 - exp(-rate / slots).

    The same uniforms under a higher rate lose no event. uniform: (rows, slots); rate: (rows,).
    """
    row, slot = np.nonzero(uniform < -np.expm1(-rate / uniform.shape[1])[:, None])
    return row, slot


def victims(m: Model, cell: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return the community hit in each cell: an identity group by its share of the people; -1 in an empty land."""
    if cell.size == 0 or m.communities.rows == 0:
        return np.full(cell.size, -1)
    rows = m.community_of[:, cell]
    people = np.where(rows >= 0, m.communities.residents[rows] + m.communities.displaced[rows], 0)
    upto = np.cumsum(people, axis=0)
    chosen = (upto <= uniform * upto[-1]).sum(axis=0)
    return rows[np.minimum(chosen, rows.shape[0] - 1), np.arange(cell.size)]


def at_most(m: Model, dead: np.ndarray, community: np.ndarray) -> np.ndarray:
    """Bound deaths by a share of the people present in each community, and by those whom this week has left alive."""
    if dead.size == 0 or m.communities.rows == 0:
        return np.zeros_like(dead)
    here = m.communities.residents[community] + m.communities.displaced[community]
    dead = np.minimum(dead, np.floor(m.p.violence.most_share * here).astype(np.int64))
    left = here - claimed(m, community)
    for j, row in enumerate(community):
        dead[j] = max(0, min(dead[j], left[j] - dead[:j][community[:j] == row].sum()))
    return dead


def claimed(m: Model, community: np.ndarray) -> np.ndarray:
    """Return the deaths that acts of this week have already claimed in given communities."""
    a = m.acts
    return np.array([a.potential[a.community == row].sum() for row in community], dtype=np.int64)


@rule(
    reads=(
        "bands.cell", "bands.fighters", "groups.tempo", "groups.focus", "cells.memory", "near", "hosts.tempo",
        "communities.residents", "communities.displaced",
    ),
    writes=("acts", "bands.fighters", "bands.lost", "cells.expected_battles"),
)  # fmt: skip
def battles(m: Model) -> None:
    """Bands and state forces fight where both are; both lose, and now and then civilians die between them.

    Battles follow bands, forces and campaigns; no mission lowers their rate: they fall as fighters, held ground and
    truces do.
    Source: E2, S6, S29. Basis: calibrated (S29); crossfire share an assumption.
    """
    p, b = m.p.battles, m.bands
    rate = hazards.battle_rates(m)
    u = m.band_luck("battles", "", int(m.p.violence.slots), 4)
    row, slot = happening(u[:, :, 0], rate)
    mu = p.mu + m.p.violence.size_by_fighters * np.log(np.maximum(b.fighters, 1) / 30)
    m.cells.expected_battles[:] = np.bincount(b.cell, rate * hazards.mean_size(mu, p.none, p.sigma), m.world.cells)
    if row.size == 0:
        return
    dead = hazards.sizes(u[row, slot, 1], mu[row], p.none, p.sigma)
    community = victims(m, b.cell[row], u[row, slot, 2])
    between = np.where(community >= 0, whole(p.crossfire * dead, u[row, slot, 3]), 0)
    between = at_most(m, between, community)
    m.acts.add(
        row.size, kind=BATTLE, perpetrator=m.actors.first_group + b.group[row], cell=b.cell[row],
        opponent=m.actors.first_host + m.world.host[b.cell[row]], community=np.where(between > 0, community, -1),
        source=row * int(m.p.violence.slots) + slot, potential=between, civilians=between, deaths=dead + between,
    )  # fmt: skip
    lose(m, "battles", row, np.floor(p.band_share * dead + 0.5).astype(np.int64), "host")


def lose(m: Model, rule_name: str, band: np.ndarray, number: np.ndarray, cause: str) -> None:
    """Take fighters from bands (rows may repeat), and let the bands remember the share that they lost."""
    if band.size == 0:
        return
    b = m.bands
    total = np.minimum(np.bincount(band, number, b.rows).astype(np.int64), b.fighters)
    b.lost[:] += total / np.maximum(b.fighters, 1)
    hit = np.flatnonzero(total)
    for g in sorted(set(b.group[hit].tolist())):
        rows, name = hit[b.group[hit] == g], m.actors.groups[g]
        m.ledger.people(rule_name, "fighters", b.ledger["fighters"], rows, -total[rows], name, cause=cause)


@rule(
    reads=(
        "past", "bands.cell", "bands.fighters", "bands.lost", "bands.revenge", "groups.tempo", "groups.focus",
        "cells.memory", "near", "missions.informed", "bands.belief", "hosts.tempo", "missions.cover",
        "missions.deployed", "missions.hears", "missions.risk_tolerance", "communities.residents",
        "communities.displaced",
    ),
    writes=("acts", "cells.threat", "cells.expected_attacks", "bands.expected"),
)  # fmt: skip
def attacks(m: Model) -> None:
    """Bands attack civilians where they are; each attack has potential deaths, drawn before anybody answers.

    The rate depends on fighters, place, campaign, season, recent violence and need, and falls with restraint: locally
    with the band's expected cost, everywhere with what missions can do to its group. The same hazard without any
    mission near is the column `threat`, the yardstick of coverage.
    Source: E1, E4, E15, E39, S6, S15. Basis: calibrated (rates, S20a), literature (sizes, S6).
    """
    p, v, b = m.p.attacks, m.p.violence, m.bands
    guards = [guard(m, k, b.cell) for k in m.at_work]
    raw = hazards.unrestrained(m, guards)
    rate = hazards.saturate(raw * hazards.local_restraint(m, guards) * hazards.group_restraint(m), v.cap)
    mu = p.mu + v.size_by_fighters * np.log(np.maximum(b.fighters, 1) / 30)
    mean = hazards.mean_size(mu, p.none, p.sigma)
    b.expected[0], b.expected[1] = rate, rate * mean
    threat = hazards.saturate(raw, v.cap) * mean
    m.cells.threat[:] = np.bincount(b.cell, threat, m.world.cells)
    m.cells.expected_attacks[:] = np.bincount(b.cell, rate, m.world.cells)
    u = m.band_luck("attacks", "", int(v.slots), 3)
    row, slot = happening(u[:, :, 0], rate)
    if row.size == 0:
        return
    community = victims(m, b.cell[row], u[row, slot, 2])
    dead = at_most(m, hazards.sizes(u[row, slot, 1], mu[row], p.none, p.sigma), community)
    m.acts.add(
        row.size, kind=ATTACK, perpetrator=m.actors.first_group + b.group[row], cell=b.cell[row], community=community,
        source=row * int(v.slots) + slot, potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


@rule(
    reads=(
        "hosts.abusiveness", "hosts.tempo", "hosts.dependence", "hosts.heard", "forces.cell", "bands.cell",
        "cells.memory", "near", "missions.cover", "missions.informed", "missions.voice", "communities.residents",
        "communities.displaced",
    ),
    writes=("acts", "cells.threat", "cells.expected_abuse", "hosts.heard"),
)  # fmt: skip
def state_abuse(m: Model) -> None:
    """State forces harm civilians: where forces stand, by the host's abusiveness, hardly less where missions are near.

    A host that depends on outside support is held back by reporting that is heard, whoever gives it.
    Source: E4, E12, E19, S-H94, S30c. Basis: calibrated (S30c); leverage an assumption.
    """
    p = m.p.state_abuse
    m.cells.expected_abuse[:] = 0.0
    mean = float(hazards.mean_size(p.mu, p.none, p.sigma))
    for h, name in enumerate(m.actors.hosts):
        m.hosts.heard[h] = reporting_heard(m, h)
        (rate, unheld), cells = hazards.abuse_rates(m, h), m.host_cells[h]
        m.cells.expected_abuse[cells] = rate
        m.cells.threat[cells] += unheld * mean
        total = hazards.saturate(rate.sum(keepdims=True), p.cap)
        u = m.luck("state_abuse", name, (int(p.slots), 4))
        _, slot = happening(u[None, :, 0], total)
        if slot.size == 0:
            continue
        upto = np.cumsum(rate)
        cell = cells[np.minimum(np.searchsorted(upto, u[slot, 1] * upto[-1], side="right"), cells.size - 1)]
        community = victims(m, cell, u[slot, 2])
        dead = at_most(m, hazards.sizes(u[slot, 3], p.mu, p.none, p.sigma), community)
        m.acts.add(
            slot.size, kind=ABUSE, perpetrator=m.actors.first_host + h, cell=cell, community=community,
            source=slot, potential=dead, civilians=dead, deaths=dead,
        )  # fmt: skip


def reporting_heard(m: Model, host: int) -> float:
    """Return how far reports on a host's abuses are heard, 0-1.

    From any mission that names abuses and knows of them.
    """
    silent = 1.0
    for k in m.at_work:
        silent = silent * (1 - m.missions.voice[k] * m.missions.informed[k])
    return 1 - silent
