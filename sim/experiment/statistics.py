"""The statistics of paired runs, as small pure functions of arrays over seeds."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

DRAWS = 2000
FLAT_RATIO = (0.87, 1.15)
FLAT_SHARE = (-0.03, 0.03)
LEAST_AGREEMENT = 0.7
LEAST_EFFECT = 0.2
LEAST_DEFINED = 0.95


class Interval(NamedTuple):
    """A low and a high end; both NaN where nothing can be estimated."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an interval at all."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def side(self) -> int:
        """1 if the whole interval lies above zero, -1 if below, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    def within(self, bounds: tuple[float, float]) -> bool:
        """Say whether the whole interval lies inside the bounds."""
        return self.known and bounds[0] <= self.low and self.high <= bounds[1]


NOTHING = Interval(float("nan"), float("nan"))


def student(x: np.ndarray, level: float = 0.95) -> Interval:
    """Return the Student t interval of the mean of x; none for fewer than two values."""
    if len(x) < 2:
        return NOTHING
    mean, error = float(np.mean(x)), _standard_error(x)
    half = float(stdtrit(len(x) - 1, (1 + level) / 2)) * error
    return Interval(mean - half, mean + half)


def student_p(x: np.ndarray) -> float:
    """Return the two-sided p of a mean of zero; it only orders arms for Holm's correction."""
    if len(x) < 2:
        return 1.0
    mean, error = float(np.mean(x)), _standard_error(x)
    if error == 0:
        return float(mean == 0)
    return float(2 * stdtr(len(x) - 1, -abs(mean) / error))


def crossed(x: np.ndarray, level: float = 0.95) -> Interval:
    """Return the interval of the mean of x, shape (worlds, seeds), where all worlds share their seeds.

    The spread of the means of worlds and that of the means of seeds are added, with the degrees of freedom of the
    fewer: wider than either alone. None for fewer than two worlds or two seeds.
    """
    error, degrees = _crossed_error(x)
    if degrees < 1:
        return NOTHING
    half = float(stdtrit(degrees, (1 + level) / 2)) * error
    return Interval(float(x.mean()) - half, float(x.mean()) + half)


def crossed_p(x: np.ndarray) -> float:
    """Return the two-sided p of a mean of zero of x, shape (worlds, seeds), where all worlds share their seeds."""
    error, degrees = _crossed_error(x)
    if degrees < 1:
        return 1.0
    mean = float(x.mean())
    return float(2 * stdtr(degrees, -abs(mean) / error)) if error else float(mean == 0)


def _crossed_error(x: np.ndarray) -> tuple[float, int]:
    """Return the standard error of the mean over worlds and seeds, and its degrees of freedom (0 if it has none)."""
    worlds, seeds = x.shape if x.ndim == 2 else (0, 0)
    if min(worlds, seeds) < 2:
        return float("nan"), 0
    by_world, by_seed = x.mean(axis=1).var(ddof=1) / worlds, x.mean(axis=0).var(ddof=1) / seeds
    return float(np.sqrt(by_world + by_seed)), min(worlds, seeds) - 1


def detectable(x: np.ndarray, level: float = 0.95, power: float = 0.8) -> float:
    """Return the smallest mean that as many seeds as x would have told from zero, in the unit of x.

    It is the half width of the interval plus what luck takes away in all but a share `power` of repetitions.
    """
    if len(x) < 2:
        return float("nan")
    t = stdtrit(len(x) - 1, np.array([(1 + level) / 2, power])).sum()
    return float(t) * _standard_error(x)


def _standard_error(x: np.ndarray) -> float:
    """Return the standard error of the mean, exactly zero where all values are the same."""
    return 0.0 if np.ptp(x) == 0 else float(np.std(x, ddof=1) / np.sqrt(len(x)))


def agreement(x: np.ndarray) -> float:
    """Return the share of seeds whose difference has the sign of the mean; ties count against."""
    if len(x) == 0:
        return float("nan")
    return float(np.mean(np.sign(x) == np.sign(np.mean(x)))) if np.mean(x) != 0 else 0.0


def spread(x: np.ndarray) -> Interval:
    """Return the 5th and the 95th percentile over seeds: the spread, which is no interval."""
    return Interval(*np.percentile(x, [5, 95]).tolist()) if len(x) else NOTHING


def effect(a: np.ndarray, b: np.ndarray) -> float:
    """Return the mean difference b - a in units of run-to-run spread: sd over seeds, pooled over the arms that vary."""
    if len(a) < 2:
        return float("nan")
    variances = [np.var(x, ddof=1) for x in (a, b) if np.ptp(x) > 0]
    sd = float(np.sqrt(np.mean(variances))) if variances else 0.0
    difference = float(np.mean(b) - np.mean(a))
    if sd == 0:
        return float("inf") * np.sign(difference) if difference else 0.0
    return difference / sd


@lru_cache(maxsize=32)
def resamples(n: int, draws: int = DRAWS, seed: int = 0) -> np.ndarray:
    """Return how often each of n seeds is drawn in each bootstrap sample, shape (draws, n)."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws).astype(float)


def resampled_ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return the ratio of sums in every bootstrap sample of seeds, shape (draws,); empty for fewer than two seeds.

    It is NaN or infinite where the lower sum is zero.
    """
    if len(above) < 2:
        return np.empty(0)
    counts = resamples(len(above))
    with np.errstate(divide="ignore", invalid="ignore"):
        return (counts @ above) / (counts @ below)


def percentiles(draws: np.ndarray, level: float = 0.95) -> Interval:
    """Return the percentile interval of bootstrap draws; none where it is infinite or over 5 % of draws are 0 / 0."""
    defined = draws[~np.isnan(draws)]
    if len(defined) == 0 or len(defined) < LEAST_DEFINED * len(draws):
        return NOTHING
    with np.errstate(invalid="ignore"):
        ends = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(*ends.tolist()) if np.isfinite(ends).all() else NOTHING


def percentile_p(draws: np.ndarray) -> float:
    """Return the two-sided p of zero by bootstrap, never below what the number of draws can show."""
    if not percentiles(draws).known:
        return 1.0
    tail = min(float(np.mean(draws <= 0)), float(np.mean(draws >= 0)))
    return float(min(1.0, 2 * max(tail, 1 / (len(draws) + 1))))


def ratio(above: np.ndarray, below: np.ndarray) -> float:
    """Return the ratio of sums; NaN where the lower sum is zero."""
    return float(np.sum(above) / np.sum(below)) if np.sum(below) else float("nan")


def holm_levels(p: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Return the confidence level for each of several arms whose intervals exclude zero exactly where Holm rejects.

    The smallest p is held against alpha / m, the next against alpha / (m - 1), and from the first that fails on all
    share its level. With one arm this is the plain level.
    """
    p, alpha, m = np.asarray(p, float), 1 - level, len(p)
    order, tests = np.argsort(p, kind="stable"), m - np.arange(m)
    passed = np.cumprod(p[order] <= alpha / tests).astype(bool)
    first_failed = min(int(passed.sum()), m - 1)
    levels = np.empty(m)
    levels[order] = 1 - alpha / np.where(passed, tests, tests[first_failed])
    return levels


def sign_holds(interval: Interval, agree: float, size: float) -> int:
    """Return 1 or -1 if a sign holds, else 0.

    It holds if the 95 % interval excludes zero, at least 70 % of seeds agree, and the effect is at least 0.2 sd of the
    run-to-run spread.
    """
    holds = agree >= LEAST_AGREEMENT and abs(size) >= LEAST_EFFECT
    return interval.side if holds else 0


def null_holds(interval: Interval, share: bool = False) -> bool:
    """Say whether a null holds: the 90 % interval of the paired ratio lies inside [0.87, 1.15].

    For shares it is the 90 % interval of the difference, inside +-0.03.
    """
    return interval.within(FLAT_SHARE if share else FLAT_RATIO)
