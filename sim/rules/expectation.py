"""What people come to expect of a mission, what they get, and how evenly groups are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import ARMED, UNARMED
from sim.ledger import NOTHING
from sim.rules.blame import CREDIBILITY, IMPARTIALITY, LEGITIMACY
from sim.rules.information import sight
from sim.rules.judgement import answered_near, capped
from sim.rules.rule import rule
from sim.rules.talk import message

if TYPE_CHECKING:
    from sim.model import Model


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
    Delivered is presence in sight and answers over a quarter of a year. The gap counts as it stood when the week began.
    Source: B-M43, S-M22, B-M114, B-M61, F-M55, F-M56, E36. Basis: literature (signs), assumption (sizes).
    """
    p, c = m.p.expectation, m.communities
    for k in range(m.missions.rows):
        if k in m.at_work:
            gap = np.maximum(c.expected[k] - c.delivered[k], 0.0)
            m.ledger.perceive("expectation", (LEGITIMACY, CREDIBILITY), k, capped(p.loss * gap, p.cap), NOTHING)
            _learn(m, k)
        elif c.expected[k].any() or c.delivered[k].any():
            c.expected[k] *= 1 - p.rate
            c.delivered[k] *= np.exp(-1 / p.weeks)


def _learn(m: Model, mission: int) -> None:
    """Let those who know a mission take in what it promises and what it does."""
    p, c, places = m.p.expectation, m.communities, m.world.places
    seen, answers = sight(m, mission, places), answered_near(m, mission)
    helped = answers[places] if answers is not None else np.zeros(places.size)
    told = p.honest * message(m, mission, seen)
    wide = promised(m, mission)
    _take_in(
        c.expected[mission], c.delivered[mission], c.met[mission], m.opinion[IMPARTIALITY, mission], seen, helped, told,
        (wide * p.heard, wide, p.rate, p.answered), (p.presence, p.answer, -np.expm1(-1 / p.weeks)),
    )  # fmt: skip


def promised(m: Model, mission: int) -> float:
    """Return what people make of a mandate where the mission stands before them, 0-1: it grows with breadth."""
    mandate, p = m.mandates[mission], m.p.expectation
    return float(p.believed * -np.expm1(-sum(mandate.tasks.values()) / p.breadth))


@njit(cache=True, nogil=True)
def _take_in(expected, delivered, met, impartial, seen, helped, told, hope, deeds):
    """Move what each community expects to what is promised or honestly said, and what it got to what it saw."""
    least, most, rate, lift = hope
    presence, answer, fade = deeds
    for i in range(expected.size):
        if not met[i]:
            continue
        place = i % seen.size
        promise = least + (most - least) * seen[place]
        honest = told[place] * impartial[i]
        raised = (1 - expected[i]) * lift * helped[place]
        expected[i] += (1 - honest) * (rate * (promise - expected[i])) + honest * (delivered[i] - expected[i])
        expected[i] = min(max(expected[i] + raised, 0.0), 1.0)
        delivered[i] += fade * (presence * seen[place] - delivered[i])
        delivered[i] += (1 - delivered[i]) * answer * helped[place]


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
    for k in m.at_work:
        need, seen = _threat_in_sight(
            m.cells.threat, c.residents, c.displaced, c.cell, m.ledger.audiences.start,
            m.near[ARMED, k], m.near[UNARMED, k], float(m.p.reports.sight_people),
        )  # fmt: skip
        gain, loss = evenness(need, seen)
        up, down = capped(p.gain * gain, p.cap), capped(p.loss * loss, p.cap)
        rate = up + down
        if rate.any():
            target = np.divide(up, rate, out=np.zeros(rate.size), where=rate > 0)
            m.ledger.perceive("coverage_by_group", (IMPARTIALITY,), k, rate[c.group], target[c.group])


def evenness(need: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each group shares of the coverage of all and what it lacks; need: threat faced, seen: part in sight.

    A group that faces no threat has nothing to compare.
    """
    whole = need.sum()
    if whole <= 0:
        return np.zeros(need.size), np.zeros(need.size)
    mean, threatened = seen.sum() / whole, need > 0
    own = np.divide(seen, need, out=np.zeros(need.size), where=threatened)
    return np.where(threatened, np.minimum(own, mean), 0.0), np.where(threatened, np.maximum(mean - own, 0.0), 0.0)


@njit(cache=True, nogil=True)
def _threat_in_sight(threat, residents, displaced, cell, start, armed, unarmed, scale):
    """Return the threat that each group faces, by its share of the people of each cell, and the part in sight."""
    people = np.zeros(threat.size)
    for i in range(cell.size):
        people[cell[i]] += residents[i] + displaced[i]
    need, seen = np.zeros(start.size - 1), np.zeros(start.size - 1)
    for g in range(need.size):
        for i in range(start[g], start[g + 1]):
            at = cell[i]
            if threat[at] > 0 and people[at] > 0:
                faced = threat[at] * (residents[i] + displaced[i]) / people[at]
                need[g] += faced
                near = armed[at] + unarmed[at]
                if near > 0:
                    seen[g] += faced * (1 - np.exp(-near / scale))
    return need, seen
