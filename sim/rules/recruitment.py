"""How groups regrow: towards a capacity that harm raises, more slowly where missions hold the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, MISSION_HARM
from sim.actors.presence import READY
from sim.luck import whole
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "acts", "near", "missions.holding", "missions.boldness", "groups.grievance", "bands.cell",
        "communities.residents", "groups.capacity",
    ),
    writes=(
        "groups.grievance", "bands.fighters", "bands.lost", "communities.residents", "communities.recruited",
        "groups.abroad",
    ),
)  # fmt: skip
def recruitment(m: Model) -> None:
    """Groups regrow a few per cent a week towards a capacity: what their range feeds, more where people were harmed.

    Harm to civilians by operations and by the state feeds grievance, which fades; ground that a mission holds lowers
    growth and capacity. Recruits are people of the range's communities; a trickle from abroad keeps zero from being
    final. Losses are forgotten over some weeks.
    Source: E26, E28, F-M184, B-M81, S-H2. Basis: assumption (rates), prototype of the mechanism.
    """
    p, b, g = m.p.recruitment, m.bands, m.groups
    b.lost[:] *= np.exp(-1 / m.p.attacks.desperation_weeks)
    held = held_ground(m)
    g.grievance[:] += (1 - g.grievance) * -np.expm1(-p.by_harm * grievous_harm(m)) - p.forgetting * g.grievance
    growth = p.rate * p.regrowth * (1 - p.growth_held * held[b.cell]) * b.fighters
    alive, before = still_alive(m), None
    u = m.band_luck("recruitment", "", 2)
    change = people_joining(m, growth, held, u[:, 0])
    for k, rows in enumerate(m.band_spans):
        if rows.stop > rows.start and g.capacity[k] > 0:
            before = alive.copy() if before is None else before
            join(m, k, rows, change[rows], alive)
            trickle(m, k, rows, u[rows, 1])
            reinforce(m, k, rows)
    if before is not None:
        leave_home(m, before - alive)


def people_joining(m: Model, growth: np.ndarray, held: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return how many join each band this week (leave, if negative): half by the band's size, half evenly."""
    p, g, f = m.p.recruitment, m.groups, m.bands.fighters
    capacity = g.capacity * (1 + p.appeal * g.grievance)
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
    a, c = m.acts, m.communities
    hurt = a.community >= 0
    dead = np.bincount(a.community[hurt], a.potential[hurt], c.rows).astype(np.int64) if hurt.any() else 0
    return np.maximum(c.residents - dead, 0)


def held_ground(m: Model) -> np.ndarray:
    """Return how firmly missions hold each cell, 0-1: ready people near who are set to hold and willing to."""
    p, t, people = m.p.recruitment, m.missions, np.zeros(m.world.cells)
    for k in m.at_work:
        people = people + t.holding[k] * t.boldness[k] * m.near[READY, k]
    return p.holding * -np.expm1(-people / p.held_people)


def grievous_harm(m: Model) -> np.ndarray:
    """Return the harm that feeds each group this week: civilians hurt by missions and the state within its range."""
    p, acts, out = m.p.recruitment, m.acts, np.zeros(m.groups.rows)
    if acts.size == 0:
        return out
    weight = (acts.kind == MISSION_HARM) + p.abuse_weight * (acts.kind == ABUSE)
    size = weight * np.minimum(acts.civilians, p.most_dead) / p.dead_unit
    for j in np.flatnonzero(size):
        if m.groups.rows:
            out[int(np.argmax(m.range_log[:, acts.cell[j]]))] += size[j]
    return out


def join(m: Model, group: int, rows: slice, change: np.ndarray, alive: np.ndarray) -> None:
    """Move recruits from the range's communities to bands, and leavers out.

    Only people who are there can join.
    """
    fighters, name = m.bands.ledger["fighters"], m.actors.groups[group]
    joining = np.maximum(change, 0)
    if wanted := int(joining.sum()):
        short = wanted - take_residents(m, group, wanted, alive)
        for j in np.flatnonzero(joining) if short else ():
            less = min(short, int(joining[j]))
            joining[j] -= less
            short -= less
        m.ledger.people("recruitment", "fighters", fighters, rows, joining, name, cause="recruits")
    if change.min() < 0:
        m.ledger.people("recruitment", "fighters", fighters, rows, np.minimum(change, 0), name, cause="leavers")


def take_residents(m: Model, group: int, number: int, alive: np.ndarray) -> int:
    """Draw recruits from communities by people and range; return how many came."""
    if number <= 0 or alive.size == 0:
        return 0
    u = m.luck("recruitment/who", m.actors.groups[group], 1)[0]
    count = spread_evenly(alive, m.pull[group], number, u)
    alive -= count
    return int(count.sum())


def leave_home(m: Model, count: np.ndarray) -> None:
    """Book the week's recruits as leaving the residents of their communities, by identity group."""
    c, kept = m.communities, m.communities.ledger
    rows = np.flatnonzero(count)
    for g in sorted(set(c.group[rows].tolist())):
        mine, audience = rows[c.group[rows] == g], m.world.group_names[g]
        m.ledger.people("recruitment", "residents", kept["residents"], mine, -count[mine], audience=audience)
        m.ledger.people("recruitment", "recruited", kept["recruited"], mine, count[mine], audience=audience)


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


def reinforce(m: Model, group: int, rows: slice) -> None:
    """Let stronger bands of a group send fighters to weaker ones; whole numbers, nobody lost."""
    moves, fighters = _evened(m.bands.fighters[rows], m.p.recruitment.reinforcement), m.bands.ledger["fighters"]
    name = m.actors.groups[group]
    m.ledger.people("recruitment", "fighters", fighters, rows, moves, name, cause="transfers")


@njit(cache=True, nogil=True)
def _evened(fighters, share):
    """Return moves that bring bands a share nearer to their mean; the strongest settles what rounding leaves over."""
    moves = np.rint(share * (fighters.mean() - fighters)).astype(np.int64)
    strongest = np.argmax(fighters + moves)
    moves[strongest] -= moves.sum()
    return moves if fighters[strongest] + moves[strongest] >= 0 else np.zeros_like(moves)


def trickle(m: Model, group: int, rows: slice, uniform: np.ndarray) -> None:
    """Let a few fighters come from abroad."""
    come = uniform < m.p.recruitment.inflow
    if come.any():
        m.groups.abroad[group] += come.sum()
        fighters, name = m.bands.ledger["fighters"], m.actors.groups[group]
        m.ledger.people("recruitment", "fighters", fighters, rows, come.astype(np.int64), name, cause="abroad")
