"""What people come to expect of a mission, what they get, and how evenly groups are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import ARMED, UNARMED
from sim.ledger import NOTHING
from sim.rules.blame import CREDIBILITY, IMPARTIALITY, LEGITIMACY
from sim.rules.information import sight
from sim.rules.judgement import answered_near
from sim.rules.rule import rule
from sim.rules.talk import message

if TYPE_CHECKING:
    from sim.model import Model

MONTH = 4  # weeks after which people take stock of what they were promised and what they saw


@rule(
    reads=(
        "communities.expected", "communities.delivered", "communities.perceptions", "communities.met", "near",
        "mandates", "missions.effort", "missions.outreach", "acts.answered",
    ),
    writes=("communities.expected", "communities.delivered", "communities.perceptions"),
)  # fmt: skip
def expectation(m: Model) -> None:
    """A mission is measured by what it promised: the gap to what people got costs legitimacy and credibility.

    People come to expect part of what breadth of mandate and strength in sight promise, more after an answer near
    them, and less where honest communication is heard and believed: it brings expectation to what was delivered.
    Delivered is presence in sight and answers over a quarter of a year; hope and presence are taken in every fourth
    week. The gap counts as it stood when the week began.
    Source: B-M43, S-M22, B-M114, B-M61, F-M55, F-M56, E36. Basis: literature (signs), assumption (sizes).
    """
    p, c, most = m.p.expectation, m.communities, min(m.p.expectation.loss, m.p.expectation.cap)
    for k in range(m.missions.rows):
        if k in m.at_work:
            gap = np.maximum(c.expected[k] - c.delivered[k], 0.0)
            m.ledger.perceive("expectation", (LEGITIMACY, CREDIBILITY), k, most * gap, NOTHING)
            _learn(m, k)
        elif np.count_nonzero(c.expected[k]) or np.count_nonzero(c.delivered[k]):
            c.expected[k] *= 1 - p.rate
            c.delivered[k] *= np.exp(-1 / p.weeks)


def _learn(m: Model, mission: int) -> None:
    """Let those who know a mission take in what it promises and what it does."""
    p, c, places = m.p.expectation, m.communities, m.world.places
    expected, delivered, met = c.expected[mission], c.delivered[mission], c.met[mission]
    answers = answered_near(m, mission)
    if answers is not None:
        _see_answers(expected, delivered, met, answers[places], p.answered, p.answer)
    if m.week % MONTH == 0:
        seen, wide = sight(m, mission, places), promised(m, mission)
        told = np.minimum(1.0, MONTH * p.honest * message(m, mission, seen))
        hope = (wide * p.heard, wide, 1 - (1 - p.rate) ** MONTH)
        deeds = (float(p.presence), -np.expm1(-MONTH / p.weeks))
        _take_in(expected, delivered, met, m.opinion[IMPARTIALITY, mission], seen, told, hope, deeds)


def promised(m: Model, mission: int) -> float:
    """Return what people make of a mandate where the mission stands before them, 0-1: it grows with breadth."""
    mandate, p = m.mandates[mission], m.p.expectation
    return float(p.believed * -np.expm1(-sum(mandate.tasks.values()) / p.breadth))


@njit(cache=True, nogil=True)
def _see_answers(expected, delivered, met, helped, lift, worth):
    """Let answers to attacks raise both what people count on and what they got."""
    for i in range(expected.size):
        if met[i] and helped[i % helped.size] > 0:
            expected[i] += (1 - expected[i]) * lift * helped[i % helped.size]
            delivered[i] += (1 - delivered[i]) * worth * helped[i % helped.size]


@njit(cache=True, nogil=True)
def _take_in(expected, delivered, met, impartial, seen, told, hope, deeds):
    """Move what each community expects to what is promised or honestly said, and what it got to what it saw."""
    least, most, rate = hope
    presence, fade = deeds
    for i in range(expected.size):
        if met[i]:
            promise = least + (most - least) * seen[i % seen.size]
            honest = told[i % seen.size] * impartial[i]
            expected[i] += (1 - honest) * rate * (promise - expected[i]) + honest * (delivered[i] - expected[i])
            delivered[i] += fade * (presence * seen[i % seen.size] - delivered[i])


@rule(
    reads=(
        "near", "cells.threat", "communities.residents", "communities.displaced", "communities.perceptions",
        "missions.acting",
    ),
    writes=("communities.perceptions",),
)  # fmt: skip
def coverage_by_group(m: Model) -> None:
    """Groups compare: those whose threatened places are in sight less than others' find a mission partial.

    A group's coverage is the share of the threat that it faces which falls where the mission is in sight. What it lacks
    to the mean of all groups lowers impartiality; coverage that it shares with the others raises it a little.
    Source: B-M22, B-M20, B-M42. Basis: literature (sign), assumption (sizes).
    """
    p, c = m.p.coverage_by_group, m.communities
    up, down = min(p.gain, p.cap), min(p.loss, p.cap)
    for k in m.at_work:
        shared, lacking = evenness(*_threat_in_sight(
            m.cells.threat, m.people_in, m.world.places, c.residents, c.displaced, len(m.world.group_names),
            m.near[ARMED, k], m.near[UNARMED, k], float(m.p.reports.sight_people),
        ))  # fmt: skip
        rate, target = _felt(c.group, up * shared, down * lacking)
        m.ledger.perceive("coverage_by_group", (IMPARTIALITY,), k, rate, target)


@njit(cache=True, nogil=True)
def evenness(need, seen):
    """Return what each group shares of the coverage of all and what it lacks; need: threat faced, seen: part in sight.

    A group that faces no threat has nothing to compare.
    """
    shared, lacking = np.zeros(need.size), np.zeros(need.size)
    mean = seen.sum() / need.sum() if need.sum() > 0 else 0.0
    for g in range(need.size):
        if need[g] > 0:
            shared[g], lacking[g] = min(seen[g] / need[g], mean), max(mean - seen[g] / need[g], 0.0)
    return shared, lacking


@njit(cache=True, nogil=True)
def _felt(group, gain, loss):
    """Return rate and target by which a gain and a loss of each group move its communities together."""
    rate, target = np.zeros(group.size), np.zeros(group.size)
    for i in range(group.size):
        up, down = gain[group[i]], loss[group[i]]
        if up + down > 0:
            rate[i], target[i] = up + down, up / (up + down)
    return rate, target


@njit(cache=True, nogil=True)
def _threat_in_sight(threat, people, places, residents, displaced, groups, armed, unarmed, scale):
    """Return the threat that each group faces, by its share of the people of each cell, and the part in sight."""
    need, seen = np.zeros(groups), np.zeros(groups)
    for place in range(places.size):
        at = places[place]
        if threat[at] > 0 and people[at] > 0:
            in_sight = 1 - np.exp(-(armed[at] + unarmed[at]) / scale)
            for g in range(groups):
                i = g * places.size + place
                faced = threat[at] * (residents[i] + displaced[i]) / people[at]
                need[g] += faced
                seen[g] += faced * in_sight
    return need, seen
