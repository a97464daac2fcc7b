"""How groups regrow: towards a capacity that harm raises, more slowly where missions hold the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
    for k, name in enumerate(m.actors.groups):
        rows = m.band_rows[k]
        if rows.size == 0 or g.capacity[k] <= 0:
            continue
        capacity = g.capacity[k] * (1 + p.appeal * g.grievance[k]) * (1 - p.capacity_held * m.range_share[k] @ held)
        f = b.fighters[rows]
        rate = p.rate * p.regrowth * (1 - p.growth_held * held[b.cell[rows]]) * f * (1 - f.sum() / max(capacity, 1.0))
        even = np.maximum(rate.sum(), 0) * (0.5 * f / max(f.sum(), 1) + 0.5 / rows.size) + np.minimum(
            rate.sum(), 0
        ) * f / max(f.sum(), 1)
        u = m.luck("recruitment", name, (rows.size, 2))
        change = np.maximum(whole(even, u[:, 0]), -f)
        join(m, k, name, rows, change)
        trickle(m, k, name, rows, u[:, 1])
        reinforce(m, name, rows)


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


def join(m: Model, group: int, name: str, rows: np.ndarray, change: np.ndarray) -> None:
    """Move recruits from the range's communities to bands, and leavers out of them.

    Only people who are there can join.
    """
    joining = np.maximum(change, 0)
    taken = take_residents(m, group, int(joining.sum()))
    short = int(joining.sum()) - taken
    for j in np.flatnonzero(joining):
        less = min(short, int(joining[j]))
        joining[j] -= less
        short -= less
    fighters = m.bands.ledger["fighters"]
    m.ledger.people("recruitment", "fighters", fighters, rows, joining, name, cause="recruits")
    m.ledger.people("recruitment", "fighters", fighters, rows, np.minimum(change, 0), name, cause="leavers")


def take_residents(m: Model, group: int, number: int) -> int:
    """Draw recruits from communities by people and range, largest expected share first; return how many came."""
    c = m.communities
    if number <= 0:
        return 0
    alive = c.residents - np.bincount(
        m.acts.community[m.acts.community >= 0], m.acts.potential[m.acts.community >= 0], c.rows
    )
    weight = np.maximum(alive, 0) * m.range_share[group][c.cell]
    upto = np.cumsum(weight)
    if upto[-1] <= 0:
        return 0
    u = (np.arange(number) + m.luck("recruitment/who", m.actors.groups[group], 1)[0]) / number
    rows, count = np.unique(np.searchsorted(upto, u * upto[-1], side="right"), return_counts=True)
    count = np.minimum(count, np.maximum(alive[rows], 0).astype(np.int64))
    for g, audience in enumerate(m.world.group_names):
        mine = c.group[rows] == g
        if mine.any():
            m.ledger.people(
                "recruitment", "residents", c.ledger["residents"], rows[mine], -count[mine], audience=audience
            )
            m.ledger.people(
                "recruitment", "recruited", c.ledger["recruited"], rows[mine], count[mine], audience=audience
            )
    return int(count.sum())


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
