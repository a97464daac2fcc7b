"""The words of figures: what columns, rules and audiences are called, and what every figure says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sim.experiment.about import about
from sim.experiment.text import NOT_A_FORECAST, assumptions
from sim.world import build

if TYPE_CHECKING:
    from sim.scenario import Scenario

OPINIONS = ("legitimacy", "impartiality", "credibility")
AUDIENCES = {"all": "everybody"}
RULES = {
    "attribution": "mistaken blame for",
    "complicity": "part in acts of",
    "decay": "forgetting",
    "first_contact": "first impressions",
    "harm_seen": "harm by it",
    "inaction": "inaction in sight",
    "speaking_out": "speaking out",
    "battles": "battles with",
    "conduct": "misconduct",
    "coverage_by_group": "whose places are in sight",
    "disinformation": "false claims",
    "expectation": "promises not kept",
}
"""Rules whose plain name says more than their own; with a cause the two are read as one phrase."""


def audience(name: str) -> str:
    """Return an audience in words."""
    return AUDIENCES.get(name, name)


def rule(name: str, cause: str = "") -> str:
    """Return what moved something, in words: `mistaken blame for host`, `recruitment (abroad)`."""
    told = RULES.get(name, name.replace("_", " "))
    if not cause:
        return told.removesuffix(" for").removesuffix(" with").removesuffix(" of")
    return f"{told} {cause}" if told.endswith((" for", " with", " of")) else f"{told} ({cause})"


def label(column: str) -> str:
    """Return a column of the summary in words: `civilians killed by rebels`, `legitimacy of UN, everybody`."""
    what = about(column)
    name, (first, _, second) = what.name.replace("_", " "), what.key.partition("->")
    if what.name in OPINIONS and second:
        return f"{name} of {second}, {audience(first)}"
    if what.name.startswith("civilians_killed") and what.key:
        return f"{name} by {what.key}"
    return what.label.replace(":", ",")


def unit(column: str) -> str:
    """Return the unit in which a column is drawn: shares in per cent, opinions from 0 to 100."""
    told = about(column).unit
    return {"share": "%", "0-1": "0–100"}.get(told, told)


def scale(column: str) -> float:
    """Return by what a column is multiplied to be drawn in its unit."""
    return 100.0 if about(column).is_share and unit(column) in ("%", "0–100") else 1.0


def points(column: str) -> str:
    """Return the unit of a difference of a column."""
    return {"%": "percentage points", "0–100": "points"}.get(unit(column), unit(column))


def number(x: float, sign: bool = False, digits: int = 0) -> str:
    """Return a number with so many decimals and a true minus; a zero has no sign."""
    told = f"{abs(x):,.{digits}f}"
    nothing = not any(c in "123456789" for c in told)
    return told if nothing else ("−" if x < 0 else "+" if sign else "") + told


def digits(*values: float) -> int:
    """Return how many decimals tell the values apart: two figures of the smallest that matters, at most three."""
    largest = max((abs(v) for v in values), default=0.0)
    if largest == 0:
        return 0
    return 0 if largest >= 20 else 1 if largest >= 2 else 2 if largest >= 0.2 else 3


def counted(n: int, what: str) -> str:
    """Return a number with its noun: 1 week, 20 weeks."""
    return f"{n:,} {what}" + ("" if n == 1 else "s")


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence."""
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last


def first_mission(setups: Mapping[str, Scenario]) -> str:
    """Return the first mission by name of the first scenario that has one; empty if none has."""
    return next((min(setup.missions) for setup in setups.values() if setup.missions), "")


def cautions(setups: Mapping[str, Scenario]) -> str:
    """Return what every figure says of itself, with the attribution of worlds from data on lines of their own."""
    if not setups:
        return NOT_A_FORECAST
    told = f"{NOT_A_FORECAST} {assumptions(setups.values())}"
    return "\n".join([told, *attribution(setups)])


def attribution(setups: Mapping[Any, Scenario]) -> list[str]:
    """Return to whom the worlds of some scenarios are owed, if they come from data."""
    found: dict[str, None] = {}
    for setup in setups.values():
        if setup.world.file:
            world = build(setup.world, tuple(sorted(setup.hosts)), 0, setup.parameters)
            found |= dict.fromkeys(world.about.get("attribution", ()))
    return list(found)
