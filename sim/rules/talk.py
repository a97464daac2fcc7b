"""What people say to each other: opinions and false claims among neighbours and kin, and what answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import UNARMED
from sim.actors.staff import TASK
from sim.ledger import NOTHING, PERCEPTIONS
from sim.rules.blame import CREDIBILITY, IMPARTIALITY, LEGITIMACY
from sim.rules.information import sight
from sim.rules.judgement import capped
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model

CYCLE = len(PERCEPTIONS) + 1  # weeks in which talk comes round
NOBODY = 1e-6  # a claim held by less than one in a million is dead


def message(m: Model, mission: int, seen: np.ndarray) -> np.ndarray:
    """Return how strongly a mission's radio and messengers are heard in each place, 0-1.

    By effort and outreach; seen: how well it is in sight there. Radio is heard where no troops are, and better where
    they are [B-M59, B-M60].
    """
    strength = m.missions.effort[TASK["strategic_communications"], mission] * m.missions.outreach[mission]
    return strength * (m.p.talk.alone + (1 - m.p.talk.alone) * seen)


@rule(
    reads=(
        "communities.perceptions", "communities.prior", "communities.met", "communities.home", "missions.effort",
        "missions.outreach", "near", "communities.rumour",
    ),
    writes=("communities.perceptions", "communities.told"),
)  # fmt: skip
def talk(m: Model) -> None:
    """Neighbours and kin talk: opinions move a little towards what others nearby think, and radio speaks for a mission.

    Of missions and hosts, by those who know them; more among one's own group than across. For thrift each month has a
    week in which people talk of legitimacy, one of impartiality, one of credibility and one of radio, each four times
    as much. Radio restores legitimacy and impartiality, never beyond what people thought at first, and as far as they
    think the speaker impartial: more than that takes deeds. Who believes no false claim takes in the mission's own
    account of itself, and forgets it over years (rule `disinformation`).
    Source: B-M58, B-M59, B-M61, B-M62, B-M64, F-M58. Basis: literature (signs), assumption (sizes).
    """
    p, c, q = m.p.talk, m.communities, m.week % CYCLE
    if q == CYCLE - 1:
        for k in m.at_work:
            if np.count_nonzero(m.communities.told[k]):
                m.communities.told[k] *= np.exp(-CYCLE / p.recall_weeks)
            broadcast(m, k)
        return
    rate = np.array([min(CYCLE * p.rate, p.cap)])
    for a in [*m.at_work, *range(m.actors.first_host, m.actors.judged)]:
        said = _said(m.opinion[q, a], c.met[a], c.home, *m.kin, float(p.across))
        m.ledger.perceive("talk", (q,), a, rate, said, "neighbours")


@njit(cache=True, nogil=True)
def _said(values, met, people, start, row, kin, across):
    """Return what each community's neighbours think on average; its own view where it has nobody to talk with."""
    said = values.copy()
    knowing = np.where(met, people, 0.0)
    for i in range(values.size):
        if not met[i] or people[i] == 0:
            continue
        heard, weight = 0.0, 0.0
        for e in range(start[i], start[i + 1]):
            w = knowing[row[e]] * (1.0 if kin[e] else across)
            heard += w * values[row[e]]
            weight += w
        if weight > 0:
            said[i] = heard / weight
    return said


def broadcast(m: Model, mission: int) -> None:
    """Let a mission speak for itself: opinions below the first impression return to it, where it is believed."""
    p, now, places = m.p.talk, m.opinion[:, mission], m.world.places
    heard = message(m, mission, sight(m, mission, places))
    if np.count_nonzero(heard):
        rate = persuaded(heard, now[IMPARTIALITY], min(CYCLE * p.radio, p.radio_cap))
        target = np.maximum(now[:CREDIBILITY], m.communities.prior[:CREDIBILITY, mission])
        m.ledger.perceive("talk", (LEGITIMACY, IMPARTIALITY), mission, rate, target, "radio")
        c = m.communities
        _take_in(c.told[mission], heard, now[IMPARTIALITY], c.rumour[mission], c.met[mission], CYCLE * float(p.tell))


@njit(cache=True, nogil=True)
def _take_in(told, heard, impartial, rumour, met, rate):
    """Let those who know the mission and hold no false claim about it take in its account, as far as it is believed."""
    for i in range(told.size):
        if met[i]:
            told[i] += (1 - told[i]) * -np.expm1(-rate * heard[i % heard.size] * impartial[i] * (1 - rumour[i]))


@njit(cache=True, nogil=True)
def persuaded(heard, impartial, most):
    """Return how far each community follows what it hears: as far as it thinks the speaker impartial [B-M61]."""
    out, places = np.zeros(impartial.size), heard.size
    for first in range(0, out.size, max(places, 1)):
        for place in range(places):
            out[first + place] = most * heard[place] * impartial[first + place]
    return out


@rule(
    reads=(
        "timeline", "communities.rumour", "communities.perceptions", "communities.met", "communities.home",
        "missions.effort", "missions.outreach", "near", "communities.told", "communities.expected",
        "communities.delivered",
    ),
    writes=("communities.rumour", "communities.perceptions"),
)  # fmt: skip
def disinformation(m: Model) -> None:
    """False claims about a mission spread along talk where it is distrusted, and cost it legitimacy; messengers rebut.

    `rumour` is the share of a community's people who hold one. It grows by contact with holders among neighbours and by
    hostile campaigns, the more the less legitimate people find the mission; it is forgotten, faster where radio and
    staff are heard and thought impartial. Who has heard the mission's own account first is harder to convince, as far
    as its deeds bear it out. Who holds a false claim lays others' harm at the mission's door more readily
    (rule `attribution`).
    Source: B-M61, B-M62, B-M64, B-M65, B-M66, F-M57, F-M58, Q49. Basis: literature (signs), assumption (sizes).
    """
    p, c = m.p.disinformation, m.communities
    for k in range(m.missions.rows):
        pushed = campaign(m, k) if k in m.at_work else None
        if pushed is None and not np.count_nonzero(c.rumour[k]):
            continue
        if k in m.at_work:
            m.ledger.perceive("disinformation", (LEGITIMACY,), k, capped(p.loss * c.rumour[k], p.cap), NOTHING)
        pushed = np.zeros(c.rows) if pushed is None else pushed
        c.rumour[k] = _pass_on(
            c.rumour[k], m.opinion[:, k], c.met[k], c.home, *m.kin, pushed, proof(m, k), rebuttals(m, k),
            (float(p.spread), float(p.kin), 1 / p.weeks, float(m.p.talk.across)),
        )  # fmt: skip
        for event in told_this_week(m, k):
            told = 0.5 if event.share is None else event.share
            c.rumour[k] += (1 - c.rumour[k]) * told * c.met[k]


def campaign(m: Model, mission: int) -> np.ndarray | None:
    """Return how hard hostile campaigns push false claims about a mission in each community; None if nobody does."""
    p, total = m.p.disinformation, None
    for event, age in m.lasting("disinformation"):
        if event.mission == m.actors.names[mission] and (event.duration is None or age < event.duration):
            by = m.actors.index[event.by] - m.actors.first_group if event.by else -1
            reach = 1 - p.by_range * (1 - m.reach_of_group[by]) if by >= 0 else np.ones(m.communities.rows)
            total = (0.0 if total is None else total) + p.push * (0.5 if event.share is None else event.share) * reach
    return np.zeros(m.communities.rows) if total is None and told_this_week(m, mission) else total


def told_this_week(m: Model, mission: int) -> list:
    """Return the scenario's single rumours about a mission in this week."""
    return [event for event in m.today("rumour") if event.mission == m.actors.names[mission]]


def proof(m: Model, mission: int) -> np.ndarray:
    """Return how far each community is proof against false claims: it heard the mission and saw it keep its word.

    An account that deeds belie protects nobody [B-M61, B-M62].
    """
    c = m.communities
    kept_word = np.minimum(1.0, c.delivered[mission] / np.maximum(c.expected[mission], 1e-9))
    return m.p.disinformation.inoculation * c.told[mission] * kept_word


def rebuttals(m: Model, mission: int) -> np.ndarray:
    """Return how strongly false claims are answered in each place a week: by radio, and by staff whom people meet."""
    p, t, places = m.p.disinformation, m.missions, m.world.places
    if mission not in m.at_work:
        return np.zeros(places.size)
    met = capped(m.near[UNARMED, mission][places] / m.p.contact.staff, 1.0)
    staff = t.effort[TASK["community_engagement"], mission] * met
    return p.rebuttal * np.minimum(1.0, message(m, mission, sight(m, mission, places)) + staff)


@njit(cache=True, nogil=True)
def _pass_on(rumour, opinion, met, people, start, row, kin, pushed, proof, rebutted, dials):
    """Return the share of each community that holds a false claim a week later."""
    spread, far, forget, across = dials
    out = np.zeros(rumour.size)
    for i in range(rumour.size):
        if not met[i]:
            continue
        around, weight = 0.0, 0.0
        for e in range(start[i], start[i + 1]):
            w = people[row[e]] * (1.0 if kin[e] else across)
            around += w * rumour[row[e]]
            weight += w
        around = around / weight if weight > 0 else rumour[i]
        open_ = (1 - opinion[LEGITIMACY, i]) * (1 - proof[i])
        caught = -np.expm1(-open_ * (pushed[i] + spread * ((1 - far) * rumour[i] + far * around)))
        dropped = -np.expm1(-(forget + rebutted[i % rebutted.size] * opinion[IMPARTIALITY, i]))
        share = rumour[i] + (1 - rumour[i]) * caught - rumour[i] * dropped
        out[i] = share if share >= NOBODY else 0.0
    return out
