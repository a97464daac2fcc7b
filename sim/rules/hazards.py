"""How likely violence is where: pure functions of state and presence, called with presence and without."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import ndtri

from sim.actors.acts import ATTACK
from sim.actors.presence import READY
from sim.actors.roster import ARMED, HOST
from sim.rules.movement import guard

if TYPE_CHECKING:
    from sim.model import Model


def saturate(rate: np.ndarray, cap: float) -> np.ndarray:
    """Bound a rate smoothly: cap (1 - exp(-rate / cap)); nobody strikes without end in one week."""
    return cap * -np.expm1(-rate / cap)


def memory_boost(m: Model, kind: int, cell: np.ndarray) -> np.ndarray:
    """Return how much recent violence by the same class of perpetrator raises the rate.

    1 + kappa m / (1 + m) [S15, S20g].
    """
    memory = m.cells.memory[kind, cell]
    return 1 + m.p.violence.near_repeat * memory / (1 + memory / m.p.violence.memory_scale)


def readiness(m: Model) -> np.ndarray:
    """Return the rate at which each band fights at all: fighters x place x tempo x campaign x season.

    Shape (bands,).
    """
    p, b, w = m.p.violence, m.bands, m.world
    dry = 1 - p.season * np.sin(2 * np.pi * m.week / 52)
    heat = np.exp(m.groups.tempo[:, None] + m.hosts.tempo - m.tempo_mean)
    return _readiness(
        b.fighters / p.band_fighters, b.cell, b.group, memory_boost(m, ARMED, b.cell) * m.disposition[b.cell], heat,
        m.groups.focus, (w.x, w.y, w.host), (float(p.focus), float(p.focus_km), dry),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _readiness(strength, cell, group, place, heat, focus, world, dials):
    """Multiply what makes each band fight: strength, place, heat of its group and host, nearness to the campaign."""
    x, y, host = world
    weight, km, dry = dials
    out = np.empty(cell.size)
    for b in range(cell.size):
        at, aim = cell[b], focus[group[b]]
        far = np.hypot(x[aim] - x[at], y[aim] - y[at])
        out[b] = strength[b] * place[b] * heat[group[b], host[at]] * (1 + weight * np.exp(-far / km)) * dry
    return out


def need(m: Model, guards: list[np.ndarray]) -> np.ndarray:
    """Return how much a band's losses drive it onto civilians: desperation, and revenge where it expects not to be met.

    guards: how each mission at work stands over each band's cell. Source: E39 (attacks after losses), E27, B-M15.
    """
    p, b = m.p.attacks, m.bands
    desperate = p.desperation * p.desperation_size * (1 - np.exp(-b.lost / p.desperation_loss))
    unmet = 1.0
    for k, guarded in zip(m.at_work, guards, strict=True):
        unmet = unmet * (1 - b.belief[k] * guarded)
    return 1 + desperate + p.revenge_size * b.revenge / (1 + b.revenge) * unmet


def local_restraint(m: Model, guards: list[np.ndarray]) -> np.ndarray:
    """Return the factor by which missions near lower each band's attacks.

    Watch (somebody reports) and belief to be met; guards: how each mission at work stands over each band's cell.
    """
    p, b, factor = m.p.restraint, m.bands, np.ones(m.bands.rows)
    for k, guarded in zip(m.at_work, guards, strict=True):
        delta = p.local * np.minimum(0.95, p.watch * m.missions.hears[k] + p.act * b.belief[k])
        factor = factor * (1 - delta * guarded)
    return factor


def group_restraint(m: Model) -> float:
    """Return the factor on the choice of civilian targets everywhere: exp(-beta E).

    E = sum over missions of thousands of uniformed per 5 million people x cover x credibility x informed x willing.
    Where no mission covers, believes or knows, it is 1. Battles are not restrained by it [E1, E2, E15].
    """
    p, t, effort = m.p.restraint, m.missions, 0.0
    for k in m.at_work:
        uniformed = (t.deployed[0, k] + t.deployed[1, k]) / 1000 * 5e6 / max(m.residents_at_start, 1)
        effort = effort + uniformed * t.cover[ARMED, k] * m.credibility[k] * t.informed[k] * t.risk_tolerance[k]
    return float(np.exp(-p.beta * p.group * effort))


def unrestrained(m: Model, guards: list[np.ndarray]) -> np.ndarray:
    """Return the rate at which each band would attack civilians if no mission held it back, before the weekly cap."""
    rate = m.p.attacks.base * readiness(m) * need(m, guards) + going_on(m)
    return rate * (m.people_in[m.bands.cell] > 0)


def going_on(m: Model) -> np.ndarray:
    """Return the attacks with which each band is expected to go on where it struck civilians last week.

    An attack is an episode: one, and then more with the same chance after each, wherever the band's rate would stand.
    """
    past, b = m.past, m.bands
    if past.size == 0:
        return np.zeros(b.rows)
    band = m.band_of(past.source[past.of(ATTACK)])
    return m.p.attacks.episode * np.bincount(band[band >= 0], minlength=b.rows) * (b.fighters > 0)


def battle_rates(m: Model) -> np.ndarray:
    """Return the battles with state forces expected of each band this week: where both are."""
    p = m.p.battles
    return saturate(p.base * readiness(m) * (p.anywhere + state_guard(m, m.bands.cell)), m.p.violence.cap)


def state_guard(m: Model, cell: np.ndarray) -> np.ndarray:
    """Return how strongly state forces stand over given cells, 0-1."""
    ready = np.zeros(cell.size)
    for h in range(m.actors.first_host, m.actors.first_group):
        ready = ready + m.near[READY, h, cell]
    return 1 - np.exp(-ready / (100 * m.p.restraint.hundreds))


def abuse_rates(m: Model, host: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the acts of state abuse expected in each cell of a host this week, and those if no mission were near.

    Abuse follows forces and disposition, hardly rebels; missions near hardly matter; outside support that depends on a
    record that is heard of does [E4, E12, E19, S-H94].
    """
    p, g = m.p.state_abuse, m.hosts
    cells = m.host_cells[host]
    usual = p.base * (g.abusiveness[host] / p.usual) * np.exp(g.tempo[host] - 0.5 * m.p.campaigns.country_sd**2)
    usual = usual * (p.anywhere + state_guard(m, cells)) * m.disposition[cells] * memory_boost(m, HOST, cells)
    usual = usual * (1 + p.rebel_presence * np.minimum(1, m.band_count[cells])) * (m.people_in[cells] > 0)
    rate = usual
    for k in m.at_work:
        if m.missions.cover[HOST, k] > 0:
            rate = rate * (1 - p.local * m.missions.cover[HOST, k] * guard(m, k, cells))
    return rate * np.exp(-p.leverage * g.dependence[host] * g.heard[host]), usual


def sizes(uniform: np.ndarray, mu: np.ndarray | float, half: float, sigma: float) -> np.ndarray:
    """Return deaths by inverse distribution.

    None with chance `half`, else a discretised lognormal of one or more [S6].
    """
    tail = np.minimum(np.maximum((uniform - half) / (1 - half), 1e-9), 1 - 1e-9)
    dead = np.maximum(1, np.floor(np.exp(mu + sigma * ndtri(tail)) + 0.5))
    return np.where(uniform < half, 0, dead).astype(np.int64)


def mean_size(mu: np.ndarray | float, half: float, sigma: float) -> np.ndarray:
    """Return the mean of `sizes`, before any cap by the people present."""
    levels, means = _mean_table(half, sigma)
    return np.interp(mu, levels, means)


@lru_cache(maxsize=64)
def _mean_table(half: float, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Average sizes over a fine grid of luck for a range of mu."""
    u = (np.arange(4000) + 0.5) / 4000
    levels = np.linspace(-4, 6, 101)
    return levels, np.array([sizes(u, mu, half, sigma).mean() for mu in levels])
