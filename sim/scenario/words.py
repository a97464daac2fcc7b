"""Numbers and keys in words, for pages that a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.inner import Condition
    from sim.scenario.schema import Event

STEPS = ((0.0, "not at all"), (0.25, "a little"), (0.5, "partly"), (0.75, "largely"), (0.999, "almost wholly"))
PARTS = ((0.0, "none"), (0.25, "little"), (0.5, "some"), (0.75, "much"), (0.999, "most"))


def spoken(key: str) -> str:
    """Return a key as words: `hot_spot` is `hot spot`."""
    return key.replace("_", " ")


def amount(share: float) -> str:
    """Say a share as a degree: not at all, a little, partly, largely, almost wholly, wholly."""
    return next((word for most, word in STEPS if share <= most), "wholly")


def how_much(share: float) -> str:
    """Say a share as a quantity: none, little, some, much, most, all."""
    return next((word for most, word in PARTS if share <= most), "all")


def list_of(names: Iterable[str]) -> str:
    """Join names as a sentence does: `a, b and c`."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def yes_no(value: bool) -> str:
    """Say a truth."""
    return "yes" if value else "no"


def timing(event: Event) -> str:
    """Say when an event happens: its week, or its condition."""
    return f"week {event.week}" if event.when is None else condition(event.when)


def condition(when: Condition) -> str:
    """Say a condition: `ceasefire above 0.5 for 13 weeks, after leaving, by week 130`."""
    side = f"above {when.above:g}" if when.above is not None else f"below {when.below or 0:g}"
    whose = f" of {when.of}" if when.of else f" in {when.area}" if when.area else ""
    watched = f"{spoken(when.measure)}{whose} {side} for {when.weeks} weeks" if when.measure else ""
    told = [watched or f"{when.weeks} weeks later", f"after {when.follows}" if when.follows else ""]
    told.append(f"from week {when.after}" if when.after else "")
    told.append(f"by week {when.by} at the latest" if when.by is not None else "")
    return ", ".join(word for word in told if word)
