"""Checks between the tables of a scenario: names that must exist, pairs that must make sense."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.scenario import borders, catalogue
from sim.scenario.faults import Faults
from sim.scenario.impossible import impossible
from sim.scenario.names import NOBODY, RESERVED
from sim.scenario.schema import ArmedGroup, Event, Host, Mission, Partnership
from sim.scenario.when import check_arrival, check_contributor, check_contributors, check_timing

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Built = dict[str, Any]
Names = Mapping[str, list[str]]


def check(built: Mapping[str, Built], sections: Names, weeks: int, faults: Faults) -> None:
    """Note every fault between tables; `built` holds the sound ones, `sections` the names of all."""
    _names(sections, faults)
    missions: dict[str, Mission] = built["missions"]
    for mission in missions.values():
        if mission.arrives < mission.mandated:
            soonest = f"a week not before the mandate's, {mission.mandated}"
            faults.add(f"missions.{mission.name}.arrives", mission.arrives, soonest)
        _successor(mission, sections["missions"], faults)
        check_arrival(mission, sections, faults)
        _funding(mission, faults)
        check_contributors(mission, faults)
    _partnerships(built["partnerships"], sections, faults)
    hosts: dict[str, Host] = built["hosts"]
    for host in hosts.values():
        for name in host.consent:
            if name not in sections["missions"]:
                faults.unknown(f"hosts.{host.name}.consent", name, sections["missions"])
    borders.check(missions, hosts, built["armed_groups"], sections, faults)
    _factions(built["armed_groups"], sections, faults)
    check_timing(built["timeline"], sections, faults)
    for event in built["timeline"].values():
        _event(event, sections, faults)
        _handover(event, missions, weeks, faults)
        check_contributor(event, missions, faults)
    impossible(built, sections["hosts"], faults)


def _successor(mission: Mission, names: list[str], faults: Faults) -> None:
    """Check that a mission that waits for an expulsion names another mission."""
    path, before = f"missions.{mission.name}.on_expulsion_of", mission.on_expulsion_of
    if before is not None and before not in names:
        faults.unknown(path, before, names)
    elif before == mission.name:
        faults.add(path, before, "another mission than itself")


def _funding(mission: Mission, faults: Faults) -> None:
    """Check that the parts of a mission's money are no more than its budget."""
    parts, path = mission.funding, f"missions.{mission.name}"
    if parts is not None and parts.total > 1 + 1e-9:
        allowed = "parts that add up to 1 (100 %) at most; what is missing to it nobody pays"
        faults.add(f"{path}.funding", f"{parts.total:.0%} of the budget", allowed)
    elif parts is not None and mission.assured != parts.assessed:
        faults.add(
            f"{path}.assured", mission.assured, f"nothing beside `funding`, which says {parts.assessed:g} assessed"
        )


def _names(sections: Names, faults: Faults) -> None:
    """Refuse one name for two actors, and names that audiences carry."""
    seen: dict[str, str] = {}
    for section in ("hosts", "armed_groups", "missions"):
        for name in sections[section]:
            if name in seen:
                faults.add(f"{section}.{name}", name, f"a name of its own; {seen[name]}.{name} has this one")
            if name in RESERVED:
                faults.add(f"{section}.{name}", name, f"any name but {', '.join(RESERVED)}, which the tables use")
            seen.setdefault(name, section)


def _partnerships(links: Mapping[str, Partnership], sections: Names, faults: Faults) -> None:
    """Check partners, lead and recipient, and that no pair has two links."""
    pairs: dict[frozenset[str], str] = {}
    actors = sections["missions"] + sections["hosts"]
    for link in links.values():
        path, pair = f"partnerships.{link.name}", frozenset(link.between)
        for name in link.between:
            if name not in actors:
                faults.unknown(f"{path}.between", name, actors)
        if len(pair) == 1:
            own = "two partners; nobody is a partner to itself, nor supports itself"
            faults.add(f"{path}.between", list(link.between), own)
        elif not pair & set(sections["missions"]) and pair <= set(actors):
            faults.add(f"{path}.between", list(link.between), "at least one mission")
        elif pair in pairs:
            taken = f"a pair without a link; partnerships.{pairs[pair]} has this one"
            faults.add(f"{path}.between", list(link.between), taken)
        pairs.setdefault(pair, link.name)
        _roles(link, path, faults)


def _factions(groups: Mapping[str, ArmedGroup], sections: Names, faults: Faults) -> None:
    """Check that a faction's parent exists, is another group and no faction itself, and that it starts with nobody."""
    whole = [n for n in sections["armed_groups"] if n not in groups or groups[n].splits_from is None]
    for group in groups.values():
        if group.splits_from is None:
            continue
        if group.splits_from not in whole:
            faults.unknown(f"armed_groups.{group.name}.splits_from", group.splits_from, whole)
        if group.fighters:
            why = f"0 or nothing: its fighters come from {group.splits_from}"
            faults.add(f"armed_groups.{group.name}.fighters", group.fighters, why)


def _roles(link: Partnership, path: str, faults: Faults) -> None:
    """Check that lead and recipient are partners."""
    for role, others in (("lead", (NOBODY,)), ("recipient", ())):
        name = getattr(link, role)
        if name is not None and name not in (*link.between, *others):
            faults.unknown(f"{path}.{role}", name, link.between)


def _event(event: Event, sections: Names, faults: Faults) -> None:
    """Check that an event has the fields its kind takes, and that they name what exists."""
    kind, path = catalogue.table("events")[event.event], f"timeline.{event.name}"
    needs, takes = kind["needs"], [*kind["needs"], *kind["takes"], "week", "when", "event", "title", "name"]
    for field in Event.model_fields:
        given = getattr(event, field)
        if field in needs and given is None:
            faults.add(f"{path}.{field}", None, f"something: a {event.event} needs {' and '.join(needs)}")
        if field not in takes and field in event.model_fields_set:
            faults.unknown(path, field, [t for t in takes if t != "name"], f"a key of a {event.event}, ")
    for field, names in _named_by(sections).items():
        given = getattr(event, field)
        if given is not None and given not in names:
            faults.unknown(f"{path}.{field}", given, names)


def _named_by(sections: Names) -> dict[str, list[str]]:
    """Return which names each field of an event may hold."""
    missions, hosts, groups = (sections[s] for s in ("missions", "hosts", "armed_groups"))
    everybody = [*groups, *hosts, *missions]
    return {"mission": missions, "to": missions, "host": hosts, "group": groups, "by": everybody}


def _handover(event: Event, missions: Mapping[str, Mission], weeks: int, faults: Faults) -> None:
    """Refuse to hand over to oneself, or to a mission that never comes."""
    heir = missions.get(event.to or "")
    if event.to is not None and event.to == event.mission:
        faults.add(f"timeline.{event.name}.to", event.to, "another mission than the one that hands over")
    elif heir is not None and heir.arrives >= weeks:
        soon = f"a mission that arrives before week {weeks}; {heir.name} arrives in week {heir.arrives}"
        faults.add(f"timeline.{event.name}.to", event.to, soon)


def notes(setup: Scenario) -> list[str]:
    """Return what is allowed but worth knowing: an empty stage, events after the end, strength beyond the evidence."""
    found = [] if setup.question else ["no question: a scenario is read by the question that heads it"]
    if not setup.missions and not setup.armed_groups:
        found.append("neither missions nor armed groups: to change a scenario that has them, name it with `extends`")
    for event in setup.timeline:
        if event.week is not None and event.week >= setup.weeks:
            last = setup.weeks - 1
            found.append(f"timeline.{event.name} never happens: it is in week {event.week}, and the last is {last}")
    uniformed = sum(_most(m.troops) + _most(m.police) + _most(m.observers) for m in setup.missions.values())
    return found + _strength(uniformed, setup.world.people)


def _most(strength: tuple[tuple[int, int], ...]) -> int:
    return max((people for _, people in strength), default=0)


def _strength(uniformed: int, people: int) -> list[str]:
    """Say so where effects are extrapolated: evidence covers 0.2 to 3 uniformed per 1,000 people [E44]."""
    rate = 1000 * uniformed / people if people else 0.0
    if uniformed == 0 or 0.2 <= rate <= 3:
        return []
    told = f"{uniformed:,} uniformed for {people:,} people is {rate:.2g} per 1,000"
    return [f"{told}; effects are extrapolated outside 0.2-3 [E44]"]
