"""A metric over a sweep: its values at each point of the unknowns (rows) on each seed (columns)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import Problem, Problems, SimError, nearest
from sim.experiment.text import counted

Unknowns = Mapping[str, tuple[float, float]]
SHOWN = 5
RETRY = "run the failed runs again, or take a metric that every run has"


@dataclass(frozen=True)
class Outputs:
    """What one arm, or the difference of two, gives at every point of a design.

    x: values of the unknowns, a row per point; y: the metric, shape (points, seeds), complete. subject: whose it is.
    """

    metric: str
    subject: str
    x: pd.DataFrame
    y: np.ndarray
    seeds: tuple[int, ...]
    left_out: tuple[int, ...]

    def unit(self, unknowns: Unknowns) -> np.ndarray:
        """Return the points in the unit cube, shape (points, unknowns)."""
        low, high = np.array([unknowns[name] for name in self.x], float).T
        return (self.x.to_numpy(float) - low) / (high - low)


def outputs(
    frame: pd.DataFrame, unknowns: Unknowns, metric: str, arm: int | None = None, against: int | None = None
) -> Outputs:
    """Return a metric at all points on the seeds that every point has, points in order.

    arm: which, if there are several; against: take the difference from this arm, on the same point and seed. Raises
    Problems for unknown names, and SimError where a value is missing, not finite or there twice, or all are the same.
    """
    values = at_points(frame, unknowns, metric, arm, against)
    if values.empty:
        raise SimError(f"{metric}: no runs to analyse")
    values = values.reindex(range(int(values.index.max()) + 1))
    empty = values.index[values.isna().all(axis=1)]
    if len(empty):
        raise SimError(f"{metric}: no run at {listed('point', empty)}; {RETRY}")
    whole = values.columns[values.notna().all()]
    if whole.empty:
        raise SimError(f"{metric}: no seed was run at every one of {counted(len(values), 'point')}; {RETRY}")
    left_out = tuple(map(int, values.columns.difference(whole)))
    x, y = unknown_values(frame, unknowns).reindex(values.index), values[whole].to_numpy(float)
    if np.ptp(y) == 0:
        raise SimError(f"{metric}: {y[0, 0]:g} in every run: there is nothing to explain")
    return Outputs(metric, subject(frame, arm, against), x, y, tuple(map(int, whole)), left_out)


def at_points(
    frame: pd.DataFrame, unknowns: Unknowns, metric: str, arm: int | None = None, against: int | None = None
) -> pd.DataFrame:
    """Return a metric, or its difference from another arm: a row per point, a column per seed; NaN where no run is.

    Raises Problems for unknown names, SimError for values that are not numbers.
    """
    check_columns(frame, [metric, *unknowns])
    mine = _wide(frame, metric, one_arm(frame, arm))
    return mine if against is None else mine - _wide(frame, metric, one_arm(frame, against))


def check_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    """Raise Problems for names that are no columns of the runs, with the nearest that are."""
    wrong = [name for name in names if name not in frame.columns]
    if wrong:
        allowed = "a column of the runs"
        raise Problems(Problem("runs", name, allowed, nearest(name, map(str, frame.columns))) for name in wrong)


def one_arm(frame: pd.DataFrame, arm: int | None) -> int:
    """Return the arm that is meant: the one given, or the only one.

    Raises Problems if it was not run or there are several to choose from.
    """
    there = sorted(map(int, frame["arm"].unique()))
    if arm is None and len(there) == 1:
        return there[0]
    if arm not in there:
        raise Problems([Problem("arm", arm, f"one of the arms {', '.join(map(str, there))}")])
    return int(arm)


def _wide(frame: pd.DataFrame, metric: str, arm: int) -> pd.DataFrame:
    """Return the values of one arm by point and seed.

    Raises SimError for values that are not finite and for runs that are there twice.
    """
    mine = frame.loc[frame["arm"] == arm, ["point", "seed", metric]]
    wrong = mine[~np.isfinite(mine[metric].to_numpy(float))]
    if len(wrong):
        told = listed("point", pd.unique(wrong["point"]))
        raise SimError(f"{metric}: not defined in {len(wrong)} of {len(mine)} runs, at {told}; {RETRY}")
    if mine.duplicated(["point", "seed"]).any():
        raise SimError(f"{metric}: some runs of arm {arm} are there twice: a point and a seed make one run of an arm")
    return mine.pivot(index="point", columns="seed", values=metric).sort_index()


def unknown_values(frame: pd.DataFrame, unknowns: Unknowns) -> pd.DataFrame:
    """Return the values of the unknowns: a row per point, a column per unknown."""
    return frame.drop_duplicates("point").set_index("point")[list(unknowns)].astype(float).sort_index()


def subject(frame: pd.DataFrame, arm: int | None, against: int | None) -> str:
    """Say whose values they are: nothing where there is one arm only."""
    if against is not None:
        return f"arm {one_arm(frame, arm)} against arm {against}"
    return f"arm {one_arm(frame, arm)}" if frame["arm"].nunique() > 1 else ""


def listed(what: str, numbers: Iterable[int]) -> str:
    """Name some numbers: `points 1, 5 and 12 more`."""
    found = [str(int(number)) for number in numbers]
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return f"{what}{'s' if len(found) > 1 else ''} {', '.join(found[:SHOWN])}{more}"
