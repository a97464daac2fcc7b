"""What came of a sweep: its runs as one table, read from the parts that are there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from sim.errors import Problem, Problems, SimError, nearest
from sim.experiment.adequacy import adequacy_table
from sim.experiment.discovery import Discovery, discover
from sim.experiment.drawing import SWEEP, Figures
from sim.experiment.sensitivity import Sensitivity
from sim.experiment.sensitivity_morris import morris
from sim.experiment.sensitivity_sobol import sobol
from sim.experiment.sources import Folder
from sim.experiment.sweep_comparison import SweepComparison, compare_arms
from sim.experiment.sweeps.manifest import sweep_from
from sim.experiment.sweeps.sweep import Sweep
from sim.experiment.tables import joined
from sim.scenario import Scenario

LOT = 64
"""How many parts are read before they become one piece: many small ones then take no more room than few large ones."""
HEAD = ("id", "scenario", "arm", "point", "seed")


class SweepResults:
    """A sweep that was played, or as much of it as is there.

    `runs` has a row per run that ended: id, scenario (the arm's label), arm, point, seed, a column per choice and per
    unknown by its path, then the summary. `failed` has the runs that did not, with their inputs and `error`.
    """

    def __init__(self, sweep: Sweep, store: Folder) -> None:
        """Look at a sweep's folder."""
        self.sweep, self.store = sweep, store

    @property
    def folder(self) -> Path:
        """Where the parts are."""
        return self.store.folder

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The labels of the arms, in order."""
        return tuple(arm.setup.name for arm in self.sweep.arms)

    @property
    def setups(self) -> dict[str, Scenario]:
        """The arms' scenarios by label, before any unknown is set."""
        return {arm.setup.name: arm.setup for arm in self.sweep.arms}

    @property
    def choices(self) -> dict[str, tuple[Any, ...]]:
        """Each choice with its values, by path."""
        return self.sweep.choices

    @property
    def unknowns(self) -> dict[str, tuple[float, float]]:
        """Each unknown with its least and most, by path."""
        return {path: (unknown.least, unknown.most) for path, unknown in self.sweep.unknowns.items()}

    @property
    def metrics(self) -> list[str]:
        """The columns of `runs` that a run measured."""
        return [name for name in self.runs.columns if name not in self.inputs]

    @property
    def inputs(self) -> list[str]:
        """The columns of `runs` that say what a run was."""
        return [*HEAD, *self.choices, *self.unknowns]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """The runs that ended, a row each."""
        frame = self._read()
        ended = frame[frame["error"].isna()].drop(columns="error")
        return ended[[*self.inputs, *(c for c in ended.columns if c not in self.inputs)]].reset_index(drop=True)

    @cached_property
    def failed(self) -> pd.DataFrame:
        """The runs that failed: what they were, their inputs, and the error with its last places."""
        frame = self._read([*self.inputs, "error"])
        return frame[frame["error"].notna()].reset_index(drop=True)

    @cached_property
    def _few(self) -> pd.DataFrame:
        """Of every run its arm, error and headline metric, which say what is there without reading all of it."""
        return self._read(["scenario", "error", "civilians_killed"])

    def _read(self, columns: list[str] | None = None) -> pd.DataFrame:
        """Return every run that is there, in the order of the plan, all of its columns or some; read lot by lot.

        Raises SimError where no run is finished.
        """
        parts = self.store.parts("runs", columns)
        lots = [joined(lot).combine_chunks() for lot in iter(lambda: list(islice(parts, LOT)), [])]
        frame = joined(lots).unify_dictionaries().to_pandas()
        if frame.empty:
            raise SimError(f"{self.folder}: no run is finished yet")
        return frame

    def table(self, name: str) -> pd.DataFrame:
        """Return a table that was kept beside the summary, whole: `weeks`, `events` and so on.

        Raises Problems for one that was not kept.
        """
        if name not in self.sweep.keep or name == "summary":
            kept = [table for table in self.sweep.keep if table != "summary"]
            allowed = "a table that was kept: " + (", ".join(kept) or "none was; see `keep` in the sweep's file")
            raise Problems([Problem("table", name, allowed, nearest(name, kept))])
        return joined(self.store.read(name)).unify_dictionaries().to_pandas()

    def arm(self, scenario: str | int) -> int:
        """Return the number of an arm, given its label or number. Raises Problems with the nearest label."""
        if isinstance(scenario, int) and 0 <= scenario < len(self.scenarios):
            return scenario
        if scenario not in self.scenarios:
            few = ", ".join(self.scenarios[:6]) + (" ..." if len(self.scenarios) > 6 else "")
            raise Problems([Problem("arm", scenario, f"one of {few}", nearest(str(scenario), self.scenarios))])
        return self.scenarios.index(str(scenario))

    def compare(self, baseline: str | int = 0, metrics: str | Iterable[str] | None = None) -> SweepComparison:
        """Return paired differences of all arms from a baseline, over worlds (points), with Holm's correction.

        baseline: an arm by label or number. metrics: names or columns; all if not said. Raises Problems for
        unknown names.
        """
        return compare_arms(self.runs, self.arm(baseline), metrics, self.choices, self.unknowns)

    def adequacy(self, metrics: str | Iterable[str] = "civilians_killed", target: float = 0.1) -> pd.DataFrame:
        """Return whether there are replications enough, a row per arm and metric: half interval, needed, in words."""
        table = adequacy_table(self.runs, [metrics] if isinstance(metrics, str) else metrics, target)
        return table.assign(scenario=[self.scenarios[arm] for arm in table["arm"]])

    def sensitivity(
        self, metric: str = "civilians_killed", arm: str | int | None = None, against: str | int | None = None
    ) -> Sensitivity:
        """Return what the unknowns do to a metric of an arm, or to its difference from another: Morris or Sobol.

        Which of them the design says (`design.method` morris or saltelli). Raises SimError for another design, Problems
        for unknown names, and where values are missing or do not vary.
        """
        methods = {"morris": morris, "saltelli": sobol}
        method = self.sweep.about.design.method
        if method not in methods:
            raise SimError(f"{self.sweep.name}: an analysis of sensitivity needs design.method morris or saltelli, "
                           f"not {method}")  # fmt: skip
        first, second = self._arms(arm, against)
        return methods[method](self.runs, self.unknowns, metric, arm=first, against=second)

    def discover(
        self, metric: str = "civilians_killed", side: str = "above", threshold: float = 0.0,
        arm: str | int | None = None, against: str | int | None = None,
    ) -> Discovery:  # fmt: skip
        """Return in which region of the unknowns an arm fails: its metric lies above (or below) a threshold.

        against: another arm, from which the difference on the same luck is taken. Raises Problems for unknown names,
        SimError where too few worlds fail or do not.
        """
        first, second = self._arms(arm, against)
        return discover(self.runs, self.unknowns, (metric, side, threshold), arm=first, against=second)

    def _arms(self, *given: str | int | None) -> list[int | None]:
        """Return arms by number, none where none is given."""
        return [None if arm is None else self.arm(arm) for arm in given]

    @property
    def plot(self) -> Figures:
        """Figures of the sweep: `results.plot.<name>()`, Matplotlib axes in and out."""
        return Figures(self, SWEEP)

    def __len__(self) -> int:
        """Return how many runs ended."""
        return int(self._few["error"].isna().sum())

    def __repr__(self) -> str:
        """Read as what was played and the headline metric by arm."""
        done, most = len(self._few), self.sweep.most_runs
        head = (f"{self.sweep.name}: {len(self.scenarios)} arms, {len(self.sweep.points)} points of "
                f"{len(self.unknowns)} unknowns, {done} of at most {most} runs, {done - len(self)} failed")  # fmt: skip
        return "\n".join([head, *(self._line(name) for name in self.scenarios[:12])])

    def _line(self, scenario: str) -> str:
        """Return an arm's median and 5-95 % spread of killed civilians over its runs."""
        killed = self._few.loc[self._few["error"].isna() & (self._few["scenario"] == scenario), "civilians_killed"]
        low, middle, high = killed.quantile([0.05, 0.5, 0.95])
        return f"  {scenario}: civilians killed {middle:,.0f} [{low:,.0f}, {high:,.0f}], {len(killed)} runs"


def read_sweep(folder: str | Path) -> SweepResults:
    """Return the sweep that a folder holds.

    Raises SimError if there is none.
    """
    store = Folder(folder)
    told = store.manifest
    if told is None or "sweep" not in told:
        raise SimError(f"{folder}: holds no sweep")
    return SweepResults(sweep_from(told, store.folder), store)
