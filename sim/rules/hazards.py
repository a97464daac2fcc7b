"""How likely violence is where: pure functions of state and presence, called with presence and without."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy.special import ndtri

from sim.actors.acts import ATTACK
from sim.actors.presence import READY
from sim.actors.roster import ARMED, HOST
from sim.actors.staff import TASK
from sim.actors.table import guarded
from sim.rules.movement import guards

if TYPE_CHECKING:
    from sim.model import Model


def saturate(rate: np.ndarray, cap: float) -> np.ndarray:
    """Bound a rate smoothly: cap (1 - exp(-rate / cap)); nobody strikes without end in one week."""
    return -cap * np.expm1(rate / -cap)


def readiness(m: Model) -> np.ndarray:
    """Return the rate at which each band fights at all: fighters x place x tempo x campaign x season.

    A band that rests across the border does not. Shape (bands,). Several rules of a week ask for it: it is worked out
    anew when anything that it depends on has changed.
    """
    b, g = m.bands, m.groups
    moving = (b.fighters, b.abroad, b.cell, m.cells.memory[ARMED], g.tempo, g.focus, m.hosts.tempo)
    key = (m.week, *(column.tobytes() for column in moving))
    if m.ready is None or m.ready[0] != key:
        m.ready = key, guarded(_ready_now(m))
    return m.ready[1]


def _ready_now(m: Model) -> np.ndarray:
    """Work out `readiness` as things stand."""
    p, b, w = m.p.violence, m.bands, m.world
    dry = 1 - p.season * np.sin(2 * np.pi * m.week / 52)
    heat = np.exp(m.groups.tempo[:, None] + m.hosts.tempo - m.tempo_mean)
    return _readiness(
        (b.fighters, b.abroad, b.cell, b.group), m.cells.memory[ARMED], m.disposition, heat, m.groups.focus,
        (w.x, w.y, w.host),
        (float(p.band_fighters), float(p.near_repeat), float(p.memory_scale)), (float(p.focus), float(p.focus_km), dry),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _boost(memory, repeat, scale):
    """Return how much recent violence by the same class of perpetrator raises the rate.

    1 + kappa m / (1 + m) [S15, S20g].
    """
    return 1 + repeat * memory / (1 + memory / scale)


@njit(cache=True, nogil=True)
def _readiness(band, memory, lasting, heat, focus, world, place, campaign):
    """Multiply what makes each band fight: strength, place, heat of its group and host, nearness to the campaign."""
    fighters, abroad, cell, group = band
    x, y, host = world
    usual, repeat, scale = place
    weight, km, dry = campaign
    out = np.zeros(cell.size)
    for b in range(cell.size):
        if abroad[b]:
            continue
        at, aim = cell[b], focus[group[b]]
        far = np.hypot(x[aim] - x[at], y[aim] - y[at])
        out[b] = fighters[b] / usual * (_boost(memory[at], repeat, scale) * lasting[at])
        out[b] *= heat[group[b], host[at]]
        out[b] *= 1 + weight * np.exp(-far / km)
        out[b] *= dry
    return out


def local_restraint(m: Model, guards: np.ndarray) -> np.ndarray:
    """Return the factor by which missions near lower each band's attacks.

    Watch (somebody reports) and belief to be met; guards: how each mission at work stands over each band's cell.
    """
    p = m.p.restraint
    dials = (float(p.watch), float(p.act), float(p.local))
    return _held_back(np.array(m.at_work, np.int64), m.missions.hears, m.bands.belief, guards, dials)


@njit(cache=True, nogil=True)
def _held_back(missions, hears, belief, guards, dials):
    """Multiply what each mission near leaves of a band's attacks."""
    watch, act, local = dials
    out = np.ones(guards.shape[1])
    for n in range(missions.size):
        k = missions[n]
        for b in range(out.size):
            delta = local * min(0.95, watch * hears[k] + act * belief[k, b])
            out[b] *= 1 - delta * guards[n, b]
    return out


def group_restraint(m: Model) -> np.ndarray:
    """Return the factor on the choice of civilian targets everywhere: exp(-beta E).

    E = sum over missions of thousands of uniformed per 5 million people x cover x credibility x informed x willing.
    Where no mission covers, believes or knows, it is 1. Battles are not restrained by it [E1, E2, E15]. A mission that
    some ground is closed to counts there for nothing, and its strength is against the people of the rest.
    """
    p, t, effort = m.p.restraint, m.missions, np.zeros(())
    for k in m.at_work:
        people, here = m.residents_at_start, True
        if m.bounded[k]:
            people, here = int(m.world.people[m.open_to[k] > 0].sum()), m.open_to[k, m.bands.cell] > 0
        uniformed = (t.deployed[0, k] + t.deployed[1, k]) / 1000 * 5e6 / max(people, 1)
        effort = effort + here * (uniformed * t.cover[ARMED, k] * m.credibility[k] * t.informed[k] * t.boldness[k])
    return np.exp(-p.beta * p.group * effort)


def unrestrained(m: Model, guards: np.ndarray) -> np.ndarray:
    """Return the rate at which each band would attack civilians if no mission held it back, before the weekly cap.

    Losses drive a band onto civilians: desperation, and revenge where it expects not to be met [E39, E27, B-M15]. Where
    people are known to have informed, bands punish them [F-M72]; in a truce they strike less; a site full of people
    draws them (`_attraction`); and a band that struck last week may go on. guards: how each mission at work
    stands over each band's cell.
    """
    p, b, site, past = m.p.attacks, m.bands, m.p.shelter, m.past
    spared = np.exp(b.lost / -p.desperation_loss)
    band = (readiness(m), spared, b.revenge, b.belief, guards, b.cell, b.group)
    last = (past.kind, past.source, int(m.p.violence.slots), b.fighters, b.abroad, float(p.episode))
    place = (m.cells.exposed, m.cells.sheltered, m.people_in, m.groups.truce, m.world.host)
    calm, reprisal, desperate = 1 - m.p.peace.calm, m.p.informants.reprisal, p.desperation * p.desperation_size
    dials = (p.base, desperate, p.revenge_size, calm, reprisal)
    draws = (float(site.pull), float(site.pull_people))
    return _unrestrained(np.array(m.at_work, np.int64), band, last, place, tuple(map(float, dials)), draws)


@njit(cache=True, nogil=True)
def _unrestrained(missions, band, last, place, dials, draws):
    """Multiply what makes each band attack civilians: readiness, need, truce, informants and sites; add going on.

    last: what `_going_on` asks of last week's acts and of the bands.
    """
    ready, spared, revenge, belief, guards, cell, group = band
    exposed, sheltered, people, truce, host = place
    base, desperate, revenge_size, calm, reprisal = dials
    out, goes_on = np.zeros(cell.size), _going_on(*last)
    for b in range(cell.size):
        at, unmet = cell[b], 1.0
        if people[at] <= 0:
            continue
        for n in range(missions.size):
            unmet *= 1 - belief[missions[n], b] * guards[n, b]
        need = 1 + desperate * (1 - spared[b]) + revenge_size * revenge[b] / (1 + revenge[b]) * unmet
        wish = base * ready[b] * need * (calm if truce[host[at], group[b]] > 0 else 1.0)
        out[b] = wish * (1 + reprisal * exposed[at]) * _attraction(sheltered[at], draws) + goes_on[b]
    return out


@njit(cache=True, nogil=True)
def _going_on(kind, source, slots, fighters, abroad, episode):
    """Return the attacks with which each band is expected to go on where it struck civilians last week.

    An attack is an episode: one, and then more with the same chance after each, wherever the band's rate would stand.
    Counted are those of each band that still has fighters on the map.
    """
    struck = np.zeros(fighters.size)
    for j in range(kind.size):
        if kind[j] == ATTACK and source[j] >= 0:
            struck[source[j] // slots] += 1
    for b in range(struck.size):
        struck[b] *= episode if fighters[b] > 0 and not abroad[b] else 0.0
    return struck


def battle_rates(m: Model) -> np.ndarray:
    """Return the battles with state forces expected of each band this week: where both are, and not left alone."""
    p, b = m.p.battles, m.bands
    met = met_by_armies(m) if np.count_nonzero(m.tolerance) else p.anywhere + state_guard(m, b.cell)
    truces = (m.groups.truce, m.world.host, b.cell, b.group, float(1 - m.p.peace.quiet))
    return saturate(_fights(readiness(m), met, truces, float(p.base)), m.p.violence.cap)


@njit(cache=True, nogil=True)
def _fights(ready, met, truces, base):
    """Multiply what makes each band and the army fight: readiness, being met, and what a truce leaves."""
    out = _at_peace(*truces)
    for b in range(out.size):
        out[b] = base * ready[b] * met[b] * out[b]
    return out


def met_by_armies(m: Model) -> np.ndarray:
    """Return how surely each band meets a state force that does not leave its group alone [F-M26, F-M108]."""
    b, hostile = m.bands, 1 - m.tolerance
    anywhere = m.p.battles.anywhere * hostile[m.world.host[b.cell], b.group]
    return anywhere + guard_of(hostile_armies(m, np.arange(b.rows)), m)


def hostile_armies(m: Model, band: np.ndarray) -> list[np.ndarray]:
    """Return the people near each of some bands of each host's forces, as far as they do not leave its group alone."""
    cell, hostile = m.bands.cell[band], 1 - m.tolerance[:, m.bands.group[band]]
    return [ready_of(m, h, cell) * hostile[h] for h in range(m.hosts.rows)]


def who_fights(m: Model, band: np.ndarray, uniform: np.ndarray | None) -> np.ndarray:
    """Return the host whose army each of some bands fights: by who is near, the land's own or one that pursues there.

    The land's own has small posts everywhere. uniform: luck for each band, none where no army crosses a border.
    """
    own = m.world.host[m.bands.cell[band]]
    if uniform is None:
        return own
    near = np.array(hostile_armies(m, band))
    near[own, np.arange(band.size)] += m.p.battles.anywhere * 100 * m.p.restraint.hundreds
    upto = np.cumsum(near, axis=0)
    return np.count_nonzero(upto[:-1] <= uniform * upto[-1], axis=0)


def at_peace(m: Model, share: float) -> np.ndarray:
    """Return what a truce leaves of each band's violence: 1 - share where its group has one with the host there."""
    return _at_peace(m.groups.truce, m.world.host, m.bands.cell, m.bands.group, float(1 - share))


@njit(cache=True, nogil=True)
def _at_peace(truce, host, cell, group, left):
    """Return what is left where there is a truce, and 1 elsewhere."""
    out = np.ones(cell.size)
    for b in range(cell.size):
        if truce[host[cell[b]], group[b]] > 0:
            out[b] = left
    return out


def state_power(m: Model, cell: np.ndarray, host: np.ndarray) -> np.ndarray:
    """Return how much stronger some hosts fight in given cells than they did at the start without support.

    Its capacity against that of the start, x help: missions that support it and stand near, support that flows to it
    wherever it fights [B-M73, F-M5, S-H7].
    """
    alone, first = np.ones(cell.size), m.actors.first_host
    for k, near in zip(m.at_work, guards(m, cell), strict=True):
        alone = alone * (1 - m.missions.effort[TASK["support_host_forces"], k] * near)
    for j, giver in enumerate(m.links.giver.tolist()):
        if giver in m.at_work and m.links.recipient[j] >= first:
            alone = alone * (1 - m.links.support_now[j] * (host == m.links.recipient[j] - first))
    capacity = m.hosts.capacity[host] / np.maximum(m.hosts.started[1, host], m.p.host_conduct.least)
    return np.where(m.hosts.started[1, host] > 0, capacity, 1.0) * (1 + m.p.battles.backing * (1 - alone))


def state_guard(m: Model, cell: np.ndarray, host: int | None = None) -> np.ndarray:
    """Return how strongly state forces stand over given cells, 0-1: those of one host, or of all."""
    first, number = (m.actors.first_host, m.hosts.rows) if host is None else (m.actors.first_host + host, 1)
    people = 100 * float(m.p.restraint.hundreds)
    return 1 - np.exp(_forces_over(m.near[READY, first : first + number], cell, people))


@njit(cache=True, nogil=True)
def _forces_over(ready, cell, people):
    """Return how far the ready people of all given forces together count over given cells, as exponents."""
    out = np.zeros(cell.size)
    for host in range(ready.shape[0]):
        for j in range(cell.size):
            out[j] += ready[host, cell[j]]
    for j in range(cell.size):
        out[j] /= -people
    return out


def ready_of(m: Model, host: int, cell: np.ndarray) -> np.ndarray:
    """Return the people of a host's forces near given cells."""
    return m.near[READY, m.actors.first_host + host][cell]


def guard_of(ready: Iterable[np.ndarray], m: Model) -> np.ndarray:
    """Return how strongly some forces together stand over cells, 0-1, given the people of each near them."""
    people: np.ndarray | float = 0.0
    for part in ready:
        people = people + part
    return 1 - np.exp(people / (-100 * m.p.restraint.hundreds))


def abuse_rates(m: Model, host: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the abuses expected this week in each place where a host's army may be, and those if no mission were near.

    Abuse follows forces and disposition, hardly rebels; missions near hardly matter; outside support that depends on a
    record that is heard of does [E4, E12, E19, S-H94].
    """
    p, g, site = m.p.state_abuse, m.hosts, m.p.shelter
    cells = m.beat_places[host]
    usual = p.base * (g.abusiveness[host] / p.usual) * np.exp(g.tempo[host] - 0.5 * m.p.campaigns.country_sd**2)
    place = (m.disposition, m.cells.memory[HOST], m.band_count, m.people_in, m.cells.sheltered, m.at_home[host])
    dials = (usual, m.p.violence.near_repeat, m.p.violence.memory_scale, p.anywhere, p.rebel_presence)
    draws = (float(site.pull), float(site.pull_people))
    unheld = _abuse(cells, state_guard(m, cells, host), place, tuple(map(float, dials)), draws)
    near = (np.array(m.at_work, np.int64), m.missions.cover[HOST], guards(m, cells))
    held = np.exp(-p.leverage * g.dependence[host] * g.heard[host])
    return _abuse_held(unheld, near, float(p.local), float(held)), unheld


@njit(cache=True, nogil=True)
def _abuse(cells, forces, place, dials, draws):
    """Multiply what makes state forces harm people in each cell: themselves, the place, rebels; nobody is no harm."""
    lasting, memory, bands, people, sheltered, home = place
    usual, kappa, scale, anywhere, rebels = dials
    out = np.zeros(cells.size)
    for j in range(out.size):
        at = cells[j]
        if people[at] > 0:
            out[j] = usual * (anywhere * home[j] + forces[j]) * lasting[at] * _boost(memory[at], kappa, scale)
            out[j] *= 1 + rebels * min(1, bands[at])
            out[j] *= _attraction(sheltered[at], draws)
    return out


@njit(cache=True, nogil=True)
def _abuse_held(unheld, near, local, held):
    """Multiply what missions near and what is heard abroad leave of the abuses in each place."""
    missions, cover, guards = near
    out = unheld.copy()
    for n in range(missions.size):
        if cover[missions[n]] > 0:
            for j in range(out.size):
                out[j] *= 1 - local * cover[missions[n]] * guards[n, j]
    for j in range(out.size):
        out[j] *= held
    return out


@njit(cache=True, nogil=True)
def _attraction(inside, draws):
    """Return how much a site with so many people draws attacks to its cell; 1 where there is none.

    Source: B-M15 (safe areas attract displaced people and attacks). Basis: assumption (size).
    """
    pull, pull_people = draws
    return 1 + pull * inside / (inside + pull_people)


def sizes(uniform: np.ndarray, mu: np.ndarray | float, half: float, sigma: float) -> np.ndarray:
    """Return deaths by inverse distribution.

    None with chance `half`, else a discretised lognormal of one or more [S6].
    """
    amount = np.exp(mu + sigma * ndtri(_tail(uniform, half)))
    return _deaths(amount, uniform, half)


@njit(cache=True, nogil=True)
def _tail(uniform, half):
    """Return where each uniform lies in the part of luck in which somebody dies, just inside 0-1."""
    out = np.empty(uniform.size)
    for i in range(out.size):
        out[i] = min(max((uniform[i] - half) / (1 - half), 1e-9), 1 - 1e-9)
    return out


@njit(cache=True, nogil=True)
def _deaths(amount, uniform, half):
    """Round amounts to one or more, and to none in the part of luck in which nobody dies."""
    out = np.zeros(uniform.size, np.int64)
    for i in range(out.size):
        if uniform[i] >= half:
            out[i] = int(max(1.0, np.floor(amount[i] + 0.5)))
    return out


def mean_size(mu: np.ndarray | float, half: float, sigma: float) -> np.ndarray:
    """Return the mean of `sizes`, before any cap by the people present."""
    levels, means = _mean_table(half, sigma)
    return np.interp(mu, levels, means)


@lru_cache(maxsize=64)
def usual_size(mu: float, half: float, sigma: float) -> float:
    """Return the mean of `sizes` for one mu that is the same all run."""
    return float(mean_size(mu, half, sigma))


def mean_abuse(m: Model) -> np.ndarray:
    """Return the mean deaths of an act of state abuse in each cell, worked out once a week; (cells,)."""
    if m.abuse_size is None:
        p = m.p.state_abuse
        m.abuse_size = mean_size(p.mu + m.log_reachable, p.none, p.sigma)
    return m.abuse_size


@lru_cache(maxsize=64)
def _mean_table(half: float, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Average sizes over a fine grid of luck for a range of mu."""
    u = (np.arange(4000) + 0.5) / 4000
    levels = np.linspace(-4, 6, 101)
    return levels, np.array([sizes(u, mu, half, sigma).mean() for mu in levels])
