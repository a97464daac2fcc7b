"""Completes the layered tree: profiles under missions, mandates by name, what follows from other keys."""

from __future__ import annotations

from typing import Any

from sim.scenario import catalogue
from sim.scenario.faults import Faults
from sim.scenario.names import NAME, NAME_RULE, SECTIONS, TABLES
from sim.scenario.paths import Tree

DEFAULT_CONSENT = 0.8
FIGHTERS = 600
COMPONENTS = ("troops", "police", "civilians", "observers")


def fill(tree: Tree, faults: Faults) -> dict[str, dict[str, Tree]]:
    """Return the named tables of a scenario, each completed from catalogues and other keys; faults are noted."""
    sections = {name: _named(tree, name, faults) for name in SECTIONS}
    sections["hosts"] = sections["hosts"] or {"host": {}}
    missions = {name: _mission(raw, f"missions.{name}", faults) for name, raw in sections["missions"].items()}
    filled = {
        "missions": missions,
        "partnerships": {name: _partnership(raw, sections["hosts"]) for name, raw in sections["partnerships"].items()},
        "hosts": {name: _host(name, raw, missions) for name, raw in sections["hosts"].items()},
        "armed_groups": _armed_groups(sections["armed_groups"]),
        "timeline": {name: _event(raw, f"timeline.{name}", faults) for name, raw in sections["timeline"].items()},
    }
    return {section: {n: raw | {"name": n} for n, raw in entries.items()} for section, entries in filled.items()}


def _named(tree: Tree, section: str, faults: Faults) -> dict[str, Tree]:
    """Return a section's tables in order of name, without those that are no tables."""
    entries = tree.get(section, {})
    if not isinstance(entries, dict):
        faults.add(section, entries, "a table of tables, each keyed by its name")
        return {}
    return {n: raw for n, raw in sorted(entries.items()) if _sound(section, n, raw, faults)}


def _sound(section: str, name: str, raw: Any, faults: Faults) -> bool:
    """Check one entry's name and shape."""
    if not NAME.match(name):
        faults.add(section, name, NAME_RULE)
    elif not isinstance(raw, dict):
        faults.add(f"{section}.{name}", raw, "a table")
    elif "name" in raw:
        faults.add(f"{section}.{name}", "name", "no such key: the table's key is the name, `title` is for display")
    else:
        return True
    return False


def _mission(raw: Tree, path: str, faults: Faults) -> Tree:
    """Merge profile values under the mission's own keys; find mandate, badge, arrival and strengths.

    An unknown profile is complained of later; till then another's dials stand in, lest each of them be missed too.
    """
    profile = raw.get("profile")
    known = catalogue.profiles()
    below = catalogue.profile(profile if isinstance(profile, str) and profile in known else known[0])
    done = {**below, **raw}
    done.setdefault("badge", catalogue.badge_of(str(raw.get("org_type"))) or "un")
    if isinstance(raw.get("funding"), dict) and "assured" not in raw:
        done["assured"] = raw["funding"].get("assessed", 0.0)
    if "mandate" in raw:
        done["mandate"] = _mandate(raw["mandate"], f"{path}.mandate", faults)
    mandated, delay = done.get("mandated", 0), done.get("delay")
    soon = mandated + int(delay or 0) if _whole(mandated) and _whole(delay) else 0
    done.setdefault("arrives", min(soon, 1040))
    for kind in COMPONENTS:
        if _whole(done.get(kind)) and _whole(mandated):
            done[kind] = [[mandated, done[kind]]]
    return done


def _mandate(given: Any, path: str, faults: Faults) -> Any:
    """Return a mandate's table, given its name or its table."""
    if isinstance(given, str):
        if given in catalogue.mandates():
            return catalogue.mandate(given)
        faults.unknown(path, given, catalogue.mandates(), "a table, or ")
        return {"tasks": {}}
    if isinstance(given, dict) and isinstance(given.get("tasks"), list):
        listed = {t: 1.0 for t in given["tasks"] if isinstance(t, str)}
        for odd in given["tasks"]:
            if not isinstance(odd, str):
                faults.add(f"{path}.tasks", odd, "a task's name in quotes")
        return {**given, "tasks": listed}
    return _without_idle_tasks(given)


def _without_idle_tasks(given: Any) -> Any:
    """Drop tasks of priority 0: a mandate that gives a task nothing does not name it."""
    if not isinstance(given, dict) or not isinstance(given.get("tasks"), dict):
        return given
    return {**given, "tasks": {t: p for t, p in given["tasks"].items() if isinstance(p, bool) or p != 0}}


def _comes_to(host: str, mission: Tree) -> bool:
    """Say whether a mission is meant to stand in a host's land, or to follow armed groups into it."""
    named = [mission.get(key) for key in ("hosts", "pursuit")]
    return not isinstance(named[0], list) or any(host in part for part in named if isinstance(part, list))


def _partnership(raw: Tree, hosts: dict[str, Tree]) -> Tree:
    """Merge a form's values under a partnership's own keys; find who receives support, and who leads.

    A host receives and the second partner does otherwise; a form that is led is led by the first. An unknown form is
    complained of later; till then another's dials stand in.
    """
    form, between = raw.get("form", "parallel"), raw.get("between")
    form = form if isinstance(form, str) and form in catalogue.forms() else catalogue.forms()[0]
    done = {**catalogue.form(form), **raw}
    if isinstance(between, list) and len(between) == 2 and all(isinstance(name, str) for name in between):
        first, second = between
        done.setdefault("recipient", first if first in hosts and second not in hosts else second)
        if catalogue.table("forms")[form].get("led"):
            done.setdefault("lead", first)
    return done


def _host(name: str, raw: Tree, missions: dict[str, Tree]) -> Tree:
    """Spell consent out mission by mission; a mission that is not sent into a host's land has none if none is said."""
    consent = raw.get("consent", {})
    if isinstance(consent, dict):
        known = {m: DEFAULT_CONSENT if _comes_to(name, spec) else 0.0 for m, spec in missions.items()}
        return {**raw, "consent": known | consent}
    number = isinstance(consent, int | float) and not isinstance(consent, bool) and 0 <= consent <= 1
    return {**raw, "consent": dict.fromkeys(missions, consent) if number else consent}


def _armed_groups(groups: dict[str, Tree]) -> dict[str, Tree]:
    """Complete armed groups; one that splits from another begins with nobody, and has slots for half as many bands."""
    filled = {name: _armed_group(raw) for name, raw in groups.items() if raw.get("splits_from") is None}
    for name in groups.keys() - filled.keys():
        parent: Any = filled.get(str(groups[name]["splits_from"]), {}).get("bands")
        half = max(1, parent // 2) if _whole(parent) else 1
        filled[name] = {"fighters": 0, "bands": half, **groups[name]}
    return {name: filled[name] for name in groups}


def _armed_group(raw: Tree) -> Tree:
    """Give a group a band for every 45 fighters, at least 4."""
    fighters = raw.get("fighters", FIGHTERS)
    bands = min(400, max(4, round(fighters / 45))) if _whole(fighters) else 4
    return {"bands": bands, **raw}


def _event(raw: Tree, path: str, faults: Faults) -> Tree:
    """Find an event's mandate by name."""
    return {**raw, "mandate": _mandate(raw["mandate"], f"{path}.mandate", faults)} if "mandate" in raw else raw


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def parameters(given: Any, faults: Faults) -> dict[str, Any]:
    """Return overrides by path `group.name`; nested and quoted dotted keys mean the same."""
    found: dict[str, Any] = {}
    if not isinstance(given, dict):
        faults.add("parameters", given, "a table")
        return found
    for key, value in given.items():
        inner = {f"{key}.{k}": v for k, v in value.items()} if isinstance(value, dict) else {key: value}
        for path, number in inner.items():
            if path in found:
                faults.add(f"parameters.{path}", number, "one value; it is given twice")
            found[path] = number
    return found


def top(tree: Tree) -> Tree:
    """Return what is neither a table nor `extends`."""
    return {k: v for k, v in tree.items() if k not in TABLES and k != "extends"}
