"""Whether there are replications enough, judged at fixed points of the plan from what is on disk alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.errors import Problem, Problems, nearest
from sim.experiment import statistics as st
from sim.experiment.sweeps.file import EnoughFile


@dataclass(frozen=True)
class Verdict:
    """What was judged: seeds, the half interval of the worst arm's mean as a share of it, which arm, whether enough."""

    seeds: int
    worst: float
    arm: str
    enough: bool

    def __str__(self) -> str:
        """Read as a sentence."""
        told = f"{self.seeds} seeds: ±{self.worst:.0%} of the mean in {self.arm}"
        return f"{told}; " + ("enough" if self.enough else "not enough")


def judge(runs: pd.DataFrame, asked: EnoughFile) -> Verdict:
    """Return the verdict on a table of runs with columns scenario, seed, point and the metric that is judged.

    The mean over points of a replication is one observation. Raises Problems for a metric that is no column.
    """
    if asked.metric not in runs:
        allowed = "a column of the summary"
        raise Problems([Problem("enough.metric", asked.metric, allowed, nearest(asked.metric, runs.columns))])
    shares: dict[str, float] = {}
    seeds = 0
    for arm, group in runs.groupby("scenario", observed=True):
        means = group.groupby(group["replicate"])[asked.metric].mean().dropna().to_numpy(float)
        seeds = max(seeds, len(means))
        shares[str(arm)] = _share(means)
    worst = max(shares, key=shares.__getitem__)
    return Verdict(seeds, shares[worst], worst, shares[worst] <= asked.within)


def _share(values: np.ndarray) -> float:
    """Return half the 95 % interval of a mean as a share of it; infinite where it cannot be told."""
    interval, mean = st.student(values), float(np.mean(values)) if len(values) else 0.0
    if not interval.known:
        return float("inf")
    half = (interval.high - interval.low) / 2
    return 0.0 if half == 0 else half / abs(mean) if mean else float("inf")
