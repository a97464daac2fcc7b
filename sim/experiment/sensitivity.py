"""Which unknowns move a metric, and how surely: Morris screening and Sobol indices, the noise of seeds kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import Problem, Problems
from sim.experiment import statistics as st
from sim.experiment.drawing import SWEEP, figure
from sim.experiment.points import Outputs
from sim.experiment.sensitivity_text import CONVERGED, NOISE, NOT_CONVERGED, told, told_html

DRAWS = 1000
STEP = 1e-9
Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """How much of a metric each unknown moves, with intervals; an index that has not converged is NaN.

    table: a row per unknown, and the last for `seed noise`. By Sobol: S1 and ST, shares of the variance over the box of
    the mean of a point (what is left of luck in it taken out), each with _low and _high; share: ST as a share of the
    variance of single runs, the seeds' own share in the last row. By Morris: mu, mu_star and sigma of elementary
    effects, in units of the metric over an unknown's whole range; the last row holds what an unknown without any effect
    would show by luck alone. verdict and why: whether the row has converged, and if not, what fails; needed: about how
    many base samples or trajectories would do. noise: the seeds' share of the variance of single runs, with its
    interval (NaN with one seed a point).
    """

    method: str
    outputs: Outputs
    table: pd.DataFrame
    base: int
    width: float
    noise: float
    noise_interval: st.Interval

    @property
    def metric(self) -> str:
        """The column of the runs that is explained."""
        return self.outputs.metric

    @property
    def points(self) -> int:
        """The number of points of the design."""
        return len(self.outputs.y)

    @property
    def seeds(self) -> int:
        """The number of seeds that every point has."""
        return len(self.outputs.seeds)

    @property
    def converged(self) -> bool:
        """Whether every index has converged."""
        return bool((self.table["verdict"] != NOT_CONVERGED).all())

    @property
    def needed(self) -> int:
        """About how many base samples (Sobol) or trajectories (Morris) would do for all indices."""
        return max(self.base, int(self.table["needed"].max()))

    @property
    def parameters(self) -> pd.DataFrame:
        """The rows of the unknowns, without that of the seeds."""
        return self.table[self.table["parameter"] != NOISE]

    def plot(self, **how: Any) -> Any:
        """Draw the tornado of sensitivities; Matplotlib axes in (`ax=`) and out."""
        return figure("tornado", SWEEP)(self, **how)

    def __repr__(self) -> str:
        """Read as a table from the strongest unknown to the weakest, and how to read it."""
        return told(self)

    def _repr_html_(self) -> str:
        """Read as a table in a notebook."""
        return told_html(self)


def mean_noise(values: np.ndarray) -> np.ndarray:
    """Return the variance of the mean over seeds (the last axis) that luck makes; NaN for one seed."""
    n = values.shape[-1]
    return values.var(axis=-1, ddof=1) / n if n > 1 else np.full(values.shape[:-1], np.nan)


def judged(faults: list[str], needed: float) -> Row:
    """Return verdict, reasons and how many base samples would do (0 where it has converged)."""
    if not faults:
        return {"verdict": CONVERGED, "why": "", "needed": 0}
    return {"verdict": NOT_CONVERGED, "why": "; ".join(faults), "needed": int(np.ceil(needed))}


def noise_share(y: np.ndarray, seed: int) -> tuple[float, st.Interval]:
    """Return the share of the variance of single runs that is the seeds', with its bootstrap interval over points."""
    n, runs = y.shape
    if runs == 1:
        return float("nan"), st.NOTHING
    within, mean = y.var(axis=1, ddof=1), y.mean(axis=1)
    drawn = np.random.default_rng(seed).integers(n, size=(DRAWS, n))
    again = within[drawn].mean(axis=1)
    between = np.maximum(mean[drawn].var(axis=1, ddof=1) - again / runs, 0)
    value = within.mean() / (within.mean() + max(mean.var(ddof=1) - within.mean() / runs, 0))
    return float(value), st.percentiles(again / (again + between))


def check_width(width: float) -> None:
    """Raise Problems for a width of intervals that is no share."""
    if not 0 < width < 1:
        raise Problems([Problem("width", width, "above 0 and below 1")])
