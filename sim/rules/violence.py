"""Battles, attacks on civilians, state abuse: what happens, before anybody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK, BATTLE
from sim.luck import whole
from sim.rules import hazards
from sim.rules.movement import guards
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


def happening(uniform: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return row and slot of each event: each slot of a row fires with chance 1 - exp(-rate / slots).

    The same uniforms under a higher rate lose no event. uniform: (rows, slots); rate: (rows,).
    """
    return _fired(uniform, -np.expm1(rate / -uniform.shape[1]))


@njit(cache=True, nogil=True)
def _fired(uniform, chance):
    """Return row and slot of each uniform that is below its row's chance."""
    row, slot = np.empty(uniform.size, np.int64), np.empty(uniform.size, np.int64)
    n = 0
    for r in range(uniform.shape[0]):
        for s in range(uniform.shape[1]):
            if uniform[r, s] < chance[r]:
                row[n], slot[n] = r, s
                n += 1
    return row[:n], slot[:n]


def victims(m: Model, cell: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return the community hit in each cell: an identity group by its share of the people in reach; -1: nobody.

    Those inside a site that a mission guards are hard to reach.
    """
    c = m.communities
    return _victims(cell, m.community_of, c.residents, c.displaced, m.cells.secured, uniform)


@njit(cache=True, nogil=True)
def _victims(cell, community_of, residents, displaced, secured, uniform):
    """Draw one of the communities of each cell by the people in reach."""
    out = np.full(cell.size, -1)
    upto = np.zeros(community_of.shape[0])
    for j in range(cell.size if residents.size else 0):
        people, open_share = 0.0, 1 - secured[cell[j]]
        for g in range(upto.size):
            row = community_of[g, cell[j]]
            people += residents[row] + displaced[row] * open_share if row >= 0 else 0.0
            upto[g] = people
        chosen = np.count_nonzero(upto <= uniform[j] * people)
        out[j] = community_of[min(chosen, upto.size - 1), cell[j]]
    return out


def at_most(m: Model, dead: np.ndarray, community: np.ndarray) -> np.ndarray:
    """Bound deaths by a share of the people in reach in each community, and by those whom this week has left alive."""
    if dead.size == 0 or m.communities.rows == 0:
        return np.zeros_like(dead)
    c = m.communities
    people = (c.residents, c.displaced, c.cell, m.cells.secured)
    return _at_most(dead, community, people, m.acts.community, m.acts.potential, float(m.p.violence.most_share))


@njit(cache=True, nogil=True)
def _at_most(dead, community, people, hit, potential, share):
    """Bound deaths act by act: those of earlier acts in the same community are no longer there."""
    residents, displaced, cell, secured = people
    out, gone = np.zeros_like(dead), _claimed(community, hit, potential)
    for j in range(out.size):
        row = community[j]
        here = residents[row] + displaced[row] - secured[cell[row]] * displaced[row]
        alive = int(here) - gone[j]
        for i in range(j):
            alive -= out[i] if community[i] == community[j] else 0
        out[j] = max(0, min(dead[j], int(np.floor(share * here)), alive))
    return out


def claimed(m: Model, community: np.ndarray) -> np.ndarray:
    """Return the deaths that acts of this week have already claimed in given communities."""
    return _claimed(community, m.acts.community, m.acts.potential)


@njit(cache=True, nogil=True)
def _claimed(community, hit, potential):
    """Add up the potential deaths of acts in each community."""
    out = np.zeros(community.size, np.int64)
    for j in range(out.size):
        for act in range(hit.size):
            out[j] += potential[act] if hit[act] == community[j] else 0
    return out


@rule(
    reads=(
        "bands.cell", "bands.fighters", "groups.tempo", "groups.focus", "cells.memory", "near", "hosts.tempo",
        "communities.residents", "communities.displaced", "groups.truce", "hosts.capacity", "missions.effort",
        "links.support_now", "links.recipient", "bands.abroad", "cells.secured", "hosts.started",
        "scenario.hosts.tolerates", "scenario.hosts.pursuit",),
    writes=("acts", "bands.fighters", "bands.lost", "cells.expected_battles"),
)  # fmt: skip
def battles(m: Model) -> None:
    """Bands and state forces fight where both are; both lose, and now and then civilians die between them.

    The army is that of the host on whose land they stand, or one that may pursue there; a host that tolerates a group
    fights it less. Battles follow bands, forces and campaigns; no mission lowers their rate: they fall as fighters,
    held ground and truces do. Where the state has gained capacity or is supported, more of the dead are fighters of
    the band.
    Source: E2, S6, S29, B-M73, F-M26. Basis: calibrated (S29); crossfire share an assumption.
    """
    p, b = m.p.battles, m.bands
    rate = hazards.battle_rates(m)
    u = m.band_luck("battles", "", int(m.p.violence.slots), 4)
    row, slot = happening(u[:, :, 0], rate)
    mu = p.mu + m.p.violence.size_by_fighters * np.log(np.maximum(b.fighters, 1) / 30)
    _tally(m.cells.expected_battles, b.cell, rate, hazards.mean_size(mu, p.none, p.sigma))
    if row.size == 0:
        return
    luck, cell = u[row, slot], b.cell[row]
    dead = hazards.sizes(luck[:, 1], mu[row], p.none, p.sigma)
    community = victims(m, cell, luck[:, 2])
    between = np.where(community >= 0, whole(p.crossfire * dead, luck[:, 3]), 0)
    between = at_most(m, between, community)
    slots = int(m.p.violence.slots)
    host = hazards.who_fights(m, row, m.band_luck("battles/who", "", slots)[row, slot] if m.pursuing else None)
    m.acts.add(
        row.size, kind=BATTLE, perpetrator=m.actors.first_group + b.group[row], cell=cell,
        opponent=m.actors.first_host + host, community=np.where(between > 0, community, -1),
        source=row * slots + slot, potential=between, civilians=between, deaths=dead + between,
    )  # fmt: skip
    share = np.minimum(p.band_share * hazards.state_power(m, cell, host), 1.0)
    lose(m, "battles", row, np.floor(share * dead + 0.5).astype(np.int64), "host")


@njit(cache=True, nogil=True)
def _tally(total, cell, rate, each):
    """Write in each cell the sum of what its bands are expected to do: rate x what each time counts."""
    total[:] = 0.0
    for b in range(cell.size):
        total[cell[b]] += rate[b] * each[b]


def lose(m: Model, rule_name: str, band: np.ndarray, number: np.ndarray, cause: str) -> None:
    """Take fighters from bands (rows may repeat), and let the bands remember the share that they lost."""
    if band.size == 0:
        return
    b = m.bands
    total = _losses(band, number, b.fighters, b.lost)
    hit = total.nonzero()[0]
    for g in sorted(set(b.group[hit].tolist())):
        rows, name = hit[b.group[hit] == g], m.actors.groups[g]
        m.ledger.people(rule_name, "fighters", b.ledger["fighters"], rows, -total[rows], name, cause=cause)


@njit(cache=True, nogil=True)
def _losses(band, number, fighters, lost):
    """Return what each band loses, never more than it has, and let it remember the share."""
    total = np.zeros_like(fighters)
    for i in range(band.size):
        total[band[i]] += number[i]
    for b in range(total.size):
        total[b] = min(total[b], fighters[b])
        lost[b] += total[b] / max(fighters[b], 1)
    return total


@rule(
    reads=(
        "past", "bands.cell", "bands.fighters", "bands.lost", "bands.revenge", "groups.tempo", "groups.focus",
        "cells.memory", "near", "missions.informed", "bands.belief", "hosts.tempo", "missions.cover",
        "missions.deployed", "missions.hears", "missions.boldness", "communities.residents",
        "communities.displaced", "groups.truce", "bands.abroad", "cells.exposed", "cells.secured",
        "cells.sheltered", "open_to",
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
    guarded = guards(m, b.cell)
    raw = hazards.unrestrained(m, guarded)
    rate = hazards.saturate(raw * hazards.local_restraint(m, guarded) * hazards.group_restraint(m), v.cap)
    mu = p.mu + v.size_by_fighters * np.log(np.maximum(b.fighters, 1) / 30) + m.log_reachable[b.cell]
    mean = hazards.mean_size(mu, p.none, p.sigma)
    _tally_attacks(b.expected, m.cells.expected_attacks, rate, mean, b.cell)
    _tally(m.cells.threat, b.cell, hazards.saturate(raw, v.cap), mean)
    u = m.band_luck("attacks", "", int(v.slots), 3)
    row, slot = happening(u[:, :, 0], rate)
    if row.size == 0:
        return
    luck, cell = u[row, slot], b.cell[row]
    community = victims(m, cell, luck[:, 2])
    dead = at_most(m, hazards.sizes(luck[:, 1], mu[row], p.none, p.sigma), community)
    m.acts.add(
        row.size, kind=ATTACK, perpetrator=m.actors.first_group + b.group[row], cell=cell, community=community,
        source=row * int(v.slots) + slot, potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _tally_attacks(expected, total, rate, mean, cell):
    """Write the attacks and the deaths expected of each band, and the attacks expected in each cell."""
    total[:] = 0.0
    for b in range(cell.size):
        expected[0, b], expected[1, b] = rate[b], rate[b] * mean[b]
        total[cell[b]] += rate[b]


@rule(
    reads=(
        "hosts.abusiveness", "hosts.tempo", "hosts.dependence", "hosts.heard", "forces.cell", "bands.cell",
        "cells.memory", "near", "missions.cover", "missions.informed", "missions.voice", "communities.residents",
        "communities.displaced", "cells.secured", "cells.sheltered", "hosts.admits", "scenario.hosts.pursuit",),
    writes=("acts", "cells.threat", "cells.expected_abuse", "cells.abuse_by", "hosts.heard"),
)  # fmt: skip
def state_abuse(m: Model) -> None:
    """State forces harm civilians: where forces stand, by the host's abusiveness, hardly less where missions are near.

    Those who pursue over a border harm people there as well. A host that depends on outside support is held back by
    reporting that is heard, whoever gives it.
    Source: E4, E12, E19, S-H94, S30c. Basis: calibrated (S30c); leverage an assumption.
    """
    p = m.p.state_abuse
    m.cells.expected_abuse[:] = 0.0
    mean = hazards.mean_abuse(m)
    for h, name in enumerate(m.actors.hosts):
        m.hosts.heard[h] = reporting_heard(m, h)
        (rate, unheld), cells = hazards.abuse_rates(m, h), m.beat_places[h]
        layers = (m.cells.expected_abuse, m.cells.abuse_by[h], m.cells.threat)
        _tally_abuse(layers, cells, rate, unheld, mean)
        total = hazards.saturate(rate.sum(keepdims=True), p.cap)
        u = m.luck("state_abuse", name, (int(p.slots), 4))
        _, slot = happening(u[None, :, 0], total)
        if slot.size == 0:
            continue
        upto = np.cumsum(rate)
        luck = u[slot]
        cell = cells[np.minimum(np.searchsorted(upto, luck[:, 1] * upto[-1], side="right"), cells.size - 1)]
        community = victims(m, cell, luck[:, 2])
        mu = p.mu + m.log_reachable[cell]
        dead = at_most(m, hazards.sizes(luck[:, 3], mu, p.none, p.sigma), community)
        m.acts.add(
            slot.size, kind=ABUSE, perpetrator=m.actors.first_host + h, cell=cell, community=community,
            source=slot, potential=dead, civilians=dead, deaths=dead,
        )  # fmt: skip


@njit(cache=True, nogil=True)
def _tally_abuse(layers, cells, rate, unheld, mean):
    """Add the abuses expected of one host in each place to those of all, note them as its own, and add the threat."""
    everybody, own, threat = layers
    for j in range(cells.size):
        at = cells[j]
        everybody[at] += rate[j]
        own[at] = rate[j]
        threat[at] += unheld[j] * mean[at]


def reporting_heard(m: Model, host: int) -> float:
    """Return how far reports on a host's abuses are heard, 0-1.

    From any mission on its land that names abuses and knows of them.
    """
    silent = 1.0
    for k in m.at_work:
        silent = silent * (1 - m.missions.voice[k] * m.missions.informed[k] * m.hosts.admits[k, host])
    return 1 - silent
