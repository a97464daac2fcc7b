"""Disputes between identity groups that live side by side: how they rise, turn violent, and are calmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import COMMUNAL
from sim.actors.presence import ARMED, UNARMED
from sim.actors.roster import COMMUNAL as BY_COMMUNAL
from sim.actors.staff import TASK
from sim.luck import gumbel
from sim.rules import hazards
from sim.rules.rule import rule
from sim.rules.shocks import SLOTS, helped, monthly, slot_luck, struck
from sim.rules.violence import at_most

if TYPE_CHECKING:
    from sim.model import Model

IMPARTIALITY = 1


@rule(
    reads=(
        "timeline", "communities.residents", "communities.displaced", "cells.memory", "near", "hosts.tempo",
        "missions.effort", "missions.acting", "opinion",
    ),
    writes=(
        "acts", "cells.scarcity", "cells.rivals", "cells.mixing", "cells.dispute", "cells.expected_communal",
        "cells.feud_pull", "hosts.feud",
    ),
)  # fmt: skip
def communal(m: Model) -> None:
    """Groups that live side by side have disputes, and now and then a dispute turns violent.

    A dispute follows what presses: the mixing of the two strongest groups in reach, dry season where rain is seasonal,
    resources, scarcity, recent clashes; it is worked out every fourth week. Clashes gather in a feud that moves on
    after some two months, and where they have just been; half kill nobody. They are fewer where a mission is in sight
    that both groups find impartial; one that either group finds partial does nothing.
    Source: B-M141, B-M47, B-M53, E32, E20, S15, S30. Basis: literature (signs), calibrated (rate), assumption (rest).
    """
    dry_out(m)
    if monthly(m):
        meet(m)
        press(m)
    held = calm(m)
    for h, name in enumerate(m.actors.hosts):
        feud(m, h, name)
        hit = expect(m, h, held, m.luck("communal", name, m.host_cells[h].size))
        if hit.size:
            clash(m, name, hit)


def meet(m: Model) -> None:
    """Find for each cell its strongest group and the strongest other in reach, and how evenly they face each other."""
    c, w = m.communities, m.world
    if c.rows:
        here = (c.residents + c.displaced).reshape(len(w.group_names), -1)
        _meet(here, w.places, m.place_of, m.space.neighbours, m.p.communal.next_door, m.cells.rivals, m.cells.mixing)


@njit(cache=True, nogil=True)
def _meet(people, places, place_of, neighbours, next_door, rivals, mixing):
    """Choose the rivals of each place; people: (groups, places)."""
    groups, near = people.shape[0], np.zeros(people.shape[0])
    for i in range(places.size):
        cell = places[i]
        near[:] = 0.0
        for k in range(neighbours.shape[0]):
            if neighbours[k, cell] >= 0 and place_of[neighbours[k, cell]] >= 0:
                for g in range(groups):
                    near[g] += people[g, place_of[neighbours[k, cell]]]
        first, second, most = np.argmax(people[:, i]), -1, 0.0
        for g in range(groups):
            strength = people[g, i] + next_door * near[g]
            if g != first and strength > most:
                second, most = g, strength
        own, other = float(people[first, i]), min(most, float(people[first, i]))
        rivals[0, cell], rivals[1, cell] = first, second
        mixing[cell] = 4 * own * other / (own + other) ** 2 if own > 0 else 0.0


def dry_out(m: Model) -> None:
    """Let scarcity follow the scenario's droughts and floods; what missions ease they do not take [B-M150]."""
    p, scarcity = m.p.scarcity, m.cells.scarcity
    shock = struck(m, "climate_shock")
    if shock is None:
        if not np.count_nonzero(scarcity):
            return
        shock = np.zeros(m.world.cells)
    left = shock * (1 - p.eased * helped(m, "climate_response", m.all_cells, p.staff))
    scarcity += np.where(left > scarcity, p.onset, p.recovery) * (left - scarcity)


def press(m: Model) -> None:
    """Let each dispute follow what presses on it; in the first week it stands where that leaves it."""
    p, w, c = m.p.communal, m.world, m.cells
    dry = 0.5 - 0.5 * np.sin(2 * np.pi * m.week / 52)
    speed = 1.0 if m.week == -m.setup.spin_up else float(p.speed)
    weights = (float(p.ground), float(p.dry * dry), float(p.resource), float(p.scarcity), float(p.violence))
    memory = c.memory[BY_COMMUNAL]
    _press(w.places, c.dispute, c.mixing, w.wet, w.resource, c.scarcity, memory, weights, speed)


@njit(cache=True, nogil=True)
def _press(places, dispute, mixing, wet, resource, scarcity, memory, weights, speed):
    """Move disputes towards 1 - exp(-mixing x what presses)."""
    ground, dry, rich, short, violence = weights
    for i in range(places.size):
        c = places[i]
        pressure = ground + dry * wet[c] + rich * resource[c] + short * scarcity[c]
        pressure += violence * memory[c] / (1 + memory[c])
        dispute[c] += speed * (-np.expm1(-mixing[c] * pressure) - dispute[c])


def calm(m: Model) -> np.ndarray:
    """Return the factor by which missions in sight that both rivals find impartial lower clashes; (cells,)."""
    p, factor = m.p.communal, np.ones(m.world.cells)
    for k in m.at_work:
        _calm(factor, m.near[ARMED, k], m.near[UNARMED, k], views_of(m, k), float(p.people), float(p.calm))
    return factor


@njit(cache=True, nogil=True)
def _calm(factor, armed, unarmed, views, people, most):
    """Lower the factor where a mission is in sight and both rivals accept it."""
    for c in range(factor.size):
        here = armed[c] + unarmed[c]
        if here > 0:
            factor[c] *= 1 - most * accepted(c, views) * -np.expm1(-here / people)


def views_of(m: Model, mission: int) -> tuple:
    """Return what `accepted` needs to know of a mission: rivals, communities, its impartiality, and the steepness."""
    return m.cells.rivals, m.community_of, m.opinion[IMPARTIALITY, mission], float(m.p.communal.steepness)


@njit(cache=True, nogil=True)
def accepted(cell, views):
    """Return how far both rivals of a cell find a mission impartial, 0-1: what the less trusting of the two thinks.

    s^n / (s^n + 1/2^n) [E32].
    """
    rivals, community_of, impartial, power = views
    if rivals[1, cell] < 0:
        return 0.0
    one, other = impartial[community_of[rivals[0, cell], cell]], impartial[community_of[rivals[1, cell], cell]]
    least = min(one, other) ** power
    return least / (least + 0.5**power)


def feud(m: Model, host: int, name: str) -> None:
    """Let a host's feud move on now and then, to where disputes are sharp."""
    p, cells = m.p.communal, m.host_cells[host]
    if m.week != -m.setup.spin_up and m.luck("communal/feud", name, 1)[0] >= 1 / p.weeks:
        return
    wish = np.log(1e-9 + m.cells.dispute[cells]) + p.risk_weight * m.world.propensity[cells]
    noise = gumbel(m.luck.once("communal/where", name, cells.size))
    if cells.size:
        m.hosts.feud[host] = cells[np.argmax(wish + noise)]
        km = m.space.distance(m.hosts.feud[host], cells)
        m.cells.feud_pull[cells] = 1 + p.focus * np.exp(-km / p.focus_km)


def expect(m: Model, host: int, held: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Work out the clashes expected in each cell of a host this week, at most one; return which cells see one."""
    p, v, c = m.p.communal, m.p.violence, m.cells
    heat = p.base * float(np.exp(m.hosts.tempo[host] - 0.5 * m.p.campaigns.country_sd**2))
    dials = (heat, float(v.near_repeat), float(v.memory_scale))
    layers = (c.dispute, m.disposition, c.feud_pull, held, c.memory[BY_COMMUNAL])
    return _expect(m.host_cells[host], uniform, c.rivals[1], m.people_in, layers, dials, c.expected_communal)


@njit(cache=True, nogil=True)
def _expect(cells, uniform, other, people, layers, dials, expected):
    """Multiply what makes a dispute turn violent: its strength, the place, the feud, restraint, recent clashes."""
    dispute, disposition, feud_pull, held, memory = layers
    heat, repeat, scale = dials
    hit, n = np.empty(cells.size, np.int64), 0
    for i in range(cells.size):
        c = cells[i]
        expected[c] = 0.0
        if dispute[c] > 0 and people[c] > 0 and other[c] >= 0:
            rate = heat * dispute[c] * disposition[c] * feud_pull[c] * held[c]
            expected[c] = -np.expm1(-rate * (1 + repeat * memory[c] / (1 + memory[c] / scale)))
            if uniform[i] < expected[c]:
                hit[n] = c
                n += 1
    return hit[:n]


def clash(m: Model, name: str, cell: np.ndarray) -> None:
    """Let groups clash in given cells; one group is hit, by people there, and the other did it."""
    p, c = m.p.communal, m.communities
    u = slot_luck(m, "communal/how", name, cell)
    community, doer = _sides(cell, u[:, 0], m.cells.rivals, m.community_of, c.residents, c.displaced)
    dead = hazards.sizes(u[:, 1], p.mu, p.none, p.sigma)
    dead = at_most(m, dead, community) if np.count_nonzero(dead) else dead
    m.acts.add(
        cell.size, kind=COMMUNAL, perpetrator=len(m.actors.names) + doer, cell=cell, community=community,
        source=cell % SLOTS, potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _sides(cell, uniform, rivals, community_of, residents, displaced):
    """Choose which of the two rivals of each cell is hit, by its people there; return its community, and the other."""
    community, doer = np.empty(cell.size, np.int64), np.empty(cell.size, np.int64)
    for j in range(cell.size):
        c = cell[j]
        one, other = community_of[rivals[0, c], c], community_of[rivals[1, c], c]
        people, both = residents[one] + displaced[one], residents[one] + displaced[one] + residents[other]
        first = uniform[j] * (both + displaced[other]) < people
        community[j], doer[j] = (one, rivals[1, c]) if first else (other, rivals[0, c])
    return community, doer


@rule(
    reads=("missions.effort", "missions.acting", "near", "cells.rivals", "opinion"),
    writes=("cells.dispute", "cells.memory"),
)
def mediation(m: Model) -> None:
    """Mediators whom both groups find impartial settle disputes, and after a clash the lull lasts longer.

    By effort on local mediation, civilian staff near and the lesser of both groups' opinions. Battles go on as before.
    Source: E20, E22, E32, B-M47. Basis: literature (signs), assumption (size).
    """
    p, c = m.p.mediation, m.cells
    for k in m.at_work:
        effort = m.missions.effort[TASK["local_mediation"], k]
        if effort > 0:
            dials = (float(effort), float(p.staff), float(p.settling), float(p.lull))
            _mediate(c.dispute, c.memory[BY_COMMUNAL], m.near[UNARMED, k], views_of(m, k), dials)


@njit(cache=True, nogil=True)
def _mediate(dispute, memory, unarmed, views, dials):
    """Settle disputes, and let clashes be forgotten, where mediators are near and both rivals accept them."""
    effort, staff, settling, lull = dials
    for c in range(dispute.size):
        if unarmed[c] > 0:
            power = effort * accepted(c, views) * -np.expm1(-unarmed[c] / staff)
            dispute[c] *= np.exp(-settling * power)
            memory[c] *= np.exp(-lull * power)
