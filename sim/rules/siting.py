"""Where units stand: bases where violence has been, moved slowly; mobile units after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import CRIME, KINDS, MISCONDUCT
from sim.actors.presence import ARMED, READY, UNARMED, count_units
from sim.actors.roster import COMMUNAL, HOST
from sim.luck import gumbel
from sim.rules.rule import kept, rule

if TYPE_CHECKING:
    from sim.model import Model

COUNTS = np.array([kind not in (CRIME, MISCONDUCT) for kind in range(len(KINDS))])


@rule(
    reads=(
        "missions.risk", "missions.cleared", "missions.fielded", "links.trust", "units.people", "past", "near",
        "links.coordination", "links.delineation", "missions.guarding", "missions.patrols", "missions.holding",
        "missions.mobility", "missions.cover", "missions.unity", "links.joint_analysis", "links.lead",
        "links.shared_posts", "units.kind", "scenario.missions.siting", "missions.posts", "open_to",
    ),
    writes=("missions.risk", "units.cell", "near", "reach", "communities.met"),
)  # fmt: skip
def siting(m: Model) -> None:
    """Units move to where their mission expects violence; bases seldom, mobile units every few months.

    A mission remembers attacks that it knew of, and others in part, for about a third of a year; violence by the state
    weighs little, because consent is at stake, communal violence as far as the mandate covers it, crime nothing.
    Partners who analyse threats together go by one map, the lead's if one leads; joint planning, delineation and shared
    posts keep them apart or together. All choose from positions as they stood when the week began, and where orders
    need two headquarters some wait.
    Source: B-M4, B-M5, B-M8, S23, S33, E19, S-M104, S-M105, B-M78. Basis: calibrated (S21, S33).
    """
    remember(m)
    u = m.units
    ordered = m.restless * m.missions.unity[u.mission] if m.unity_of else m.restless
    moves = ((u.cell >= 0) & (m.unit_luck("siting") < ordered)).nonzero()[0]
    if moves.size:
        place_units(m, moves, "siting")
        count_units(m)
    for k in m.at_work:
        first = _first_met(m.near[ARMED, k], m.near[UNARMED, k], m.communities.cell, m.communities.met[k])
        if np.count_nonzero(first):
            m.ledger.meet(k, first)


@njit(cache=True, nogil=True)
def _first_met(armed, unarmed, cell, met):
    """Return which communities a mission reaches that had not met it."""
    first = np.zeros(cell.size, np.bool_)
    for i in range(cell.size):
        first[i] = not met[i] and armed[cell[i]] + unarmed[cell[i]] > 0
    return first


def remember(m: Model) -> None:
    """Fold last week's attacks into each mission's memory of violence by cell."""
    p, past, t = m.p.siting, m.past, m.missions
    acts = (past.kind, past.perpetrator, past.cell, past.community, past.known)
    dials = (kept(p.memory_weeks), float(p.public), float(p.state_weight))
    _remember(t.risk, acts, COUNTS, m.kind_of, t.cover[COMMUNAL], dials)


@njit(cache=True, nogil=True)
def _remember(risk, acts, counts, kind_of, communal, dials):
    """Let memories fade and add attacks by cell: those not known, by the state, and communal ones count in part."""
    kind, doer, cell, community, known = acts
    fade, public, state = dials
    layer = np.zeros(risk.shape)
    for j in range(kind.size):
        if community[j] >= 0 and counts[kind[j]]:
            by = kind_of[doer[j]]
            for k in range(risk.shape[1]):
                weight = (1.0 if known[k, j] else public) * (state if by == HOST else 1.0)
                layer[cell[j], k] += weight * (communal[k] if by == COMMUNAL else 1.0)
    for at in range(risk.shape[0]):
        for k in range(risk.shape[1]):
            risk[at, k] *= fade
            risk[at, k] += layer[at, k] * (1 - fade)


def place_units(m: Model, rows: np.ndarray, rule_name: str) -> None:
    """Let units choose their cells, each by its own luck, all from the same picture of the country.

    Those that may stand nowhere stay out of the field.
    """
    if rows.size == 0 or m.world.places.size == 0:
        return
    attraction = {k: site_utility(m, k) for k in set(m.units.mission[rows].tolist())}
    chosen = np.empty(rows.size, np.int64)
    for j, u in enumerate(rows):
        mission = int(m.units.mission[u])
        noise = gumbel(m.luck.once(f"{rule_name}/where", m.unit_names[u], m.world.places.size))
        best = int(np.argmax(attraction[mission] + noise))
        chosen[j] = m.world.places[best] if attraction[mission][best] > -np.inf else -1
    m.units.cell[rows] = chosen


def site_utility(m: Model, mission: int) -> np.ndarray:
    """Return how much a mission wants a unit in each populated cell (log weight); flat for random siting."""
    p, w = m.p.siting, m.world
    places = w.places
    spec = m.setup.missions[m.actors.names[mission]]
    closed = np.log(np.maximum(m.open_to[mission][places], 1e-12))
    if m.bounded[mission]:
        closed[~m.missions.posts[places, mission]] = -np.inf
    if spec.siting == "random":
        return closed
    seen = risk_seen(m, mission)
    risk = seen[places] + p.neighbour * m.space.around(seen)[places]
    wish = p.town * m.log_people[places] + p.risk * np.log(p.floor + risk) + p.access * w.access[places] + closed
    wish -= p.crowding * (m.reach[ARMED, mission][places] > 0)
    return wish + beside_partners(m, mission, places)


def risk_seen(m: Model, mission: int) -> np.ndarray:
    """Return a mission's memory of violence by cell, drawn towards that of partners with whom it analyses threats.

    Halfway at full trust; wholly where the partner leads, and not at all where it leads itself [S-M104].
    """
    x, risk = m.links, m.missions.risk[:, mission]
    for link, other in m.partners(mission) if m.one_map else ():
        if x.joint_analysis[link] and other < m.actors.first_host and m.missions.fielded[other]:
            follows = 0.5 if x.lead[link] < 0 else float(x.lead[link] == other)
            risk = risk + follows * x.trust[link] * (m.missions.risk[:, other] - risk)
    return risk


def beside_partners(m: Model, mission: int, cell: np.ndarray) -> np.ndarray:
    """Return what partnerships add in given cells: joint planning keeps off the partner's and follows up.

    Delineation keeps apart, shared posts keep together.
    """
    p, out = m.p.siting, np.zeros(cell.size)
    for link, other in m.partners(mission):
        shared = float(m.links.shared_posts[link])
        if shared and (other >= m.actors.first_host or m.missions.fielded[other]):
            out += shared * p.together * (1 - np.exp(-m.reach[READY, other][cell] / p.apart_people))
        if other >= m.actors.first_host or not m.missions.fielded[other]:
            continue
        joint, apart = m.links.coordination[link] * m.links.trust[link], m.links.delineation[link]
        if joint:
            out -= joint * (1 - shared) * p.avoid_partner * (m.reach[ARMED, other][cell] > 0)
            out += joint * p.follow_up * m.missions.holding[mission] * np.log1p(4 * m.missions.cleared[cell, other])
        if apart:
            out -= apart * p.keep_apart * (1 - np.exp(-m.reach[READY, other][cell] / p.apart_people))
    return out
