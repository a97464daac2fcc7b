"""What can never come about: forms that do not fit their partners, handovers to nobody, areas that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, nearest
from sim.scenario import catalogue
from sim.scenario.faults import Faults
from sim.scenario.kinds import one_of
from sim.scenario.schema import Event, Mandate, Mission, Partnership

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Missions = Mapping[str, Mission]
Everywhere = frozenset({"all"})


def impossible(built: Mapping[str, Mapping[str, Any]], hosts: list[str], faults: Faults) -> None:
    """Note everything that names what exists and yet cannot happen; `built` holds the sound tables."""
    missions, events = built["missions"], list(built["timeline"].values())
    for mission in missions.values():
        _waiting(mission, missions, faults)
        _somewhere(f"missions.{mission.name}.mandate", mission.mandate, faults)
    for link in built["partnerships"].values():
        _form(link, missions, hosts, events, faults)
        _roles(link, hosts, faults)
    for event in events:
        if event.mandate is not None:
            _somewhere(f"timeline.{event.name}.mandate", event.mandate, faults)
        if event.event == "handover" and {event.mission, event.to} <= missions.keys():
            _giver(event, missions, events, faults)
            _heir(event, missions, events, faults)


def _somewhere(path: str, mandate: Mandate, faults: Faults) -> None:
    """Refuse a mandate that holds nowhere."""
    if mandate.area != "all" and not mandate.area:
        faults.add(f"{path}.area", [], '"all", or at least one area')


def _waiting(mission: Mission, missions: Missions, faults: Faults) -> None:
    """Refuse missions that wait for each other's expulsion: none of them would ever come."""
    chain, awaited = [mission.name], mission.on_expulsion_of
    while awaited is not None and awaited in missions and awaited not in chain:
        chain.append(awaited)
        awaited = missions[awaited].on_expulsion_of
    if awaited == mission.name and len(chain) > 1:
        why = f"a mission that comes by itself; {' waits for '.join([*chain, mission.name])}"
        faults.add(f"missions.{mission.name}.on_expulsion_of", mission.on_expulsion_of, why)


def _form(link: Partnership, missions: Missions, hosts: list[str], events: list[Event], faults: Faults) -> None:
    """Check that a form fits who the partners are, and where they may go."""
    form = catalogue.table("forms")[link.form]
    host = next((name for name in link.between if name in hosts), None)
    if form.get("missions_only") and host is not None:
        fitting = one_of(f for f, about in catalogue.table("forms").items() if not about.get("missions_only"))
        faults.add(f"partnerships.{link.name}.form", link.form, f"{fitting}; {host} is a host and no mission")
    if form.get("one_area") and set(link.between) <= missions.keys():
        apart = _apart(*link.between, missions, events)
        if apart:
            faults.add(f"partnerships.{link.name}.form", link.form, f"a form of partners who may be apart; {apart}")


def _roles(link: Partnership, hosts: list[str], faults: Faults) -> None:
    """Refuse support by a host to a mission, and a host's word in a mission's orders: neither is in the model."""
    path, (one, other) = f"partnerships.{link.name}", link.between
    host = one if one in hosts else other
    if host not in hosts or one == other:
        return
    if link.support_level > 0 and link.recipient != host and link.recipient in link.between:
        faults.add(f"{path}.recipient", link.recipient, f"{host}: missions support hosts, not hosts missions")
    if link.chains > 1:
        faults.add(f"{path}.chains", link.chains, f"1; {host} is a host, whose headquarters no mission obeys")


def _areas(name: str, missions: Missions, events: list[Event]) -> frozenset[str]:
    """Return the areas of all mandates that a mission ever has."""
    mandates = [missions[name].mandate, *(e.mandate for e in events if e.mission == name and e.mandate is not None)]
    areas = [Everywhere if m.area == "all" else frozenset(m.area) for m in mandates]
    return frozenset().union(*areas)


def _apart(one: str, other: str, missions: Missions, events: list[Event]) -> str:
    """Say so if the mandates of two missions have no area in common; an empty text if they have."""
    a, b = _areas(one, missions, events), _areas(other, missions, events)
    if not a or not b or Everywhere & (a | b) or a & b:
        return ""
    told = " and ".join(f"{name} in {', '.join(sorted(areas))}" for name, areas in ((one, a), (other, b)))
    return f"by their mandates {told} never meet"


def _giver(event: Event, missions: Missions, events: list[Event], faults: Faults) -> None:
    """Check that whoever hands over has people to hand over, and no more than all of them."""
    giver, week = missions[str(event.mission)], event.week
    if week is None:
        return
    handed = [e for e in events if e.event == "handover" and e.mission == giver.name and e.week == event.week]
    share = sum(1.0 if e.share is None else e.share for e in handed)
    if share > 1 and len(handed) > 1:
        faults.add(f"timeline.{event.name}.share", share, f"at most 1 in all handovers by {giver.name} in one week")
    heir_before = any(
        e.event == "handover" and e.to == giver.name and (e.week is None or e.week < week) for e in events
    )
    comes_by_itself = giver.on_expulsion_of is None and giver.on_event is None
    if comes_by_itself and giver.arrives >= week and not heir_before:
        soon = f"a week after {giver.arrives}, when {giver.name} arrives and has people to hand over"
        faults.add(f"timeline.{event.name}.week", event.week, soon)


def _heir(event: Event, missions: Missions, events: list[Event], faults: Faults) -> None:
    """Check that whoever takes over is there by then, has not left, and may go where the other was."""
    path, giver, heir = f"timeline.{event.name}.to", str(event.mission), missions[str(event.to)]
    if heir.on_expulsion_of == giver:
        faults.add(path, event.to, f"a mission that is there beside {giver}; {heir.name} comes when it is expelled")
    if event.week is not None and _left(heir, events, event.week):
        faults.add(path, event.to, f"a mission that is there in week {event.week}; {heir.name} has left by then")
    if apart := _apart(giver, heir.name, missions, events):
        faults.add(path, event.to, f"a mission that may go where {giver} is; {apart}")


def _left(mission: Mission, events: list[Event], week: int) -> bool:
    """Say whether a mission that had people has none any more in a week, by its strength or by a withdrawal."""
    steps = [[(w, n) for w, n in part if w <= week] for part in _strengths(mission)]
    if any(n > 0 for part in steps for _, n in part) and all(not part or part[-1][1] == 0 for part in steps):
        return True
    mine = [e for e in events if e.mission == mission.name]
    back = [e for e in mine if e.event in ("reinforcement", "reentry")]
    gone = [
        e.week + (e.duration or 1) - 1 for e in mine
        if e.week is not None and e.event == "withdrawal" and (e.share is None or e.share == 1) and e.components is None
    ]  # fmt: skip
    done = [end for end in gone if end <= week]
    return bool(done) and not any(e.week is None or max(done) <= e.week <= week for e in back)


def _strengths(mission: Mission) -> Iterator[tuple[tuple[int, int], ...]]:
    """Go through the strength of each component as it changes by week."""
    yield from (mission.troops, mission.police, mission.civilians, mission.observers)


def unknown_areas(setup: Scenario, names: Iterable[str]) -> list[Problem]:
    """Return a problem for each area that a scenario names and its world, once built, does not have."""
    known = list(names)
    return [
        Problem(f"{setup.name}: {path}", area, one_of(known), nearest(area, known))
        for path, area in named_areas(setup)
        if area not in known
    ]


def named_areas(setup: Scenario) -> list[tuple[str, str]]:
    """Return each area that a mandate or an event names, with its place in the scenario."""
    found = [pair for m in setup.missions.values() for pair in _named(f"missions.{m.name}.mandate", m.mandate)]
    for event in setup.timeline:
        found += [(f"timeline.{event.name}.area", event.area)] if event.area is not None else []
        found += _named(f"timeline.{event.name}.mandate", event.mandate) if event.mandate is not None else []
    return found


def _named(path: str, mandate: Mandate) -> list[tuple[str, str]]:
    """Return the areas that a mandate names, each with its place in the scenario."""
    return [] if mandate.area == "all" else [(f"{path}.area", area) for area in mandate.area]
