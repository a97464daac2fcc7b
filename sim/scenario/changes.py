"""What `but` does: set values at dotted paths, take named things away, and say so in the copy's name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, Problems, nearest
from sim.scenario import catalogue
from sim.scenario.kinds import one_of
from sim.scenario.names import SECTIONS
from sim.scenario.paths import Tree, drop, flat, get, plain, put
from sim.scenario.schema import MODELS, WorldSpec

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ACTORS = ("missions", "hosts", "armed_groups")


def apply(scenario: Scenario, change: Mapping[str, Any]) -> tuple[Tree, dict[str, str]]:
    """Return the changed tree, and the words that name each change, by path."""
    if not isinstance(change, Mapping) or not all(isinstance(path, str) for path in change):
        raise Problems([Problem(f"{scenario.name}: but", change, 'a dict of dotted paths, such as {"weeks": 52}')])
    tree, told, problems = scenario.tree, {}, []
    full = scenario.to_dict()
    for path, value in change.items():
        keys = path.split(".")
        fault = _fault(tree, full, keys, value)
        if fault is not None:
            problems.append(Problem(f"{scenario.name}: {path}", *fault))
            continue
        tree = _opened(tree, full, keys)
        tree = _drop(tree, keys) if value is None else put(tree, keys, plain(value))
        told[path] = f"{path}={spelt(value)}"
    if problems:
        raise Problems(problems)
    return tree, told


Fault = tuple[Any, str, str]


def _fault(tree: Tree, full: Tree, keys: list[str], value: Any) -> Fault | None:
    """Return what is wrong with a path (given, allowed, nearest), if anything: it must lead through what exists."""
    if keys[0] in ("extends", "name"):
        return value, "`named` for the name; a scenario in hand extends nothing any more", ""
    missing = _no_such_entry(tree, full, keys, value)
    return missing or (_nothing_to_drop(full, keys) if value is None else None)


def _no_such_entry(tree: Tree, full: Tree, keys: list[str], value: Any) -> Fault | None:
    """Refuse a path into an entry that does not exist; a new entry is given whole."""
    if keys[0] not in SECTIONS or len(keys) == 1:
        return None
    known = {**full[keys[0]], **(tree.get(keys[0]) or {})}
    whole = len(keys) == 2 and value is not None
    return None if whole or keys[1] in known else _none_of(keys[1], list(known))


def _nothing_to_drop(full: Tree, keys: list[str]) -> Fault | None:
    """Refuse to take away what is no key."""
    home = get(full, keys[:-1]) if len(keys) > 1 else full
    known = [*(home if isinstance(home, dict) else ()), *_fields(keys)]
    return None if keys[-1] in known else _none_of(keys[-1], known)


def _fields(keys: list[str]) -> list[str]:
    """Return the keys that the table of a path may have, whether it has them or not."""
    if keys[0] == "world":
        return list(WorldSpec.model_fields)
    return list(MODELS[keys[0]].model_fields) if keys[0] in MODELS and len(keys) == 3 else []


def _none_of(given: str, known: list[str]) -> Fault:
    """Say that a name is none of the known."""
    return given, one_of(dict.fromkeys(known)) if known else "nothing: there is none", nearest(given, known)


def _opened(tree: Tree, full: Tree, keys: list[str]) -> Tree:
    """Return the tree with what a path leads into written out: a mandate's name, a consent for all, quoted keys."""
    if keys[0] == "parameters":
        return tree | {"parameters": _nested(tree.get("parameters", {}))}
    at, inside = keys[:3], {"mandate": ("missions", "timeline"), "consent": ("hosts",)}
    if len(keys) < 4 or keys[0] not in inside.get(keys[2], ()):
        return tree
    own = get(tree, at)
    if isinstance(own, dict) and not isinstance(own.get("tasks"), list):  # written out already, by earlier changes too
        return tree
    written = catalogue.mandate(own) if isinstance(own, str) and own in catalogue.mandates() else get(full, at)
    if written is None:  # an entry that this very change adds: it stands in the tree as it was given
        return tree
    named = isinstance(own, dict) and "name" in own
    whole = {k: v for k, v in written.items() if named or k != "name"}
    return put(drop(tree, at), at, whole)


def _nested(given: Tree) -> Tree:
    """Return parameters with quoted dotted keys written as tables."""
    tree: Tree = {}
    for path, value in flat(given):
        tree = put(tree, path.split("."), value)
    return tree


def _drop(tree: Tree, keys: list[str]) -> Tree:
    """Take a value away; with an actor goes all that names it."""
    gone = drop(tree, keys)
    if keys[0] == "timeline" and len(keys) <= 2:
        gone = _forget_events(gone, set(keys[1:]) or set(get(tree, keys) or {}))
    if keys[0] in ACTORS and len(keys) <= 2:
        for name in keys[1:] or get(tree, keys) or []:
            gone = _forget(gone, name)
    return gone


def _forget(tree: Tree, name: str) -> Tree:
    """Drop partnerships, events and consents that name an actor."""
    links = {k: v for k, v in tree.get("partnerships", {}).items() if name not in v.get("between", [])}
    named = ("mission", "to", "by", "group", "host")
    before = tree.get("timeline", {})
    gone = {k for k, v in before.items() if name in [*(v.get(f) for f in named), get(v, ["when", "of"])]}
    events = {k: v for k, v in before.items() if k not in gone}
    hosts = {k: _without(_consent_without(v, name), name) for k, v in tree.get("hosts", {}).items()}
    missions = {k: _without(v, name) for k, v in tree.get("missions", {}).items()}
    groups = {k: _without(v, name) for k, v in tree.get("armed_groups", {}).items()}
    sections = {"hosts": hosts, "missions": missions, "armed_groups": groups}
    found = {section: entries for section, entries in sections.items() if section in tree}
    return _forget_events(tree | {"partnerships": links, "timeline": events, "hosts": hosts} | found, gone)


def _without(entry: Tree, name: str) -> Tree:
    """Return a table without what it says of borders and an actor: whose land it is, whom one follows or tolerates."""
    lists = {k: [n for n in entry[k] if n != name] for k in ("hosts", "pursuit") if isinstance(entry.get(k), list)}
    tables = {k: {n: v for n, v in entry[k].items() if n != name} for k in ("tolerates", "backs")
              if isinstance(entry.get(k), dict)}  # fmt: skip
    return {k: v for k, v in (entry | lists | tables).items() if k != "host" or v != name}


def _forget_events(tree: Tree, gone: set[str]) -> Tree:
    """Drop the events that wait for events which are gone, and the missions that come with them."""
    timeline = tree.get("timeline", {})
    waiting = {k for k, v in timeline.items() if isinstance(v, dict) and get(v, ["when", "follows"]) in gone}
    if waiting:
        left = {k: v for k, v in timeline.items() if k not in waiting}
        return _forget_events(tree | {"timeline": left}, gone | waiting)
    for name in [k for k, v in tree.get("missions", {}).items() if isinstance(v, dict) and v.get("on_event") in gone]:
        tree = _drop(tree, ["missions", name])
    return tree


def _consent_without(host: Tree, name: str) -> Tree:
    """Return a host without its consent to one mission."""
    consent = host.get("consent")
    return host | {"consent": {k: v for k, v in consent.items() if k != name}} if isinstance(consent, dict) else host


def spelt(value: Any) -> str:
    """Return a value as it stands in a scenario's name."""
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(plain(value), separators=(",", ":"))


def path_of(scenario: Scenario, name: str) -> str:
    """Return the path of something named: a mission, group, host, partnership or event.

    Raises Problems with the nearest name if nothing is called so.
    """
    homes = {n: s for s in reversed(SECTIONS) for n in (get(scenario.to_dict(), [s]) or {})}
    if name not in homes:
        raise Problems([Problem(scenario.name, name, "one of " + ", ".join(sorted(homes)), nearest(name, homes))])
    return f"{homes[name]}.{name}"
