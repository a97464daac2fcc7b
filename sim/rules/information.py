"""What missions know: reports by communities, own sight, and what partners pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ATTACK
from sim.actors.presence import ARMED, UNARMED
from sim.actors.staff import TASK
from sim.rules.borders import closed
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model


def trust_in(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how far people in given cells trust a mission with what they know, 0-1.

    s^n / (s^n + 1/2^n), s the geometric mean of legitimacy, impartiality and credibility [B-M24, B-M36]; people-
    weighted over the groups in the cell; 0 where nobody lives. At the start of contact the prior counts.
    """
    c = m.communities
    views = c.perceptions[:, mission]
    return _trust(cell, m.community_of, c.residents, c.displaced, views, float(m.p.reports.steepness))


@njit(cache=True, nogil=True)
def _trust(cell, community_of, residents, displaced, views, power):
    """Average trust over the people of each cell; a cell that comes again is not worked out again."""
    out, known, middle = np.zeros(cell.size), np.full(community_of.shape[1], -1.0), 0.5**power
    for j in range(cell.size):
        at = cell[j]
        if known[at] < 0:
            people, trusting = 0.0, 0.0
            for g in range(community_of.shape[0]):
                row = community_of[g, at]
                here = residents[row] + displaced[row] if row >= 0 else 0
                if here > 0:
                    level = np.cbrt(views[0, row] * views[1, row] * views[2, row]) ** power
                    people += here
                    trusting += here * (level / (level + middle))
            known[at] = trusting / people if people > 0 else 0.0
        out[j] = known[at]
    return out


def sight(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return how well a mission's people can be met in given cells, 0-1: it rises with the people in reach."""
    return in_sight(m.near[ARMED, mission], m.near[UNARMED, mission], cell, m.p.reports.sight_people)


@njit(cache=True, nogil=True)
def in_sight(armed, unarmed, cell, scale):
    """Return 1 - exp(-people / scale) for the people in reach of given cells; nobody there is zero at no cost."""
    out = np.zeros(cell.size)
    for j in range(cell.size):
        here = armed[cell[j]] + unarmed[cell[j]]
        if here > 0:
            out[j] = 1 - np.exp(-here / scale)
    return out


def chance_of_report(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return the chance that what happens in given cells is reported to a mission.

    Liaison at work x trust x (1 - fear of reprisal) x nearness [B-M24, B-M26, F-M72]; none from ground closed to it.
    """
    p, hears = m.p.reports, m.missions.hears[mission]
    if hears == 0 or cell.size == 0:
        return np.zeros(cell.size)
    trust, seen = trust_in(m, mission, cell), sight(m, mission, cell)
    told = _told(cell, trust, m.cells.fear, seen, float(hears), float(p.fear_weight), float(p.far))
    return np.where(closed(m, mission, cell), 0.0, told) if m.bounded[mission] else told


@njit(cache=True, nogil=True)
def _told(cell, trust, fear, sight, hears, weight, far):
    """Multiply what makes people tell: liaison, trust, lack of fear, nearness."""
    out = np.empty(cell.size)
    for j in range(cell.size):
        out[j] = hears * trust[j] * (1 - weight * fear[cell[j]]) * (far + (1 - far) * sight[j])
    return out


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
    p, b, items = m.p.reports, m.bands, m.items
    noticed = np.minimum(1, b.fighters / p.seen_fighters)
    frighten(m)
    for k in m.at_work:
        chance = p.visibility * chance_of_report(m, k, b.cell) * noticed
        wrong = p.location_error * (1 - m.p.early_warning.locates * m.missions.effort[TASK["early_warning"], k])
        u = m.band_luck("reports", m.actors.names[k], 3)
        told = _tell(items.told[k], items.place[k], u, chance, float(wrong), b.cell, b.abroad, m.space.neighbours)
        items.false[k] = false_alerts(m, k)
        m.missions.heard_of[k] = told
        m.missions.alerts[k] = told + np.count_nonzero(items.false[k] >= 0)
        find_out(m, k)


@njit(cache=True, nogil=True)
def _tell(told, place, luck, chance, wrong, cell, abroad, neighbours):
    """Note which bands a mission is told of and where it is told that they are; return of how many."""
    number = 0
    for b in range(cell.size):
        told[b], place[b] = luck[b, 0] < chance[b] and not abroad[b], cell[b]
        number += told[b]
        if luck[b, 1] < wrong:
            to = neighbours[int(luck[b, 2] * 8), cell[b]]
            place[b] = to if to >= 0 else cell[b]
    return number


def find_out(m: Model, mission: int) -> None:
    """Let bands find out who told a mission of them: the place is exposed to their revenge, and fears it."""
    p, cells = m.p.informants, m.cells
    careful = p.discretion * m.missions.effort[TASK["community_engagement"], mission]
    u = m.band_luck("reports/found_out", m.actors.names[mission])
    found = m.bands.cell[(m.items.told[mission] & (u < p.found_out * (1 - careful))).nonzero()[0]]
    if found.size == 0:
        return
    cells.exposed[found] = 1.0
    cells.fear[found] += p.fright * (1 - cells.fear[found])


def frighten(m: Model) -> None:
    """Let last week's attacks frighten the people where they were, and older fear fade."""
    p, past, fear = m.p.reports, m.past, m.cells.fear
    fear *= 1 - p.fear_fades
    m.cells.exposed[:] *= kept(m.p.informants.weeks)
    cells = past.cell[past.kind == ATTACK]
    if cells.size:
        attacks = np.bincount(cells)
        cells = attacks.nonzero()[0]
        fear[cells] += (1 - fear[cells]) * -np.expm1(-p.fear_gain * attacks[cells])


def false_alerts(m: Model, mission: int) -> np.ndarray:
    """Return the places of this week's false alerts to a mission; -1 for a slot that stays empty."""
    places, slots = m.world.places, m.items.false.shape[1]
    u = m.luck("reports/false", m.actors.names[mission], (slots, 2))
    if places.size == 0:
        return np.full(slots, -1)
    left = 1 - m.p.early_warning.filters * m.missions.effort[TASK["early_warning"], mission]
    found = _false(u, float(m.p.reports.false_alerts * left / slots), places)
    return np.where((found >= 0) & ~closed(m, mission, found), found, -1) if m.bounded[mission] else found


@njit(cache=True, nogil=True)
def _false(luck, chance, places):
    """Return the place of each false alert, -1 for a slot that stays empty."""
    out = np.full(luck.shape[0], -1)
    for slot in range(out.size):
        if luck[slot, 0] < chance:
            out[slot] = places[int(luck[slot, 1] * places.size)]
    return out


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
    b, items, seen = m.bands, m.items, {k: own_sight(m, k) for k in m.at_work}
    wipe(m, seen)
    for k in m.at_work:
        u, band = m.band_luck("picture", m.actors.names[k]), (b.cell, b.fighters, b.abroad)
        _note(items.seen[k], m.missions.picture[:, k], u, seen[k], band, items.told[k], items.place[k], items.false[k])
    for link, giver, taker in m.exchanges():
        pass_on(m, link, giver, taker)


def wipe(m: Model, seen: dict[int, np.ndarray]) -> None:
    """Let maps fade, and empty them where a mission, or its partner in joint analysis, sees what is there.

    seen: how well each sees.
    """
    for k, sight_of in seen.items():
        _fade(m.missions.picture[:, k], kept(m.p.picture.weeks), sight_of)
    for link, giver, taker in m.exchanges() if m.one_map else ():
        if m.links.joint_analysis[link]:
            m.missions.picture[:, taker] *= 1 - m.links.trust[link] * seen[giver]


@njit(cache=True, nogil=True)
def _fade(picture, left, seen):
    """Let a map fade, and empty it as far as each cell is seen."""
    for cell in range(picture.size):
        picture[cell] *= left * (1 - seen[cell])


@njit(cache=True, nogil=True)
def _note(seen, picture, luck, sight, band, told, place, false):
    """Note which bands a mission sees, and enter what it sees, is told and is falsely told on its map."""
    cell, fighters, abroad = band
    for b in range(seen.size):
        seen[b] = luck[b] < sight[cell[b]] and fighters[b] > 0 and not abroad[b]
        if seen[b] or told[b]:
            picture[cell[b] if seen[b] else place[b]] += 1.0
    for at in false:
        if at >= 0:
            picture[at] += 1.0


def own_sight(m: Model, mission: int) -> np.ndarray:
    """Return the chance that a mission's own units see what is in each cell."""
    p, sensing = m.p.picture, m.missions.sensing[mission]
    if p.sight * sensing == 0:
        return np.zeros(m.world.cells)
    scale = p.unit_people / (p.sight * sensing)
    return in_sight(m.near[ARMED, mission], m.near[UNARMED, mission], m.all_cells, scale)


def pass_on(m: Model, link: int, giver: int, taker: int) -> None:
    """Pass items about bands from one mission to its partner, each with chance coordination x trust."""
    items, way = m.items, f"{m.actors.names[giver]}>{m.actors.names[taker]}"
    chance = m.links.coordination[link] * m.links.trust[link] * m.p.picture.share
    u = m.band_luck("picture/share", way), m.luck("picture/share_false", way, items.false.shape[1])
    tables = (items.told, items.seen, items.place, items.false)
    _pass_on(m.missions.picture[:, taker], *u, float(chance), giver, taker, m.bands.cell, tables)


@njit(cache=True, nogil=True)
def _pass_on(picture, luck, luck_of_false, chance, giver, taker, cell, items):
    """Enter on the taker's map what the giver knows of bands that the taker does not, and its false alerts."""
    told, seen, place, false = items
    for b in range(cell.size):
        if (told[giver, b] or seen[giver, b]) and not (told[taker, b] or seen[taker, b]) and luck[b] < chance:
            picture[cell[b] if seen[giver, b] else place[giver, b]] += 1.0
    for slot in range(luck_of_false.size):
        if false[giver, slot] >= 0 and luck_of_false[slot] < chance:
            picture[false[giver, slot]] += 1.0
