"""Missions and their units."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from sim.actors.contingent import contributors_of
from sim.actors.roster import CLASSES, Roster
from sim.actors.staff import (
    BASE,
    CIVILIAN,
    COMPONENTS,
    MOBILE,
    OBSERVER,
    POLICE,
    RELAPSE_TABLE,
    SENT,
    TASKS,
    WAITS,
    reinforcements,
)
from sim.actors.table import Row, Table
from sim.ledger import on_grid

if TYPE_CHECKING:
    from sim.scenario import Mission as MissionSpec
    from sim.scenario import Scenario
    from sim.world import World

NEVER = 10**6
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
    "conduct",
    "outreach",
)

QUIET = (
    "informed", "alerts", "hampered", "sick", "donors", "owed", "stain", "cut", "bled", "left", "friction",
    "supply", "harmed", "harassed",
)  # fmt: skip
"""Columns that start at zero."""


class Mission(Row):
    """A peace operation or outside force; its dials are its profile, its tasks are its mandate.

    deployed, authorised: people by component; arrived, expelled, acting (in the country with a task and not expelled);
    cover: how far its mandate and force cover each class of perpetrator, 0-1; hears: liaison that its tasks put to use;
    strikes, voice: whether it may attack and may report abuses, 0-1; informed: share of recent attacks that it knew of;
    risk: its memory of violence by cell; picture: items on its map by cell; cleared: ground it cleared lately.
    delivery, effort: by task, the share of the working time it calls for that it gets, and that x its priority; call,
    served: by task and component, the share of working time that it calls for, and what it gets;
    guarding: the share of its people who guard the mission itself; patrols: how far they go beyond its posts; alerts:
    what it followed up last week; area_consent: of each area's authorities; mandated: week of its mandate; comes: week
    of its arrival, NEVER while it waits for another's expulsion or for an event; hampered: patrols that protests stop,
    0-1; sick: the share of its people who are ill; harassed: recent attacks on it; posts: where its units may stand;
    open_for: weeks since it cleared a cell, until that relapses (-1: not cleared);
    open_waits, held_waits: cleared cells that still waited in each week after clearing, by whether somebody held them;
    open_relapses, held_relapses: those of them that relapsed in that week;
    paid: the share of its needs that is paid for; cash: weeks of budget in hand; donors: their mood; owed: assessed
    dues that have not come, in weeks of budget; stain: how its people's harm and misconduct mark it with donors, 0-1;
    cut, cut_weeks: income cut, and for how long (-1: for good); afford: the share of strength that can be kept; bled:
    its dead per 1,000 lately; boldness: the risk it takes; left: the share gone home; rehatted: people taken over, by
    component; friction: working time that this costs; supply: support from partners; unity: share of orders that reach
    its people though another headquarters has a say; harmed: civilians whom it killed or abused lately per 1,000 of its
    people.
    """

    kind = "missions"


class MissionUnit(Row):
    """A mission's base or mobile unit: mission, kind, size (when full), people (now), cell (-1: not in the field).

    contributor: row of the contingent that it belongs to (-1 where contributors are not told apart).
    """

    kind = "units"


def missions(setup: Scenario, world: World, roster: Roster) -> Table:
    """Lay out a row for each mission with the dials of its profile; its mandate comes with the rule `authority`."""
    specs = [setup.missions[name] for name in roster.missions]
    n = len(specs)
    columns = {dial: np.array([float(getattr(s, dial)) for s in specs]) for dial in DIALS}
    columns |= {name: np.zeros(n) for name in ("hears", "strikes", "voice", "presence", "known", "attacks", "heard_of")}
    columns |= {name: np.zeros(n) for name in ("operations", "hits", "expected_operations", *QUIET)}
    columns |= {name: np.zeros(n, bool) for name in ("arrived", "expelled", "acting", "fielded")}
    columns |= {
        "comes": np.array([NEVER if s.on_expulsion_of or s.on_event else s.arrives for s in specs], np.int64),
        "mandated": np.array([s.mandated for s in specs], np.int64),
        "paid": np.ones(n),
        "afford": np.ones(n),
        "cash": np.array([float(s.reserve) for s in specs]),
        "cut_weeks": np.full(n, -1, np.int64),
        "unity": np.ones(n),
        "boldness": columns["risk_tolerance"].copy(),
        "rehatted": np.zeros((len(COMPONENTS), n), np.int64),
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
        "posts": np.ones((world.cells, n), bool, order="F"),
        "open_for": np.full((world.cells, n), -1, np.int64, order="F"),
    }
    columns |= {name: np.zeros((WAITS, n), np.int64) for name in RELAPSE_TABLE}
    return Table(n, columns, {"area_consent": _area_consent(setup, world, roster)})


def area_hosts(world: World) -> np.ndarray:
    """Return the host in whose land each area lies; (areas,)."""
    first = [int(np.flatnonzero(world.area == area)[0]) for area in range(len(world.area_names))]
    return np.array([world.host[cell] for cell in first], np.int64)


def _area_consent(setup: Scenario, world: World, roster: Roster) -> np.ndarray:
    """Return the consent of each area's authorities at first, which is their capital's; (areas, missions)."""
    out = np.zeros((len(world.area_names), len(roster.missions)))
    for area, number in enumerate(area_hosts(world)):
        host = world.host_names[number]
        for k, name in enumerate(roster.missions):
            out[area, k] = on_grid(setup.hosts[host].consent.get(name, 0.0))
    return out


def units(setup: Scenario, roster: Roster) -> Table:
    """Lay out every unit that a mission may ever have: slots are permanent, and empty until people fill them."""
    p = setup.parameters.units
    slots, first = [], 0
    for m, name in enumerate(roster.missions):
        shares = [c.share for _, c in contributors_of(setup, name)]
        slots += [(m, k, s, c + first if c >= 0 else -1)
                  for k, s, c in _slots(setup.missions[name], p, reinforcements(setup, name), shares)]  # fmt: skip
        first += len(shares)
    mission, kind, size, contributor = np.array(slots, np.int64).reshape(-1, 4).T.copy()
    n = len(mission)
    columns = {
        "mission": mission,
        "kind": kind,
        "size": size,
        "people": np.zeros(n, np.int64),
        "cell": np.full(n, -1, np.int64),
        "contributor": contributor,
    }
    return Table(n, columns)


def _slots(spec: MissionSpec, p, more: dict[str, int], shares: list[float]) -> list[tuple[int, int, int]]:
    """Return kind, size and contributor of each unit of one mission: enough for the most people ever authorised."""
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
        parts = enumerate(shares) if shares and component in SENT else [(-1, 1.0)]
        senders = [c for c, share in parts for _ in range(-(-ceil(most * share) // sizes[component]))]
        for k, sender in enumerate(senders):
            mobile = component == "troops" and (k * 0.618) % 1 < spec.mobile_share
            out.append((kinds.get(component, MOBILE if mobile else BASE), sizes[component], sender))
    return out
