"""How many of a mission are there, and where its new units take post."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.presence import count_units
from sim.actors.roster import ARMED
from sim.actors.staff import COMPONENTS, SENT
from sim.rules.borders import leave_closed_ground
from sim.rules.contributors import sent
from sim.rules.rule import kept, rule
from sim.rules.siting import place_units
from sim.rules.strength import step_at
from sim.rules.terms import visas

if TYPE_CHECKING:
    from sim.model import Model


IS_SENT = [component in SENT for component in COMPONENTS]


@rule(
    reads=(
        "strengths", "missions.presence", "missions.expelled", "missions.risk", "near", "links.coordination",
        "links.delineation", "links.trust", "missions.cleared", "missions.boldness", "missions.cover",
        "missions.guarding", "missions.patrols", "missions.holding", "missions.mobility", "missions.comes",
        "missions.afford", "missions.left", "missions.rehatted", "links.joint_analysis", "links.lead",
        "links.shared_posts", "units.size", "units.kind", "scenario.missions.ramp", "scenario.missions.siting",
        "missions.posts", "open_to", "contingents.left", "hosts.consent", "scenario.hosts.obstruction",
        "units.contributor",
    ),
    writes=(
        "missions.friction",
        "missions.authorised", "missions.deployed", "missions.arrived", "missions.acting", "missions.fielded",
        "units.people", "units.cell", "near", "reach", "bands.belief",
    ),
)  # fmt: skip
def arrival(m: Model) -> None:
    """Strength ramps up from the week of arrival; new units take post before the week's reports are made.

    Bands first believe of a mission what its mandate and its posture say. A first contingent stands in the country at
    once and the rest follows evenly over the profile's ramp, more slowly where a host that does not want it holds up
    visas and equipment. A mission without a task, or expelled, has nobody in the field; units whose ground has been
    closed to them look for another post.
    Source: B-M75, S32, S27, F-M1. Basis: assumption.
    """
    t = m.missions
    friction = t.friction
    friction *= kept(m.p.arrival.friction_weeks)
    for k in range(len(m.actors.missions)):
        deploy(m, k)
    acting = t.fielded & (not m.setup.placebo)
    if np.count_nonzero(new := acting & ~t.acting):
        m.bands.belief[new] = (m.p.belief.first * t.cover[ARMED, new] * t.boldness[new])[:, None]
    t.acting[:] = acting
    m.at_work = acting.nonzero()[0].tolist()
    leave_closed_ground(m)
    place_units(m, ((m.units.people > 0) & (m.units.cell < 0)).nonzero()[0], "arrival")
    count_units(m)


def deploy(m: Model, mission: int) -> None:
    """Bring a mission's people there, by component, and fill its units where their number is another than before."""
    t, k = m.missions, mission
    authorised, rehatted = [step_at(s, m.week) for s in m.strengths[k]], t.rehatted[:, k].tolist()
    share = ramped(m, k)
    there = (share > 0 or any(rehatted)) and not t.expelled[k]
    deployed = strength(authorised, rehatted, share, stays(m, k)) if there else [0] * len(authorised)
    fielded = there and bool(t.presence[k] > 0)
    t.authorised[:, k], t.deployed[:, k], t.arrived[k], t.fielded[k] = authorised, deployed, there, fielded
    if m.in_field[k].tolist() != (deployed if fielded else [0] * len(deployed)):
        _fill(m, k)


def ramped(m: Model, mission: int) -> float:
    """Return the share of its strength that a mission has brought, 0-1, by the weeks since it came."""
    p, weeks = m.p, m.week - int(m.missions.comes[mission])
    if weeks < 0:
        return 0.0
    ramp, there = max(m.setup.missions[m.actors.missions[mission]].ramp, 1), weeks + p.arrival.first_weeks
    if there >= ramp * (1 + p.obstruction.delay):
        return 1.0  # however much hosts obstructed
    return min(1.0, max(0.0, there / (ramp * visas(m, mission))))


def stays(m: Model, mission: int) -> list[float]:
    """Return the share of each component that is paid for and that contributors have not taken home.

    Where contributors are told apart, they take home of those whom they send only.
    """
    paid, here = float(m.missions.afford[mission]), 1 - float(m.missions.left[mission])
    whole = 1.0 if m.sent_by[mission] else here
    return [paid * (here if sent else whole) for sent in IS_SENT]


def strength(authorised: list[int], rehatted: list[int], ramp: float, kept: list[float]) -> list[int]:
    """Return the people there by component: those re-hatted at once, others by the ramp; as far as can be kept."""
    there = []
    for full, known, left in zip(authorised, rehatted, kept, strict=True):
        at_once = min(known, full)
        there.append(int((at_once + (full - at_once) * ramp) * left))
    return there


def _fill(m: Model, mission: int) -> None:
    """Put the people of each component into its units, first units first; those without people leave the field."""
    u, rows = m.units, m.unit_rows[mission]
    m.in_field[mission] = m.missions.deployed[:, mission] * m.missions.fielded[mission]
    for k, part in enumerate(rows):
        people = int(m.in_field[mission, k])
        shares = sent(m, mission) if COMPONENTS[k] in SENT else {}
        if not shares:
            _man(u.people, u.cell, u.size, part, people)
        upto = np.rint(people * np.cumsum([0.0, *shares.values()])).astype(np.int64)
        for row, number in zip(shares, np.diff(upto).tolist(), strict=True):
            _man(u.people, u.cell, u.size, part[u.contributor[part] == row], number)


@njit(cache=True, nogil=True)
def _man(people, cell, size, units, number):
    """Fill some units one after the other with a number of people, and take those that get none from the field."""
    for u in units:
        people[u] = min(max(number, 0), size[u])
        number -= size[u]
        if people[u] <= 0:
            cell[u] = -1
