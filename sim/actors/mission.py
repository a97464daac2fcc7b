"""Missions and their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import CLASSES, Roster
from sim.actors.table import Row, Table
from sim.ledger import on_grid
from sim.scenario import catalogue

if TYPE_CHECKING:
    from sim.scenario import Mission as MissionSpec
    from sim.scenario import Scenario
    from sim.world import World

COMPONENTS = ("troops", "police", "civilians", "observers")
KINDS = ("base", "mobile", "formed_police", "civilian_team", "observer_team")
BASE, MOBILE, POLICE, CIVILIAN, OBSERVER = range(5)
TASKS = tuple(catalogue.tasks())
TASK = {name: row for row, name in enumerate(TASKS)}
TASK_STAFF = np.array([[float(catalogue.table("tasks")[k]["staff"].get(c, 0.0)) for c in COMPONENTS] for k in TASKS])
DIALS = (
    "force_protection",
    "risk_tolerance",
    "care",
    "liaison",
    "sensing",
    "oversight",
    "tempo",
    "holding",
    "mobility",
)


class Mission(Row):
    """A peace operation or outside force; its dials are its profile, its tasks are its mandate.

    deployed, authorised: people by component; arrived, expelled, acting (in the country with a task and not expelled);
    cover: how far its mandate and force cover each class of perpetrator, 0-1; hears: liaison that its tasks put to use;
    strikes, voice: whether it may attack and may report abuses, 0-1; informed: share of recent attacks that it knew of;
    risk: its memory of violence by cell; picture: items on its map by cell; cleared: ground it cleared lately.
    delivery, effort: by task, the share of the working time it calls for that it gets, and that x its priority; call,
    served: by task and component, the share of working time that it calls for, and what it gets;
    paid: the share of its money that came; guarding: the share of its people who guard the mission itself; patrols:
    how far they go beyond its posts; alerts: what it followed up last week; area_consent: of each area's authorities.
    """

    kind = "missions"


class MissionUnit(Row):
    """A mission's base or mobile unit: mission, kind, size (when full), people (now), cell (-1: not in the field)."""

    kind = "units"


def missions(setup: Scenario, world: World, roster: Roster) -> Table:
    """Lay out a row for each mission with the dials of its profile; its mandate comes with the rule `authority`."""
    specs = [setup.missions[name] for name in roster.missions]
    n = len(specs)
    columns = {dial: np.array([float(getattr(s, dial)) for s in specs]) for dial in DIALS}
    columns |= {name: np.zeros(n) for name in ("hears", "strikes", "voice", "presence", "known", "attacks", "heard_of")}
    columns |= {name: np.zeros(n) for name in ("operations", "hits", "expected_operations")}
    columns |= {name: np.zeros(n, bool) for name in ("arrived", "expelled", "acting", "fielded")}
    columns |= {
        "informed": np.zeros(n),
        "alerts": np.zeros(n),
        "paid": np.ones(n),
        "patrols": np.ones(n),
        "guarding": np.array([float(s.force_protection) for s in specs]),
        "delivery": np.zeros((len(TASKS), n)),
        "effort": np.zeros((len(TASKS), n)),
        "call": np.zeros((len(TASKS), len(COMPONENTS), n)),
        "served": np.zeros((len(TASKS), len(COMPONENTS), n)),
        "cover": np.zeros((len(CLASSES), n)),
        "deployed": np.zeros((len(COMPONENTS), n), np.int64),
        "authorised": np.zeros((len(COMPONENTS), n), np.int64),
        "risk": np.zeros((world.cells, n), order="F"),
        "picture": np.zeros((world.cells, n), order="F"),
        "cleared": np.zeros((world.cells, n), order="F"),
    }
    return Table(n, columns, {"area_consent": _area_consent(setup, world, roster)})


def _area_consent(setup: Scenario, world: World, roster: Roster) -> np.ndarray:
    """Return the consent of each area's authorities at first, which is their capital's; (areas, missions)."""
    out = np.zeros((len(world.area_names), len(roster.missions)))
    for area in range(out.shape[0]):
        host = world.host_names[world.host[np.flatnonzero(world.area == area)[0]]]
        for k, name in enumerate(roster.missions):
            out[area, k] = on_grid(setup.hosts[host].consent.get(name, 0.0))
    return out


def units(setup: Scenario, roster: Roster) -> Table:
    """Lay out every unit that a mission may ever have: slots are permanent, and empty until people fill them."""
    p = setup.parameters.units
    slots = [
        (m, k, s)
        for m, name in enumerate(roster.missions)
        for k, s in _slots(setup.missions[name], p, reinforcements(setup, name))
    ]
    mission, kind, size = np.array(slots, np.int64).reshape(-1, 3).T.copy()
    n = len(mission)
    columns = {
        "mission": mission,
        "kind": kind,
        "size": size,
        "people": np.zeros(n, np.int64),
        "cell": np.full(n, -1, np.int64),
    }
    return Table(n, columns)


def reinforcements(setup: Scenario, mission: str) -> dict[str, int]:
    """Return the people by component that the scenario's events may add to a mission."""
    events = [e for e in setup.timeline if e.event == "reinforcement" and e.mission == mission]
    return {c: sum(getattr(e, c, None) or 0 for e in events) for c in COMPONENTS}


def _slots(spec: MissionSpec, p, more: dict[str, int]) -> list[tuple[int, int]]:
    """Return kind and size of each unit of one mission: enough for the most people ever authorised."""
    sizes = {
        "troops": spec.unit_size,
        "police": int(p.police_size),
        "civilians": int(p.civilian_size),
        "observers": int(p.observer_size),
    }
    kinds = {"police": POLICE, "civilians": CIVILIAN, "observers": OBSERVER}
    out = []
    for component in COMPONENTS:
        most = max((people for _, people in getattr(spec, component)), default=0) + more[component]
        for k in range(-(-most // sizes[component])):
            mobile = component == "troops" and (k * 0.618) % 1 < spec.mobile_share
            out.append((kinds.get(component, MOBILE if mobile else BASE), sizes[component]))
    return out
