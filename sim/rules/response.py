"""Who answers an attack, and what bands learn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK
from sim.actors.presence import ARMED, UNARMED
from sim.actors.roster import ARMED as BY_ARMED
from sim.actors.roster import HOST
from sim.rules.borders import closed
from sim.rules.hazards import mean_abuse
from sim.rules.information import chance_of_report
from sim.rules.rule import kept, rule
from sim.rules.violence import lose

if TYPE_CHECKING:
    from sim.model import Model


def chance_to_act(m: Model, mission: int, cell: np.ndarray, by: int, told: np.ndarray) -> np.ndarray:
    """Return the chance that a mission answers an attack it knows of in given cells, by the class of the attacker.

    Base x mandate and force (cover) x risk tolerance x unity of command x consent of the area x strength in reach that
    is not guarding itself. Against the state it is rare, because consent is at stake [B-M6, B-M11, B-M12]. told: how
    surely somebody says where to go; then mobile units come in full, else those who happen to be there act [B-M7,
    B-H9].
    """
    willing, unguarded = willingness(m, mission, by)
    people, open_to = float(m.p.response.strength_people), m.open_to[mission]
    chance = _chance(cell, m.able[mission], open_to, willing, unguarded, people)
    if m.on_call is m.near:
        return chance
    called = _chance(cell, m.on_call[ARMED, mission], open_to, willing, unguarded, people)
    return chance + told * (called - chance)


def willingness(m: Model, mission: int, by: int) -> tuple[float, float]:
    """Return how willing a mission in strength is to answer a class of attackers, and its share not on guard."""
    p, t = m.p.response, m.missions
    willing = p.base_chance * float(t.cover[by, mission]) * float(t.boldness[mission]) * float(t.unity[mission])
    return willing * (p.against_state if by == HOST else 1.0), 1 - float(t.guarding[mission])


@njit(cache=True, nogil=True)
def _chance(cell, armed, open_to, willing, unguarded, people):
    """Return willing x consent of the cell x strength (0-1) of the armed people in reach."""
    out = np.zeros(cell.size)
    for j in range(cell.size):
        out[j] = _chance_at(armed[cell[j]], open_to[cell[j]], willing, unguarded, people)
    return out


@njit(cache=True, nogil=True)
def _chance_at(armed, open_to, willing, unguarded, people):
    """Return the same for one cell; nobody there is zero at no cost."""
    return willing * open_to * (1 - np.exp(-armed * unguarded / people)) if armed > 0 else 0.0


@rule(
    reads=(
        "acts", "near", "missions.cover", "missions.boldness", "missions.hears", "links.trust", "missions.unity",
        "hosts.consent", "cells.fear", "cells.expected_abuse", "communities.perceptions", "communities.residents",
        "communities.displaced", "links.coordination", "missions.guarding", "open_to",
    ),
    writes=(
        "acts.known", "acts.in_reach", "acts.reported", "acts.answered", "acts.civilians", "acts.deaths",
        "bands.belief", "bands.fighters", "bands.lost", "bands.expected", "cells.expected_abuse_deaths",
        "cells.expected_answers", "missions.informed", "missions.known", "missions.attacks",
    ),
)  # fmt: skip
def response(m: Model) -> None:
    """Units in reach of an attack act on it, or are seen not to; most attacks go unanswered.

    An answer cuts the potential deaths to about half and costs the attacker fighters. An attack is known where a unit
    is in reach or somebody reports it, to the mission or to a partner that passes it on. Bands that attack in a
    mission's reach learn whether attacks are met, and the group's other bands hear of it.
    Source: E35, B-M3, B-M11, B-M12, B-H30. Basis: calibrated (share answered, E35).
    """
    hurt = m.acts.of(ATTACK, ABUSE)
    if hurt.size and m.at_work:
        slots = m.slot_of(m.acts.perpetrator[hurt], m.acts.source[hurt])
        for k in m.at_work:
            hear(m, k, hurt, slots)
        share_alerts(m, hurt, slots)
        for k in m.at_work:
            answer(m, k, hurt, slots)
        settle(m, hurt)
    for k in m.at_work:
        learn(m, k, hurt)
        stay_informed(m, k, hurt)
    expect_deaths(m)


def hear(m: Model, mission: int, hurt: np.ndarray, slots: np.ndarray) -> None:
    """Mark the attacks that a mission sees or is told of; slots: those from which they came, by number."""
    acts, cell = m.acts, m.acts.cell[hurt]
    chance = m.p.reports.alert * chance_of_report(m, mission, cell)
    luck = act_luck(m, "response/heard", m.actors.names[mission], slots)
    near = (m.near[ARMED, mission], m.near[UNARMED, mission])
    _hear(hurt, cell, *near, luck, chance, acts.in_reach[mission], acts.reported[mission], acts.known[mission])


@njit(cache=True, nogil=True)
def _hear(hurt, cell, armed, unarmed, luck, chance, in_reach, reported, known):
    """Mark which attacks are in a mission's reach, reported to it, and known to it by either."""
    for j in range(hurt.size):
        row = hurt[j]
        in_reach[row] = armed[cell[j]] + unarmed[cell[j]] > 0
        reported[row] = luck[j] < chance[j]
        known[row] = in_reach[row] or reported[row]


def share_alerts(m: Model, hurt: np.ndarray, slots: np.ndarray) -> None:
    """Pass on reported attacks to partners, each with chance coordination x trust."""
    at_first, x, names = m.acts.known[:, hurt], m.links, m.actors.names
    for link, giver, taker in m.exchanges():
        news = (at_first[giver] & ~m.acts.known[taker, hurt]).nonzero()[0]
        if news.size:
            chance = float(x.coordination[link]) * float(x.trust[link]) * m.p.picture.share
            luck = act_luck(m, "response/shared", f"{names[giver]}>{names[taker]}", slots[news])
            m.acts.known[taker, hurt[news]] = luck < chance


def act_luck(m: Model, rule_name: str, by: str, slots: np.ndarray) -> np.ndarray:
    """Return one uniform for each act: by whose draw it is, and by the permanent slot from which the act came."""
    return m.luck.of_slots_at(rule_name, f"{by}<", m.act_slots, slots, 1)[:, 0]


def answer(m: Model, mission: int, hurt: np.ndarray, slots: np.ndarray) -> None:
    """Let a mission act on the attacks that it knows of and can reach."""
    known = m.acts.known[mission, hurt]
    if not np.count_nonzero(known):
        return
    hurt, slots = hurt[known], slots[known]
    acts, cell, told = m.acts, m.acts.cell[hurt], told_of(m, mission, hurt)
    chance = chance_to_act(m, mission, cell, BY_ARMED, told)
    state = acts.kind[hurt] == ABUSE
    if np.count_nonzero(state):
        chance[state] = chance_to_act(m, mission, cell[state], HOST, told[state])
    luck = act_luck(m, "response", m.actors.names[mission], slots)
    acts.answered[mission, hurt] = luck < chance


def settle(m: Model, hurt: np.ndarray) -> None:
    """Cut the deaths of answered attacks, and charge the attackers."""
    acts, p = m.acts, m.p.response
    answered = acts.answered[:, hurt]
    if not np.count_nonzero(answered):
        return
    met = hurt[answered.any(axis=0)]
    saved = np.floor(acts.potential[met] * p.deaths_left + 0.5 * (acts.potential[met] > 0)).astype(np.int64)
    acts.civilians[met] = np.minimum(acts.potential[met], saved)
    acts.deaths[met] = acts.civilians[met]
    met = met[acts.kind[met] == ATTACK]
    band = m.band_of(acts.source[met])
    band = band[band >= 0]
    lose(m, "response", band, np.floor(p.attacker_loss * m.bands.fighters[band] + 0.5).astype(np.int64), "answers")


def learn(m: Model, mission: int, hurt: np.ndarray) -> None:
    """Bands that attacked in reach update what they believe of the mission; belief spreads within the group."""
    p, acts, belief = m.p.belief, m.acts, m.bands.belief[mission]
    mine = hurt[acts.in_reach[mission, hurt] & (acts.kind[hurt] == ATTACK)] if hurt.size else hurt
    if mine.size:
        band = m.band_of(acts.source[mine])
        mine, band = mine[band >= 0], band[band >= 0]
        tried = np.bincount(band, minlength=belief.size)
        met = np.bincount(band, acts.answered[mission, mine], belief.size)
        belief += (1 - np.exp(-p.learning * tried)) * (met / np.maximum(tried, 1) - belief)
    _hear_of_it(belief, m.band_start, p.spread)


@njit(cache=True, nogil=True)
def _hear_of_it(belief, start, spread):
    """Draw the beliefs of each group's bands together by a share of their distance from the group's mean."""
    for g in range(start.size - 1):
        own = belief[start[g] : start[g + 1]]
        if own.size:
            mean = own.mean()
            for b in range(own.size):
                own[b] += spread * (mean - own[b])


def told_of(m: Model, mission: int, hurt: np.ndarray) -> np.ndarray:
    """Say of which attacks somebody told a mission: people there, or a partner."""
    acts = m.acts
    return acts.reported[mission, hurt] | (acts.known[mission, hurt] & ~acts.in_reach[mission, hurt])


def stay_informed(m: Model, mission: int, hurt: np.ndarray) -> None:
    """Update the share of recent attacks of which somebody told a mission (over about a quarter of a year).

    A unit in reach may hear shots; who did it, it learns from people or from a partner [B-M23, B-M24].
    """
    p, t = m.p.response, m.missions
    if m.bounded[mission] and hurt.size:  # what happens where it may not go is not its to know
        hurt = hurt[~closed(m, mission, m.acts.cell[hurt])]
    told = np.count_nonzero(told_of(m, mission, hurt)) if hurt.size else 0
    fade = kept(p.informed_weeks)
    known, attacks = float(t.known[mission]) * fade + told, float(t.attacks[mission]) * fade + hurt.size
    t.known[mission], t.attacks[mission] = known, attacks
    t.informed[mission] = (known + p.informed_prior * p.informed_weight) / (attacks + p.informed_weight)


def expect_deaths(m: Model) -> None:
    """Write down the deaths, and the answers, expected before luck, given the chance of an answer."""
    b, c, places = m.bands, m.cells, m.world.places
    met, answered = chance_answered(m, b.cell, BY_ARMED), chance_answered(m, places, HOST)
    abuse = (places, c.expected_abuse, mean_abuse(m), answered)
    _expect(b.expected, b.cell, met, *abuse, 1 - m.p.response.deaths_left, c.expected_abuse_deaths, c.expected_answers)


@njit(cache=True, nogil=True)
def _expect(expected, cell, met, places, abuse, size, answered, spared, deaths, answers):
    """Fill in the deaths that bands and the state cause, and the answers, all as expected; abuse is where people live.

    met, answered: the chance of an answer to each band, and to abuse in each place.
    """
    answers[:] = 0.0
    for b in range(cell.size):
        expected[2, b] = expected[1, b] * (1 - spared * met[b])
        answers[cell[b]] += expected[0, b] * met[b]
    for j in range(places.size):
        at = places[j]
        deaths[at] = abuse[at] * size[at] * (1 - spared * answered[j])
        answers[at] += abuse[at] * answered[j]


def chance_answered(m: Model, cell: np.ndarray, by: int) -> np.ndarray:
    """Return the chance that any mission answers an attack in given cells."""
    if m.on_call is not m.near:
        return _answered_on_call(m, cell, by)
    none, people = np.ones(cell.size), float(m.p.response.strength_people)
    for k in m.at_work:
        _unanswered(none, cell, m.able[k], m.open_to[k], *willingness(m, k, by), people)
    return 1 - none


def _answered_on_call(m: Model, cell: np.ndarray, by: int) -> np.ndarray:
    """Return the same where hours are shared out: by those who are there, or are told by people and come."""
    none = np.ones(cell.size)
    for k in m.at_work:
        told = np.minimum(1.0, m.p.reports.alert * chance_of_report(m, k, cell))
        none = none * (1 - chance_to_act(m, k, cell, by, told))
    return 1 - none


@njit(cache=True, nogil=True)
def _unanswered(none, cell, armed, open_to, willing, unguarded, people):
    """Multiply the chances that nobody answers by those that one more mission does not."""
    for j in range(none.size):
        none[j] *= 1 - _chance_at(armed[cell[j]], open_to[cell[j]], willing, unguarded, people)
