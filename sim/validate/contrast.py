"""A contrast: two arrangements, one outcome, and one dial that decides which of them does better (model.md 9)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from sim.errors import Problem, Problems, SimError, nearest
from sim.scenario import Scenario, load
from sim.scenario.kinds import Listed, Piece, Strings

FOLDER = Path(__file__).parent / "contrasts"
COUNTRIES = (7, 11, 23, 42)
STUDY: dict[str, Any] = {"world.grid": [22, 22], "world.places": 240}
"""The country of a study: that of the scenarios with fewer places, so that a study takes minutes."""
SMALL: dict[str, Any] = {"world.grid": [14, 14], "world.places": 100}

Changes = Annotated[dict[str, Any], Field(default_factory=dict)]
Levels = Annotated[tuple[float, ...], Listed, Field(min_length=5, max_length=5)]


class Arm(Piece):
    """One of the two arrangements: how the situation differs in it, and which actors are not in it."""

    title: str
    changes: Changes
    without: Strings = ()


class Dial(Piece):
    """The moderator: five levels, the paths that take the level as it is, and those that take values of their own."""

    meaning: str
    levels: Levels
    paths: Strings = ()
    values: Annotated[dict[str, Annotated[tuple[Any, ...], Listed]], Field(default_factory=dict)]

    def at(self, number: int) -> dict[str, Any]:
        """Return the changes that set the dial to one of its levels."""
        return dict.fromkeys(self.paths, self.levels[number]) | {p: v[number] for p, v in self.values.items()}


class Knock(Piece):
    """A rule or switch without which the contrast should be dead, and at which end of the dial."""

    name: str
    changes: Changes
    kills: Literal["first", "last", "both"] = "both"


class Contrast(Piece):
    """Two arrangements in one situation, the columns of the summary that judge them, and the dial that turns them.

    shape: `crossing` (the first arrangement does worse at one end and better at the other) or `peak` (it does best
    strictly inside). first: whether the first arrangement is expected better or worse at the first level. ways: columns
    that show by which recorded states it works. quick: further changes in the small country. tried: what was tried
    where it does not flip.
    """

    name: str
    question: str
    base: str
    situation: Changes
    quick: Changes
    one: Arm
    other: Arm
    dial: Dial
    outcome: Strings
    better: Literal["lower", "higher"] = "lower"
    shape: Literal["crossing", "peak"] = "crossing"
    first: Literal["better", "worse"] = "worse"
    ways: Strings = ()
    knocks: Annotated[tuple[Knock, ...], Listed] = ()
    reached: bool = True
    tried: str = ""
    sources: Strings

    def arms(self, level: int, country: int = COUNTRIES[0], change: dict[str, Any] | None = None,
             world: dict[str, Any] = STUDY) -> tuple[Scenario, Scenario]:  # fmt: skip
        """Return the two arrangements at one level of the dial, in one country, with further changes."""
        own = {"world.seed": country} if "world.seed" not in self.situation else {}
        whole = load(self.base).but(world | own | self.situation | self.dial.at(level) | (change or {}))
        return _without(whole, self.one), _without(whole, self.other)


def _without(whole: Scenario, arm: Arm) -> Scenario:
    """Return the situation as it is in one arm."""
    found = whole.but(arm.changes) if arm.changes else whole
    for name in arm.without:
        found = found.without(name)
    return found


def names() -> list[str]:
    """Return the names of all contrasts."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@cache
def contrast(name: str) -> Contrast:
    """Return a contrast by name. Raises SimError for an unknown name, Problems for what its file should not say."""
    if name not in names():
        raise Problems([Problem("contrast", name, ", ".join(names()), nearest(name, names()))])
    path = FOLDER / f"{name}.toml"
    try:
        return Contrast.model_validate({"name": name} | tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise SimError(f"{path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
