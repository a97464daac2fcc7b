"""How groups regrow: towards a capacity that harm raises, more slowly where missions hold the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, MISSION_HARM
from sim.actors.presence import READY
from sim.actors.staff import TASK
from sim.luck import whole
from sim.rules.movement import border_control
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "acts", "near", "missions.holding", "missions.boldness", "groups.grievance", "bands.cell",
        "communities.residents", "groups.capacity", "groups.income", "missions.effort", "groups.parent",
        "groups.reliance", "scenario.hosts.backs",),
    writes=(
        "groups.grievance", "bands.fighters", "bands.lost", "communities.residents", "communities.recruited",
        "groups.abroad",
    ),
)  # fmt: skip
def recruitment(m: Model) -> None:
    """Groups regrow a few per cent a week towards a capacity: what their range feeds, more where people were harmed.

    Harm to civilians by operations and by the state feeds grievance, which fades; it may draw people the more, the more
    a group relies on civilians. Ground that a mission holds lowers growth and capacity. Recruits are people of the
    range's communities; a trickle from abroad, less where the border is watched, keeps zero from being final; bands on
    the land of a host that backs them get more. Losses are forgotten over some weeks.
    Source: E26, E27, E28, F-M184, B-M81, S-H2, F-M26, B-M105. Basis: assumption (rates), prototype of the mechanism.
    """
    p, b, g = m.p.recruitment, m.bands, m.groups
    b.lost[:] *= kept(m.p.attacks.desperation_weeks)
    held = held_ground(m)
    g.grievance[:] += (1 - g.grievance) * -np.expm1(-p.by_harm * grievous_harm(m)) - p.forgetting * g.grievance
    growth = p.rate * p.regrowth * (1 - p.growth_held * held[b.cell]) * b.fighters
    alive, before = still_alive(m), None
    u = m.band_luck("recruitment", "", 2)
    change = people_joining(m, growth, held, u[:, 0])
    joining, leaving = np.maximum(change, 0), np.minimum(change, 0)
    abroad = (u[:, 1] < inflow_from_abroad(m)[b.group] + from_backers(m)).astype(np.int64)
    grown = g.capacity > 0
    for k in grown.nonzero()[0].tolist():
        rows = m.band_spans[k]
        if rows.stop > rows.start:
            before = alive.copy() if before is None else before
            join(m, k, joining[rows], alive)
            book(m, k, leaving[rows], "leavers")
            g.abroad[k] += book(m, k, abroad[rows], "abroad")
    if before is not None:
        reinforce(m, grown)
        leave_home(m, before - alive)


def people_joining(m: Model, growth: np.ndarray, held: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return how many join each band this week (leave, if negative): half by the band's size, half evenly."""
    p, g, f = m.p.recruitment, m.groups, m.bands.fighters
    relying = 1 + p.by_reliance * (g.reliance / p.usual_reliance - 1)
    capacity = g.capacity * g.income * (1 + p.appeal * g.grievance * relying)
    capacity *= 1 - p.capacity_held * _share_held(m.range_share, held)
    return np.maximum(whole(_joining(f, m.band_start, growth, capacity), uniform), -f)


@njit(cache=True, nogil=True)
def _share_held(range_share, held):
    """Add up how firmly each group's range is held."""
    out = np.zeros(range_share.shape[0])
    for g in range(out.size):
        for cell in range(held.size):
            if held[cell] > 0:
                out[g] += range_share[g, cell] * held[cell]
    return out


@njit(cache=True, nogil=True)
def _joining(fighters, start, growth, capacity):
    """Return the change expected of each band: its group's growth towards capacity, shared out."""
    out = np.zeros(fighters.size)
    for g in range(capacity.size):
        own = slice(start[g], start[g + 1])
        now, bands = fighters[own].sum(), start[g + 1] - start[g]
        total = growth[own].sum() * (1 - now / max(capacity[g], 1.0))
        for b in range(start[g], start[g + 1]):
            by_size = fighters[b] / max(now, 1)
            out[b] = total * (0.5 * by_size + 0.5 / bands if total > 0 else by_size)
    return out


def still_alive(m: Model) -> np.ndarray:
    """Return the residents of each community that this week's violence leaves, before anybody joins a group."""
    return _still_alive(m.communities.residents, m.acts.community, m.acts.potential)


@njit(cache=True, nogil=True)
def _still_alive(residents, community, potential):
    """Take those who may be dead already from the residents of their communities, as far as there are any."""
    alive = residents.copy()
    for j in range(community.size):
        if community[j] >= 0:
            alive[community[j]] -= potential[j]
    for j in range(community.size):
        if community[j] >= 0:
            alive[community[j]] = max(alive[community[j]], 0)
    return alive


def held_ground(m: Model) -> np.ndarray:
    """Return how firmly missions hold each cell, 0-1: ready people near who are set to hold and willing to."""
    p, t, people = m.p.recruitment, m.missions, np.zeros(m.world.cells)
    for k in m.at_work:
        people = people + t.holding[k] * t.boldness[k] * m.near[READY, k]
    return p.holding * -np.expm1(-people / p.held_people)


def grievous_harm(m: Model) -> np.ndarray:
    """Return the harm that feeds each group this week: civilians hurt by missions and the state within its range.

    Groups with one range (a faction and its parent) are fed alike; one that has not split off yet is not.
    """
    p, acts, out = m.p.recruitment, m.acts, np.zeros(m.groups.rows)
    if acts.size == 0:
        return out
    weight = (acts.kind == MISSION_HARM) + p.abuse_weight * (acts.kind == ABUSE)
    size = weight * np.minimum(acts.civilians, p.most_dead) / p.dead_unit
    awake = ((m.groups.capacity > 0) | (m.groups.parent < 0)).nonzero()[0]
    for j in size.nonzero()[0]:
        if awake.size:
            near = m.range_log[awake, acts.cell[j]]
            out[awake[near == near.max()]] += size[j]
    return out


def join(m: Model, group: int, joining: np.ndarray, alive: np.ndarray) -> None:
    """Move recruits from the range's communities to a group's bands; only people who are there can join."""
    wanted = sum(joining.tolist())
    short = wanted - take_residents(m, group, wanted, alive)
    for j in joining.nonzero()[0] if short else ():
        less = min(short, int(joining[j]))
        joining[j] -= less
        short -= less
    book(m, group, joining, "recruits")


def book(m: Model, group: int, number: np.ndarray, cause: str) -> int:
    """Add fighters to a group's bands, or take them away; return how many there were."""
    if np.count_nonzero(number):
        fighters, name = m.bands.ledger["fighters"], m.actors.groups[group]
        m.ledger.people("recruitment", "fighters", fighters, m.band_spans[group], number, name, cause=cause)
    return int(np.count_nonzero(number))


def take_residents(m: Model, group: int, number: int, alive: np.ndarray) -> int:
    """Draw recruits from communities by people and range; return how many came."""
    if number <= 0 or alive.size == 0:
        return 0
    u = m.luck("recruitment/who", m.actors.groups[group], 1)[0]
    return _take(alive, m.pull[group], number, u)


def leave_home(m: Model, count: np.ndarray) -> None:
    """Book the week's recruits as leaving the residents of their communities, by identity group."""
    kept = m.communities.ledger
    stocks = {"residents": (kept["residents"], -count), "recruited": (kept["recruited"], count)}
    m.ledger.people_by_group("recruitment", stocks)


@njit(cache=True, nogil=True)
def spread_evenly(people, pull, number, uniform):
    """Take a number of people from rows in proportion to people x pull, at even steps from a random start."""
    total = 0.0
    for i in range(people.size):
        total += people[i] * pull[i]
    count = np.zeros(people.size, np.int64)
    if total <= 0.0:
        return count
    upto, taken = 0.0, 0
    for i in range(people.size):
        upto += people[i] * pull[i] / total * number
        while taken < number and taken + uniform < upto and count[i] < people[i]:
            count[i] += 1
            taken += 1
    return count


@njit(cache=True, nogil=True)
def _take(people, pull, number, uniform):
    """Take a number of people away as `spread_evenly` does; return how many there were."""
    count, taken = spread_evenly(people, pull, number, uniform), 0
    for i in range(count.size):
        people[i] -= count[i]
        taken += count[i]
    return taken


def reinforce(m: Model, grown: np.ndarray) -> None:
    """Let stronger bands of a group send fighters to weaker ones; whole numbers, nobody lost."""
    moves = _evened(m.bands.fighters, m.band_start, grown, m.p.recruitment.reinforcement)
    m.ledger.people("recruitment", "fighters", m.bands.ledger["fighters"], slice(None), moves, cause="transfers")


@njit(cache=True, nogil=True)
def _evened(fighters, start, grown, share):
    """Return moves that bring bands a share nearer to their group's mean.

    The strongest band of a group settles what rounding leaves over.
    """
    moves = np.zeros_like(fighters)
    for g in range(grown.size):
        own, now = moves[start[g] : start[g + 1]], fighters[start[g] : start[g + 1]]
        if grown[g] and own.size:
            own[:] = np.rint(share * (now.mean() - now)).astype(np.int64)
            strongest = np.argmax(now + own)
            own[strongest] -= own.sum()
            if now[strongest] + own[strongest] < 0:
                own[:] = 0
    return moves


def inflow_from_abroad(m: Model) -> np.ndarray:
    """Return the chance that a fighter joins a band from abroad, by group: less where its border is watched [F-M26].

    A group and the factions that split from it share what the whole had.
    """
    watched = np.zeros(m.groups.rows)
    if any(m.missions.effort[TASK["border_control"], k] > 0 for k in m.at_work):
        watched += (m.border_share * border_control(m, m.all_cells)).sum(axis=1)
    g = m.groups
    family = np.where(g.parent >= 0, g.parent, np.arange(g.rows))
    whole_of = np.bincount(family, g.capacity, g.rows)[family] if g.rows else g.capacity
    return m.p.recruitment.inflow * (1 - watched) * (g.capacity / np.maximum(whole_of, 1e-300))


def from_backers(m: Model) -> np.ndarray | float:
    """Return the chance that a host that backs a group sends a fighter to each band on its land [B-M105, F-M108]."""
    if not np.count_nonzero(m.backing):
        return 0.0
    return m.p.recruitment.backing * m.backing[m.world.host[m.bands.cell], m.bands.group]
