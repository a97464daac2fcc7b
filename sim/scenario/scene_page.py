"""A training scene as a page that a trainer can read, before a room does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from textwrap import wrap
from typing import Any

from sim.scenario.changes import spelt
from sim.scenario.page import NO_FORECAST, WIDE, entry, field, section
from sim.scenario.scene import SIDES, Scene, SceneFile, Side, changes

ARMS = {"a": "A", "b": "B", "both": "A and B"}


def page(scene: Scene, meaning: Callable[[str], str] = lambda column: "") -> str:
    """Return the page of a scene; `meaning` says in words what a column to watch is."""
    told = scene.about
    watched = (line for column in told.watch for line in entry("", [_with(column, meaning(column))]))
    parts = [
        [f"{scene.name}: {told.title}", *wrap(told.question, WIDE)],
        [*_about(scene)],
        [*section("The two", (line for side in SIDES for line in _arm(scene, side)), "")],
        [*section("In both", (x for change in changes(told) for x in entry("", [_change(*change)])), "")],
        [*section("The dial", _dial(told), "")],
        [*section("To watch", watched, "")],
        [*section("Predict first", numbered(told.predictions), "")],
        [*section("To discuss", numbered(told.debrief), "")],
        field("Sources", ", ".join(told.sources)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _about(scene: Scene) -> Iterator[str]:
    """Yield what it is modelled on, and how long it takes."""
    cases = "; ".join(scene.about.based_on)
    yield from field("Modelled on", (f"{cases}. " if cases else "") + NO_FORECAST)
    w = scene.a.world
    yield from field("Takes", f"{scene.about.minutes} minutes; {scene.a.weeks} weeks in a country of "
                     f"{w.grid[0]} x {w.grid[1]} cells")  # fmt: skip


def _arm(scene: Scene, side: str) -> Iterator[str]:
    """Yield one of the two: its title, the scenario that it is, and what is different in it."""
    told: Side = getattr(scene.about, side)
    yield from entry(side.upper(), [f"{told.title}: scenario {told.scenario}", *(_change(*c) for c in changes(told))])


def _dial(told: SceneFile) -> Iterator[str]:
    """Yield what is turned, where and to what."""
    values = ", ".join(spelt(value) for value in told.dial.values)
    yield from entry("", [f"{told.dial.title}: {told.dial.path}", f"turned in {ARMS[told.dial.turns]} to {values}"])


def numbered(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts as a numbered list."""
    for k, text in enumerate(texts, 1):
        yield from entry(f"{k}.", [text])


def _change(path: str, value: Any) -> str:
    """Say one change."""
    return f"{path} = {spelt(value)}"


def _with(name: str, text: str) -> str:
    """Return a name and, if there is any, what it means."""
    return f"{name}: {text}" if text else name
