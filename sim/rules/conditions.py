"""Events that wait for a condition: what they watch, and whether their time has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ABUSE, ATTACK, MISSION_HARM
from sim.actors.mission import NEVER
from sim.actors.staff import COMPONENTS, TASKS
from sim.rules.areas import area_number
from sim.rules.rule import kept

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Condition, Event

PER = 100_000 * 52  # deaths a week and person to deaths per 100,000 people a year


def watch(m: Model) -> None:
    """Count for how long each condition has held, and let the events whose time has come happen this week."""
    waiting = [entry for entry in m.conditional if m.happenings.week[entry[0]] == NEVER]
    if not waiting:
        return
    if any(when.measure == "civilian_deaths" for _, _, when in waiting):
        remember_deaths(m)
    if m.week < 0:
        return
    h = m.happenings
    for row, event, when in waiting:
        if not begun(m, when):
            continue
        h.held[row] = h.held[row] + 1 if holds(m, event, when) else 0
        if h.held[row] >= when.weeks or (when.by is not None and m.week >= when.by):
            h.week[row] = m.week


def remember_deaths(m: Model) -> None:
    """Fold the civilians killed last week into what is remembered of each place, as deaths a week."""
    fade, past = kept(m.p.conditions.memory_weeks), m.past
    mine = past.of(ATTACK, ABUSE, MISSION_HARM)
    m.cells.bloodshed[:] *= fade
    m.cells.bloodshed[:] += (1 - fade) * np.bincount(past.cell[mine], past.civilians[mine], m.world.cells)


def begun(m: Model, when: Condition) -> bool:
    """Say whether a condition counts yet: its first week has come, and the event that it follows has happened."""
    before = m.happenings.week[m.event_rows[when.follows]] if when.follows else -1
    return m.week >= when.after and before < m.week


def holds(m: Model, event: Event, when: Condition) -> bool:
    """Say whether a condition holds now; one that watches nothing always does."""
    if when.measure is None:
        return True
    level = MEASURES[when.measure](m, event, when)
    return level > when.above if when.above is not None else level < float(when.below or 0.0)


def civilian_deaths(m: Model, event: Event, when: Condition) -> float:
    """Return the civilians killed of late, per 100,000 people a year, in the country or an area."""
    inside = slice(None)
    if when.area is not None:
        inside = m.world.area == area_number(m, f"timeline.{event.name}.when.area", when.area)
    return float(PER * m.cells.bloodshed[inside].sum() / max(m.people_in[inside].sum(), 1.0))


def ceasefire(m: Model, event: Event, when: Condition) -> float:
    """Return the share of armed groups' fighters whose group keeps a truce with the host of its home; 1 without any."""
    bound, everybody = 0, 0
    for k, rows in enumerate(m.band_spans):
        fighters = int(m.bands.fighters[rows].sum())
        everybody += fighters
        bound += fighters * bool(m.groups.truce[m.world.host[m.groups.home[k]], k] > 0)
    return bound / everybody if everybody else 1.0


def capacity(m: Model, event: Event, when: Condition) -> float:
    """Return a host's capacity."""
    host = when.of or event.host
    return float(m.hosts.capacity[m.actors.hosts.index(host) if host else 0])


def consent(m: Model, event: Event, when: Condition) -> float:
    """Return the least consent to a mission among hosts."""
    return float(m.hosts.consent[whose(m, event, when)].min())


def strength(m: Model, event: Event, when: Condition) -> float:
    """Return the people of a mission in the country, of the most that its scenario authorises; an heir's own."""
    k = whose(m, event, when, event.to or event.mission)
    spec = m.setup.missions[m.actors.missions[k]]
    most = sum(max((n for _, n in getattr(spec, component)), default=0) for component in COMPONENTS)
    return float(m.missions.deployed[:, k].sum() / max(most, 1))


def paid(m: Model, event: Event, when: Condition) -> float:
    """Return the share of a mission's needs that is paid for."""
    return float(m.missions.paid[whose(m, event, when)])


def delivery(m: Model, event: Event, when: Condition) -> float:
    """Return the share of a mission's work that is done, averaged over its tasks by priority; 0 without a task."""
    return delivered(m, whose(m, event, when))


def delivered(m: Model, mission: int) -> float:
    """Return what a mission delivers now of what its mandate calls for, 0-1: its present people's time and its people.

    By priority, and times its strength: a force that is not there delivers nothing.
    """
    wish = np.array([m.mandates[mission].tasks.get(task, 0.0) for task in TASKS])
    done = float((wish * m.missions.delivery[:, mission]).sum() / max(wish.sum(), 1e-9))
    asked = float(m.missions.authorised[:, mission].sum())
    there = float(m.missions.deployed[:, mission].sum() / asked) if asked else 0.0
    return min(1.0, done) * min(1.0, there)


def whose(m: Model, event: Event, when: Condition, unless: str | None = None) -> int:
    """Return the number of the mission that a measure is of: the one it names, else the event's own."""
    return m.actors.index[str(when.of or unless or event.mission)]


MEASURES: dict[str, Callable[[Model, Event, Condition], float]] = {
    f.__name__: f for f in (civilian_deaths, ceasefire, capacity, consent, strength, paid, delivery)
}
