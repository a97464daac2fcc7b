"""Who lets a mission be there: the host's consent in the capital, and that of each area's authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import UNARMED
from sim.actors.roster import ARMED
from sim.actors.staff import TASK
from sim.rules.rule import rule
from sim.rules.terms import bargain

if TYPE_CHECKING:
    from sim.model import Model

MONTH, SEASON = 4, 8  # weeks between two steps of what moves slowly, and of what moves in many places


@rule(
    reads=(
        "timeline", "cells.memory", "missions.effort", "missions.voice", "missions.informed", "missions.strikes",
        "missions.expelled", "missions.presence", "links.support_now", "hosts.abusiveness", "hosts.dependence",
        "hosts.anger", "communities.perceptions", "communities.met", "near", "hosts.left", "hosts.ousted",
        "links.recipient", "scenario.hosts.consent", "hosts.admits", "scenario.hosts.bargaining",),
    writes=(
        "hosts.consent", "missions.area_consent", "hosts.rival", "hosts.unrest", "hosts.usual", "hosts.discontent",
    ),
)  # fmt: skip
def consent(m: Model) -> None:
    """Each host's consent to a mission moves slowly with what it does for the host and against it; so does each area's.

    Up with security gained and support received, as far as it lets itself be helped; down with reporting on its abuses
    (less if it depends on outside support), with the want of a fighting force where security worsens, with popular
    anger and, for a force that does not fight, with a rival's offer; up or down with a price asked by a host that
    bargains, as it is granted or refused; and back towards where its interests put it. A mission that it expelled is
    wanted back as security is worse than when it left. Area authorities go by engagement, by what their people think,
    and partly by the capital. A step every fourth week (in areas every eighth), 0.08 a week x c (1 - c) x drive.
    Source: B-M45, B-M84, B-M99, B-M54, B-M46, B-M86, S-K14, S-M126, F-M8, F-M2. Basis: literature (signs), assumption
    (sizes).
    """
    offer_rivals(m)
    watch_security(m)
    if m.week % MONTH != MONTH - 1:
        return
    trend = security(m)
    for k in concerned(m):
        opinion = opinions(m, k)
        for h in range(m.hosts.rows):
            m.hosts.discontent[k, h] = discontent(m, k, h, opinion)
            move_capital(m, k, h, float(trend[h]))
        if k in m.at_work and m.week % SEASON == SEASON - 1:
            move_areas(m, k, opinion)


def concerned(m: Model) -> list[int]:
    """Return the missions to which consent moves: those at work, and those that a host has sent out."""
    t = m.missions
    out = (t.expelled & (t.presence > 0) & m.hosts.ousted.any(axis=1)).tolist()
    return [k for k in range(t.rows) if k in m.at_work or (out[k] and not m.setup.placebo)]


def offer_rivals(m: Model) -> None:
    """Let rivals' offers begin as the scenario says, and run out."""
    m.hosts.rival[:] = np.maximum(m.hosts.rival - 1, 0)
    for event in m.today("rival_offer"):
        m.hosts.rival[m.actors.hosts.index(str(event.host))] = event.duration or m.setup.weeks


def watch_security(m: Model) -> None:
    """Keep how much armed groups strike in each host's land, of about the last quarter and of about the last year."""
    p, h, age = m.p.consent, m.hosts, m.week + m.setup.spin_up + 1
    now = np.array([m.cells.memory[ARMED, cells].sum() for cells in m.host_cells])
    h.unrest[:] += (now - h.unrest) * max(1 / p.fast_weeks, 1 / age)
    h.usual[:] += (now - h.usual) * max(1 / p.slow_weeks, 1 / age)


def security(m: Model) -> np.ndarray:
    """Return how far security has got better (to 1) or worse (to -1) in each host's land against the last year."""
    both = m.hosts.usual + m.hosts.unrest
    return np.divide(m.hosts.usual - m.hosts.unrest, both, out=np.zeros(both.size), where=both > 0)


def opinions(m: Model, mission: int) -> np.ndarray:
    """Return by area people who know a mission, those who deny its right to be there, and its standing x people."""
    c = m.communities
    return _opinions(m.opinion[0, mission], m.opinion[1, mission], c.met[mission], c.home, c.area, m.area_host.size)


@njit(cache=True, nogil=True)
def _opinions(legitimacy, impartiality, met, people, area, areas):
    """Add up by area: people who have met the mission, those below one half, people x mean of the two perceptions."""
    out = np.zeros((3, areas))
    for i in range(met.size):
        if met[i]:
            out[0, area[i]] += people[i]
            out[1, area[i]] += people[i] if legitimacy[i] < 0.5 else 0.0
            out[2, area[i]] += people[i] * 0.5 * (legitimacy[i] + impartiality[i])
    return out


def discontent(m: Model, mission: int, host: int, opinion: np.ndarray) -> float:
    """Return popular anger as a host feels it, 0-1: people against the mission beyond the usual, and protests."""
    p, mine = m.p.consent, m.area_host == host
    known, against = float(opinion[0, mine].sum()), float(opinion[1, mine].sum())
    share = max(0.0, against / known - p.usual_angry) / (1 - p.usual_angry) if known > 0 else 0.0
    return min(1.0, share + float(m.hosts.anger[mission, host]))


def drives(m: Model, k: int, h: int, trend: float) -> dict[str, float]:
    """Return what moves a host's consent to a mission this month, by cause: for (+) and against (-)."""
    p, t, g = m.p.consent, m.missions, m.hosts
    unsatisfied = 1 - min(1.0, float(t.strikes[k]))
    there = k in m.at_work and not g.ousted[k, h]
    out = {
        "security": p.security * (trend if there else regret(m, k, h)),
        "anger": -p.anger * float(g.discontent[k, h]) * there,
        "rival": -p.rival * unsatisfied * (g.rival[h] > 0) * there,
        "habit": p.habit * (m.setup.hosts[m.actors.hosts[h]].consent_to(m.actors.missions[k]) - float(g.consent[k, h])),
    }
    if there:
        free = 1 - float(g.dependence[h])
        reported = float(t.voice[k] * t.informed[k] * g.abusiveness[h])
        helped = float(t.effort[TASK["support_host_forces"], k] * g.admits[k, h])
        out["support"] = p.support * min(1.0, helped + supported(m, k, h)) * float(g.consent[k, h])
        out["reporting"] = -p.reporting * reported * free
        out["fighting"] = -p.fighting * unsatisfied * max(0.0, -trend)
        out["bargain"] = p.bargain * bargain(m, k, h)
    return out


def regret(m: Model, mission: int, host: int) -> float:
    """Return how much worse security is than when a host sent a mission out, 0-1."""
    now, then = float(m.hosts.unrest[host]), float(m.hosts.left[mission, host])
    return max(0.0, now - then) / (now + then) if now + then > 0 else 0.0


def supported(m: Model, mission: int, host: int) -> float:
    """Return the support that flows from a mission to a host through their partnership."""
    x, mine = m.links, 0.0
    for j in range(x.rows):
        if x.giver[j] == mission and x.recipient[j] == m.actors.first_host + host:
            mine = mine + float(x.support_now[j])
    return mine


def move_capital(m: Model, k: int, h: int, trend: float) -> None:
    """Move one host's consent to one mission by a month's step for each cause."""
    now = float(m.hosts.consent[k, h])
    pace = MONTH * m.p.consent.step * now * (1 - now)
    if pace == 0:
        return
    for cause, drive in drives(m, k, h, trend).items():
        give(m, m.hosts.ledger["consent"], (k, h), pace * drive, k, m.actors.hosts[h], cause)


def give(m: Model, stock: np.ndarray, at: tuple[int, int], step: float, k: int, who: str, cause: str) -> None:
    """Book a step of consent that leaves it between 0 and 1."""
    step = max(-float(stock[at]), min(1 - float(stock[at]), step))
    m.ledger.share("consent", "consent", stock, at, step, m.actors.missions[k], who, cause)


def move_areas(m: Model, k: int, opinion: np.ndarray) -> None:
    """Move the consent of each area's authorities where the mission is known."""
    p, stock = m.p.consent, m.missions.ledger["area_consent"]
    met = engaged(m, k)
    for area in (opinion[0] > 0).nonzero()[0].tolist():
        now = float(stock[area, k])
        pace = SEASON * p.step * now * (1 - now)
        standing = 2 * opinion[2, area] / opinion[0, area] - 1
        by = {
            "engagement": p.engagement * met[area],
            "opinion": p.opinion * standing,
            "capital": p.capital * (float(m.hosts.consent[k, m.area_host[area]]) - now),
        }
        for cause, drive in by.items():
            give(m, stock, (area, k), pace * drive, k, m.world.area_names[area], cause)


def engaged(m: Model, k: int) -> np.ndarray:
    """Return how far a mission's staff deal with each area's people: effort x share of people whom they can meet."""
    t, w = m.missions, m.world
    effort = max(t.effort[TASK["community_engagement"], k], t.effort[TASK["local_mediation"], k])
    areas = m.area_host.size
    if effort == 0:
        return np.zeros(areas)
    people = w.people[w.places]
    met = np.bincount(w.area[w.places], people * -np.expm1(-m.near[UNARMED, k, w.places] / m.p.consent.staff), areas)
    return effort * met / np.maximum(np.bincount(w.area[w.places], people, areas), 1.0)
