"""What `but` does: set values at dotted paths, take named things away, and say so in the copy's name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, Problems, nearest
from sim.scenario.names import SECTIONS
from sim.scenario.paths import Tree, flat, get, plain, put

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def apply(scenario: Scenario, change: Mapping[str, Any]) -> tuple[Tree, dict[str, str]]:
    """Return the changed tree, and the words that name each change, by path."""
    tree, told, problems = scenario.tree, {}, []
    full = scenario.to_dict()
    for path, value in change.items():
        keys = _keys(path)
        fault = _fault(tree, full, keys, value)
        if fault is not None:
            problems.append(Problem(f"{scenario.name}: {path}", *fault))
            continue
        tree = _drop(tree, keys) if value is None else put(_opened(tree, full, keys), keys, plain(value))
        told[path] = f"{path}={spelt(value)}"
    if problems:
        raise Problems(problems)
    return tree, told


def _keys(path: str) -> list[str]:
    """Return the keys of a path; a parameter's two last are one, as they are in files."""
    return path.split(".")


def _fault(tree: Tree, full: Tree, keys: list[str], value: Any) -> tuple[Any, str, str] | None:
    """Return what is wrong with a path, if anything: it must lead through what exists."""
    if keys[0] in ("extends", "name"):
        return value, "`named` for the name; a scenario in hand extends nothing any more", ""
    if keys[0] in SECTIONS and len(keys) > 1:
        known = {**full[keys[0]], **(tree.get(keys[0]) or {})}
        if keys[1] not in known and (value is None or len(keys) > 2):
            return keys[1], "one of " + ", ".join(known) if known else "nothing is here", nearest(keys[1], known)
    if value is None and keys[0] in SECTIONS and len(keys) == 1:
        return None
    if value is None and get(full, keys[:-1]) is None and len(keys) > 1:
        return keys[-1], "a key that exists", ""
    if value is None and len(keys) > 3 and keys[-1] not in get(full, keys[:-1]):
        return keys[-1], "one of " + ", ".join(get(full, keys[:-1])), nearest(keys[-1], get(full, keys[:-1]))
    return None


def _opened(tree: Tree, full: Tree, keys: list[str]) -> Tree:
    """Return the tree with a mandate's name, or a consent for all, written out where the path leads into it."""
    inside = {"mandate": ("missions", "timeline"), "consent": ("hosts",)}
    if len(keys) > 3 and keys[0] in inside.get(keys[2], ()):
        at = keys[:3]
        if not isinstance(get(tree, at), dict) or isinstance(get(tree, [*at, "tasks"]), list):
            return put(put(tree, at, None), at, get(full, at))
    if keys[0] == "parameters":
        return tree | {"parameters": _nested(tree.get("parameters", {}))}
    return tree


def _nested(given: Tree) -> Tree:
    """Return parameters with quoted dotted keys written as tables."""
    tree: Tree = {}
    for path, value in flat(given):
        tree = put(tree, path.split("."), value)
    return tree


def _drop(tree: Tree, keys: list[str]) -> Tree:
    """Take a value away; with an actor goes all that names it."""
    if keys[0] in ("missions", "armed_groups", "hosts") and len(keys) == 2:
        return _forget(put(tree, keys, None), keys[1])
    return put(_opened_for_drop(tree, keys), keys, None)


def _opened_for_drop(tree: Tree, keys: list[str]) -> Tree:
    """Write parameters as tables, so that one can be taken out."""
    return tree | {"parameters": _nested(tree.get("parameters", {}))} if keys[0] == "parameters" else tree


def _forget(tree: Tree, name: str) -> Tree:
    """Drop partnerships, events and consents that name an actor."""
    links = {k: v for k, v in tree.get("partnerships", {}).items() if name not in v.get("between", [])}
    named = ("mission", "to", "by", "group", "host")
    events = {k: v for k, v in tree.get("timeline", {}).items() if name not in [v.get(f) for f in named]}
    hosts = {k: _consent_without(v, name) for k, v in tree.get("hosts", {}).items()}
    return tree | {"partnerships": links, "timeline": events, "hosts": hosts}


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
