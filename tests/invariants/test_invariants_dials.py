"""Each dial of a partnership does something, and does it by the rules that docs/dials.md names for it."""

from __future__ import annotations

from functools import cache

import pytest
from helpers import AU, HERE, LINK, RULES, UN, fingerprint, small, tables

from sim.actors.dials import FOR_BUILDING, columns
from sim.scenario.schema import Partnership

TASKS = ("presence", "protect_civilians", "logistics_support", "human_rights_monitoring", "early_warning",
         "community_engagement", "quick_impact_projects", "good_offices", "rule_of_law")  # fmt: skip
BUSY = dict.fromkeys(TASKS, 1.0)
"""More than a few hundred civilians have time for, so that whatever costs their time is felt."""

PAIR = {
    "UN": UN | HERE | {"mandate": {"tasks": BUSY, "use_of_force": "protection", "covers": ["armed_groups"]}},
    "AU": AU | HERE | {"tempo": 3.0, "conduct": 0.2, "civilians": 20},
}
EVENTS = {
    "massacre": {"week": 6, "event": "massacre", "by": "AU", "deaths": 30},
    "handover": {"week": 14, "event": "handover", "mission": "AU", "to": "UN", "share": 0.4},
}
BEFORE = LINK | {"support_level": 0.5, "recipient": "AU", "vetting": 0.6, "trust": 0.6, "prepared": 0.2}
AFTER = {
    "coordination": 0.1, "delineation": 0.9, "shared_communications": 0.9, "support_level": 0.1, "recipient": "UN",
    "conditional": False, "vetting": 0.1, "lead": "UN", "joint_analysis": True, "trust": 0.9, "visible": 0.1,
    "chains": 2, "prepared": 1.0, "shared_posts": 0.9, "split_supply": 0.9,
}  # fmt: skip
"""Another value for each dial."""


def setup(*disabled: str, **turned):
    """Return half a year with a link of which some dials are turned, and with some rules disabled."""
    changes = {"weeks": 26, "partnerships.l": BEFORE | turned, "disable": list(disabled)}
    return small(changes, missions=PAIR, timeline=EVENTS)


@cache
def played(*disabled: str, **turned) -> str:
    """Return the fingerprint of all that such a half year leaves in the tables."""
    return fingerprint(tables(setup(*disabled, **turned)))


def touched(dial: str) -> tuple[str, ...]:
    """Return the rules that read a dial, or what becomes of it."""
    return tuple(n for n, rule in RULES.items() if set(rule.reads) & set(columns(f"partnerships.{dial}")))


def test_every_dial_of_a_partnership_is_turned_here():
    building = {dial.split(".")[1] for dial in FOR_BUILDING if dial.startswith("partnerships.")}
    assert set(AFTER) == set(Partnership.model_fields) - building - {"name"}


@pytest.mark.parametrize("dial", AFTER)
def test_turned_alone_it_changes_something_within_half_a_year(dial):
    assert played() != played(**{dial: AFTER[dial]})


@pytest.mark.parametrize("dial", AFTER)
def test_without_the_rules_that_read_it_it_changes_nothing(dial):
    rules = touched(dial)
    assert rules and played(*rules) == played(*rules, **{dial: AFTER[dial]})
