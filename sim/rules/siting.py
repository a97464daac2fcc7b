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
from sim.world.space import around_cell

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
        first, some = _first_met(m.near[ARMED, k], m.near[UNARMED, k], m.communities.cell, m.communities.met[k])
        if some:
            m.ledger.meet(k, first)


@njit(cache=True, nogil=True)
def _first_met(armed, unarmed, cell, met):
    """Return which communities a mission reaches that had not met it, and whether there are any."""
    first, some = np.zeros(cell.size, np.bool_), False
    for i in range(cell.size):
        if not met[i] and armed[cell[i]] + unarmed[cell[i]] > 0:
            first[i] = some = True
    return first, some


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
    p, w, x = m.p.siting, m.world, m.space
    places = w.places
    spread = (x.neighbours, x.count, float(p.neighbour), float(p.floor))
    closed, risk = np.log(_ground(places, m.open_to[mission], risk_seen(m, mission), *spread))
    if m.bounded[mission]:
        closed[~m.missions.posts[places, mission]] = -np.inf
    if m.setup.missions[m.actors.names[mission]].siting == "random":
        return closed
    _wish(closed, places, m.log_people, risk, w.access, m.reach[ARMED, mission], float(p.town), float(p.risk),
          float(p.access), float(p.crowding))  # fmt: skip
    return closed + beside_partners(m, mission, places)


@njit(cache=True, nogil=True)
def _ground(places, open_to, risk, neighbours, count, share, floor):
    """Return, for each place, how far it is open, and the violence there and by a share around it; (2, places)."""
    out = np.empty((2, places.size))
    for j in range(places.size):
        at = places[j]
        out[0, j] = max(open_to[at], 1e-12)
        out[1, j] = floor + (risk[at] + share * around_cell(at, risk, neighbours, count))
    return out


@njit(cache=True, nogil=True)
def _wish(wish, places, log_people, log_risk, access, armed, town, risk, road, crowding):
    """Add to how far each place is open what else draws a unit: towns, violence, roads, and no unit of its own."""
    for j in range(places.size):
        at = places[j]
        wish[j] = town * log_people[at] + risk * log_risk[j] + road * access[at] + wish[j]
        if armed[at] > 0:
            wish[j] -= crowding


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
    p, x, out = m.p.siting, m.links, np.zeros(cell.size)
    for link, other in m.partners(mission):
        shared, host = float(x.shared_posts[link]), other >= m.actors.first_host
        if shared and (host or m.missions.fielded[other]):
            out += shared * p.together * (1 - np.exp(-m.reach[READY, other][cell] / p.apart_people))
        if host or not m.missions.fielded[other]:
            continue
        joint, apart = float(x.coordination[link]) * float(x.trust[link]), float(x.delineation[link])
        if joint or apart:
            armed, ready, cleared = m.reach[ARMED, other], m.reach[READY, other], m.missions.cleared[:, other]
            far, held = _others(cell, ready, cleared, float(p.apart_people))
            weights = joint * (1 - shared) * p.avoid_partner, joint * p.follow_up * float(m.missions.holding[mission])
            _beside(out, cell, armed, np.exp(far), np.log1p(held), *weights, apart * p.keep_apart)
    return out


@njit(cache=True, nogil=True)
def _others(cell, ready, cleared, people):
    """Return the strength of a partner's ready people, and what it has cleared, as exponents in given cells."""
    out = np.empty((2, cell.size))
    for j in range(cell.size):
        out[0, j], out[1, j] = -ready[cell[j]] / people, 4 * cleared[cell[j]]
    return out


@njit(cache=True, nogil=True)
def _beside(out, cell, armed, away, held, avoid, follow, apart):
    """Keep off where a partner's armed people are, follow up what it cleared, and keep apart from the ready ones."""
    for j in range(cell.size):
        if armed[cell[j]] > 0:
            out[j] -= avoid
        out[j] += follow * held[j]
        out[j] -= apart * (1 - away[j])
