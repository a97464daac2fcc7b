"""What the scenario says happens: massacres, expulsions, changes of mandate and strength, money, handovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.actors.mission import DIALS
from sim.actors.roster import ARMED, HOST
from sim.actors.staff import COMPONENTS
from sim.errors import Problem, Problems
from sim.rules.areas import area_number
from sim.rules.borders import has_ground
from sim.rules.conditions import watch
from sim.rules.contributors import contributor_exit
from sim.rules.handover import handover
from sim.rules.money import funding_cut
from sim.rules.review import review
from sim.rules.rule import rule
from sim.rules.strength import authorise, step_at
from sim.rules.violence import claimed

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event


@rule(
    reads=(
        "timeline",
        "past",
        "cells.bloodshed",
        "groups.truce",
        "bands.fighters",
        "hosts.capacity",
        "hosts.consent",
        "missions.paid",
        "missions.delivery",
        "missions.fielded",
        "missions.authorised",
        "communities.residents",
        "groups.focus",
        "missions.deployed",
        "links.coordination",
        "links.trust",
        "links.prepared",
        "links.vetting",
        "hosts.consent",
        "hosts.ousted",
        "scenario.missions.civilians",
        "scenario.missions.contributors",
        "scenario.missions.delay",
        "scenario.missions.observers",
        "scenario.missions.on_event",
        "scenario.missions.police",
        "scenario.missions.troops",
    ),
    writes=(
        "bands.fighters",
        "groups.abroad",
        "groups.capacity",
        "acts",
        "mandates",
        "strengths",
        "cells.bloodshed",
        "happenings.week",
        "happenings.held",
        "missions.comes",
        "missions.mandated",
        "missions.expelled",
        "hosts.barred",
        "missions.cut",
        "missions.cut_weeks",
        "missions.left",
        "contingents.left",
        "missions.rehatted",
        "missions.friction",
        *(f"missions.{dial}" for dial in DIALS),
    ),
)
def timeline(m: Model) -> None:
    """What the scenario says happens this week happens first.

    A massacre, an expulsion, a change of mandate or strength: each is an event of the scenario file, and other rules
    act on what it leaves. An event has a date, or a condition: it happens when what it watches has been above or below
    a level for some weeks. So missions hand over at a benchmark or when money fails, leave by what they find, and come
    back when violence does. Mandates are reviewed when their term is over.
    Source: scenario file (S20b: one massacre can rule a year), B-M154, B-M159, F-M91, F-M92, F-M116,
    B-M120. Basis: assumption.
    """
    watch(m)
    review(m)
    for row, event in enumerate(m.setup.timeline):
        if m.happenings.week[row] == m.week:
            if event.event in EVENTS:
                EVENTS[event.event](m, event)
            summon(m, event)


def summon(m: Model, event: Event) -> None:
    """Send for the missions that come with an event, their delay later."""
    for k, name in enumerate(m.actors.missions):
        spec = m.setup.missions[name]
        if spec.on_event == event.name:
            m.missions.comes[k] = m.week + spec.delay


def _massacre(m: Model, event: Event) -> None:
    """An attack of the size the scenario says, in its area or else at the perpetrator's present focus."""
    if not event.by and not m.groups.rows:
        raise Problems([Problem(f"timeline.{event.name}.by", "nobody", ", ".join(m.actors.names) or "an actor")])
    actor = m.actors.index[event.by] if event.by else m.actors.first_group + int(np.argmax(m.groups.capacity))
    kind = {ARMED: ATTACK, HOST: ABUSE, None: MISSION_HARM}[m.actors.kind(actor)]
    cell = _place(m, event, actor, kind)
    rows = m.rows_in_cell(cell)
    row = int(rows[np.argmax(m.communities.residents[rows])]) if rows.size else -1
    left = int(m.communities.residents[row] - claimed(m, np.array([row]))[0]) if row >= 0 else 0
    dead = min(event.deaths or 0, left)
    m.acts.add(1, kind=kind, perpetrator=actor, cell=cell, community=row, potential=dead, civilians=dead, deaths=dead)


def _place(m: Model, event: Event, actor: int, kind: int) -> int:
    """Return where an event strikes: by luck and people in its area, else where its doer is at work."""
    if event.area is not None:
        inside = (m.world.area == area_number(m, f"timeline.{event.name}.area", event.area)).nonzero()[0]
        upto = np.cumsum(m.people_in[inside] + 1e-9)
        return int(inside[np.searchsorted(upto, m.luck("timeline", event.name, 1)[0] * upto[-1])])
    if kind == ATTACK:
        return int(m.groups.focus[actor - m.actors.first_group])
    return int(m.world.capital[0])


def _mission(m: Model, event: Event) -> int:
    """Return the number of the mission that an event is about."""
    return m.actors.index[str(event.mission)]


def _expulsion(m: Model, event: Event) -> None:
    """All hosts send a mission away, or one does; the run goes on, for what follows belongs to the policy."""
    k = _mission(m, event)
    m.hosts.barred[k] |= np.array([event.host in (None, name) for name in m.actors.hosts])
    m.missions.expelled[k] |= not has_ground(m, k)


def _mandate_change(m: Model, event: Event) -> None:
    """From now on the mission has another mandate."""
    if event.mandate is not None:
        m.mandates[_mission(m, event)] = event.mandate


def _reinforcement(m: Model, event: Event) -> None:
    """From now on more people are authorised."""
    k = _mission(m, event)
    for c, component in enumerate(COMPONENTS):
        more = getattr(event, component, None) or 0
        authorise(m.strengths[k], c, m.week, step_at(m.strengths[k][c], m.week) + more)


def _withdrawal(m: Model, event: Event) -> None:
    """A share of the mission or of some components leaves, at once or in equal parts over so many weeks.

    Police who stay when soldiers go hold part of the ground [B-M133].
    """
    k, weeks = _mission(m, event), event.duration or 1
    left = 1 - (1.0 if event.share is None else event.share)
    for c, component in enumerate(COMPONENTS):
        if event.components is not None and component not in event.components:
            continue
        now = step_at(m.strengths[k][c], m.week)
        for i in range(weeks):
            authorise(m.strengths[k], c, m.week + i, round(now * (1 - (1 - left) * (i + 1) / weeks)))


def _reentry(m: Model, event: Event) -> None:
    """A mission that left comes back, its delay later and by its ramp; whoever of it is still there stays [B-M159]."""
    k, t = _mission(m, event), m.missions
    said = {c: getattr(event, c) for c in COMPONENTS if getattr(event, c) is not None}
    for c, component in enumerate(COMPONENTS):
        had = max((people for _, people in getattr(m.setup.missions[event.mission or ""], component)), default=0)
        most = said.get(component, 0) if said else had
        steps = [step for step in m.strengths[k][c] if step[0] <= m.week]
        m.strengths[k][c] = steps
        authorise(m.strengths[k], c, m.week, max(most, step_at(steps, m.week)))
    t.rehatted[:, k] = t.deployed[:, k]
    t.comes[k] = m.week + m.setup.missions[event.mission or ""].delay


def _arms_inflow(m: Model, event: Event) -> None:
    """Fighters join a group from abroad, and its backers keep as many more in the field from now on [B-M105]."""
    g, number = m.actors.groups.index(str(event.group)), event.fighters or 0
    rows = m.band_rows[g]
    if rows.size:
        shares = number // rows.size + (np.arange(rows.size) < number % rows.size)
        m.groups.abroad[g] += number
        m.groups.capacity[g] += number
        name = m.actors.groups[g]
        m.ledger.people("timeline", "fighters", m.bands.ledger["fighters"], rows, shares, name, cause="abroad")


EVENTS = {
    "massacre": _massacre, "expulsion": _expulsion, "mandate_change": _mandate_change,
    "reinforcement": _reinforcement, "withdrawal": _withdrawal, "reentry": _reentry,
    "funding_cut": funding_cut, "handover": handover, "contributor_exit": contributor_exit, "arms_inflow": _arms_inflow,
}  # fmt: skip
