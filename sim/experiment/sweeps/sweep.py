"""A sweep, checked: its arms, its points, and every run of it numbered and cut into fixed batches beforehand."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim.errors import Problem, Problems, nearest
from sim.experiment.limits import Limits
from sim.experiment.plan import Batch, Run
from sim.experiment.sweeps.design import unit_points
from sim.experiment.sweeps.file import CONTESTED, PLAUSIBLE, SweepFile, checked
from sim.experiment.tables import as_keep
from sim.scenario import Scenario, files, load
from sim.scenario.changes import spelt
from sim.scenario.contested import contested
from sim.scenario.faults import Faults
from sim.scenario.turnable import rows

MOST_RUNS_IN_A_BATCH = 20
OWN_LUCK = 10_000
"""With luck of its own, point k takes seeds from k times this."""


class Arm(NamedTuple):
    """One combination of choices: its number, its scenario, and what the choices are."""

    number: int
    setup: Scenario
    choices: tuple[tuple[str, Any], ...]


class Unknown(NamedTuple):
    """What an unknown may be: least, most, and whether whole numbers only."""

    least: float
    most: float
    whole: bool = False

    def at(self, share: float) -> float:
        """Return the value at a share of the way from least to most."""
        value = self.least + share * (self.most - self.least)
        return round(value) if self.whole else float(value)


@dataclass(frozen=True)
class Stage:
    """Replications that are played together; after each stage but the last a sweep may stop."""

    first: int
    last: int


@dataclass(frozen=True, repr=False)
class Sweep:
    """A sweep: what its file says, its arms in order, and the ranges of its unknowns by path.

    `points` has a row per point and a column per unknown; `runs` and `batches` are the plan.
    """

    name: str
    about: SweepFile
    arms: tuple[Arm, ...]
    unknowns: Mapping[str, Unknown]

    @cached_property
    def points(self) -> np.ndarray:
        """The values of the unknowns, shape (points, unknowns)."""
        told = self.about.design
        unit = unit_points(told.method, list(self.unknowns), told.samples, told.seed)
        spans = list(self.unknowns.values())
        return np.array([[u.at(x) for u, x in zip(spans, row, strict=True)] for row in unit]).reshape(len(unit), -1)

    @property
    def choices(self) -> dict[str, tuple[Any, ...]]:
        """Each choice with its values as the table of runs shows them; several scenarios are told by their labels."""
        told = self.about.choices
        return {path: tuple(shown_as(v, values) for v in values) for path, values in told.items()}

    @property
    def keep(self) -> tuple[str, ...]:
        """The tables that are kept."""
        return as_keep(self.about.keep)

    @property
    def limits(self) -> Limits:
        """What one run may take."""
        return Limits(self.about.limits.seconds, self.about.limits.memory_mb)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The replications, cut where the sweep may stop."""
        enough, first = self.about.enough, self.about.seeds
        if enough is None or enough.most <= first:
            return (Stage(0, first),)
        cuts = [first, *range(first + enough.step, enough.most, enough.step), enough.most]
        return (Stage(0, first), *(Stage(a, b) for a, b in itertools.pairwise(cuts)))

    @property
    def most_runs(self) -> int:
        """How many runs there are if it does not stop before its end."""
        return len(self.points) * len(self.arms) * self.stages[-1].last

    @cached_property
    def batch_size(self) -> int:
        """How many runs go together: whole sets of arms, few enough that little is lost and every core has work."""
        arms = len(self.arms)
        wanted = self.about.batch or max(1, min(MOST_RUNS_IN_A_BATCH, self.most_runs // 100))
        return arms * max(1, -(-wanted // arms))

    def runs(self, stage: Stage) -> Iterator[tuple[Run, Arm]]:
        """Yield the runs of a stage: point by point, seed by seed, all arms beside each other."""
        for point, values in enumerate(self.points):
            unknowns = tuple(zip(self.unknowns, self._plain(values), strict=True))
            for replicate in range(stage.first, stage.last):
                seed = replicate + (point * OWN_LUCK if self.about.design.own_luck else 0)
                for arm in self.arms:
                    place = (("arm", arm.number), ("point", point))
                    yield Run(self._id(arm, unknowns, seed), arm.setup.name, seed, place, arm.choices, unknowns), arm

    def _plain(self, values: np.ndarray) -> list[float]:
        """Return a point's values as plain numbers, whole ones as such."""
        return [int(v) if u.whole else float(v) for u, v in zip(self.unknowns.values(), values, strict=True)]

    def batches(self, stages: Sequence[Stage] | None = None) -> Iterator[tuple[Batch, dict[int, Scenario]]]:
        """Yield the batches of some stages, of all if not said, with the scenarios of the arms by number.

        Numbers and contents never change.
        """
        setups = {arm.number: arm.setup for arm in self.arms}
        number = 0
        for stage in self.stages:
            each = len(self.points) * len(self.arms) * (stage.last - stage.first)
            if stages is not None and stage not in stages:
                number += -(-each // self.batch_size)
                continue
            runs = (run for run, _ in self.runs(stage))
            while batch := tuple(itertools.islice(runs, self.batch_size)):
                yield Batch(number, batch), setups
                number += 1

    @cached_property
    def _digests(self) -> list[str]:
        """What each arm's scenario is, in short."""
        return [arm.setup.digest for arm in self.arms]

    def _id(self, arm: Arm, unknowns: tuple[tuple[str, float], ...], seed: int) -> str:
        """Return the name of a run: the same for the same scenario, values and seed."""
        told = json.dumps([self._digests[arm.number], unknowns, seed])
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        """Read as one line."""
        return (f"<Sweep {self.name}: {len(self.arms)} arms x {len(self.points)} points x up to "
                f"{self.stages[-1].last} seeds>")  # fmt: skip


def load_sweep(told: str | Path | Mapping[str, Any], name: str = "sweep") -> Sweep:
    """Return a sweep by its name, the path of its file, or from a dict that reads as one.

    Raises Problems: all faults at once, each with its place.
    """
    place, folder = name, None
    if not isinstance(told, Mapping):
        file = files.find(told, kind="sweep", within=files.SWEEPS)
        name, place, folder, told = file.stem, file.name, file.parent, files.read(file)
    try:
        about = checked(told, place)
    except Problems as error:
        raise Problems([*error.problems, *_further(told, error, name, place, folder)]) from None
    return built(name, about, folder)


def _further(
    told: Mapping[str, Any], error: Problems, name: str, place: str, folder: Path | None
) -> tuple[Problem, ...]:
    """Return what is wrong with a sweep's file beside the keys that were refused: it is read without them."""
    keys = [str(p.given) if p.where == place else p.where.removeprefix(f"{place}: ") for p in error.problems]
    refused = {key.partition(".")[0] for key in keys}
    try:
        built(name, checked({key: value for key, value in told.items() if key not in refused}, place), folder)
    except Problems as more:
        missing = {f"{place}: {key}" for key in refused}
        return tuple(p for p in more.problems if p.where not in missing)
    return ()


def built(name: str, about: SweepFile, folder: Path | None) -> Sweep:
    """Return the sweep that a file describes, every arm and both ends of every unknown tried."""
    faults = Faults(lambda path: name)
    alone = [] if about.baseline is None else _bases([about.baseline], "baseline", about, folder, faults)
    bases = _bases(about.scenario, "scenario", about, folder, faults)
    faults.stop_if_any()
    arms = tuple(
        Arm(k, *pair) for k, pair in enumerate([*((base, ()) for base in alone), *_arms(bases, about, faults)])
    )
    _check_names(arms, faults)
    unknowns = dict(_unknowns(about, arms[0].setup if arms else bases[0], faults))
    faults.stop_if_any()
    sweep = Sweep(name, about, arms, unknowns)
    _points(sweep, faults)
    faults.stop_if_any()
    return sweep


def _bases(
    names: Sequence[str], place: str, about: SweepFile, folder: Path | None, faults: Faults
) -> list[Scenario]:  # fmt: skip
    """Return the scenarios of some names, each with what is changed in every run."""
    return [base for name in names if (base := _base(name, place, about, folder, faults)) is not None]


def _base(name: str, place: str, about: SweepFile, folder: Path | None, faults: Faults) -> Scenario | None:
    """Return a scenario with what is changed in every run; what is wrong with it is noted at its place."""
    try:
        base = load(files.find(name, folder))
    except Problems as error:
        for p in error.problems:
            faults.add(place, p.given, p.allowed, p.nearest)
        return None
    try:
        return base.but(dict(about.set)).named(base.name) if about.set else base
    except Problems as error:
        _noted(error, "set", faults)
        return None


def _noted(error: Problems, place: str, faults: Faults) -> None:
    """Note what a change at dotted paths was refused for."""
    for p in error.problems:
        inner = p.where.rpartition(": ")[2] if ": " in p.where else ""
        faults.add(f"{place}.{inner}".rstrip("."), p.given, p.allowed, p.nearest)


def _arms(
    bases: list[Scenario], about: SweepFile, faults: Faults
) -> Iterator[tuple[Scenario, tuple[tuple[str, Any], ...]]]:  # fmt: skip
    """Yield every combination of scenario and choices, with the choices as they are shown."""
    told = {path: tuple(values) for path, values in about.choices.items()}
    for base, *values in itertools.product(bases, *told.values()):
        change = dict(zip(told, values, strict=True))
        shown = tuple((path, shown_as(value, told[path])) for path, value in change.items())
        varied = [f"{path}={spelt(value)}" for path, value in change.items() if len(told[path]) > 1]
        label = f"{base.name}[{','.join(varied)}]" if varied else base.name
        try:
            yield (base.but(change) if change else base).named(label), shown
        except Problems as error:
            _noted(error, "choices", faults)


def _check_names(arms: Sequence[Arm], faults: Faults) -> None:
    """Note scenarios that would share a label."""
    seen: set[str] = set()
    for arm in arms:
        if arm.setup.name in seen:
            faults.add("scenario", arm.setup.name, "scenarios with names that differ, each once")
        seen.add(arm.setup.name)


def shown_as(value: Any, values: Sequence[Any]) -> Any:
    """Return a choice's value as the table of runs shows it: numbers and truths as such, all else in words."""
    truths = all(isinstance(v, bool) for v in values)
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    return float(value) if numbers else value if truths else spelt(value)


def _unknowns(about: SweepFile, one: Scenario, faults: Faults) -> Iterator[tuple[str, Unknown]]:
    """Yield the unknowns with their ranges; every one must turn in the first arm."""
    told = contested() if about.unknowns == CONTESTED else about.unknowns
    known = {row["path"]: row for row in rows(one)}
    for path, given in dict(told).items():  # type: ignore[arg-type]
        place, row = f"unknowns.{path}", known.get(path)
        if row is None:
            faults.add(place, path, "a path that `sim describe dials NAME` shows", nearest(path, known))
        elif path in about.choices:
            faults.add(place, path, "a path that is no choice: what is decided is not unknown")
        elif row["type"] not in ("number", "whole number"):
            faults.add(place, row["type"], "a path that holds a number")
        elif given == PLAUSIBLE and not row["plausible"]:
            faults.add(place, given, "[least, most]: no plausible range is known for this path")
        else:
            least, most = row["plausible"] if given == PLAUSIBLE else given
            yield path, Unknown(least, most, row["type"] == "whole number")


def _points(sweep: Sweep, faults: Faults) -> None:
    """Note what the design refuses, and ends of unknowns that an arm refuses."""
    try:
        points = sweep.points
    except Problems as error:
        for p in error.problems:
            faults.add(p.where, p.given, p.allowed, p.nearest)
        return
    assert points.shape[1] == len(sweep.unknowns)
    for arm in sweep.arms:
        for end in ("least", "most"):
            change = {path: getattr(u, end) for path, u in sweep.unknowns.items()}
            try:
                arm.setup.but(change)
            except Problems as error:
                _noted(error, "unknowns", faults)
