"""Rules read what they declare: columns of missions, partnerships, hosts and groups, and dials of the scenario."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from helpers import RULES, chooser, random_setup

from sim.actors.dials import FOR_BUILDING, columns, dials
from sim.model import Model
from sim.rules.rule import Rule

STATES = 12
TABLES = ("missions", "links", "hosts", "groups", "forces", "units")
SECTIONS = ("missions", "hosts", "armed_groups", "partnerships")
STRUCTURE = {
    "rows", "ledger", "names", "columns", "a", "b", "giver", "mission", "host", "group", "name",
    "expected_operations",
}  # fmt: skip
"""What says which row belongs to whom, and no dial or state; `consent_to` is the host's dial `consent`."""


class Watched:
    """A table or a piece of a scenario that notes what is read of it."""

    def __init__(self, inner: Any, name: str, seen: set[str]) -> None:
        vars(self).update(inner=inner, name_of=name, seen=seen)

    def __getattr__(self, key: str) -> Any:
        if key not in STRUCTURE:
            self.seen.add(f"{self.name_of}.{key.removesuffix('_to')}")
        return getattr(self.inner, key)

    def __setattr__(self, key: str, value: Any) -> None:
        setattr(self.inner, key, value)


class WatchedSetup:
    """A scenario that notes which dials are read of it."""

    def __init__(self, inner: Any, seen: set[str]) -> None:
        self.inner, self.seen = inner, seen

    def __getattr__(self, key: str) -> Any:
        found = getattr(self.inner, key)
        if key not in SECTIONS:
            return found
        return {name: Watched(piece, f"scenario.{key}", self.seen) for name, piece in found.items()}


def noting(rule: Rule, seen: set[str], by_rule: dict[str, set[str]]) -> Rule:
    """Return the same rule, which notes what it reads when it acts."""

    def act(model: Model) -> None:
        seen.clear()
        rule(model)
        by_rule[rule.name] |= seen

    return Rule(rule.name, act, rule.reads, rule.writes)


@cache
def observed() -> dict[str, set[str]]:
    """Return what each rule reads over random states."""
    found: dict[str, set[str]] = {name: set() for name in RULES}
    for state in range(STATES):
        m, seen = Model(random_setup(chooser(state)), seed=state), set[str]()
        m.setup = WatchedSetup(m.setup, seen)
        for table in TABLES:
            setattr(m, table, Watched(getattr(m, table), table, seen))
        m.rules = tuple(noting(rule, seen, found) for rule in m.rules if rule.name != "record")
        for _ in range(m.setup.weeks):
            m.step()
    return found


@pytest.mark.parametrize("rule", [name for name in RULES if name != "record"])
def test_a_rule_reads_nothing_that_it_does_not_declare(rule):
    declared = {*RULES[rule].reads, *RULES[rule].writes}
    assert not observed()[rule] - declared


def test_every_dial_touches_a_rule_or_is_for_building():
    touched = {dial for dial in dials() if any(set(rule.reads) & set(columns(dial)) for rule in RULES.values())}
    assert set(dials()) - touched == set(FOR_BUILDING)
