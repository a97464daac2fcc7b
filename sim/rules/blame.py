"""Who is thought to have done it, and who is held to have had a part in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.actors.presence import READY
from sim.actors.staff import TASK
from sim.ledger import NOTHING
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model

LEGITIMACY, IMPARTIALITY, CREDIBILITY = range(3)


@dataclass
class Blame:
    """The week's harm as communities hear of it, and whom they lay it to; arrays over communities.

    own[a]: harm by actor a laid at a's own door; mistaken[a, b]: harm by a laid at b's; heard[a]: all harm by a.
    """

    own: dict[int, np.ndarray] = field(default_factory=dict)
    heard: dict[int, np.ndarray] = field(default_factory=dict)
    mistaken: dict[tuple[int, int], np.ndarray] = field(default_factory=dict)


def harm_acts(m: Model) -> np.ndarray:
    """Return this week's acts that killed civilians and have a perpetrator whose doing they were."""
    a, harm = m.acts, m.acts.of(ATTACK, ABUSE, MISSION_HARM)
    if harm.size == 0:
        return harm
    return harm[(a.civilians[harm] > 0) & (a.community[harm] >= 0)]


def news(m: Model, acts: np.ndarray) -> np.ndarray:
    """Return how strongly each community feels each act: its size x how news of it spreads; (acts, communities)."""
    a, p = m.acts, m.p.harm
    size = np.minimum(a.civilians[acts], p.most_dead) / p.dead_unit
    return news_of(m, a.cell[acts], a.community[acts], size)


def news_of(m: Model, cell: np.ndarray, community: np.ndarray, size: np.ndarray | float = 1.0) -> np.ndarray:
    """Return how strongly each community feels what was done to some in their cells; (cells, communities).

    In its own cell in full, elsewhere as news within some 120 km; less where another group was hit. size: one, or each.
    """
    p, w = m.p.harm, m.world
    km = m.space.distance(cell[:, None], w.places)
    reach, group = np.exp(-km / p.news_km), m.communities.group[community]
    sizes = np.zeros(cell.size) + size
    out = _felt(km, reach, group, sizes, len(w.group_names), 4 * p.news_km, float(p.news), float(p.other_group))
    return out.reshape(cell.size, -1)


@njit(cache=True, nogil=True)
def _felt(km, reach, group, size, groups, furthest, news, other_group):
    """Return how strongly each group in each place feels what was done to some group so far off.

    (cells, groups, places). reach: what is left of news after so many kilometres.
    """
    out = np.zeros((km.shape[0], groups, km.shape[1]))
    for j in range(km.shape[0]):
        for g in range(groups):
            same = size[j] * (1.0 if g == group[j] else other_group)
            for i in range(km.shape[1]):
                if km[j, i] < furthest:
                    out[j, g, i] = same * (1.0 if km[j, i] == 0 else news * reach[j, i])
    return out


def laid_at(m: Model) -> Blame:
    """Return the week's blame as it stands: what attribution has split, or else all of it on those who did it."""
    if m.blame is None:
        m.blame = split(m, blur=0.0)
    return m.blame


def split(m: Model, blur: float) -> Blame:
    """Lay each act of harm at the doors of those thought to have done it, in shares that add to one."""
    out, acts = Blame(), harm_acts(m)
    if acts.size == 0:
        return out
    c, rumoured = m.communities, float(m.p.disinformation.blame)
    for act, felt in zip(acts.tolist(), news(m, acts), strict=True):
        doer, kept = int(m.acts.perpetrator[act]), felt
        _add(out.heard, doer, felt)
        others, alike = suspects(m, doer, int(m.acts.cell[act])) if blur else ([], [])
        if others:
            kept, wrong, taken = _doors(
                felt, np.array(others), np.array(alike), m.missions.rows, float(blur), c.clarity, c.rumour, rumoured,
                c.met,
            )  # fmt: skip
            for other, laid, found in zip(others, wrong, taken.tolist(), strict=True):
                if found:
                    _add(out.mistaken, (doer, other), laid)
        _add(out.own, doer, kept)
    return out


@njit(cache=True, nogil=True)
def _doors(felt, others, alike, missions, blur, clarity, rumour, rumoured, met):
    """Return what of an act each community lays at its doer's door, what at each other's, and which others get any.

    (communities,), (others, communities), (others,). The share laid at another's door is q / (1 + the sum of q), q =
    alike x blur x (1 - clarity) x (1 + rumour) for whom a community knows: false claims about a mission make people
    lay more at its door [B-M64].
    """
    kept, wrong, taken = felt.copy(), np.zeros((others.size, felt.size)), np.zeros(others.size, np.bool_)
    for i in range(felt.size):
        unclear, total = blur * (1 - clarity[i]), 0.0
        for j in range(others.size):
            k = others[j]
            if met[k, i]:
                wrong[j, i] = alike[j] * ((1 + rumoured * rumour[k, i]) * unclear if k < missions else unclear)
                taken[j] |= wrong[j, i] != 0
                total += wrong[j, i]
        for j in range(others.size):
            wrong[j, i] = felt[i] * (wrong[j, i] / (1 + total))
            kept[i] -= wrong[j, i]
    return kept, wrong, taken


def _add(fields: dict, key: object, values: np.ndarray) -> None:
    """Add a field to the one under this key."""
    fields[key] = fields[key] + values if key in fields else values


def suspects(m: Model, doer: int, cell: int) -> tuple[list[int], list[float]]:
    """Return for whom an act of `doer` in a cell may be taken, and how readily: only those who look like it.

    Likeness x nearness x (1 - delineation)(1 - 0.7 shared communications).
    """
    p = m.p.attribution
    others = [k for k in m.suspects if k != doer and m.likeness[doer, k] != 0]
    ready = []
    for other in others:
        close = 1 - p.nearness + p.nearness * (1 - np.exp(-m.near[READY, other][cell] / p.near_people))
        ready.append(float(m.likeness[doer, other] * close * told_apart(m, doer, other)))
    return others, ready


def told_apart(m: Model, doer: int, other: int) -> float:
    """Return the factor by which a partnership of the two keeps them apart in people's eyes: 1 without one."""
    link = m.link_between(doer, other)
    if link is None:
        return 1.0
    return float(
        (1 - m.links.delineation[link]) * (1 - m.p.attribution.communications * m.links.shared_communications[link])
    )


def harm_amount(m: Model, actor: int, felt: np.ndarray) -> np.ndarray:
    """Return how much harm felt weighs against an actor: more if it is an outsider [E26]."""
    return (m.p.harm.outsider if actor < m.actors.first_host else 1.0) * m.p.harm.loss * felt


def saturating(amounts: dict[int, np.ndarray], cap: float) -> dict[int, np.ndarray]:
    """Return the share of a perception that each amount moves: together they saturate at the rule's cap.

    cap (1 - exp(-sum / cap)), divided among the amounts in proportion; keys are the actors whose doing they are.
    """
    if not amounts:
        return {}
    first, *others = amounts.values()
    part = _part(sum(others, start=first), cap)
    return {doer: amount * part for doer, amount in amounts.items()}


@njit(cache=True, nogil=True)
def _part(total, cap):
    """Return the saturated total as a share of the total itself, zero where nothing is."""
    out = np.zeros(total.size)
    for i in range(out.size):
        if total[i] > 0:
            out[i] = cap * -np.expm1(total[i] / -cap) / total[i]
    return out


@rule(
    reads=(
        "acts", "near", "communities.clarity", "communities.perceptions", "links.delineation",
        "links.shared_communications", "communities.rumour", "communities.met", "scenario.missions.badge",
        "scenario.hosts.badge", "scenario.armed_groups.badge",
    ),
    writes=("blame", "communities.perceptions"),
)  # fmt: skip
def attribution(m: Model) -> None:
    """Harm is laid at the door of whoever is thought to have done it; a share of it is laid at the wrong one.

    The share grows with blur: same place, same look, no delineation, no shared communications, low clarity, rumour.
    What is laid at an actor's door moves it as its own act would: legitimacy and, since harm falls on one group,
    impartiality.
    Source: B-M69, B-M72, B-M90, S-H5. Basis: assumption (size); blur of 0 is bit for bit the model without this rule.
    """
    m.blame = split(m, m.p.attribution.blur)
    for other in sorted({b for _, b in m.blame.mistaken}):
        laid = {a: harm_amount(m, other, felt) for (a, b), felt in m.blame.mistaken.items() if b == other}
        for doer, rate in saturating(laid, m.p.attribution.cap).items():
            m.ledger.perceive("attribution", (LEGITIMACY, IMPARTIALITY), other, rate, NOTHING, m.actors.names[doer])


def association(m: Model, mission: int, link: int, other: int) -> np.ndarray:
    """Return how visibly a mission stands with its partner in the eyes of each community, 0-1.

    By how visible the partnership is where both are seen, by support everywhere (what flows through the link and, to a
    host, its own work for the host's forces), less where the mission speaks out.
    """
    p, places, given = m.p.complicity, m.world.places, float(m.links.support_now[link])
    if other >= m.missions.rows:
        given = min(1.0, given + float(m.missions.effort[TASK["support_host_forces"], mission]))
    both = np.minimum(m.near[READY, mission][places], m.near[READY, other][places])
    beside = m.links.visible[link] * (1 - np.exp(-both / p.overlap_people))
    silent = 1 - p.voice * m.missions.voice[mission] * m.missions.informed[mission]
    seen = np.minimum(1.0, beside + p.support * given) * silent
    return np.tile(seen, len(m.world.group_names))


@rule(
    reads=(
        "acts", "blame", "near", "links.support_now", "links.visible", "missions.voice", "missions.informed",
        "communities.perceptions", "missions.acting", "missions.effort",
    ),
    writes=("communities.perceptions",),
)  # fmt: skip
def complicity(m: Model) -> None:
    """A mission bears part of what its partner did though everyone knows who did it.

    Seen beside it, supporting it, silent.

    It moves impartiality alone, by the part of the blame that is laid at the right door; without a partnership it is
    zero.
    Source: B-M73, B-M89, F-M5, S-H7, S-H8. Basis: assumption (size).
    """
    p, blame = m.p.complicity, laid_at(m)
    for k in m.at_work:
        held = {
            other: harm_amount(m, k, p.weight * blame.own[other] * association(m, k, link, other))
            for link, other in m.partners(k)
            if other in blame.own and (other >= m.missions.rows or m.missions.acting[other])
        }
        for other, rate in saturating(held, p.cap).items():
            m.ledger.perceive("complicity", (IMPARTIALITY,), k, rate, NOTHING, m.actors.names[other])
