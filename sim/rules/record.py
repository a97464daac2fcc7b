"""The last rule of the week: the dead are counted, and everything is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, BATTLE, MISSION_HARM
from sim.metrics.waits import watch
from sim.rules.observation import coded, event_luck
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model

BY_KIND = {ATTACK: "attacks", ABUSE: "state_abuse", MISSION_HARM: "offensives", BATTLE: "battles"}


@rule(
    reads=(
        "acts", "communities.perceptions", "missions.deployed", "cells.threat", "reach", "mandates", "items.told",
        "items.place", "items.false", "missions.served", "missions.call", "missions.guarding", "missions.voice",
        "missions.fielded", "communities.met", "communities.home",
    ),
    writes=("communities.residents", "communities.displaced", "communities.dead", "log"),
)  # fmt: skip
def record(m: Model) -> None:
    """The dead leave their communities; metrics, events, units and perceptions of the week are written down.

    An event is `observed` as a coder of events would: deadly, by a known actor, more surely if deadlier, on good roads
    or where somebody watches over rights.
    Source: empirics part 3 (GED leaves out events without deaths and many in remote places), B-M99. Basis: assumption.
    """
    bury(m)
    m.check()
    if m.week < 0:
        return
    log, c = m.log, m.communities
    hurt = np.flatnonzero(m.acts.community >= 0)
    if hurt.size:
        whom = c.group[m.acts.community[hurt]]
        log.killed_by_audience += np.bincount(whom, m.acts.civilians[hurt], log.person_weeks.size)
    log.person_weeks += m.ledger.audiences.by_group(c.residents + c.displaced)
    log.presence(m)
    watch(m)
    log.observed, place = coded(m)
    log.measure(m)
    if m.acts.size:
        log.happened(m, (7 * event_luck(m, "date")).astype(np.int64), place, taken_for(m))
    keep_state(m)


def keep_state(m: Model) -> None:
    """Keep what stands where and who thinks what, as far as it was asked for."""
    log, u = m.log, m.units
    if "units" in log.keep:
        rows = np.flatnonzero(u.cell >= 0)
        log.units.append((m.week, rows, u.cell[rows].copy(), u.people[rows].copy()))
    if "perceptions" in log.keep:
        log.views.append((m.views().copy(), m.unmet().copy(), m.ledger.audiences.totals(m.everybody)))
    if "communities" in log.keep:
        c = m.communities
        names = ("residents", "displaced", "dead", "recruited", "perceptions", "met")
        log.communities.append({name: getattr(c, name).copy() for name in names})


def bury(m: Model) -> None:
    """Move the civilians killed this week from the living to the dead of their community.

    By the rule that killed them.
    """
    c, a = m.communities, m.acts
    killed = np.flatnonzero((a.civilians > 0) & (a.community >= 0))
    if killed.size == 0:
        return
    for kind, rule_name in BY_KIND.items():
        rows = killed[a.kind[killed] == kind]
        group = c.group[a.community[rows]]
        for g in sorted(set(group.tolist())):
            mine = rows[group == g]
            leave_the_living(m, rule_name, m.world.group_names[g], a.community[mine], a.civilians[mine])


def leave_the_living(m: Model, rule_name: str, audience: str, rows: np.ndarray, dead: np.ndarray) -> None:
    """Take the dead from the residents of their communities, then from the displaced people there."""
    kept = m.communities.ledger
    rows, where = np.unique(rows, return_inverse=True)
    dead = np.bincount(where, dead).astype(np.int64)
    residents = np.minimum(dead, kept["residents"][rows])
    for stock, number in (("residents", -residents), ("displaced", residents - dead), ("dead", dead)):
        if number.any():
            m.ledger.people(rule_name, stock, kept[stock], rows, number, audience=audience)


def taken_for(m: Model) -> np.ndarray:
    """Return for each act the actor to whom most people near lay it: the doer, unless blame went astray."""
    out, blame = m.acts.perpetrator.copy(), m.blame
    if blame is None or not blame.mistaken:
        return out
    confused = np.isin(m.acts.perpetrator, [doer for doer, _ in blame.mistaken])
    for j in np.flatnonzero(confused & (m.acts.community >= 0) & (m.acts.kind != BATTLE)):
        rows = m.community_of[:, m.acts.cell[j]]
        rows, doer = rows[rows >= 0], int(m.acts.perpetrator[j])
        people = m.communities.home[rows]
        most = float(people @ blame.own[doer][rows]) if doer in blame.own else 0.0
        for (a, b), felt in blame.mistaken.items():
            if a == doer and people @ felt[rows] > most:
                most, out[j] = float(people @ felt[rows]), b
    return out
