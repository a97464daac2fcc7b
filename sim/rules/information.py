"""What missions know: reports by communities, own sight, and what partners pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ATTACK
from sim.actors.presence import ARMED, UNARMED
from sim.actors.staff import TASK
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model


@njit(cache=True, nogil=True)
def _trust_at(at, community_of, residents, displaced, views, power, middle):
    """Return how far the people of a cell trust a mission with what they know, 0-1; 0 where nobody lives.

    s^n / (s^n + 1/2^n), s the geometric mean of legitimacy, impartiality and credibility [B-M24, B-M36]; people-
    weighted over the groups in the cell. At the start of contact the prior counts.
    """
    people, trusting = 0.0, 0.0
    for g in range(community_of.shape[0]):
        row = community_of[g, at]
        here = residents[row] + displaced[row] if row >= 0 else 0
        if here > 0:
            level = np.cbrt(views[0, row] * views[1, row] * views[2, row]) ** power
            people += here
            trusting += here * (level / (level + middle))
    return trusting / people if people > 0 else 0.0


def sight(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how well a mission's people can be met in given cells, 0-1: it rises with the people in reach."""
    return in_sight(m.near[ARMED, mission], m.near[UNARMED, mission], cell, m.p.reports.sight_people)


@njit(cache=True, nogil=True)
def in_sight(armed, unarmed, cell, scale):
    """Return 1 - exp(-people / scale) for the people in reach of given cells; nobody there is zero at no cost."""
    out = np.zeros(cell.size)
    for j in range(cell.size):
        out[j] = _in_sight_of(armed[cell[j]] + unarmed[cell[j]], scale)
    return out


@njit(cache=True, nogil=True)
def _in_sight_of(people, scale):
    """Return 1 - exp(-people / scale); nobody is zero at no cost."""
    return 1 - np.exp(-people / scale) if people > 0 else 0.0


def chance_of_report(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return the chance that what happens in given cells is reported to a mission.

    Liaison at work x trust x (1 - fear of reprisal) x nearness [B-M24, B-M26, F-M72]; none from ground closed to it.
    """
    return _reported(cell, *listeners(m, mission))


def listeners(m: Model, mission: int) -> tuple:
    """Return what decides whether people tell a mission: who is near, open ground, who lives there, its dials."""
    p, c = m.p.reports, m.communities
    return (
        m.near[ARMED, mission], m.near[UNARMED, mission], m.open_to[mission], m.bounded[mission], m.community_of,
        c.residents, c.displaced, c.perceptions[:, mission], m.cells.fear, float(p.steepness), float(p.sight_people),
        (float(m.missions.hears[mission]), float(p.fear_weight), float(p.far)),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _reported(
    cell, armed, unarmed, open_to, bounded, community_of, residents, displaced, views, fear, power, scale, dials
):
    """Return the chance that what happens in given cells is reported; see `chance_of_report`."""
    out, middle = np.zeros(cell.size), 0.5**power
    for j in range(cell.size):
        at = cell[j]
        if not (bounded and open_to[at] <= 0):
            trust = _trust_at(at, community_of, residents, displaced, views, power, middle)
            out[j] = _told_at(trust, fear[at], _in_sight_of(armed[at] + unarmed[at], scale), *dials)
    return out


@njit(cache=True, nogil=True)
def _told_at(trust, fear, sight, hears, weight, far):
    """Return the chance that something is reported, from the trust, the fear and the sight where it happens."""
    return hears * trust * (1 - weight * fear) * (far + (1 - far) * sight)


@rule(
    reads=(
        "missions.hears", "communities.perceptions", "communities.residents", "cells.fear", "near", "bands.cell",
        "bands.fighters", "past", "communities.displaced", "bands.abroad", "missions.effort", "open_to",
    ),
    writes=(
        "items.told", "items.place", "items.false", "missions.heard_of", "missions.alerts", "cells.fear",
        "cells.exposed",
    ),
)  # fmt: skip
def reports(m: Model) -> None:
    """Communities tell missions where bands are: more if they trust them and somebody is near to be told, less in fear.

    Some reports are a cell off, and some alerts are false, fewer where early warning checks them; a mission cannot tell
    which. A report may be found out, more where nobody at work with communities shields the sources: then bands punish
    the place for some weeks (rule attacks) and people there fear more. Fear fades week by week.
    Source: B-M23, B-M24, B-M26, B-M28, B-H35, F-M72. Basis: assumption (shares), E31 (willingness to inform follows
    opinion).
    """
    frighten(m)
    for k in m.at_work:
        m.missions.heard_of[k] = told = tell(m, k)
        m.missions.alerts[k] = told + false_alerts(m, k)
        if told:
            find_out(m, k)


def tell(m: Model, mission: int) -> int:
    """Let communities tell a mission of bands, of some a cell off; return of how many."""
    p, b = m.p.reports, m.bands
    effort = float(m.missions.effort[TASK["early_warning"], mission])
    wrong = p.location_error * (1 - m.p.early_warning.locates * effort)
    u = m.band_luck("reports", m.actors.names[mission], 3)
    bands = (u, b.cell, b.fighters, b.abroad, float(p.visibility), float(p.seen_fighters), wrong, m.space.neighbours)
    return _tell(m.items.told[mission], m.items.place[mission], *bands, *listeners(m, mission))


@njit(cache=True, nogil=True)
def _tell(
    told, place, luck, cell, fighters, abroad, visible, many, wrong, neighbours,
    armed, unarmed, open_to, bounded, community_of, residents, displaced, views, fear, power, scale, dials,
):  # fmt: skip
    """Note which bands a mission is told of and where it is told that they are; return of how many.

    Most bands would go unreported even if everybody there trusted the mission: there trust need not be worked out.
    """
    number, middle = 0, 0.5**power
    for b in range(cell.size):
        at, noticed = cell[b], min(1.0, fighters[b] / many)
        told[b], place[b] = False, at
        may = not abroad[b] and not (bounded and open_to[at] <= 0)
        sight = _in_sight_of(armed[at] + unarmed[at], scale)
        if may and luck[b, 0] < visible * _told_at(1.0, fear[at], sight, *dials) * noticed:
            trust = _trust_at(at, community_of, residents, displaced, views, power, middle)
            told[b] = luck[b, 0] < visible * _told_at(trust, fear[at], sight, *dials) * noticed
            number += told[b]
        if luck[b, 1] < wrong:
            to = neighbours[int(luck[b, 2] * 8), at]
            place[b] = to if to >= 0 else at
    return number


def find_out(m: Model, mission: int) -> None:
    """Let bands find out who told a mission of them: the place is exposed to their revenge, and fears it."""
    p, cells = m.p.informants, m.cells
    careful = p.discretion * float(m.missions.effort[TASK["community_engagement"], mission])
    u = m.band_luck("reports/found_out", m.actors.names[mission])
    found = _found_out(m.items.told[mission], u, p.found_out * (1 - careful), m.bands.cell)
    if found.size == 0:
        return
    cells.exposed[found] = 1.0
    cells.fear[found] += p.fright * (1 - cells.fear[found])


@njit(cache=True, nogil=True)
def _found_out(told, luck, chance, cell):
    """Return where bands find out who told of them."""
    out, number = np.empty_like(cell), 0
    for b in range(cell.size):
        if told[b] and luck[b] < chance:
            out[number] = cell[b]
            number += 1
    return out[:number]


def frighten(m: Model) -> None:
    """Let last week's attacks frighten the people where they were, and older fear fade."""
    p, past, fear = m.p.reports, m.past, m.cells.fear
    fear *= 1 - p.fear_fades
    exposed = m.cells.exposed
    exposed *= kept(m.p.informants.weeks)
    cells = past.cell[past.kind == ATTACK]
    if cells.size:
        attacks = np.bincount(cells)
        cells = attacks.nonzero()[0]
        fear[cells] += (1 - fear[cells]) * -np.expm1(-p.fear_gain * attacks[cells])


def false_alerts(m: Model, mission: int) -> int:
    """Note the places of this week's false alerts to a mission, -1 for a slot that stays empty; return of how many."""
    false = m.items.false[mission]
    u = m.luck("reports/false", m.actors.names[mission], (false.size, 2))
    left = 1 - m.p.early_warning.filters * float(m.missions.effort[TASK["early_warning"], mission])
    chance = m.p.reports.false_alerts * left / false.size
    return _false(false, u, chance, m.world.places, m.open_to[mission], m.bounded[mission])


@njit(cache=True, nogil=True)
def _false(false, luck, chance, places, open_to, bounded):
    """Fill the slots for false alerts; return how many there are, none about ground closed to the mission."""
    number = 0
    for slot in range(false.size):
        false[slot] = -1
        if luck[slot, 0] < chance and places.size:
            at = places[int(luck[slot, 1] * places.size)]
            if not (bounded and open_to[at] <= 0):
                false[slot] = at
                number += 1
    return number


@rule(
    reads=(
        "items.told", "items.place", "items.false", "bands.cell", "near", "links.trust", "missions.acting",
        "bands.fighters", "links.coordination", "missions.sensing", "bands.abroad", "links.joint_analysis",
    ),
    writes=("missions.picture", "items.seen"),
)  # fmt: skip
def picture(m: Model) -> None:
    """Each mission keeps a map of where bands are thought to be; items fade within weeks, and partners may share them.

    Own sight is poor, information comes from people. A unit that sees an empty cell deletes what the map says of it;
    partners who analyse threats together delete what either sees to be empty. Coordination x trust is the chance that
    an item reaches the partner.
    Source: B-M23, B-M35, B-M92, F-M41, S-M104. Basis: assumption.
    """
    b, items, maps = m.bands, m.items, m.missions.picture
    seen = {k: look(m, k) for k in m.at_work}
    share_sight(m, seen)
    for k in m.at_work:
        u = m.band_luck("picture", m.actors.names[k])
        _note(k, items.seen, maps, u, seen[k], b.cell, b.fighters, b.abroad, items.told, items.place, items.false)
    for link, giver, taker in m.exchanges():
        pass_on(m, link, giver, taker)


def look(m: Model, mission: int) -> np.ndarray:
    """Let a mission's map fade, and empty it as far as its units see a cell; return how well they see each."""
    p = m.p.picture
    keen = p.sight * float(m.missions.sensing[mission])
    scale = p.unit_people / keen if keen else np.inf
    return _look(mission, m.missions.picture, m.near[ARMED], m.near[UNARMED], scale, kept(p.weeks))


@njit(cache=True, nogil=True)
def _look(mission, maps, armed, unarmed, scale, left):
    """Return the chance that a mission's own units see what is in each cell, and bring its map up to date."""
    seen = np.empty(maps.shape[0])
    for cell in range(seen.size):
        seen[cell] = _in_sight_of(armed[mission, cell] + unarmed[mission, cell], scale)
        maps[cell, mission] *= left * (1 - seen[cell])
    return seen


def share_sight(m: Model, seen: dict[int, np.ndarray]) -> None:
    """Empty maps where a partner in joint analysis sees what is there; seen: how well each mission sees."""
    for link, giver, taker in m.exchanges() if m.one_map else ():
        if m.links.joint_analysis[link]:
            m.missions.picture[:, taker] *= 1 - m.links.trust[link] * seen[giver]


@njit(cache=True, nogil=True)
def _note(mission, seen, maps, luck, sight, cell, fighters, abroad, told, place, false):
    """Note which bands a mission sees, and enter what it sees, is told and is falsely told on its map."""
    k = mission
    for b in range(cell.size):
        seen[k, b] = luck[b] < sight[cell[b]] and fighters[b] > 0 and not abroad[b]
        if seen[k, b] or told[k, b]:
            maps[cell[b] if seen[k, b] else place[k, b], k] += 1.0
    for at in false[k]:
        if at >= 0:
            maps[at, k] += 1.0


def pass_on(m: Model, link: int, giver: int, taker: int) -> None:
    """Pass items about bands from one mission to its partner, each with chance coordination x trust."""
    x, items, way = m.links, m.items, f"{m.actors.names[giver]}>{m.actors.names[taker]}"
    chance = float(x.coordination[link]) * float(x.trust[link]) * m.p.picture.share
    u, of_false = m.band_luck("picture/share", way), m.luck("picture/share_false", way, items.false.shape[1])
    maps = m.missions.picture
    _pass_on(maps, u, of_false, chance, giver, taker, m.bands.cell, items.told, items.seen, items.place, items.false)


@njit(cache=True, nogil=True)
def _pass_on(maps, luck, luck_of_false, chance, giver, taker, cell, told, seen, place, false):
    """Enter on the taker's map what the giver knows of bands that the taker does not, and its false alerts."""
    for b in range(cell.size):
        if (told[giver, b] or seen[giver, b]) and not (told[taker, b] or seen[taker, b]) and luck[b] < chance:
            maps[cell[b] if seen[giver, b] else place[giver, b], taker] += 1.0
    for slot in range(luck_of_false.size):
        if false[giver, slot] >= 0 and luck_of_false[slot] < chance:
            maps[false[giver, slot], taker] += 1.0
