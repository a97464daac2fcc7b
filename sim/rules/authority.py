"""Who may do what, and how many of them are there: timeline, mandates, strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.actors.mission import COMPONENTS
from sim.actors.presence import count_units
from sim.actors.roster import ARMED, CLASSES, HOST
from sim.errors import Problem, Problems, nearest
from sim.rules.rule import rule
from sim.rules.siting import place_units
from sim.rules.violence import claimed

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event, Mandate

FORCE = ("self_defence", "protection", "enforcement")
ALERTS = ("early_warning", "community_engagement")


@rule(
    reads=("timeline", "communities.residents", "groups.focus"),
    writes=("acts", "mandates", "strengths", "rumour", "missions.expelled"),
)
def timeline(m: Model) -> None:
    """What the scenario says happens this week happens first.

    A massacre, an expulsion, a change of mandate or strength, a rumour: each is an event of the scenario file, and
    other rules act on what it leaves.
    Source: scenario file (S20b: one massacre can rule a year). Basis: assumption.
    """
    for event in m.setup.timeline:
        if event.week == m.week and event.event in EVENTS:
            EVENTS[event.event](m, event)


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
        inside = (m.world.area == _area(m, f"timeline.{event.name}.area", event.area)).nonzero()[0]
        upto = np.cumsum(m.people_in[inside] + 1e-9)
        return int(inside[np.searchsorted(upto, m.luck("timeline", event.name, 1)[0] * upto[-1])])
    if kind == ATTACK:
        return int(m.groups.focus[actor - m.actors.first_group])
    return int(m.world.capital[0])


def _area(m: Model, where: str, name: str) -> int:
    """Return the number of an area; an unknown one is an error that names the nearest."""
    names = m.world.area_names
    if name not in names:
        raise Problems([Problem(where, name, ", ".join(names), nearest(name, names))])
    return names.index(name)


def _mission(m: Model, event: Event) -> int:
    """Return the number of the mission that an event is about."""
    return m.actors.index[str(event.mission)]


def _expulsion(m: Model, event: Event) -> None:
    """The host sends a mission away; the run goes on, for what follows belongs to the policy."""
    m.missions.expelled[_mission(m, event)] = True


def _mandate_change(m: Model, event: Event) -> None:
    """From now on the mission has another mandate."""
    if event.mandate is not None:
        m.mandates[_mission(m, event)] = event.mandate


def _reinforcement(m: Model, event: Event) -> None:
    """From now on more people are authorised."""
    k = _mission(m, event)
    for c, component in enumerate(COMPONENTS):
        more = getattr(event, component, None) or 0
        _authorise(m.strengths[k], c, m.week, _step(m.strengths[k][c], m.week) + more)


def _withdrawal(m: Model, event: Event) -> None:
    """A share of the mission leaves, at once or in equal parts over so many weeks."""
    k, weeks = _mission(m, event), event.duration or 1
    left = 1 - (1.0 if event.share is None else event.share)
    for c in range(len(COMPONENTS)):
        now = _step(m.strengths[k][c], m.week)
        for i in range(weeks):
            _authorise(m.strengths[k], c, m.week + i, round(now * (1 - (1 - left) * (i + 1) / weeks)))


def _authorise(strengths: list[list[tuple[int, int]]], component: int, week: int, people: int) -> None:
    """Set the strength authorised from a week on, until the scenario's next step."""
    strengths[component] = sorted([*(s for s in strengths[component] if s[0] != week), (week, people)])


def _rumour(m: Model, event: Event) -> None:
    """For a while people lay others' harm more readily at the mission's door (it fades in the rule attribution)."""
    m.rumour[_mission(m, event)] += 0.5 if event.share is None else event.share


EVENTS = {
    "massacre": _massacre, "expulsion": _expulsion, "mandate_change": _mandate_change,
    "reinforcement": _reinforcement, "withdrawal": _withdrawal, "rumour": _rumour,
}  # fmt: skip


@rule(
    reads=("mandates", "missions.liaison", "missions.oversight", "missions.tempo", "hosts.consent"),
    writes=(
        "missions.cover", "missions.hears", "missions.strikes", "missions.voice", "missions.presence", "open_to",
    ),
)  # fmt: skip
def authority(m: Model) -> None:
    """A mission does only what its mandate names, from the week in which the mandate begins.

    Protecting civilians sets whose violence it covers, scaled by the force it may use; early warning and community
    engagement put its liaison staff to work; offensive tasks let it attack; rights monitoring lets it report abuses.
    Source: B-M12, B-M88, E15, S34. Basis: assumption.
    """
    p, t = m.p.authority, m.missions
    for k in range(t.rows):
        mandate = m.mandates[k] if m.week >= m.setup.missions[m.actors.names[k]].mandated else None
        task = mandate.tasks if mandate else {}
        t.cover[:, k] = _cover(m, mandate) if mandate else 0.0
        work = sum(task.get(a, 0.0) for a in ALERTS) / len(ALERTS)
        t.hears[k] = t.liaison[k] * (p.patrol_liaison + (1 - p.patrol_liaison) * work if task else 0.0)
        t.strikes[k] = t.tempo[k] * max(task.get("offensive_operations", 0.0), task.get("counter_terrorism", 0.0))
        t.voice[k] = t.oversight[k] * task.get("human_rights_monitoring", 0.0)
        t.presence[k] = float(bool(task))
        if mandate:
            m.open_to[k] = _open(m, k, mandate)


def _cover(m: Model, mandate: Mandate) -> list[float]:
    """Return how far a mandate covers the violence of each class of perpetrator, 0-1."""
    p = m.p.authority
    force = (p.force_self_defence, p.force_protection, p.force_enforcement)[FORCE.index(mandate.use_of_force)]
    priority = mandate.tasks.get("protect_civilians", 0.0)
    return [priority * force * (c in mandate.covers) for c in CLASSES]


def _open(m: Model, mission: int, mandate: Mandate) -> np.ndarray:
    """Return how far each cell is open to a mission: inside its mandate's area, by its host's consent."""
    consent = m.hosts.consent[mission][m.world.host]
    if mandate.area == "all":
        return consent
    where = f"missions.{m.actors.names[mission]}.mandate.area"
    return np.isin(m.world.area, [_area(m, where, a) for a in mandate.area]) * consent


@rule(
    reads=(
        "strengths", "missions.presence", "missions.expelled", "missions.risk", "near", "links.coordination",
        "links.delineation", "links.trust", "missions.cleared", "missions.risk_tolerance", "missions.cover",
        "missions.force_protection", "missions.holding", "missions.mobility",
    ),
    writes=(
        "missions.authorised", "missions.deployed", "missions.arrived", "missions.acting", "missions.fielded",
        "units.people", "units.cell", "near", "reach", "bands.belief",
    ),
)  # fmt: skip
def arrival(m: Model) -> None:
    """Strength ramps up from the week of arrival; new units take post before the week's reports are made.

    Bands first believe of a mission what its mandate and its posture say. A first contingent stands in the country at
    once and the rest follows evenly over the profile's ramp. A mission without a task, or expelled, has nobody in the
    field.
    Source: B-M75, S32, S27. Basis: assumption.
    """
    t = m.missions
    for k, name in enumerate(m.actors.missions):
        spec = m.setup.missions[name]
        share = min(1.0, max(0.0, (m.week - spec.arrives + m.p.arrival.first_weeks) / max(spec.ramp, 1))) * (
            m.week >= spec.arrives
        )
        authorised = [_step(s, m.week) for s in m.strengths[k]]
        t.authorised[:, k] = authorised
        t.arrived[k] = share > 0 and not t.expelled[k]
        t.deployed[:, k] = deployed = [int(people * share) if t.arrived[k] else 0 for people in authorised]
        t.fielded[k] = t.arrived[k] and t.presence[k] > 0
        if m.in_field[k].tolist() != (deployed if t.fielded[k] else [0] * len(deployed)):
            _fill(m, k)
    acting = t.fielded & (not m.setup.placebo)
    if np.count_nonzero(new := acting & ~t.acting):
        m.bands.belief[new] = (m.p.belief.first * t.cover[ARMED, new] * t.risk_tolerance[new])[:, None]
    t.acting[:] = acting
    m.at_work = acting.nonzero()[0].tolist()
    place_units(m, ((m.units.people > 0) & (m.units.cell < 0)).nonzero()[0], "arrival")
    count_units(m)


def _step(strength: list[tuple[int, int]], week: int) -> int:
    """Return the people authorised in a week: the last step at or before it."""
    return next((people for start, people in reversed(strength) if start <= week), 0)


def _fill(m: Model, mission: int) -> None:
    """Put the people of each component into its units, first units first; those without people leave the field."""
    u, rows = m.units, m.unit_rows[mission]
    m.in_field[mission] = m.missions.deployed[:, mission] * m.missions.fielded[mission]
    for k, part in enumerate(rows):
        before = np.cumsum(u.size[part]) - u.size[part]
        u.people[part] = np.clip(m.in_field[mission, k] - before, 0, u.size[part])
        u.cell[part] = np.where(u.people[part] > 0, u.cell[part], -1)
