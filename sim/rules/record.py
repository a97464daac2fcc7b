"""The last rule of the week: the dead are counted, and everything is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK, BATTLE, COMMUNAL, CRIME, MISSION_HARM, PROTEST
from sim.metrics.counts import DISPLACED, RESIDENTS, living
from sim.metrics.waits import watch
from sim.rules.observation import coded, event_luck
from sim.rules.rule import rule
from sim.rules.shelter import hosted_in

if TYPE_CHECKING:
    from sim.model import Model

BY_KIND = {
    ATTACK: "attacks", ABUSE: "state_abuse", MISSION_HARM: "offensives", BATTLE: "battles", COMMUNAL: "communal",
    CRIME: "crime", PROTEST: "protest",
}  # fmt: skip
ORDER = {kind: place for place, kind in enumerate(BY_KIND)}
HARM = (ATTACK, ABUSE, MISSION_HARM)  # whose dead are civilians killed, of which death rates are made


@rule(
    reads=(
        "acts", "communities.perceptions", "communities.residents", "communities.displaced", "missions.deployed",
        "cells.threat", "cells.sheltered", "cells.secured", "reach", "mandates", "items.told", "items.place",
        "items.false", "missions.served", "missions.call", "missions.guarding", "missions.voice", "missions.fielded",
        "communities.met", "communities.home", "communities.delivered", "communities.expected",
    ),
    writes=("communities.residents", "communities.displaced", "communities.dead", "log"),
)  # fmt: skip
def record(m: Model) -> None:
    """The dead leave their communities; metrics, events, units and perceptions of the week are written down.

    Residents and displaced people of a community die in proportion to how many of them can be reached. Who the
    displaced are, as an audience, is counted anew once a month.
    An event is `observed` as a coder of events would: deadly, by a known actor, more surely if deadlier, on good roads
    or where somebody watches over rights.
    Source: empirics part 3 (GED leaves out events without deaths and many in remote places), B-M99. Basis: assumption.
    """
    killed, of_harm = bury(m)
    if m.week % int(m.p.record.census) == 0:
        m.ledger.recompose(m.actors.judged)
    m.check()
    if m.week < 0:
        return
    log = m.log
    _add_killed(log.killed_by_audience, m.acts.kind, m.acts.community, m.acts.civilians, m.communities.group)
    log.shared = {}
    people = living(m)
    log.person_weeks += people[RESIDENTS, :-1] + people[DISPLACED, :-1]
    log.killed_where += killed
    log.harmed_where += of_harm
    log.weeks_where += living_where(m)
    log.presence(m)
    watch(m)
    log.observed, place = coded(m)
    log.measure(m)
    if m.acts.size:
        day = (7 * event_luck(m, "date", 1)[:, 0]).astype(np.int64)
        log.happened(m, day, place, taken_for(m))
    keep_state(m)


@njit(cache=True, nogil=True)
def _add_killed(killed, kind, community, civilians, group):
    """Add the civilians whom acts of harm killed in communities to the count of their group."""
    for act in range(kind.size):
        if kind[act] in HARM and community[act] >= 0:
            killed[group[community[act]]] += civilians[act]


def keep_state(m: Model) -> None:
    """Keep what stands where and who thinks what, as far as it was asked for."""
    log, u = m.log, m.units
    if "units" in log.keep:
        rows = (u.cell >= 0).nonzero()[0]
        log.units.append((m.week, rows, u.cell[rows], u.people[rows]))
    if "perceptions" in log.keep:
        log.views.append((m.views(), m.unmet(), m.ledger.audience_people))
    if "communities" in log.keep:
        c = m.communities
        names = ("residents", "displaced", "refugees", "dead", "recruited", "perceptions", "met")
        log.communities.append({name: getattr(c, name).copy() for name in names})


def living_where(m: Model) -> np.ndarray:
    """Return how many people live at home, are displaced outside sites, and are inside sites that missions guard."""
    sheltered, (residents, displaced, _) = m.cells.sheltered, living(m)[:, -1].tolist()
    inside = float(np.minimum(sheltered, hosted_in(m)).sum()) if np.count_nonzero(sheltered) else 0.0
    return np.array([residents, displaced - inside, inside])


def bury(m: Model) -> np.ndarray:
    """Move the civilians killed this week from the living to the dead of their community, by the rule that killed them.

    Return how many of them were residents, displaced outside sites, and inside sites; and the same of those killed by
    an actor's attack, abuse or operation: those between lines, in clashes and by crime left out.
    """
    c, a, where = m.communities, m.acts, np.zeros((2, 3))
    killed = ((a.civilians > 0) & (a.community >= 0)).nonzero()[0]
    if killed.size == 0:
        return where
    group = c.group[a.community[killed]]
    found = {pair for pair in zip(a.kind[killed].tolist(), group.tolist(), strict=True) if pair[0] in BY_KIND}
    for kind, g in sorted(found, key=lambda pair: (ORDER[pair[0]], pair[1])):
        mine = killed[(a.kind[killed] == kind) & (group == g)]
        name = m.world.group_names[g]
        gone = leave_the_living(m, BY_KIND[kind], name, a.community[mine], a.civilians[mine])
        where[0] += gone
        where[1] += gone if kind in HARM else 0
    return where


def leave_the_living(m: Model, rule_name: str, audience: str, rows: np.ndarray, dead: np.ndarray) -> np.ndarray:
    """Take the dead from the residents of their communities and from the displaced people there.

    Return how many were residents, displaced outside sites, and inside sites.
    """
    kept = m.communities.ledger
    if rows.size > 1:
        dead = np.bincount(rows, dead).astype(np.int64)
        rows = dead.nonzero()[0]
        dead = dead[rows]
    displaced, inside = displaced_dead(m, audience, rows, dead)
    for stock, number in (("residents", displaced - dead), ("displaced", -displaced), ("dead", dead)):
        if np.count_nonzero(number):
            m.ledger.people(rule_name, stock, kept[stock], rows, number, audience=audience)
    all_dead, hosted, safe = sum(dead.tolist()), sum(displaced.tolist()), sum(inside.tolist())
    return np.array([all_dead - hosted, hosted - safe, safe])


def displaced_dead(m: Model, audience: str, rows: np.ndarray, dead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of the dead of given communities were displaced, and how many of these inside a site.

    In proportion to how many of each can be reached, whole numbers by the community's luck.
    """
    c, cells = m.communities, m.cells
    hosted = c.displaced[rows]
    if not np.count_nonzero(hosted):
        nobody = np.zeros(dead.size, np.int64)
        return nobody, nobody
    u = m.luck.at("record/who", audience, rows % m.world.places.size, 2)
    return _displaced_dead(
        rows, dead, c.cell, m.community_of, c.residents, c.displaced, cells.secured, cells.sheltered, u
    )


@njit(cache=True, nogil=True)
def _displaced_dead(rows, dead, cell, community_of, residents, displaced, secured, sheltered, luck):
    """Return the displaced among the dead of each row and those inside a site; luck: (rows, 2)."""
    out, within = np.zeros_like(dead), np.zeros_like(dead)
    for j in range(rows.size):
        row, at = rows[j], cell[rows[j]]
        reach = residents[row] + displaced[row] - secured[at] * displaced[row]
        share = (reach - residents[row]) / max(reach, 1e-12)
        number = int(np.floor(dead[j] * share + luck[j, 0]))
        number = min(max(number, dead[j] - min(dead[j], residents[row])), displaced[row])
        hosted = 0
        for g in range(community_of.shape[0]):
            hosted += displaced[community_of[g, at]] if community_of[g, at] >= 0 else 0
        inside = (min(1.0, sheltered[at] / max(hosted, 1.0)) - secured[at]) / max(1 - secured[at], 1e-12)
        inner = int(np.floor(number * max(inside, 0.0) + luck[j, 1]))
        out[j], within[j] = min(number, dead[j]), min(min(max(inner, 0), number), dead[j])
    return out, within


def taken_for(m: Model) -> np.ndarray:
    """Return for each act the actor to whom most people near lay it: the doer, unless blame went astray."""
    out, blame = m.acts.perpetrator.copy(), m.blame
    if blame is None or not blame.mistaken:
        return out
    confused, a = {doer for doer, _ in blame.mistaken}, m.acts
    acts = zip(a.perpetrator.tolist(), a.community.tolist(), a.kind.tolist(), a.cell.tolist(), strict=True)
    for j, (doer, community, kind, cell) in enumerate(acts):
        if doer not in confused or community < 0 or kind == BATTLE:
            continue
        rows = m.rows_in_cell(cell)
        people = m.communities.home[rows]
        most = float(people @ blame.own[doer][rows]) if doer in blame.own else 0.0
        for (one, other), felt in blame.mistaken.items():
            if one == doer and people @ felt[rows] > most:
                most, out[j] = float(people @ felt[rows]), other
    return out
