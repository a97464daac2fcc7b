"""Who may do what, and how many of them are there: timeline, mandates, strength."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.actors.mission import COMPONENTS, TASK, TASK_STAFF
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
STAND_INS = (3, 1, 2, 0)  # observers, police, civilians, troops: who does the work of a component that is not there


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
        inside = np.flatnonzero(m.world.area == _area(m, f"timeline.{event.name}.area", event.area))
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
    reads=(
        "mandates", "missions.liaison", "missions.oversight", "missions.tempo", "hosts.consent", "missions.paid",
        "missions.alerts", "missions.deployed", "missions.guarding", "missions.area_consent",
    ),
    writes=(
        "missions.delivery", "missions.effort", "missions.patrols", "missions.cover", "missions.hears",
        "missions.strikes", "missions.voice", "missions.presence", "open_to", "missions.call", "missions.served",
    ),
)  # fmt: skip
def authority(m: Model) -> None:
    """A mission does only what its mandate names, as far as its people's working time goes, once the mandate begins.

    Each task calls for a share of the time of one kind of staff; where all tasks together call for more than there is,
    or money is short, less of each is done. Protecting civilians sets whose violence a mission covers, scaled by the
    force it may use; early warning and community engagement put its liaison staff to work; offensive tasks let it
    attack; rights monitoring lets it report abuses; presence sends patrols beyond its posts.
    Source: E17, B-M114, B-M12, B-M28, B-M88, E15, S34. Basis: assumption (shares of time), literature (breadth).
    """
    p, t = m.p.authority, m.missions
    for k in range(t.rows):
        mandate = m.mandates[k] if m.week >= m.setup.missions[m.actors.names[k]].mandated else None
        share_time(m, k, mandate)
        done = t.effort[:, k]
        work = sum(done[TASK[a]] for a in ALERTS) / len(ALERTS)
        busy = bool(mandate and mandate.tasks)
        t.cover[:, k] = _cover(m, mandate, done[TASK["protect_civilians"]]) if mandate else 0.0
        t.hears[k] = t.liaison[k] * (p.patrol_liaison + (1 - p.patrol_liaison) * work if busy else 0.0)
        t.strikes[k] = t.tempo[k] * max(done[TASK["offensive_operations"]], done[TASK["counter_terrorism"]])
        t.voice[k] = t.oversight[k] * done[TASK["human_rights_monitoring"]]
        t.patrols[k] = p.posts + (1 - p.posts) * min(1.0, done[TASK["presence"]] / p.patrols_full)
        t.presence[k] = float(busy)
        if mandate:
            m.open_to[k] = _open(m, k, mandate)


def share_time(m: Model, mission: int, mandate: Mandate | None) -> None:
    """Divide the working time of each component among the tasks that call for it: delivery 0-1, and x priority effort.

    Under uniform cuts what is short is short for all tasks alike, under prioritised ones for the least first [B-M112].
    """
    t, spec = m.missions, m.setup.missions[m.actors.names[mission]]
    t.delivery[:, mission] = t.effort[:, mission] = 0.0
    t.call[:, :, mission] = t.served[:, :, mission] = 0.0
    if not mandate or not mandate.tasks:
        return
    rows = [TASK[name] for name in mandate.tasks]
    wish = np.array(list(mandate.tasks.values()))
    call = wish[:, None] * _staff(m, mission)[rows]
    extra = np.array([alert_time(m, mission), 0.0, 0.0, 0.0])
    share = _in_order if spec.cuts == "prioritised" else _alike
    served = share(call, extra, wish, float(t.paid[mission]))
    t.call[rows, :, mission], t.served[rows, :, mission] = call, call * served
    t.delivery[rows, mission] = (call * served).sum(axis=1) / np.maximum(call.sum(axis=1), 1e-300)
    t.effort[rows, mission] = wish * t.delivery[rows, mission]


def _staff(m: Model, mission: int) -> np.ndarray:
    """Return the share of working time that each task calls for, by component; (tasks, components).

    A task whose component a mission never has falls to those it has, who take longer over it [B-M19, B-M130].
    """
    has = np.array([any(people for _, people in part) for part in m.strengths[mission]])
    if has.all() or not has.any():
        return TASK_STAFF
    stand_in = next(c for c in STAND_INS if has[c])
    out = np.where(has, TASK_STAFF, 0.0)
    out[:, stand_in] += m.p.authority.out_of_trade * np.where(has, 0.0, TASK_STAFF).sum(axis=1)
    return out


def alert_time(m: Model, mission: int) -> float:
    """Return the share of troops' time that following up last week's alerts took, false ones too [B-M28]."""
    t = m.missions
    ready = t.deployed[0, mission] * (1 - t.guarding[mission])
    return float(min(1.0, m.p.authority.alert_people * t.alerts[mission] / ready)) if ready > 0 else 0.0


def _alike(call: np.ndarray, extra: np.ndarray, wish: np.ndarray, paid: float) -> np.ndarray:
    """Return the share of the time called for that every task gets, by component: all are cut alike."""
    load = call.sum(axis=0) + extra
    return np.broadcast_to(paid / np.maximum(load, 1.0), call.shape)


def _in_order(call: np.ndarray, extra: np.ndarray, wish: np.ndarray, paid: float) -> np.ndarray:
    """Return the share of the time called for that each task gets, by component: the first in priority first."""
    order = np.argsort(-wish, kind="stable")
    before = np.cumsum(call[order], axis=0) - call[order]
    left = np.clip(paid - extra - before, 0.0, None)
    served = np.empty_like(call)
    served[order] = np.clip(left / np.maximum(call[order], 1e-12), 0.0, 1.0)
    return served


def _cover(m: Model, mandate: Mandate, done: float) -> list[float]:
    """Return how far a mandate covers the violence of each class of perpetrator, 0-1; done: effort on protection."""
    p = m.p.authority
    force = (p.force_self_defence, p.force_protection, p.force_enforcement)[FORCE.index(mandate.use_of_force)]
    return [done * force * (c in mandate.covers) for c in CLASSES]


def _open(m: Model, mission: int, mandate: Mandate) -> np.ndarray:
    """Return how far each cell is open to a mission: inside its mandate's area, by consent of capital and area.

    Local authorities consent apart from the capital; either alone keeps a place half open [B-M54].
    """
    inside: np.ndarray = np.ones(m.world.cells)
    if mandate.area != "all":
        where = f"missions.{m.actors.names[mission]}.mandate.area"
        inside = np.isin(m.world.area, [_area(m, where, a) for a in mandate.area]) * 1.0
    capital, local = m.hosts.consent[mission][m.world.host], m.missions.area_consent[:, mission][m.world.area]
    return inside * capital ** (1 - m.p.authority.local_weight) * local**m.p.authority.local_weight


@rule(
    reads=(
        "strengths", "missions.presence", "missions.expelled", "missions.risk", "near", "links.coordination",
        "links.delineation", "links.trust", "missions.cleared", "missions.risk_tolerance", "missions.cover",
        "missions.guarding", "missions.patrols", "missions.holding", "missions.mobility",
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
        t.authorised[:, k] = [_step(s, m.week) for s in m.strengths[k]]
        t.arrived[k] = share > 0 and not t.expelled[k]
        t.deployed[:, k] = (t.authorised[:, k] * share).astype(np.int64) * t.arrived[k]
        t.fielded[k] = t.arrived[k] and t.presence[k] > 0
        if not np.array_equal(m.in_field[k], t.deployed[:, k] * t.fielded[k]):
            _fill(m, k)
    acting = t.fielded & (not m.setup.placebo)
    new = acting & ~t.acting
    m.bands.belief[new] = (m.p.belief.first * t.cover[ARMED, new] * t.risk_tolerance[new])[:, None]
    t.acting[:] = acting
    m.at_work = np.flatnonzero(acting).tolist()
    place_units(m, np.flatnonzero((m.units.people > 0) & (m.units.cell < 0)), "arrival")
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
