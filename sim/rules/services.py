"""What missions do for people besides protecting them: projects, relief, disarmament, closing trade in contraband."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import ARMED, UNARMED
from sim.actors.staff import TASK
from sim.ledger import ALL
from sim.luck import whole
from sim.rules.blame import CREDIBILITY, LEGITIMACY
from sim.rules.judgement import capped
from sim.rules.movement import expected_cost
from sim.rules.recruitment import spread_evenly
from sim.rules.rule import rule
from sim.rules.shocks import helped, monthly, staffed, struck

if TYPE_CHECKING:
    from sim.model import Model

HELP = ("quick_impact_projects", "health_response", "climate_response")


@rule(
    reads=(
        "timeline", "missions.effort", "missions.acting", "near", "cells.scarcity", "links.coordination", "links.trust",
        "bands.cell", "bands.lost", "bands.belief", "missions.hears", "communities.residents", "units.people",
        "units.cell", "communities.perceptions", "communities.met", "communities.delivered", "groups.trade",
    ),
    writes=(
        "cells.sickness", "missions.sick", "cells.projects", "communities.perceptions", "bands.fighters",
        "communities.residents", "communities.demobilised", "communities.delivered", "groups.income",
    ),
)  # fmt: skip
def services(m: Model) -> None:
    """What a mission does for people earns it standing where it does it, and draws fighters and money from war.

    Small projects raise legitimacy, and credibility a little, the less the more there are; two missions that do not
    coordinate spoil each other's. Relief in scarcity and care in sickness count alike, by the need. What is built and
    given is also a promise kept: it counts as delivered where people measure a mission by its word. Fighters whose
    bands have lost much or expect to be met disarm where staff offers it, and go home. Cutting trade and trafficking
    lowers the fighters that a group can feed, by how far it lives off them. All but disease is done every fourth week.
    Source: E30, B-M43, B-M52, B-M150, F-M179, B-M145, S-M77, S-M159. Basis: literature (signs), assumption (sizes).
    """
    sicken(m)
    if monthly(m):
        serve(m)
        disarm(m)
        cut_income(m)


def serve(m: Model) -> None:
    """Build projects and give relief where staff is, each mission by its effort, and be thanked for it."""
    m.cells.projects[:] *= np.exp(-4 / m.p.services.project_weeks)
    offers = {k: staffed(m.near[UNARMED, k], m.world.places, m.p.services.staff) for k in m.at_work if helping(m, k)}
    built = {k: offer * m.missions.effort[TASK["quick_impact_projects"], k] for k, offer in offers.items()}
    useful = {k: work * undisturbed(m, k, built) for k, work in built.items()}
    for k, offer in offers.items():
        thank(m, k, useful[k], offer)
    for work in built.values():
        m.cells.projects[m.world.places] += work


def helping(m: Model, mission: int) -> bool:
    """Say whether a mission puts staff to any task that people thank it for."""
    return any(m.missions.effort[TASK[task], mission] > 0 for task in HELP)


def undisturbed(m: Model, mission: int, built: dict[int, np.ndarray]) -> np.ndarray | float:
    """Return the share of a mission's projects that serve: others' in the same place spoil them without coordination.

    Nothing is left where another does as much and the two do not coordinate at all [B-M52].
    """
    left: np.ndarray | float = 1.0
    for other, work in built.items():
        if other == mission:
            continue
        link = m.link_between(mission, other)
        apart = 1.0 if link is None else 1 - float(m.links.coordination[link] * m.links.trust[link])
        both = np.minimum(work, built[mission]) / np.maximum(built[mission], 1e-12)
        left = left * (1 - m.p.services.waste * apart * both)
    return left


def thank(m: Model, mission: int, projects: np.ndarray, offer: np.ndarray) -> None:
    """Raise a mission's standing where it does something for people."""
    p, places, effort = m.p.services, m.world.places, m.missions.effort[:, mission]
    care = effort[TASK["health_response"]] * m.cells.sickness[places]
    relief = effort[TASK["climate_response"]] * m.cells.scarcity[places] + care
    help_seen = projects / (1 + m.cells.projects[places] / p.enough) + p.relief * relief * offer
    amount = p.gain * help_seen
    keep_word(m, mission, -np.expm1(-p.kept_word * help_seen))
    rates = np.stack((capped(amount, p.cap), capped(amount * p.credible, p.cap)))
    m.ledger.perceive("services", (LEGITIMACY, CREDIBILITY), mission, rates, ALL)
    if np.count_nonzero(care):
        credit_state(m, mission, p.gain * p.relief * care * offer)


def credit_state(m: Model, mission: int, care: np.ndarray) -> None:
    """Let care against disease earn the state standing as well, as far as people accept who gives it [S-M77]."""
    p, c, name = m.p.services, m.communities, m.actors.names[mission]
    earned = capped(np.tile(p.state_credit * care, len(m.world.group_names)) * m.opinion[LEGITIMACY, mission], p.cap)
    for h in range(m.hosts.rows):
        rate = np.where(m.world.host[c.cell] == h, earned, 0.0)
        m.ledger.perceive("services", (LEGITIMACY,), m.actors.first_host + h, rate, ALL, cause=name)


def keep_word(m: Model, mission: int, share: np.ndarray) -> None:
    """Count what is built and given as delivered by those who know the mission; share: 0-1 by populated place."""
    c = m.communities
    if share.size == 0:
        return
    delivered = c.delivered[mission].reshape(-1, share.size)
    delivered += (1 - delivered) * share * c.met[mission].reshape(delivered.shape)


def sicken(m: Model) -> None:
    """Let disease reach people where the scenario says so, and fade, sooner where it is fought; missions' staff too."""
    p, sickness, t, u = m.p.sickness, m.cells.sickness, m.missions, m.units
    share = struck(m, "epidemic")
    if share is None and not np.count_nonzero(sickness):
        return
    if share is not None:
        sickness += p.onset * np.maximum(share - sickness, 0)
    sickness *= np.exp(-p.recovery - p.treated * helped(m, "health_response", m.all_cells, p.staff))
    sickness[sickness < p.gone] = 0.0
    t.sick[:] = 0.0
    for k in m.at_work:
        mine = m.unit_spans[k]
        people = np.where(u.cell[mine] >= 0, u.people[mine], 0)
        t.sick[k] = float((people * sickness[u.cell[mine]]).sum()) / max(float(people.sum()), 1.0)


def disarm(m: Model) -> None:
    """Let fighters leave bands near which a mission offers disarmament: the more, the less they expect to gain."""
    p, b, offer = m.p.disarmament, m.bands, helped(m, "disarmament", m.bands.cell, m.p.disarmament.staff)
    rows = offer.nonzero()[0]
    if rows.size == 0:
        return
    cost = expected_cost(m, rows)
    hopeless = b.lost[rows] / m.p.attacks.desperation_loss + cost
    ready = p.anyway + (1 - p.anyway) * -np.expm1(-hopeless)
    leave = np.zeros(b.rows, np.int64)
    going = p.rate * offer[rows] * ready * b.fighters[rows]
    leave[rows] = np.minimum(whole(going, m.band_luck("services", "")[rows]), b.fighters[rows])
    for g, own in enumerate(m.band_spans):
        if leave[own].any():
            demobilise(m, g, own, leave[own])


def demobilise(m: Model, group: int, rows: slice, leave: np.ndarray) -> None:
    """Send fighters home to communities of their group's range, by people and range."""
    c, kept, name = m.communities, m.communities.ledger, m.actors.groups[group]
    u = m.luck("services/home", name, 1)[0]
    home = spread_evenly(c.residents, m.pull[group], int(leave.sum()), u)
    less = int(leave.sum() - home.sum())  # nobody there to come home to
    for j in leave.nonzero()[0] if less else ():
        stay = min(less, int(leave[j]))
        leave[j] -= stay
        less -= stay
    m.ledger.people("services", "fighters", m.bands.ledger["fighters"], rows, -leave, name, cause="disarmament")
    came = home.nonzero()[0]
    for g in sorted(set(c.group[came].tolist())):
        mine, audience = came[c.group[came] == g], m.world.group_names[g]
        for stock in ("residents", "demobilised"):
            m.ledger.people("services", stock, kept[stock], mine, home[mine], audience=audience, cause="disarmament")


def cut_income(m: Model) -> None:
    """Move each group's income towards what missions that act against trade and trafficking leave it."""
    p, g, task = m.p.counter_crime, m.groups, TASK["counter_crime"]
    free = np.ones(m.world.cells)
    for k in m.at_work:
        if (effort := m.missions.effort[task, k]) > 0:
            free = free * (1 - effort * -np.expm1(-m.near[ARMED, k] / p.people))
    if g.rows and (free.min() < 1 or g.income.min() < 1):
        g.income[:] += p.speed * (1 - p.cut * g.trade * _closed(m.trade_share, free) - g.income)


@njit(cache=True, nogil=True)
def _closed(trade_share, free):
    """Return the share of each group's trade that runs where missions close it; (groups,)."""
    out = np.zeros(trade_share.shape[0])
    for g in range(out.size):
        for cell in range(free.size):
            out[g] += trade_share[g, cell] * (1 - free[cell])
    return out
