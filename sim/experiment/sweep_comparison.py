"""Arms of a sweep against one baseline, over the box of the unknowns: pairs are runs of one point and one seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import statistics as st
from sim.experiment.about import about, chosen, is_whole
from sim.experiment.comparison import verdict
from sim.experiment.pairs import Pairs, pair_up
from sim.experiment.points import one_arm
from sim.experiment.sweep_grid import Grid, world_means
from sim.experiment.sweep_text import comparison_html, told_comparison

KEYS = ("id", "scenario", "seed", "arm", "point", "batch")
MANY_POINTS = 10
DRAWS = 1000


@dataclass(frozen=True, repr=False)
class SweepComparison:
    """Differences of arms from a baseline over the worlds of a sweep.

    table: a row per metric and arm: metric, unit, better, baseline, arm, points (worlds), pairs (runs of one world and
    one seed), mean_a (baseline), mean_b (arm), difference with low and high at confidence `level`, p, p_holm, higher,
    lower and tied (shares of worlds in which the mean over seeds is so), p05 and p95 (spread over worlds), luck (share
    of that spread's variance that the seeds make), effect (in units of the spread between seeds of one world), vrf (by
    what the pairing of seeds divides the variance of the difference) with vrf_low and vrf_high, sign, verdict. A world
    is one observation, whatever its seeds; with a single point seeds are. names: the arms in words.
    """

    table: pd.DataFrame
    baseline: int
    arms: tuple[int, ...]
    names: Mapping[int, str]

    @property
    def corrected(self) -> bool:
        """Whether several arms share the baseline, so that intervals are widened by Holm's correction."""
        return len(self.arms) > 1

    def row(self, metric: str, arm: int | None = None) -> pd.Series:
        """Return the row of a metric (and arm, if there are several).

        Raises SimError if there is none.
        """
        rows = self.table[
            (self.table["metric"] == metric) & (self.table["arm"] == (self.arms[0] if arm is None else arm))
        ]
        if rows.empty:
            raise SimError(f"no comparison of {metric!r} for arm {arm}")
        return rows.iloc[0]

    def __repr__(self) -> str:
        """Read as the headline metrics of each arm, with shares of worlds."""
        return told_comparison(self)

    def _repr_html_(self) -> str:
        """Read as a small page in a notebook."""
        return comparison_html(self)


def compare_arms(
    frame: pd.DataFrame, baseline: int = 0, metrics: str | Iterable[str] | None = None, choices: Iterable[str] = (),
    unknowns: Iterable[str] = (),
) -> SweepComparison:  # fmt: skip
    """Return the paired differences of every other arm of a sweep from the baseline.

    frame: a row per run with arm, point, seed and metrics. metrics: names (with all their actors) or columns; all if
    not said. choices: the columns that tell arms apart, which name them; unknowns: columns that are no metrics. Raises
    Problems for unknown names, SimError where there is nothing to compare with.
    """
    baseline, choices = one_arm(frame, baseline), list(choices)
    arms = tuple(int(arm) for arm in sorted(frame["arm"].unique()) if arm != baseline)
    if not arms:
        raise SimError(f"nothing to compare arm {baseline} with: the sweep has no other")
    numbers = list(frame.drop(columns=[*choices, *unknowns, *KEYS], errors="ignore").select_dtypes("number").columns)
    grids = {arm: Grid.of(frame, arm) for arm in (baseline, *arms)}
    rows: list[dict[str, Any]] = []
    for column in chosen(metrics, [c for c in numbers if not is_whole(c, numbers)]):
        found = {arm: _Worlds.of(grids[baseline], grids[arm], column) for arm in arms}
        rows += _corrected(column, baseline, found)
    return SweepComparison(pd.DataFrame(rows), baseline, arms, arm_names(frame, choices))


def arm_names(frame: pd.DataFrame, choices: Iterable[str]) -> dict[int, str]:
    """Return each arm's name by what was chosen in it: `coordination=0.9, vetting=1`; its scenario where several are.

    An arm in which nothing was chosen has its scenario's name, or `arm 2` in a frame without a column scenario.
    """
    rows = frame.drop_duplicates("arm").set_index("arm").sort_index()
    varied = [path for path in choices if rows[path].nunique() > 1]
    choices = varied or list(choices)
    short = {path: path.rpartition(".")[2] for path in choices}
    ends = list(short.values())
    told = {path: end if ends.count(end) == 1 else path for path, end in short.items()}
    whose = {arm: str(row["scenario"]).partition("[")[0] if "scenario" in rows else "" for arm, row in rows.iterrows()}
    names = {}
    for arm, row in rows.iterrows():
        chosen_here = ", ".join(f"{told[p]}={_value(row[p])}" for p in choices if pd.notna(row[p]))
        shared = chosen_here and len(set(whose.values())) == 1
        names[int(arm)] = (
            ": ".join(part for part in ("" if shared else whose[arm], chosen_here) if part) or f"arm {arm}"
        )
    return names


def _value(value: Any) -> str:
    """Return a choice as it was written."""
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Crossed(Pairs):
    """Pairs of worlds that share their seeds, and so are no independent observations: the interval holds both.

    grid: the differences, shape (worlds, seeds), of the seeds that every world has.
    """

    grid: np.ndarray = field(default_factory=lambda: np.empty((0, 0)))

    def interval(self, level: float = 0.95) -> st.Interval:
        """Return the interval of the mean difference over worlds and seeds."""
        return st.crossed(self.grid, level)

    def p(self) -> float:
        """Return the two-sided p of no difference."""
        return st.crossed_p(self.grid)

    def null(self) -> bool:
        """Say whether a null holds, by the difference; a ratio's interval would take worlds for independent."""
        return self.about.is_share and st.null_holds(self.interval(0.9), True)


@dataclass(frozen=True)
class _Worlds:
    """Two arms' values of a metric on the pairs that both have, shape (points, seeds), NaN elsewhere.

    pairs: one value of each arm for each world (for each seed where there is one world), as the comparison of two
    scenarios has them for each seed.
    """

    a: np.ndarray
    b: np.ndarray
    pairs: Pairs

    @classmethod
    def of(cls, one: Grid, other: Grid, column: str) -> _Worlds:
        """Pair two arms; a ratio's value in a world is the ratio of sums over its seeds."""
        found = [grid.values(column) for grid in (one, other)]
        weights = [grid.weights(column) for grid in (one, other)]
        both = ~np.isnan(found[0]) & ~np.isnan(found[1])
        a, b = (np.where(both, values, np.nan) for values in found)
        if len(a) == 1:
            return cls(a, b, pair_up(one.runs.set_index("seed"), other.runs.set_index("seed"), column))
        if any(weight is None for weight in weights):
            weights = [None, None]
        means = np.array([world_means(values, weight) for values, weight in zip((a, b), weights, strict=True)])
        means = means[:, ~np.isnan(means).any(axis=0)]
        if not one.shared:
            return cls(a, b, Pairs(about(column), *means))
        whole = ~np.isnan(a).any(axis=0)
        return cls(a, b, Crossed(about(column), means[0], means[1], grid=(b - a)[:, whole]))

    @property
    def worlds(self) -> int:
        """The number of worlds that both arms have."""
        return int((~np.isnan(self.a)).any(axis=1).sum())

    @property
    def count(self) -> int:
        """The number of pairs."""
        return int((~np.isnan(self.a)).sum())

    def within(self) -> np.ndarray:
        """Return the variances over seeds of a, of b and of their difference, shape (3, points that have several)."""
        several = (~np.isnan(self.a)).sum(axis=1) > 1
        a, b = self.a[several], self.b[several]
        return np.array([np.nanvar(x, axis=1, ddof=1) for x in (a, b, b - a)])


def _corrected(column: str, baseline: int, found: Mapping[int, _Worlds]) -> list[dict[str, Any]]:
    """Return a metric's rows, its arms corrected for each other."""
    p = np.array([worlds.pairs.p() for worlds in found.values()])
    levels, holm = st.holm_levels(p), _holm(p)
    return [{"metric": column, "unit": about(column).unit, "better": about(column).better, "baseline": baseline,
             "arm": arm, **_row(worlds, float(level)), "p": float(one), "p_holm": float(two)}
            for (arm, worlds), level, one, two in zip(found.items(), levels, p, holm, strict=True)]  # fmt: skip


def _holm(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted by Holm's step-down procedure."""
    order, m = np.argsort(p, kind="stable"), len(p)
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * (m - np.arange(m))), 1)
    return adjusted


def _row(worlds: _Worlds, level: float) -> dict[str, Any]:
    """Return what one arm's row says of its differences."""
    pairs, within = worlds.pairs, worlds.within()
    d, interval = pairs.differences, pairs.interval(level)
    signs = {"higher": d > 0, "lower": d < 0, "tied": d == 0}
    shares = {name: float(np.mean(which)) if len(d) else math.nan for name, which in signs.items()}
    size, (factor, (vrf_low, vrf_high)) = _effect(pairs, within), _reduction(worlds, within)
    sign = st.sign_holds(interval, max(shares["higher"], shares["lower"]), math.inf if math.isnan(size) else size)
    return {
        "points": worlds.worlds, "pairs": worlds.count, "mean_a": pairs.mean_a, "mean_b": pairs.mean_b,
        "difference": pairs.mean_b - pairs.mean_a, "low": interval.low, "high": interval.high, "level": level, **shares,
        "p05": st.spread(d).low, "p95": st.spread(d).high, "luck": _luck(worlds, within), "effect": size,
        "vrf": factor, "vrf_low": vrf_low, "vrf_high": vrf_high, "sign": sign,
        "verdict": verdict(interval, sign, pairs.null()),
    }  # fmt: skip


def _effect(pairs: Pairs, within: np.ndarray) -> float:
    """Return the mean difference in units of the spread between the seeds of one world; NaN with one seed a point."""
    if not within.size:
        return math.nan
    difference, sd = pairs.mean_b - pairs.mean_a, math.sqrt(within[:2].mean())
    return difference / sd if sd else math.copysign(math.inf, difference) if difference else 0.0


def _luck(worlds: _Worlds, within: np.ndarray) -> float:
    """Return the share of the variance over worlds that the seeds of each make; NaN with one seed or one world."""
    if worlds.worlds < 2 or not within.size:
        return math.nan
    total = float(np.var(worlds.pairs.differences, ddof=1))
    return min(1.0, float(within[2].mean()) * worlds.worlds / worlds.count / total) if total else math.nan


def _reduction(worlds: _Worlds, within: np.ndarray) -> tuple[float, st.Interval]:
    """Return by what pairing seeds divides the variance of a difference at fixed unknowns, with its interval.

    Variance of the difference of runs on seeds of their own / variance of that of pairs. Bootstrap over points where
    there are 10 or more, else over seeds. NaN with one seed a point.
    """
    points = within.shape[1]
    if not points:
        return math.nan, st.NOTHING
    value = float(_factor(within[..., None])[0])
    if points >= MANY_POINTS:
        return value, st.percentiles(_factor(within[:, _drawn(points)]))
    whole = ~np.isnan(worlds.a).any(axis=0)
    if whole.sum() < 2:
        return value, st.NOTHING
    a, b = worlds.a[:, whole], worlds.b[:, whole]
    again = np.array([x[:, _drawn(a.shape[1])].var(axis=1, ddof=1) for x in (a, b, b - a)])
    return value, st.percentiles(_factor(again))


@lru_cache(maxsize=8)
def _drawn(n: int) -> np.ndarray:
    """Return bootstrap samples of n, shape (n, draws)."""
    return np.random.default_rng(0).integers(n, size=(n, DRAWS))


def _factor(variances: np.ndarray) -> np.ndarray:
    """Return the factor for each draw from variances over seeds of a, b and their difference, points second."""
    a, b, d = variances.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (a + b) / d
