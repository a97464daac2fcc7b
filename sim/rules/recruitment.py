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
        "acts",
        "near",
        "missions.holding",
        "missions.risk_tolerance",
        "groups.grievance",
        "bands.cell",
        "communities.residents",
    ),
    writes=(
        "groups.grievance",
        "bands.fighters",
        "bands.lost",
        "communities.residents",
        "communities.recruited",
        "groups.abroad",
    ),
)
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
    for k, name in enumerate(m.actors.groups):
        rows = m.band_rows[k]
        if rows.size and g.capacity[k] > 0:
            before = alive.copy() if before is None else before
            u = m.luck("recruitment", name, (rows.size, 2))
            join(m, k, rows, people_joining(m, k, rows, growth[rows].sum(), held, u[:, 0]), alive)
            trickle(m, k, name, rows, u[:, 1])
            reinforce(m, name, rows)
    if before is not None:
        leave_home(m, before - alive)


def people_joining(
    m: Model, group: int, rows: np.ndarray, growth: float, held: np.ndarray, uniform: np.ndarray
) -> np.ndarray:
    """Return how many join each band this week (leave, if negative): half by the band's size, half evenly."""
    p, g, f = m.p.recruitment, m.groups, m.bands.fighters[rows]
    capacity = g.capacity[group] * (1 + p.appeal * g.grievance[group])
    capacity *= 1 - p.capacity_held * float((m.range_share[group] * held).sum())
    total = growth * (1 - f.sum() / max(capacity, 1.0))
    by_size = f / max(f.sum(), 1)
    expected = total * (0.5 * by_size + 0.5 / rows.size if total > 0 else by_size)
    return np.maximum(whole(expected, uniform), -f)


def still_alive(m: Model) -> np.ndarray:
    """Return the residents of each community that this week's violence leaves, before anybody joins a group."""
    a, c = m.acts, m.communities
    hurt = a.community >= 0
    dead = np.bincount(a.community[hurt], a.potential[hurt], c.rows).astype(np.int64) if hurt.any() else 0
    return np.maximum(c.residents - dead, 0)


def held_ground(m: Model) -> np.ndarray:
    """Return how firmly missions hold each cell, 0-1: ready people near who are set to hold and willing to."""
    p, t, people = m.p.recruitment, m.missions, np.zeros(m.world.cells)
    for k in np.flatnonzero(t.acting):
        people = people + t.holding[k] * t.risk_tolerance[k] * m.near[READY, k]
    return p.holding * -np.expm1(-people / p.held_people)


def grievous_harm(m: Model) -> np.ndarray:
    """Return the harm that feeds each group this week: civilians hurt by missions and the state within its range."""
    p, acts, out = m.p.recruitment, m.acts, np.zeros(m.groups.rows)
    weight = (acts.kind == MISSION_HARM) + p.abuse_weight * (acts.kind == ABUSE)
    size = weight * np.minimum(acts.civilians, p.most_dead) / p.dead_unit
    for j in np.flatnonzero(size):
        if m.groups.rows:
            out[int(np.argmax(m.range_log[:, acts.cell[j]]))] += size[j]
    return out


def join(m: Model, group: int, rows: np.ndarray, change: np.ndarray, alive: np.ndarray) -> None:
    """Move recruits from the range's communities to bands, and leavers out.

    Only people who are there can join.
    """
    joining, name = np.maximum(change, 0), m.actors.groups[group]
    short = int(joining.sum()) - take_residents(m, group, int(joining.sum()), alive)
    for j in np.flatnonzero(joining) if short else ():
        less = min(short, int(joining[j]))
        joining[j] -= less
        short -= less
    fighters = m.bands.ledger["fighters"]
    m.ledger.people("recruitment", "fighters", fighters, rows, joining, name, cause="recruits")
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
    for g, audience in enumerate(m.world.group_names):
        mine = rows[c.group[rows] == g]
        if mine.size:
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


def reinforce(m: Model, name: str, rows: np.ndarray) -> None:
    """Let stronger bands of a group send fighters to weaker ones; whole numbers, nobody lost."""
    f = m.bands.fighters[rows]
    moves = np.rint(m.p.recruitment.reinforcement * (f.mean() - f)).astype(np.int64)
    strongest = int(np.argmax(f + moves))
    moves[strongest] -= moves.sum()
    if f[strongest] + moves[strongest] >= 0:
        m.ledger.people("recruitment", "fighters", m.bands.ledger["fighters"], rows, moves, name, cause="transfers")


def trickle(m: Model, group: int, name: str, rows: np.ndarray, uniform: np.ndarray) -> None:
    """Let a few fighters come from abroad."""
    come = (uniform < m.p.recruitment.inflow).astype(np.int64)
    m.groups.abroad[group] += come.sum()
    m.ledger.people("recruitment", "fighters", m.bands.ledger["fighters"], rows, come, name, cause="abroad")
