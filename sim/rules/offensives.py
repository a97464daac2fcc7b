"""Operations by missions that may attack, whom they hit and whom they harm; and the revenge that follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import BATTLE, MISSION_HARM
from sim.actors.presence import ARMED, READY
from sim.luck import gumbel
from sim.rules import hazards
from sim.rules.borders import closed
from sim.rules.contributors import worth
from sim.rules.rule import kept, rule
from sim.rules.violence import at_most, lose, victims

if TYPE_CHECKING:
    from sim.model import Model

NONE = np.zeros(0, np.int64)


@rule(
    reads=(
        "missions.strikes", "missions.picture", "missions.care", "bands.cell", "near", "links.trust",
        "links.delineation", "missions.acting", "missions.deployed", "missions.guarding",
        "communities.residents", "communities.displaced", "bands.abroad", "cells.secured", "links.coordination",
        "links.shared_posts", "open_to",
    ),
    writes=(
        "acts", "bands.fighters", "bands.lost", "bands.struck", "bands.scattered", "missions.picture",
        "missions.cleared", "missions.operations", "missions.hits", "missions.expected_operations",
    ),
)  # fmt: skip
def offensives(m: Model) -> None:
    """Missions that may attack strike where they think bands are; they hit only if a band is there.

    A hit costs one band half of its fighters and scatters all that are there; most kill nobody. Civilians are hurt in
    proportion to lack of care, far more often by a miss than by a hit. Tempo falls as targets vanish from the map.
    Partners who post and send their people together strike from each other's bases.
    Source: B-M13, B-M14, B-M81, S-H2 to S-H4, E16, F-M104. Basis: assumption (harm, losses), prototype of mechanism.
    """
    struck = [operate(m, k) for k in m.at_work if m.missions.strikes[k] > 0]
    if any(band.size for band in struck):
        band = np.concatenate(struck)
        number = np.floor(m.p.offensives.loss * m.bands.fighters[band] + 0.5).astype(np.int64)
        lose(m, "offensives", band, number, "operations")
        m.bands.struck[band] = True


def operate(m: Model, mission: int) -> np.ndarray:
    """Play one mission's operations of the week; return the bands struck (rows may repeat)."""
    p, t, b, name = m.p.offensives, m.missions, m.bands, m.actors.names[mission]
    t.cleared[:, mission] *= kept(p.cleared_weeks)
    thought = t.picture[:, mission]
    targets = (thought > p.least).nonzero()[0]
    if m.bounded[mission]:
        targets = targets[~closed(m, mission, targets)]
    if targets.size == 0:
        return NONE
    u, sure = m.luck("offensives", name, (int(p.slots), 6)), thought[targets]
    chance = tempo(m, mission, float(np.add.reduce(sure)))
    go = [j for j, luck in enumerate(u[:, 0].tolist()) if luck < chance]
    if not go:
        return NONE
    wish = aim(m, mission, targets, sure)
    draws = [m.luck.once_at("offensives/where", f"{name}/{j}", targets) for j in go]
    cells = targets[[(wish + gumbel(draw)).argmax() for draw in draws]]
    bands = strongest_bands(cells, b.cell, b.fighters, b.abroad)
    strike(m, mission, cells, bands, u[go])
    return bands[bands >= 0]


def tempo(m: Model, mission: int, known: float) -> float:
    """Return the chance that a slot of a mission's week is an operation; known: bands on its map."""
    p, t = m.p.offensives, m.missions
    ready = float(t.deployed[0, mission]) * (1 - float(t.guarding[mission])) / 1000 * worth(m, mission)
    return -math.expm1(-float(t.strikes[mission]) * ready * known / (known + p.half_full) / p.slots)


def aim(m: Model, mission: int, targets: np.ndarray, sure: np.ndarray) -> np.ndarray:
    """Return the log weight of each target: how surely bands are thought to be there, reach, and delineated areas."""
    p, t = m.p.offensives, m.missions
    wish = p.focus * np.log(p.floor + sure)
    wish += np.log(p.beyond_reach + np.minimum(1.0, within_reach(m, mission)[targets] / p.reach_people))
    for link, other in m.partners(mission):
        if other < t.rows and t.acting[other] and (delineation := float(m.links.delineation[link])) > 0:
            alone = np.exp(-m.near[READY, other][targets] / m.p.siting.apart_people)
            wish -= delineation * p.keep_apart * (1 - alone)
    return wish


def within_reach(m: Model, mission: int) -> np.ndarray:
    """Return the armed people in reach of each cell, with a partner's as far as they are sent out together [F-M104]."""
    here, x = m.near[ARMED, mission], m.links
    for link, other in m.partners(mission):
        if x.shared_posts[link] > 0:
            joint = x.shared_posts[link] * x.coordination[link] * x.trust[link]
            here = here + joint * m.near[ARMED, other]
    return here


@njit(cache=True, nogil=True)
def strongest_bands(cells, cell, fighters, abroad):
    """Return the band with most fighters in each of some cells, or -1.

    cell, fighters, abroad: of all bands; those who rest across the border cannot be hit.
    """
    out = np.full(cells.size, -1)
    for j in range(cells.size):
        most = 0
        for b in range(cell.size):
            if cell[b] == cells[j] and fighters[b] > most and not abroad[b]:
                most, out[j] = fighters[b], b
    return out


def strike(m: Model, mission: int, cells: np.ndarray, bands: np.ndarray, u: np.ndarray) -> None:
    """Record what operations did: battles where a band was met, harm to civilians, ground cleared, map wiped."""
    p, t, b, hit = m.p.offensives, m.missions, m.bands, bands >= 0
    met = hit.nonzero()[0]
    if met.size:
        fight(m, mission, cells[met], bands[met], u[met, 1])
    harm_civilians(m, mission, cells, hit, u)
    t.operations[mission] += hit.size
    t.hits[mission] += met.size
    t.expected_operations[mission] = met.size * hazards.usual_size(p.mu, p.none, p.sigma)
    maps = t.picture[:, mission], t.cleared[:, mission]
    _mark(cells, hit, *maps, p.wiped, b.cell, b.scattered, p.scatter > 0)


def fight(m: Model, mission: int, cells: np.ndarray, bands: np.ndarray, uniform: np.ndarray) -> None:
    """Record the battles of operations that met a band; some of its fighters die, most often none."""
    p, b = m.p.offensives, m.bands
    dead: np.ndarray | int = 0
    if max(uniform.tolist()) >= p.none:
        dead = np.minimum(hazards.sizes(uniform, p.mu, p.none, p.sigma), b.fighters[bands])
    m.acts.add(
        bands.size, kind=BATTLE, perpetrator=mission, cell=cells, deaths=dead,
        opponent=m.actors.first_group + b.group[bands], source=bands,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _mark(cells, hit, picture, cleared, wiped, cell, scattered, scatter):
    """Wipe the map where operations were; where one met a band, note cleared ground and scatter all bands there."""
    for j in range(cells.size):
        if not (cells[:j] == cells[j]).any():
            picture[cells[j]] *= wiped
        if hit[j]:
            cleared[cells[j]] += 1.0
            for b in range(cell.size):
                scattered[b] |= scatter and cell[b] == cells[j]


def harm_civilians(m: Model, mission: int, cells: np.ndarray, hit: np.ndarray, u: np.ndarray) -> None:
    """Hurt people where an operation lacked care: often where it missed, seldom where it met a band."""
    p = m.p.offensives
    miss, met = ((1 - float(m.missions.care[mission])) * part * p.harm for part in (p.harm_miss, p.harm_hit))
    luck = zip(u[:, 2].tolist(), hit.tolist(), strict=True)
    careless = np.array([j for j, (u, there) in enumerate(luck) if u < (met if there else miss)], np.int64)
    if careless.size == 0:
        return
    found = victims(m, cells[careless], u[careless, 3])
    people = (found >= 0) & (m.people_in[cells[careless]] > 0)
    hurt, community = careless[people], found[people]
    if hurt.size == 0:
        return
    mu = p.harm_mu + m.log_reachable[cells[hurt]]
    dead = at_most(m, np.maximum(1, hazards.sizes(u[hurt, 4], mu, 0.0, p.sigma)), community)
    m.acts.add(
        hurt.size, kind=MISSION_HARM, perpetrator=mission, cell=cells[hurt], community=community,
        potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


@rule(
    reads=("bands.struck",),
    writes=("bands.revenge", "bands.struck"),
)
def revenge(m: Model) -> None:
    """A band that was struck remembers it for some weeks, and turns on civilians where it does not expect to be met.

    The rule `attacks` reads this memory; where bands believe that attacks are met, revenge is rarer.
    Source: E27, E39, F-M91. Basis: assumption (size), literature (under two months).
    """
    b = m.bands
    b.revenge[:] *= kept(m.p.attacks.revenge_weeks)
    b.revenge[:] += b.struck
    b.struck[:] = False
