"""How groups regrow: towards a capacity that harm raises, more slowly where missions hold the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, MISSION_HARM
from sim.actors.presence import READY
from sim.actors.staff import TASK
from sim.rules.movement import border_control
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model

CAUSES = ("recruits", "leavers", "abroad", "transfers")  # why the number of a band's fighters changes


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
    b = m.bands
    b.lost[:] *= kept(m.p.attacks.desperation_weeks)
    held = held_ground(m)
    aggrieve(m)
    u = m.band_luck("recruitment", "", 2)
    change = people_joining(m, held, u[:, 0])
    moves, recruits = people_moving(m, change, u[:, 1])
    whose = m.band_start, m.actors.groups
    m.ledger.people_by_cause("recruitment", "fighters", b.ledger["fighters"], *whose, CAUSES, moves)
    leave_home(m, recruits)


def people_joining(m: Model, held: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return how many join each band this week (leave, if negative): half by the band's size, half evenly."""
    p, g, b = m.p.recruitment, m.groups, m.bands
    groups = g.capacity, g.income, g.grievance, g.reliance, m.range_share
    dials = p.by_reliance, p.usual_reliance, p.appeal, p.capacity_held
    growing = p.rate * p.regrowth, p.growth_held
    return _joining(b.fighters, m.band_start, b.cell, held, growing, groups, dials, uniform)


@njit(cache=True, nogil=True)
def _capacity(groups, held, dials):
    """Return the fighters that each group's range can feed: more where it has a grievance, fewer on held ground."""
    fed, income, grievance, reliance, range_share = groups
    by_reliance, usual_reliance, appeal, capacity_held = dials
    covered, out = np.zeros(fed.size), np.zeros(fed.size)
    for cell in range(held.size):
        if held[cell] > 0:
            for g in range(fed.size):
                covered[g] += range_share[g, cell] * held[cell]
    for g in range(fed.size):
        relying = 1 + by_reliance * (reliance[g] / usual_reliance - 1)
        out[g] = fed[g] * income[g] * (1 + appeal * grievance[g] * relying) * (1 - capacity_held * covered[g])
    return out


@njit(cache=True, nogil=True)
def _joining(fighters, start, cell, held, growing, groups, dials, uniform):
    """Return the change of each band in whole numbers: its group's growth towards capacity, shared out."""
    (rate, growth_held), capacity = growing, _capacity(groups, held, dials)
    out = np.zeros(fighters.size, np.int64)
    growth = rate * (1 - growth_held * held[cell]) * fighters
    for g in range(capacity.size):
        own = slice(start[g], start[g + 1])
        now, bands = fighters[own].sum(), start[g + 1] - start[g]
        total = growth[own].sum() * (1 - now / max(capacity[g], 1.0))
        for b in range(start[g], start[g + 1]):
            by_size = fighters[b] / max(now, 1)
            change = total * (0.5 * by_size + 0.5 / bands if total > 0 else by_size)
            out[b] = max(int(np.floor(change + uniform[b])), -fighters[b])
    return out


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
    p, t = m.p.recruitment, m.missions
    at_work = np.array(m.at_work, np.int64)
    return _held(at_work, t.holding, t.boldness, m.near[READY], p.holding, p.held_people)


@njit(cache=True, nogil=True)
def _held(at_work, holding, boldness, ready, share, enough):
    """Add up the people who hold each cell; so many hold most of it."""
    out = np.zeros(ready.shape[1])
    for k in at_work:
        for cell in range(out.size):
            out[cell] += holding[k] * boldness[k] * ready[k, cell]
    for cell in range(out.size):
        if out[cell] > 0:
            out[cell] = share * -np.expm1(-out[cell] / enough)
    return out


def aggrieve(m: Model) -> None:
    """Let grievance fade, and grow with the harm to civilians by missions and the state within each group's range.

    Groups with one range (a faction and its parent) are fed alike; one that has not split off yet is not.
    """
    p, acts, g = m.p.recruitment, m.acts, m.groups
    dials = p.abuse_weight, p.most_dead, p.dead_unit, p.by_harm, p.forgetting
    _aggrieve(g.grievance, g.capacity, g.parent, acts.kind, acts.civilians, acts.cell, m.range_log, dials)


@njit(cache=True, nogil=True)
def _aggrieve(grievance, capacity, parent, kind, civilians, cell, range_log, dials):
    """Give each harmful act to the groups whose range is nearest to it, and move grievance."""
    abuse_weight, most_dead, dead_unit, by_harm, forgetting = dials
    harm, awake = np.zeros(grievance.size), (capacity > 0) | (parent < 0)
    for j in range(kind.size):
        weight = abuse_weight if kind[j] == ABUSE else 1.0 if kind[j] == MISSION_HARM else 0.0
        if weight > 0:
            nearest = -np.inf
            for g in range(harm.size):
                nearest = max(nearest, range_log[g, cell[j]]) if awake[g] else nearest
            for g in range(harm.size):
                if awake[g] and range_log[g, cell[j]] == nearest:
                    harm[g] += weight * min(civilians[j], most_dead) / dead_unit
    for g in range(harm.size):
        fed = (1 - grievance[g]) * -np.expm1(-by_harm * harm[g])
        grievance[g] += fed - forgetting * grievance[g]


def people_moving(m: Model, change: np.ndarray, luck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many fighters each band gains by cause, (causes, bands), and what recruits each community gives.

    change: how many would join each band, or leave; luck: on it depends whether somebody comes from abroad.
    """
    c, g, acts, groups = m.communities, m.groups, m.acts, m.actors.groups
    u = m.luck.of_slots("recruitment/who", "", [(name, 1) for name in groups])
    return _moving(
        change, (luck, inflow_from_abroad(m), from_backers(m)), m.bands.fighters, m.band_start, g.capacity, g.abroad,
        (c.residents, acts.community, acts.potential), m.pull, u, m.p.recruitment.reinforcement,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _moving(change, border, fighters, start, capacity, abroad, people, pull, uniform, share):
    """Share out recruits over bands and communities, group by group, then even out; (causes, bands), (communities,).

    border: luck of each band, chance that somebody comes by group, and what backers add by band; abroad: by group, how
    many came so far; it grows. Only people whom this week's violence leaves can join.
    """
    (luck, inflow, backed), alive = border, _still_alive(*people)
    moves, recruits = np.zeros((4, fighters.size), np.int64), np.zeros(alive.size, np.int64)
    for g in range(capacity.size):
        if capacity[g] <= 0:
            continue
        joining = moves[0, start[g] : start[g + 1]]
        for b in range(start[g], start[g + 1]):
            moves[0, b], moves[1, b] = max(change[b], 0), min(change[b], 0)
            moves[2, b] = luck[b] < inflow[g] + backed[b]
            abroad[g] += moves[2, b]
        short = joining.sum()
        if short > 0:
            short -= _take(alive, recruits, pull[g], short, uniform[g])
        for b in range(joining.size):
            less = min(short, joining[b])
            joining[b] -= less
            short -= less
    moves[3] = _evened(fighters + moves[0] + moves[1] + moves[2], start, capacity, share)
    return moves, recruits


def leave_home(m: Model, count: np.ndarray) -> None:
    """Book the week's recruits as leaving the residents of their communities, by identity group."""
    kept = m.communities.ledger
    stocks = {"residents": (kept["residents"], -count), "recruited": (kept["recruited"], count)}
    m.ledger.people_by_group("recruitment", stocks)


@njit(cache=True, nogil=True)
def spread_evenly(people, pull, number, uniform):
    """Draw a number of people from rows in proportion to people x pull, at even steps from a random start."""
    count = np.zeros(people.size, np.int64)
    _take(people.copy(), count, pull, number, uniform)
    return count


@njit(cache=True, nogil=True)
def _take(people, gone, pull, number, uniform):
    """Take a number of people away as `spread_evenly` draws them, and note where; return how many there were."""
    total, upto, taken = 0.0, 0.0, 0
    for i in range(people.size):
        total += people[i] * pull[i]
    for i in range(people.size if total > 0.0 else 0):
        upto += people[i] * pull[i] / total * number
        while taken < number and taken + uniform < upto and people[i] > 0:
            people[i] -= 1
            gone[i] += 1
            taken += 1
        if taken == number:
            break
    return taken


@njit(cache=True, nogil=True)
def _evened(fighters, start, capacity, share):
    """Return moves that bring bands a share nearer to their group's mean; whole numbers, nobody lost.

    The strongest band of a group settles what rounding leaves over.
    """
    moves = np.zeros_like(fighters)
    for g in range(capacity.size):
        own, now = moves[start[g] : start[g + 1]], fighters[start[g] : start[g + 1]]
        if capacity[g] > 0 and own.size:
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
    let_in: np.ndarray | float = 1.0
    if any(m.missions.effort[TASK["border_control"], k] > 0 for k in m.at_work):
        let_in = 1 - (m.border_share * border_control(m, m.all_cells)).sum(axis=1)
    return m.p.recruitment.inflow * let_in * _part(m.groups.capacity, m.groups.parent)


@njit(cache=True, nogil=True)
def _part(capacity, parent):
    """Return each group's part of the capacity that it and those that split from the same parent have together."""
    whole, out = np.zeros(capacity.size), np.zeros(capacity.size)
    for g in range(out.size):
        whole[parent[g] if parent[g] >= 0 else g] += capacity[g]
    for g in range(out.size):
        out[g] = capacity[g] / max(whole[parent[g] if parent[g] >= 0 else g], 1e-300)
    return out


def from_backers(m: Model) -> np.ndarray:
    """Return the chance that a host that backs a group sends a fighter to each band on its land [B-M105, F-M108]."""
    if not np.count_nonzero(m.backing):
        return np.zeros(m.bands.rows)
    return m.p.recruitment.backing * m.backing[m.world.host[m.bands.cell], m.bands.group]
