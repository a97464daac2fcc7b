"""Each rule changes exactly the columns that it declares: nothing else, and each of them at least once."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from helpers import RULES, changed, chooser, random_setup, snapshot

from sim.model import Model
from sim.rules.rule import Rule
from sim.scenario.schema import MODELS

STATES = 20


def watched(m: Model, rule: Rule, seen: dict[str, set[str]]) -> Rule:
    """Return the same rule, which notes what it changed when it acts."""

    def act(model: Model) -> None:
        before = snapshot(model)
        rule(model)
        seen.setdefault(rule.name, set()).update(changed(before, snapshot(model)))

    return Rule(rule.name, act, rule.reads, rule.writes)


def shelter(m: Model) -> None:
    """Let all or a third of the people of each community live there as displaced: they can be hurt too."""
    c = m.communities
    moved = np.where(np.arange(c.rows) % 2, c.residents, c.residents // 3)
    for quantity, number in (("residents", -moved), ("displaced", moved)):
        m.ledger.people("flight", quantity, c.ledger[quantity], np.arange(c.rows), number)


@cache
def observed() -> dict[str, set[str]]:
    """Return what each rule changed, each from the state in which its turn comes, over random states."""
    seen: dict[str, set[str]] = {name: set() for name in RULES}
    for state in range(STATES):
        pick = chooser(state)
        m = Model(random_setup(pick), seed=state)
        shelter(m)
        for _ in range(pick(range(6))):
            m.step()
        m.rules = tuple(watched(m, rule, seen) for rule in m.rules)
        for _ in range(m.week + 1, m.setup.weeks):
            m.step()
    return seen


def covers(declared: str, column: str) -> bool:
    """Say whether a declaration means a column: by its name, or all columns of its table."""
    return column == declared or column.startswith(declared + ".")


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_changes_nothing_that_it_does_not_declare(rule):
    undeclared = {c for c in observed()[rule] if not any(covers(d, c) for d in RULES[rule].writes)}
    assert not undeclared


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_changes_each_thing_that_it_declares(rule):
    idle = {d for d in RULES[rule].writes if not any(covers(d, c) for c in observed()[rule])}
    assert not idle


@pytest.mark.parametrize("rule", RULES)
def test_declarations_name_what_there_is(rule):
    m = Model(random_setup(lambda options: options[0]))
    known = set(snapshot(m)) | {"acts", "timeline"}
    known |= {f"scenario.{section}.{key}" for section, model in MODELS.items() for key in model.model_fields}
    assert set(RULES[rule].writes) | set(RULES[rule].reads) <= known
