"""What a sweep's file holds, and how it is read: choices that planners make, unknowns that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from sim.errors import Problem, Problems
from sim.experiment.tables import as_keep
from sim.scenario import files
from sim.scenario.faults import Faults
from sim.scenario.kinds import Kept, Listed, Piece, Strings, dial, refuse
from sim.scenario.paths import plain

CONTESTED = "contested"
PLAUSIBLE = "plausible"
_CHOICES = "a table of quoted dotted paths = lists of 1 to 50 different values"
_UNKNOWNS = f'a table of quoted dotted paths = [least, most] or "{PLAUSIBLE}"; or "{CONTESTED}" for all of those'
Values = Annotated[tuple[Any, ...], Listed, Field(min_length=1, max_length=50)]


def _range(value: Any) -> Any:
    """Accept a least and a most value, or the word for the plausible range."""
    if value == PLAUSIBLE:
        return value
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in pair)
    if len(pair) != 2 or not numbers or not pair[0] < pair[1]:
        raise refuse(f'[least, most] with least < most, or "{PLAUSIBLE}"')
    return pair


def _different(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a value that is given twice."""
    for k, value in enumerate(values):
        if value in values[:k]:
            raise refuse("values that differ from each other")
    return values


def _names(value: Any) -> Any:
    """Let one name stand for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value


Choices = Annotated[dict[str, Annotated[Values, AfterValidator(_different)]], Kept]
Unknowns = Annotated[dict[str, Annotated[Any, BeforeValidator(_range)]], Kept]
Changes = Annotated[dict[str, Any], Kept]
Names = Annotated[
    Strings,
    BeforeValidator(_names),
    Field(min_length=1, max_length=20),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]


class DesignFile(Piece):
    """How the unknowns are sampled."""

    method: Literal["latin_hypercube", "sobol", "morris", "saltelli"] = dial(
        "How points are laid into the box of the unknowns: spread evenly, or as an analysis of sensitivity asks",
        "latin_hypercube",
    )
    samples: int = dial("Points; for morris trajectories, for saltelli the base sample", 16, ge=1, le=1_000_000)
    seed: int = dial("Which sample of that kind", 0, ge=0)
    luck: Literal["same", "own"] | None = dial(
        "Whether each point has seeds of its own, so that points are independent worlds (usual), or all share them, so "
        "that points differ by their unknowns alone (usual for morris and saltelli)",
        None,
    )

    @property
    def own_luck(self) -> bool:
        """Whether each point has seeds of its own."""
        return self.method not in ("morris", "saltelli") if self.luck is None else self.luck == "own"


class EnoughFile(Piece):
    """When there are replications enough: judged after `seeds`, and then after every further `step`."""

    metric: str = dial("The column of the summary that is judged, in every arm", "civilians_killed")
    within: float = dial("Half the 95 % interval of the mean, as a share of the mean", 0.1, gt=0, lt=1)
    step: int = dial("Seeds that are added at a time", 10, ge=1, le=1000)
    most: int = dial("Seeds after which it stops in any case", 100, ge=2, le=10_000)


class LimitsFile(Piece):
    """What one run may take; one that takes more is recorded as failed."""

    seconds: float | None = dial("Time", None, unit="seconds", gt=0)
    memory_mb: int | None = dial("Memory above what its process has", None, unit="MB", ge=1)


class SweepFile(Piece):
    """What a sweep's file holds."""

    question: str = dial("The question that the sweep answers, in English")
    scenario: Names = dial(
        "The scenario, or several, which are then a choice", allowed="a name or path, or a list of them"
    )
    baseline: str | None = dial("A scenario to compare with, which the choices leave as it is", None)
    sources: Strings = dial("Evidence tags", (), allowed="a list of texts")
    set: Changes = dial("What is changed in every run", {}, allowed="a table of quoted dotted paths = values")
    choices: Choices = dial("What planners decide: every value with every other", {}, allowed=_CHOICES)
    unknowns: Unknowns | Literal["contested"] = dial("What nobody knows: sampled", {}, allowed=_UNKNOWNS)
    design: DesignFile = dial("How the unknowns are sampled", DesignFile(), allowed="a table")
    seeds: int = dial("Replications of every point in every arm, the same seeds for all arms", 20, ge=1, le=10_000)
    enough: EnoughFile | None = dial("When to stop by itself", None, allowed="a table")
    limits: LimitsFile = dial("What one run may take", LimitsFile(), allowed="a table")
    keep: Strings = dial("Tables to keep beside the summary", (), allowed='a list such as ["weeks", "events"]')
    batch: int | None = dial("Runs that are kept together in one part", None, ge=1, le=1000)


INNER: dict[str, type[Piece]] = {"design": DesignFile, "enough": EnoughFile, "limits": LimitsFile}
"""The tables within a sweep's file, by key."""


def checked(tree: Mapping[str, Any], place: str) -> SweepFile:
    """Return what a tree of plain values says of a sweep.

    Raises Problems: all faults at once.
    """
    faults = Faults(lambda path: place)
    told = faults.build(SweepFile, plain(tree), "")
    faults.stop_if_any()
    assert told is not None
    try:
        as_keep(told.keep)
    except Problems as error:
        raise Problems(Problem(f"{place}: keep", p.given, p.allowed, p.nearest) for p in error.problems) from None
    return told


def is_sweep(name: str | Path) -> bool:
    """Say whether a name or path means a sweep: it is listed as one and as no scenario, or its file reads like one."""
    path = Path(name)
    if path.suffix != ".toml":
        return str(name) in files.listed(files.SWEEPS) and str(name) not in files.listed()
    if not path.is_file():
        return False
    own = {"scenario", "choices", "unknowns", "design", "enough"}
    return path.parent.name == files.SWEEPS or bool(own & set(files.read(path)))
