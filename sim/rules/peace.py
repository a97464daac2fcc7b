"""Ceasefires between armed groups and hosts: how they come, hold and break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import ARMED
from sim.actors.staff import TASK
from sim.rules.movement import guard
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model

STRIKES = ("offensive_operations", "counter_terrorism")


@rule(
    reads=(
        "timeline", "missions.effort", "communities.perceptions", "groups.willingness", "cells.memory", "bands.revenge",
        "bands.fighters", "hosts.inclusiveness", "near", "groups.home", "hosts.admits",
    ),
    writes=("groups.truce", "groups.agreed"),
)  # fmt: skip
def peace(m: Model) -> None:
    """Good offices by a mission that both sides can trust may bring a ceasefire where fighting is contained.

    The chance grows with mediation x credibility x impartiality, the group's willingness and the host's inclusiveness;
    it falls with violence, with operations against the group, with a mediator's own fighting and with the number of
    groups. Troops alone bring none (built in: E21); they contain fighting before it and hold a truce once there is one.
    A truce stops most battles with the host and some attacks on civilians, until it breaks.
    Source: E21, B-M105, B-M106, F-M25, S-M7, B-M48, B-M139, E3. Basis: literature (signs), assumption (sizes).
    """
    g, parties = m.groups, fighting_groups(m)
    end_terms(m)
    for k in parties.tolist():
        h, u = int(m.world.host[g.home[k]]), float(m.luck("peace", m.actors.groups[k], 1)[0])
        if g.truce[h, k] > 0:
            g.truce[h, k] = 0 if g.agreed[h, k] == 0 and breaks(m, k, h, u) else g.truce[h, k] + 1
        else:
            g.truce[h, k] = int(begins(m, k, h, u, parties.size))
    for event in m.today("ceasefire"):
        k = m.actors.groups.index(str(event.group))
        h = m.actors.hosts.index(event.host) if event.host else int(m.world.host[g.home[k]])
        g.truce[h, k], g.agreed[h, k] = 1, event.duration or 0


def begins(m: Model, group: int, host: int, u: float, parties: int) -> bool:
    """Say whether a truce of a group and a host begins this week, given the week's luck."""
    p = m.p.peace
    if u >= p.unaided + p.mediated:  # whatever else there is
        return False
    fair = 1 - p.inclusive * (1 - float(m.hosts.inclusiveness[host]))
    ready = float(m.groups.willingness[group]) * contained(m, host) * np.exp(-p.spoil * sore(m, group))
    rate = (p.unaided + p.mediated * mediation(m, host) * fair) * ready / parties**p.fragment
    return bool(u < -np.expm1(-rate))


def breaks(m: Model, group: int, host: int, u: float) -> bool:
    """Say whether a truce of a group and a host breaks this week, given the week's luck."""
    p = m.p.peace
    most = p.breaks * (1 + p.soured * sore(m, group)) * (1 - p.inclusive * float(m.hosts.inclusiveness[host]))
    return u < most and bool(u < -np.expm1(-most * np.exp(-p.hold * watched(m, group))))


def sore(m: Model, group: int) -> float:
    """Return how fresh the memory of being struck is in a group, on average over its bands."""
    return float(m.bands.revenge[m.band_spans[group]].mean())


def end_terms(m: Model) -> None:
    """Let truces of a fixed term run on, and end when it is over."""
    g = m.groups
    g.truce[g.agreed == 1] = 0
    g.agreed[:] = np.maximum(g.agreed - 1, 0)


def fighting_groups(m: Model) -> np.ndarray:
    """Return the groups that have fighters."""
    return np.flatnonzero(np.bincount(m.bands.group, m.bands.fighters, m.groups.rows))


def mediation(m: Model, host: int) -> float:
    """Return how good missions' offices with a host are, 0-1: of those that it lets in.

    Effort x credibility x impartiality x not at war itself [S-M7].
    """
    c, none = m.communities, 1.0
    for k in m.at_work:
        effort = float(m.missions.effort[TASK["good_offices"], k] * m.hosts.admits[k, host])
        if effort > 0:
            impartial = float((c.home * m.opinion[1, k]).sum()) / max(float(c.home.sum()), 1.0)
            war = max(float(m.missions.effort[TASK[task], k]) for task in STRIKES)
            none = none * (1 - effort * m.credibility[k] * impartial * (1 - war))
    return 1 - none


def contained(m: Model, host: int) -> float:
    """Return how far fighting in a host's land is contained, 0-1: half at so many recent acts per million people."""
    cells = m.host_cells[host]
    acts = m.cells.memory[ARMED, cells].sum()
    millions = max(float(m.people_in[cells].sum()) / 1e6, 1e-6)
    return float(1 / (1 + acts / (m.p.peace.acts * millions)))


def watched(m: Model, group: int) -> float:
    """Return how firmly missions stand in a group's range, 0-1."""
    bare = np.ones(m.world.cells)
    for k in m.at_work:
        bare = bare * (1 - guard(m, k, m.all_cells))
    return float((m.range_share[group] * (1 - bare)).sum())
