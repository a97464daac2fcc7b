"""Whether there are enough replications: how far the mean over seeds may be off, and how many seeds would do."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sim.errors import Problem, Problems
from sim.experiment.points import check_columns
from sim.experiment.text import counted, percent

TARGET, LEVEL = 0.10, 0.95
UNREACHABLE = 10**7


@dataclass(frozen=True)
class Adequacy:
    """How far a mean over runs may be off: half its 95 % interval as a share of it, and how many runs reach a target.

    needed is 0 where that cannot be told: fewer than two runs, or a mean of zero.
    """

    runs: int
    mean: float
    half: float
    needed: int
    target: float = TARGET

    @property
    def enough(self) -> bool:
        """Whether the target is reached."""
        return self.half <= self.target

    def __str__(self) -> str:
        """Read as `30 runs: ±14 %; about 58 needed for ±10 %`."""
        runs, target = counted(self.runs, "run"), percent(self.target)
        if self.runs < 2:
            return f"{runs}: too few to tell how far off"
        if not self.needed:
            return f"{runs}: the mean is zero, no share of it can be told"
        reached = f"enough for ±{target}" if self.enough else f"about {self.needed:,} needed for ±{target}"
        return f"{runs}: ±{percent(self.half)}; {reached}"


def adequacy(values: Iterable[float] | np.ndarray, target: float = TARGET) -> Adequacy:
    """Return whether some runs' values, one per seed at one point, tell their mean well enough; NaN are left out.

    Raises Problems for a target that is no share.
    """
    x = np.asarray(list(values), float)
    return _adequacy([x[~np.isnan(x)]], target)


def adequacy_table(frame: pd.DataFrame, metrics: Iterable[str], target: float = TARGET) -> pd.DataFrame:
    """Return whether the seeds at each point are enough: a row per arm and metric.

    Columns: arm, metric, points, seeds (the fewest at a point), half (as in `Adequacy`, with the spread over seeds
    pooled over the points), worst (the half of the point that is told worst), needed (seeds at each point), told.
    """
    metrics = list(metrics)
    check_columns(frame, metrics)
    rows = []
    for arm, runs in frame.groupby("arm"):
        for metric in metrics:
            at = [x.dropna().to_numpy(float) for _, x in runs.groupby("point")[metric]]
            found = _adequacy(at, target)
            worst = max((_adequacy([x], target).half for x in at), default=math.nan)
            rows.append({"arm": arm, "metric": metric, "points": len(at), "seeds": found.runs, "half": found.half,
                         "worst": worst, "needed": found.needed, "told": str(found)})  # fmt: skip
    return pd.DataFrame(rows)


def _adequacy(at: list[np.ndarray], target: float) -> Adequacy:
    """Return the adequacy of the runs at some points, the spread over seeds pooled over them."""
    if not 0 < target < 1:
        raise Problems([Problem("target", target, "a share above 0 and below 1")])
    fewest = min((len(x) for x in at), default=0)
    mean = float(np.mean([x.mean() for x in at])) if fewest else math.nan
    if fewest < 2:
        return Adequacy(fewest, mean, math.inf, 0, target)
    spread = math.sqrt(float(np.mean([x.var(ddof=1) for x in at])))
    if mean == 0:
        return Adequacy(fewest, mean, math.inf if spread else 0.0, 0, target)
    share = spread / abs(mean)
    return Adequacy(fewest, mean, _half(share, fewest, len(at)), _needed(share, len(at), target), target)


def _half(share: float, runs: int, points: int) -> float:
    """Return half the interval of a mean of some runs, as a share of it, from their spread as a share of it."""
    return float(stdtrit(points * (runs - 1), (1 + LEVEL) / 2)) * share / math.sqrt(runs)


def _needed(share: float, points: int, target: float) -> int:
    """Return the fewest runs at a point whose mean is within the target."""
    low, high = 1, 2
    while _half(share, high, points) > target and high < UNREACHABLE:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _half(share, middle, points) <= target else (middle, high)
    return high
