"""For each task of a mandate a country in which the task should be seen to work, and the same without it.

Data, not code: a task that gets a rule needs no more than its entry here and in sim/scenario/data/tasks.toml, which names
beforehand the one metric that moves and which way. benchmarks/tasks.py walks them in a large country, a test in a small
one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import Scenario, catalogue, load

MISSION, PARTNER, HOST = "M", "P", "host"

TROOPS = {"org_type": "un", "profile": "un_multidimensional", "arrives": 0, "ramp": 1}
SMALL: dict[str, Any] = {
    "weeks": 52, "spin_up": 8,
    "world": {"generator": "country", "seed": 7, "grid": [10, 10], "people": 600_000, "groups": 2, "places": 40},
    "armed_groups": {
        "militia": {"motive": "ethnic", "fighters": 200},
        "rebels": {"motive": "territorial", "fighters": 400},
    },
    "hosts": {HOST: {"abusiveness": 0.4, "forces": 12}},
    "missions": {MISSION: TROOPS | {"mandate": {"tasks": []}, "troops": 2000, "police": 140, "civilians": 200}},
    "parameters": {"battles.base": 0.006, "attacks.base": 0.01, "state_abuse.base": 0.03},
}  # fmt: skip
"""A country of 40 places that sees in a week what a large one sees in months."""

LARGE = {"troops": 8000, "police": 400, "civilians": 500}
SUPPORT = {"form": "support_package", "support_level": 1.0, "coordination": 0.5}
STRIKING = {"use_of_force": "enforcement", "covers": ["armed_groups"]}


@dataclass(frozen=True)
class Situation:
    """Where a task should be seen: other tasks of the mandate, how the mandate is otherwise, and what else differs."""

    others: Mapping[str, float] = field(default_factory=lambda: {"presence": 1.0})
    mandate: Mapping[str, Any] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)


def of(**dials: Any) -> dict[str, Any]:
    """Return dials of the mission with the task, as paths."""
    return {f"missions.{MISSION}.{name}": value for name, value in dials.items()}


def linked(other: str, **dials: Any) -> dict[str, Any]:
    """Return a support package from the mission with the task to another actor, as a path."""
    return {"partnerships.link": SUPPORT | {"between": [MISSION, other], "recipient": other} | dials}


BROAD = {"presence": 1.0, "protect_civilians": 1.0, "community_engagement": 0.7, "human_rights_monitoring": 0.6}
"""A mandate so broad already that one more task promises little more (rule `expectation`)."""
PARTNERS = TROOPS | {"org_type": "regional", "profile": "regional_enforcement", "mandate": "enforcement"}

SITUATIONS: dict[str, Situation] = {
    "presence": Situation(others={"protect_civilians": 1.0}),
    "protect_civilians": Situation(mandate={"use_of_force": "protection", "covers": ["armed_groups", "host"]}),
    "offensive_operations": Situation(mandate=STRIKING, changes=of(tempo=1.5, care=0.9, liaison=0.8)),
    "counter_terrorism": Situation(mandate=STRIKING, changes=of(tempo=1.5, care=0.9, liaison=0.8)),
    "support_host_forces": Situation(
        changes={f"hosts.{HOST}.abusiveness": 0.9} | linked(HOST, vetting=0.0, support_level=0.2)),
    "train_host_forces": Situation(changes={f"hosts.{HOST}.capacity": 0.2} | of(oversight=0.9)),
    "community_engagement": Situation(),
    "early_warning": Situation(),
    "human_rights_monitoring": Situation(changes={f"hosts.{HOST}.abusiveness": 0.9} | of(oversight=1.0, liaison=0.8)),
    "good_offices": Situation(changes={
        "armed_groups.rebels.willingness": 1.0, "armed_groups.militia.willingness": 1.0, f"hosts.{HOST}.inclusiveness": 1.0}),
    "local_mediation": Situation(),
    "strategic_communications": Situation(changes={
        "timeline.lies": {"event": "disinformation", "mission": MISSION, "week": 4, "duration": 40, "share": 0.5}}),
    "policing": Situation(changes=of(police=400)),
    "disarmament": Situation(changes={"armed_groups.rebels.willingness": 0.8}),
    "humanitarian_access": Situation(),
    "quick_impact_projects": Situation(others=BROAD, changes=of(civilians=1500)),
    "border_control": Situation(changes={"armed_groups.rebels.sanctuary": 1.0, "armed_groups.militia.sanctuary": 1.0}),
    "counter_crime": Situation(),
    "protect_sites": Situation(),
    "logistics_support": Situation(changes={
        f"missions.{PARTNER}": PARTNERS | {"troops": 1000, "assured": 0.3, "reserve": 4}} | linked(PARTNER)),
    "health_response": Situation(changes={
        "timeline.sick": {"event": "epidemic", "week": 4, "share": 0.8, "duration": 80}} | of(civilians=2500)),
    "climate_response": Situation(changes={
        "timeline.dry": {"event": "climate_shock", "week": 4, "share": 0.8}} | of(civilians=2500)),
    "rule_of_law": Situation(others={"presence": 1.0, "policing": 1.0}, changes=of(police=400)),
}  # fmt: skip


def arms(task: str, small: bool = True) -> tuple[Scenario, Scenario]:
    """Return the scenario whose mandate has a task, and the same without it."""
    situation = SITUATIONS[task]
    base = Scenario.from_dict(SMALL, "small") if small else _large()
    mandate = dict(situation.mandate) | {"tasks": dict(situation.others) | {task: 1.0}}
    mandated = base.but(dict(situation.changes) | of(mandate=mandate)).named(f"with {task}")
    return mandated, mandated.but(of(**{f"mandate.tasks.{task}": None})).named(f"without {task}")


def _large() -> Scenario:
    """Return a country of the usual size over two years, with one mission of the usual strength."""
    mission = TROOPS | LARGE | {"mandate": {"tasks": []}}
    return load("no_mission").but({"weeks": 104, f"missions.{MISSION}": mission})


def column(task: str) -> tuple[str, int]:
    """Return the column of the summary that moves without a task, and its sign."""
    found = catalogue.shown(task, MISSION, PARTNER, HOST)
    if found is None:
        raise ValueError(f"{task}: nothing but its delivery is measured")
    return found[0], {"higher": 1, "lower": -1}[found[1]]
