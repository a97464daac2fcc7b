"""One arm's values of a metric laid out by world and seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment.about import about, whole_of
from sim.experiment.pairs import arm_values


@dataclass(frozen=True)
class Grid:
    """The runs of one arm, and which of them stands at each point (rows) and seed (columns); -1 where none does.

    shared: whether points share their seeds. If each has its own, a column is a place in their order, as in all arms.
    """

    runs: pd.DataFrame
    places: np.ndarray
    points: np.ndarray
    seeds: np.ndarray
    shared: bool

    @classmethod
    def of(cls, frame: pd.DataFrame, arm: int) -> Grid:
        """Lay out the runs of an arm on all points and seeds of the sweep, in order.

        Raises SimError where a point and a seed are there twice.
        """
        frame = frame.assign(column=seed_columns(frame))
        points, seeds = (np.unique(frame[name].to_numpy()) for name in ("point", "column"))
        runs = frame[frame["arm"] == arm].reset_index(drop=True)
        if runs.duplicated(["point", "seed"]).any():
            raise SimError(f"some runs of arm {arm} are there twice: a point and a seed make one run of an arm")
        places = np.full((len(points), len(seeds)), -1)
        at = np.searchsorted(points, runs["point"]), np.searchsorted(seeds, runs["column"])
        places[at] = np.arange(len(runs))
        return cls(runs, places, points, seeds, shares_seeds(frame))

    def values(self, column: str) -> np.ndarray:
        """Return a metric, shape (points, seeds): NaN where no run is or it has no value."""
        return self._laid(arm_values(self.runs, column, about(column)))

    def weights(self, column: str) -> np.ndarray | None:
        """Return what a ratio's values are shares of, shape (points, seeds), if that is known."""
        whole = whole_of(column)
        known = about(column).over_run == "ratio" and whole in self.runs
        return self._laid(self.runs[whole]) if known else None

    def _laid(self, values: pd.Series) -> np.ndarray:
        """Return values run by run as a grid."""
        padded = np.append(values.to_numpy(float), np.nan)
        return padded[self.places]


def shares_seeds(frame: pd.DataFrame) -> bool:
    """Say whether several points share seeds, so that they are no independent observations."""
    return bool(frame.drop_duplicates(["point", "seed"])["seed"].duplicated().any())


def seed_columns(frame: pd.DataFrame) -> pd.Series:
    """Return where each run's seed stands: the seed itself, or its place among those that its point alone has."""
    return frame["seed"] if shares_seeds(frame) else frame.groupby("point")["seed"].rank("dense").astype(int) - 1


def world_means(values: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Return the mean over seeds in each world, or the ratio of sums where weights are known; NaN where none is."""
    there = ~np.isnan(values)
    weight = there.astype(float) if weights is None else np.where(there, weights, 0.0)
    below = np.nansum(weight, axis=1)
    above = np.nansum(np.where(there, values, 0.0) * weight, axis=1)
    return np.divide(above, below, out=np.full(len(values), np.nan), where=below != 0)


def observations(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return what each arm (columns) has of a metric in each world (rows): the mean over its seeds, or ratio of sums.

    Where there is a single world the rows are seeds.
    """
    found = {int(arm): Grid.of(frame, arm) for arm in sorted(frame["arm"].unique())}
    one = next(iter(found.values()))
    if len(one.points) == 1:
        return pd.DataFrame({arm: grid.values(column)[0] for arm, grid in found.items()}, index=one.seeds)
    means = {arm: world_means(grid.values(column), grid.weights(column)) for arm, grid in found.items()}
    return pd.DataFrame(means, index=one.points)
