"""How perceptions move by what each community sees and hears. All rules here read opinions as the week began.

A gain is g (1 - v), a loss is l v; each rule's g and l saturate at its own cap, and the caps of all rules together
stay below 1 - decay, so that perceptions stay between 0 and 1 whatever happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK
from sim.actors.presence import ARMED, UNARMED
from sim.ledger import ALL, NOTHING
from sim.rules.blame import CREDIBILITY, IMPARTIALITY, LEGITIMACY, harm_amount, laid_at, saturating
from sim.rules.information import in_sight
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


@njit(cache=True, nogil=True)
def capped(amount, cap):
    """Bound amounts smoothly: cap (1 - exp(-amount / cap)); most are zero, and stay so at no cost."""
    out = np.zeros(amount.size)
    for i in range(out.size):
        if amount[i] != 0.0:
            out[i] = cap * -np.expm1(amount[i] / -cap)
    return out


ALL_THREE = (LEGITIMACY, IMPARTIALITY, CREDIBILITY)


def watchers(m: Model) -> list[int]:
    """Return the actors whose protection people can see: missions at work, and hosts."""
    return [*m.at_work, *range(m.actors.first_host, m.actors.first_group)]


@rule(
    reads=("near", "cells.memory", "acts.answered", "communities.perceptions"),
    writes=("communities.perceptions",),
)
def protection_seen(m: Model) -> None:
    """People credit those who are in sight while it is calm, and those who answered an attack near them.

    Credit only for what is seen, not for calm in general; answers count more for credibility.
    Source: B-M37, B-M41, E36. Basis: calibrated (E36); ratios between the three perceptions an assumption.
    """
    p, places, seen = m.p.protection_seen, m.world.places, tuple(watchers(m))
    armed, state = m.cells.memory[0], m.cells.memory[1]
    calm = np.exp(-p.unrest * (armed[places] + state[places]))
    met = np.zeros((len(seen), places.size))
    for n, k in enumerate(m.at_work):
        if (answers := answered_near(m, k)) is not None:
            met[n] = p.answer * answers[places]
    rates = _credit(
        m.near, np.array(seen, np.int64), places, float(m.p.reports.sight_people), float(p.calm), calm, met,
        (1.0, float(p.impartial), float(p.impartial)), (1.0, float(p.impartial), float(p.credible)), float(p.cap),
    )  # fmt: skip
    m.ledger.perceive_each("protection_seen", ALL_THREE, seen, rates, ALL[None, None])


@njit(cache=True, nogil=True)
def _credit(near, actors, places, scale, credit, calm, met, by_calm, by_answer, cap):
    """Return by how much each perception of each actor rises in each place: for being in sight and for answers."""
    out = np.zeros((actors.size, len(by_calm), places.size))
    for n in range(actors.size):
        seen = in_sight(near[ARMED, actors[n]], near[UNARMED, actors[n]], places, scale)
        for i in range(places.size):
            if seen[i] == 0.0 and met[n, i] == 0.0:
                continue
            before, rise = 0.0, 0.0
            for q in range(len(by_calm)):
                amount = by_calm[q] * (credit * seen[i] * calm[i]) + by_answer[q] * met[n, i]
                if amount != before:
                    before, rise = amount, cap * -np.expm1(amount / -cap)
                out[n, q, i] = rise
    return out


def answered_near(m: Model, mission: int) -> np.ndarray | None:
    """Return how much of an answer each cell saw this week: in full in the cell, in part in its neighbours.

    (cells,), or None if it answered nothing.
    """
    cells = m.acts.cell[m.acts.answered[mission]]
    if cells.size == 0:
        return None
    here = np.bincount(cells, minlength=m.world.cells).astype(float)
    return -np.expm1(-(here + m.p.protection_seen.next_door * 8 * m.space.around(here)))


@rule(
    reads=("acts", "blame", "communities.perceptions"),
    writes=("communities.perceptions",),
)
def harm_seen(m: Model) -> None:
    """Harm lowers the standing of whoever is seen to have done it, more if an outsider did.

    Rivals gain from an outsider's.

    Legitimacy and, since harm falls on one group, impartiality; of armed groups legitimacy alone. Harm by an armed
    group raises nobody.
    Source: E26, B-M14, S-M8. Basis: literature (signs, outsiders more), assumption (size).
    """
    p, blame = m.p.harm, laid_at(m)
    for a in sorted(blame.own):
        rate = saturating({a: harm_amount(m, a, blame.own[a])}, p.cap)[a]
        judged = (LEGITIMACY, IMPARTIALITY) if a < m.actors.judged else (LEGITIMACY,)
        m.ledger.perceive("harm_seen", judged, a, rate, NOTHING, m.actors.names[a])
    outside = {a: harm_amount(m, a, blame.own[a]) for a in sorted(blame.own) if a < m.actors.first_host}
    for doer, rate in saturating(outside, p.cap).items():
        for g in range(m.groups.rows):
            rival = p.rival * rate * m.reach_of_group[g]
            m.ledger.perceive("harm_seen", (LEGITIMACY,), m.actors.first_group + g, rival, ALL, m.actors.names[doer])


@rule(
    reads=("acts.known", "acts.answered", "acts.reported", "missions.cover", "communities.perceptions"),
    writes=("communities.perceptions",),
)
def inaction(m: Model) -> None:
    """An attack that a mission knew of and did not answer is remembered where it happened; more if it had been alerted.

    It costs all three perceptions, more the more the mandate had promised.
    Source: B-H30, B-M6, B-M11, F-M74. Basis: assumption (size).
    """
    p, a = m.p.inaction, m.acts
    hurt = a.of(ATTACK, ABUSE)
    for k in m.at_work if hurt.size else ():
        idle = hurt[a.known[k, hurt] & ~a.answered[k, hurt]]
        if idle.size == 0:
            continue
        promised = p.unpromised + (1 - p.unpromised) * max(m.missions.cover[:, k].tolist())
        rates = _idle(
            a.cell[idle], a.reported[k, idle], m.world.places, m.world.cells, float(p.alerted), float(p.loss),
            float(promised), float(p.impartial), float(p.cap),
        )  # fmt: skip
        m.ledger.perceive("inaction", ALL_THREE, k, rates, NOTHING)


@njit(cache=True, nogil=True)
def _idle(cell, reported, places, cells, alerted, loss, promised, impartial, cap):
    """Return by how much each perception falls in each place for attacks left unanswered in some cells."""
    felt, out = np.zeros(cells), np.zeros((3, places.size))
    for j in range(cell.size):
        felt[cell[j]] += alerted if reported[j] else 1.0
    for i in range(places.size):
        amount = felt[places[i]] * loss * promised
        if amount != 0.0:
            out[0, i] = cap * -np.expm1(amount / -cap)
            out[1, i] = cap * -np.expm1(amount * impartial / -cap)
            out[2, i] = out[0, i]
    return out


@rule(
    reads=("blame", "missions.voice", "missions.informed", "communities.perceptions"),
    writes=("communities.perceptions",),
)
def speaking_out(m: Model) -> None:
    """A mission that hears of harm by another mission or the state and says so gains impartiality.

    Where people lay that harm at the right door; by how far it may report abuses and how much it knows.
    Source: B-M42, B-H68, F-M72; reached in the prototype as the only rule that raises impartiality. Basis: assumption.
    """
    p, blame = m.p.speaking_out, laid_at(m)
    for k in (k for k in m.at_work if m.missions.voice[k] > 0):
        heard = p.gain * m.missions.voice[k] * m.missions.informed[k]
        doers = [a for a in sorted(blame.own) if a != k and a < m.actors.judged]
        told = {a: heard * -np.expm1(-blame.own[a]) for a in doers}
        for doer, rate in saturating(told, p.cap).items():
            m.ledger.perceive("speaking_out", (IMPARTIALITY,), k, rate, ALL, m.actors.names[doer])


@rule(
    reads=("near", "missions.hears", "communities.perceptions"),
    writes=("communities.perceptions",),
)
def contact(m: Model) -> None:
    """Meeting a mission's civilian staff raises all three perceptions a little.

    By the liaison that its tasks put to use.

    Source: B-M41, B-M42, E31. Basis: literature (sign), assumption (size).
    """
    p, here = m.p.contact, tuple(k for k in m.at_work if m.missions.hears[k] > 0)
    gain = p.gain * m.missions.hears
    rates = _met(m.near[UNARMED], np.array(here, np.int64), m.world.places, float(p.staff), gain, float(p.cap))
    m.ledger.perceive_each("contact", ALL_THREE, here, rates, ALL[None, None])


@njit(cache=True, nogil=True)
def _met(staff, missions, places, usual, gain, cap):
    """Return by how much perceptions of each mission rise in each place where its staff are near."""
    out = np.zeros((missions.size, 1, places.size))
    for n in range(missions.size):
        near, most = staff[missions[n]], gain[missions[n]]
        for i in range(places.size):
            if near[places[i]] != 0.0:
                met = -np.expm1(-(near[places[i]] / usual))
                out[n, 0, i] = cap * -np.expm1(most * met / -cap)
    return out


@rule(
    reads=("communities.perceptions", "communities.prior"),
    writes=("communities.perceptions",),
)
def decay(m: Model) -> None:
    """Whatever is not renewed fades: each perception returns towards what the community thought at first.

    Source: B-M40. Basis: literature (sign), assumption (half-life about a year).
    """
    rate, prior, judged = np.full((1, 1, 1), m.p.perceptions.decay), m.communities.prior.swapaxes(0, 1), m.actors.judged
    everybody = tuple(range(len(m.actors.names)))
    m.ledger.perceive_each("decay", ALL_THREE, everybody[:judged], rate, prior[:judged])
    m.ledger.perceive_each("decay", (LEGITIMACY,), everybody[judged:], rate, prior[judged:])
