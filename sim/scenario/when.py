"""Checks of conditions, of who comes with an event, and of contributors: what they name must exist and make sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.scenario import catalogue
from sim.scenario.faults import Faults
from sim.scenario.inner import Condition
from sim.scenario.names import NAME, NAME_RULE
from sim.scenario.schema import Event, Mission

Names = Mapping[str, list[str]]


def check_timing(events: Mapping[str, Event], sections: Names, faults: Faults) -> None:
    """Check that every event has either a week or a sound condition, and that none waits for itself."""
    for event in events.values():
        path = f"timeline.{event.name}"
        if event.when is None and event.week is None:
            faults.add(f"{path}.week", None, "a week, or a table `when` with a condition")
        elif event.when is not None and event.week is not None:
            faults.add(f"{path}.when", "both week and when", "one of them; `when` has after and by")
        elif event.when is not None:
            _condition(event, event.when, path, sections, faults)
            if event.name in _followed(event, events):
                faults.add(f"{path}.when.follows", event.when.follows, "an event that does not wait for this one")


def check_arrival(mission: Mission, sections: Names, faults: Faults) -> None:
    """Check that a mission which comes with an event names one, and waits for nothing else besides."""
    path, awaited = f"missions.{mission.name}.on_event", mission.on_event
    if awaited is not None and awaited not in sections["timeline"]:
        faults.unknown(path, awaited, sections["timeline"])
    elif awaited is not None and mission.on_expulsion_of is not None:
        faults.add(path, "both on_event and on_expulsion_of", "one of them")


def check_contributors(mission: Mission, faults: Faults) -> None:
    """Check that a mission's contributors have sound names and send all of its soldiers and police between them."""
    path, told = f"missions.{mission.name}.contributors", mission.contributors
    if told is None:
        return
    for name in told:
        if not NAME.match(name):
            faults.add(path, name, NAME_RULE)
    total = sum(c.share for c in told.values())
    if abs(total - 1) > 1e-6:
        faults.add(path, f"{total:.0%} of the mission", "shares that add up to 1 (100 %)")


def check_contributor(event: Event, missions: Mapping[str, Mission], faults: Faults) -> None:
    """Check that an event about a contributor names one of its mission's."""
    mission = missions.get(event.mission or "")
    if event.contributor is not None and mission is not None and event.contributor not in (mission.contributors or {}):
        faults.unknown(f"timeline.{event.name}.contributor", event.contributor, mission.contributors or {})


def _condition(event: Event, when: Condition, path: str, sections: Names, faults: Faults) -> None:
    """Check one condition: what it watches, on which side of what, whose it is, and in which weeks."""
    path = f"{path}.when"
    if when.follows is not None and when.follows not in sections["timeline"]:
        faults.unknown(f"{path}.follows", when.follows, sections["timeline"])
    if when.by is not None and when.by < when.after:
        faults.add(f"{path}.by", when.by, f"a week not before `after`, {when.after}")
    if when.measure is None:
        _nothing_watched(when, path, faults)
        return
    about = catalogue.table("measures")[when.measure]
    if (when.above is None) == (when.below is None):
        faults.add(f"{path}.above", when.above if when.above is None else "both above and below", "above or below")
    level = when.above if when.above is not None else when.below
    if about["share"] and level is not None and level > 1:
        side = "above" if when.above is not None else "below"
        faults.add(f"{path}.{side}", level, f"a number from 0 to 1 ({about['unit']})")
    _whose(event, when, about["whose"], path, sections, faults)


def _nothing_watched(when: Condition, path: str, faults: Faults) -> None:
    """Check a condition that watches nothing: it follows another event or comes by a week, and says no more."""
    if when.follows is None:
        faults.add(f"{path}.measure", None, f"one of {', '.join(catalogue.measures())}; or `follows` an event")
    for key in ("above", "below", "of", "area"):
        if getattr(when, key) is not None:
            faults.add(f"{path}.{key}", getattr(when, key), "nothing: no measure is said")


def _whose(event: Event, when: Condition, whose: str, path: str, sections: Names, faults: Faults) -> None:
    """Check that a measure of a mission or host says whose it is, and no other does; likewise its area."""
    known = {"mission": sections["missions"], "host": sections["hosts"] or ["host"], "country": []}[whose]
    if when.of is not None and when.of not in known:
        faults.unknown(f"{path}.of", when.of, known)
    elif when.of is None and whose == "mission" and event.mission is None:
        faults.add(f"{path}.of", None, f"a mission's name: whose {when.measure} it is")
    elif when.of is None and whose == "host" and len(known) > 1 and event.host is None:
        faults.add(f"{path}.of", None, f"a host's name: whose {when.measure} it is")
    if when.area is not None and when.measure != "civilian_deaths":
        faults.add(f"{path}.area", when.area, "nothing: only civilian_deaths are counted by area")


def _followed(event: Event, events: Mapping[str, Event]) -> set[str]:
    """Return the names of all events that an event waits for, one through another."""
    found: set[str] = set()
    before = event.when.follows if event.when else None
    while before is not None and before not in found:
        found.add(before)
        then: Any = events.get(before)
        before = then.when.follows if then is not None and then.when is not None else None
    return found
