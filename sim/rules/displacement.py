"""People leave places of violence, some weeks late, and go home when it has long been calm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK, BATTLE, COMMUNAL, MISSION_HARM
from sim.rules.rule import rule
from sim.rules.shelter import fill_sites, room_left, sites

if TYPE_CHECKING:
    from sim.model import Model

SPLITS = 3  # to how many places at most the people of one community go in a week
DIGITS = 4096.0  # later digits of a uniform number are as good as another uniform number


@rule(
    reads=(
        "acts", "communities.residents", "communities.displaced", "communities.refugees", "cells.alarm",
        "cells.unease", "cells.secured", "units.cell", "units.kind", "units.people", "missions.effort",
        "missions.boldness",
    ),
    writes=(
        "communities.residents", "communities.displaced", "communities.refugees", "communities.left", "cells.alarm",
        "cells.unease", "cells.sheltered", "cells.secured",
    ),
)  # fmt: skip
def flight(m: Model) -> None:
    """People leave where there was violence, or next door, a month or two after it, whoever did it.

    Built in: whether there was violence in a place counts, not how deadly it was (E42), and the delay (S36: unease
    follows alarm, which follows violence). They go to near, calm and peopled places, to their own group and to sites
    that missions guard; near the border some go abroad. The displaced can be driven out again; those inside a site
    stay. A quarter of all places takes its turn each week, so that everybody decides once a month.
    Source: E42, S36, S35, E43, B-M15, B-M146. Basis: calibrated (rate, delay), assumption (where to).
    """
    worry(m)
    found = sites(m)
    every = int(m.p.flight.every)
    fleeing = _uneasy(m.cells.unease, m.communities.cell, m.p.flight.least, m.week % every, every)
    if fleeing.size:
        c, free_room = m.communities, room_left(m, found)
        gone, hosted, abroad = _flee(
            people_free_to_go(m), c.cell, m.community_of, c.group, fleeing,
            m.luck.of_slots_at("flight", "", m.community_slots, fleeing, 1)[:, 0],
            (m.cells.unease, m.cells.secured, m.share_abroad, free_room),
            wished_for(m, free_room)[c.cell] * m.own_share, m.ways, float(m.p.flight.rate * every),
        )  # fmt: skip
        c.left[:] += gone - np.minimum(gone, abroad)
        move(m, "flight", {"residents": -gone, "displaced": hosted, "refugees": abroad})
    fill_sites(m, found)


def worry(m: Model) -> None:
    """Let violence of this week raise alarm in its cell and next door, and alarm of the last weeks raise unease.

    Two stages of the same length: what one week of violence leaves is felt most strongly after that time.
    """
    p, a, c = m.p.flight, m.acts, m.cells
    struck = a.cell[a.of(BATTLE, ATTACK, ABUSE, MISSION_HARM, COMMUNAL)]
    _worry(c.alarm, c.unease, struck, m.space.neighbours, float(p.next_door), 1 / max(float(p.delay), 1.0))


@njit(cache=True, nogil=True)
def _worry(alarm, unease, struck, neighbours, next_door, step):
    """Move alarm towards 1 where there was violence, less far next door, and unease towards alarm."""
    felt = np.zeros(alarm.size)
    for cell in struck:
        for k in range(neighbours.shape[0]):
            if neighbours[k, cell] >= 0:
                felt[neighbours[k, cell]] = max(felt[neighbours[k, cell]], next_door)
    for cell in struck:
        felt[cell] = 1.0
    for cell in range(alarm.size):
        alarm[cell] += step * (felt[cell] - alarm[cell])
        unease[cell] += step * (alarm[cell] - unease[cell])


@njit(cache=True, nogil=True)
def _uneasy(unease, cell, least, turn, every):
    """Return the communities whose turn it is to leave, by cell, and who are uneasy enough to."""
    out, n = np.empty(cell.size, np.int64), 0
    for i in range(cell.size):
        if cell[i] % every == turn and unease[cell[i]] > least:
            out[n] = i
            n += 1
    return out[:n]


def people_free_to_go(m: Model) -> np.ndarray:
    """Return the residents and the displaced of each community who survive this week; (2, communities)."""
    return _survivors(m.communities.residents, m.communities.displaced, m.acts.community, m.acts.potential)


@njit(cache=True, nogil=True)
def _survivors(residents, displaced, community, potential):
    """Take those who may be dead already from the residents of their communities, then from the displaced there."""
    out = np.stack((residents, displaced))
    for j in range(community.size):
        if community[j] >= 0:
            row, dead = community[j], potential[j]
            at_home = min(dead, out[0, row])
            out[0, row] -= at_home
            out[1, row] = max(0, out[1, row] - (dead - at_home))
    return out


def wished_for(m: Model, free_room: np.ndarray) -> np.ndarray:
    """Return how much each cell draws those who flee: people, calm, and room in a site that a mission guards."""
    p, w = m.p.flight, m.world
    wish = np.exp(p.town * m.log_people - p.avoid * m.cells.unease) * (w.people > 0)
    return wish * (1 + m.p.shelter.draw * free_room)


@njit(cache=True, nogil=True)
def _flee(free, cell, community_of, group, fleeing, uniform, at, pull, ways, rate):
    """Return who leaves home, how many displaced people each community gains or loses, and who goes abroad."""
    unease, secured, border, free_room = at
    gone, hosted, abroad = np.zeros((3, cell.size), np.int64)
    weight, rows = np.empty(ways[0].size), np.empty(ways[0].size, np.int64)
    for j in range(fleeing.size):
        i, u = fleeing[j], uniform[j]
        c, g = cell[i], group[i]
        chance = -np.expm1(-rate * unease[c])
        home = min(int(chance * free[0, i] + u), free[0, i])
        again = min(int(chance * (1 - secured[c]) * free[1, i] + 1 - u), free[1, i])
        u = (u * DIGITS) % 1.0
        out = int(border[c] * (home + again) + u)
        if home + again == 0:
            continue
        total = _weigh(c, 0 if free_room[c] > 0 else 1, community_of[g], pull, ways, weight, rows)
        if total <= 0.0:  # nowhere to go but abroad
            home = min(home, out)
            again = out - home
        gone[i] += home
        hosted[i] -= again
        abroad[i] += out
        _settle(home + again - out, weight, rows, total, (u * DIGITS) % 1.0, hosted)
    return gone, hosted, abroad


@njit(cache=True, nogil=True)
def _weigh(cell, first, communities, pull, ways, weight, rows):
    """Weigh the places within reach of a cell by the pull of one identity group's communities there.

    first: 0 with the cell itself, 1 without. Fills weights and rows; returns the sum of weights.
    """
    step_row, step_col, near, row, col, cell_at = ways
    weight[0], total = 0.0, 0.0
    for k in range(first, weight.size):
        r, c = row[cell] + step_row[k], col[cell] + step_col[k]
        weight[k], rows[k] = 0.0, -1
        if r < 0 or c < 0 or r >= cell_at.shape[0] or c >= cell_at.shape[1] or cell_at[r, c] < 0:
            continue
        rows[k] = communities[cell_at[r, c]]
        if rows[k] >= 0:
            weight[k] = near[k] * pull[rows[k]]
            total += weight[k]
    return total


@njit(cache=True, nogil=True)
def _settle(number, weight, rows, total, uniform, people):
    """Send a number of people to a few places in proportion to weights, by even steps from a random start."""
    if number <= 0:
        return
    parts = min(SPLITS, number)
    upto, sent = 0.0, 0
    for k in range(weight.size):
        upto += weight[k]
        while sent < parts and (sent + uniform) / parts * total < upto:
            people[rows[k]] += number // parts + (1 if sent < number % parts else 0)
            sent += 1
    while sent < parts:  # rounding at the far end
        people[rows[np.argmax(weight)]] += number // parts + (1 if sent < number % parts else 0)
        sent += 1


@rule(
    reads=(
        "acts", "communities.residents", "communities.displaced", "communities.refugees", "communities.left",
        "cells.unease",
    ),
    writes=("communities.residents", "communities.displaced", "communities.refugees", "communities.left"),
)  # fmt: skip
def return_home(m: Model) -> None:
    """When their home has been calm for months, displaced people and refugees go back, a few each month.

    A place takes back as many of its own as left it: refugees, and people of the same group who are hosted near.
    Source: S-M34 (safe return), B-M146. Basis: assumption (half a year).
    """
    p, c = m.p.return_home, m.communities
    if m.week % int(p.every) or not (np.count_nonzero(c.left) or np.count_nonzero(c.refugees)):
        return
    calm = ((m.cells.unease[c.cell] < p.calm) & (c.left + c.refugees > 0)).nonzero()[0]
    if calm.size:
        share = -np.expm1(-float(p.every) / p.weeks)
        home, hosted, refugees = _come_back(
            people_free_to_go(m)[1], c.left, c.refugees, c.cell, m.community_of, c.group, calm,
            m.luck.of_slots_at("return_home", "", m.community_slots, calm, 1)[:, 0], m.ways, share,
        )  # fmt: skip
        c.left[:] -= home - refugees
        move(m, "return_home", {"residents": home, "displaced": -hosted, "refugees": -refugees})


@njit(cache=True, nogil=True)
def _come_back(hosted, left, refugees, cell, community_of, group, calm, uniform, ways, share):
    """Return who comes home to each community, whom each host loses, and who comes from abroad."""
    home, lost, back = np.zeros((3, cell.size), np.int64)
    weight, rows, steps = np.empty(ways[0].size), np.empty(ways[0].size, np.int64), np.arange(ways[0].size)
    waiting, found = hosted.astype(np.float64), np.zeros(steps.size, np.int64)
    for j in range(calm.size):
        i, u = calm[j], uniform[j]
        back[i] = min(int(share * refugees[i] + u), refugees[i])
        u = (u * DIGITS) % 1.0
        wanted = min(int(share * left[i] + u), left[i])
        home[i] += back[i]
        if wanted == 0:
            continue
        total = _weigh(cell[i], 0, community_of[group[i]], waiting, ways, weight, rows)
        if total <= 0.0:
            continue
        found[:] = 0
        _settle(wanted, weight, steps, total, (u * DIGITS) % 1.0, found)
        for k in steps:
            if found[k] > 0:
                come = min(found[k], int(waiting[rows[k]]))
                waiting[rows[k]] -= come
                lost[rows[k]] += come
                home[i] += come
    return home, lost, back


def move(m: Model, rule_name: str, by_stock: dict[str, np.ndarray]) -> None:
    """Book moves of people between being residents, displaced and refugees, by identity group."""
    for stock, number in by_stock.items():
        m.ledger.people_by_group(rule_name, {stock: (m.communities.ledger[stock], number)})
