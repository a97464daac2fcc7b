"""What figures of a sweep look at: its runs, choices and unknowns, arms in words, and means over worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import Problem, Problems, nearest
from sim.experiment import statistics as st
from sim.experiment.about import about
from sim.experiment.sweep_grid import observations
from sim.report.series import LEAST_SPAN
from sim.report.words import counted, label, scale

if TYPE_CHECKING:
    from sim.scenario import Scenario

Values = tuple[Any, ...]


class Swept(Protocol):
    """A sweep's results: a row per run (arm, point, seed, choices, unknowns, metrics), and what was varied."""

    @property
    def runs(self) -> pd.DataFrame:
        """A row per run."""

    @property
    def choices(self) -> Mapping[str, Sequence[Any]]:
        """The values of each choice, by path."""

    @property
    def unknowns(self) -> Mapping[str, tuple[float, float]]:
        """The range of each unknown, by path."""


def check_metric(sweep: Swept, *metrics: str) -> None:
    """Raise Problems for metrics that the runs do not have, with the nearest that they do."""
    there = [str(c) for c in sweep.runs.select_dtypes("number").columns]
    wrong = [metric for metric in metrics if metric not in there]
    if wrong:
        raise Problems(Problem("metric", metric, "a metric of the runs", nearest(metric, there)) for metric in wrong)


def setups_of(sweep: Swept) -> Mapping[str, Scenario]:
    """Return the scenarios of a sweep that has them by label, for what every figure says of itself."""
    return getattr(sweep, "setups", {})


def one_of(where: str, path: str, paths: Mapping[str, Any]) -> str:
    """Return a path that is among some.

    Raises Problems with the nearest if it is not.
    """
    if path not in paths:
        raise Problems([Problem(where, path, "one of " + (", ".join(paths) or "none"), nearest(path, paths))])
    return path


def words_of(path: str) -> str:
    """Return a path of a scenario as a figure names it: `coordination`, a parameter with its group: `harm loss`."""
    parts = path.split(".")
    return " ".join(parts[1:] if parts[0] == "parameters" else parts[-1:]).replace("_", " ")


def headed(metric: str) -> str:
    """Return a metric in words as a title begins."""
    told = label(metric)
    return told[:1].upper() + told[1:]


def regrouped(sweep: Swept, paths: Sequence[str]) -> tuple[pd.DataFrame, dict[int, Values]]:
    """Return the runs with an arm for each combination of some choices, and the values of each arm.

    What else was chosen counts as part of the world, so that pairs differ in these choices alone.
    """
    others = ["point", *(path for path in sweep.choices if path not in paths)]
    runs = sweep.runs.copy()
    runs["point"] = runs.groupby(others, sort=True).ngroup()
    order = [tuple(values) for values in _product([sweep.choices[path] for path in paths])]
    number = {values: k for k, values in enumerate(order)}
    runs["arm"] = [number[tuple(row)] for row in runs[list(paths)].itertuples(index=False)] if paths else 0
    return runs, dict(enumerate(order))


def _product(values: Sequence[Sequence[Any]]) -> list[Values]:
    """Return all combinations in order, the last varying fastest."""
    found: list[Values] = [()]
    for some in values:
        found = [(*one, value) for one in found for value in some]
    return found


def keep_span(ax: Axes, metric: str, axis: str = "y") -> None:
    """Widen an axis from 0 to 100 that shows a small part of it, so that small differences look small."""
    low, high = getattr(ax, f"get_{axis}lim")()
    if about(metric).is_share and high - low < LEAST_SPAN:
        middle = (low + high) / 2
        getattr(ax, f"set_{axis}lim")(middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2)


def level(values: np.ndarray | pd.Series, metric: str) -> tuple[float, st.Interval]:
    """Return the mean over worlds and its 95 % interval, in the unit in which the metric is drawn."""
    x = np.asarray(values, float)
    x = x[~np.isnan(x)] * scale(metric)
    return (float(x.mean()) if len(x) else float("nan")), st.student(x)


def by_world(runs: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return a metric by world (rows; seeds where there is one world) and arm (columns)."""
    return observations(runs, metric)


def size_of(runs: pd.DataFrame) -> str:
    """Say of how many worlds and runs something is the mean."""
    worlds = runs["point"].nunique()
    if worlds == 1:
        return f"n = {counted(runs['seed'].nunique(), 'seed')}, one setting of the unknowns"
    return f"n = {counted(worlds, 'world')}, {counted(len(runs), 'run')}"
