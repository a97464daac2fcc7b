"""Arms of a sweep against one baseline, over the box of the unknowns: pairs are runs of one point and one seed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import statistics as st
from sim.experiment.about import about, chosen, is_whole, whole_of
from sim.experiment.comparison import verdict
from sim.experiment.pairs import Pairs, arm_values, pair_up
from sim.experiment.points import one_arm
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
    by_arm = {arm: frame[frame["arm"] == arm].set_index(["point", "seed"]).sort_index() for arm in (baseline, *arms)}
    rows: list[dict[str, Any]] = []
    for column in chosen(metrics, [c for c in numbers if not is_whole(c, numbers)]):
        found = {arm: _Worlds.of(by_arm[baseline], by_arm[arm], column) for arm in arms}
        rows += _corrected(column, baseline, found)
    return SweepComparison(pd.DataFrame(rows), baseline, arms, arm_names(frame, choices))


def arm_names(frame: pd.DataFrame, choices: Iterable[str]) -> dict[int, str]:
    """Return each arm's name by what was chosen in it: `coordination=0.9, vetting=1`; its scenario where several are.

    An arm in which nothing was chosen has its scenario's name, or `arm 2` in a frame without a column scenario.
    """
    choices = list(choices)
    rows = frame.drop_duplicates("arm").set_index("arm").sort_index()
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
class _Worlds:
    """Two arms' values of a metric: pairs (point, seed), and their means by point."""

    pairs: pd.DataFrame
    means: pd.DataFrame
    one: Pairs | None

    @classmethod
    def of(cls, a: pd.DataFrame, b: pd.DataFrame, column: str) -> _Worlds:
        """Pair two arms; a ratio's mean at a point is the ratio of sums over its seeds."""
        what, whole = about(column), whole_of(column)
        index = a.index.intersection(b.index)
        pairs = pd.DataFrame(
            {"a": arm_values(a, column, what), "b": arm_values(b, column, what)}, index=index, dtype=float
        )
        pooled = what.over_run == "ratio" and whole in a and whole in b
        weights = {k: x[whole].reindex(index).astype(float) for k, x in (("a", a), ("b", b))} if pooled else {}
        pairs = pairs[pairs.notna().all(axis=1)]
        means = {k: _by_point(pairs[k], weights[k].loc[pairs.index] if pooled else None) for k in ("a", "b")}
        one = (
            pair_up(a.droplevel("point"), b.droplevel("point"), column)
            if pairs.index.unique("point").size == 1
            else None
        )
        return cls(pairs, pd.DataFrame(means).dropna(), one)

    @property
    def differences(self) -> np.ndarray:
        """One difference for each world; for each seed where there is one world."""
        return (self.pairs if self.one else self.means).eval("b - a").to_numpy(float)

    @property
    def crossed(self) -> bool:
        """Whether worlds share their seeds, so that they are no independent observations."""
        return self.one is None and bool(self.pairs.index.get_level_values("seed").duplicated().any())

    def p(self) -> float:
        """Return the two-sided p of no difference."""
        if self.one:
            return self.one.p()
        return st.crossed_p(self._grid()) if self.crossed else st.student_p(self.differences)

    def interval(self, level: float) -> st.Interval:
        """Return the interval of the mean difference over worlds (over seeds where there is one world).

        Where worlds share their seeds, it holds the luck of those seeds as well.
        """
        if self.one:
            return self.one.interval(level)
        return st.crossed(self._grid(), level) if self.crossed else st.student(self.differences, level)

    def _grid(self) -> np.ndarray:
        """Return the differences, a row per world and a column per seed that every world has."""
        return self.pairs.eval("b - a").unstack("seed").dropna(axis=1).to_numpy(float)

    def within(self) -> pd.DataFrame:
        """Return the variances over seeds at each point that has several: of a, of b and of their difference."""
        some = self.pairs.assign(d=self.pairs["b"] - self.pairs["a"])
        return some.groupby(level="point").var(ddof=1).dropna()


def observations(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return what each arm (columns) has of a metric in each world (rows): the mean over its seeds, or ratio of sums.

    Where there is a single world the rows are seeds.
    """
    found = {}
    for arm, runs in frame.groupby("arm"):
        by = runs.set_index(["point", "seed"])
        values, whole = arm_values(by, column, about(column)).astype(float).dropna(), whole_of(column)
        pooled = about(column).over_run == "ratio" and whole in by
        found[int(arm)] = _by_point(values, by[whole].loc[values.index].astype(float) if pooled else None)
        if frame["point"].nunique() == 1:
            found[int(arm)] = values.droplevel("point")
    return pd.DataFrame(found)


def _by_point(values: pd.Series, weights: pd.Series | None) -> pd.Series:
    """Return the mean at each point, or the ratio of sums where it is known what values are shares of."""
    if weights is None:
        return values.groupby(level="point").mean()
    below = weights.groupby(level="point").sum()
    return (values * weights).groupby(level="point").sum() / below.where(below != 0)


def _corrected(column: str, baseline: int, found: Mapping[int, _Worlds]) -> list[dict[str, Any]]:
    """Return a metric's rows, its arms corrected for each other."""
    p = np.array([worlds.p() for worlds in found.values()])
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
    d, within, interval = worlds.differences, worlds.within(), worlds.interval(level)
    signs = {"higher": d > 0, "lower": d < 0, "tied": d == 0}
    shares = {name: float(np.mean(which)) if len(d) else math.nan for name, which in signs.items()}
    means = {f"mean_{k}": float(worlds.means[k].mean()) for k in ("a", "b")}
    difference, factor = means["mean_b"] - means["mean_a"], reduction(worlds)
    sd = math.sqrt(within[["a", "b"]].to_numpy().mean()) if len(within) else math.nan
    effect = difference / sd if sd else math.copysign(math.inf, difference) if difference else 0.0
    agree = max(shares["higher"], shares["lower"])
    sign = st.sign_holds(interval, agree, math.inf if math.isnan(effect) else effect)
    return {
        "points": len(worlds.means), "pairs": len(worlds.pairs), **means, "difference": difference,
        "low": interval.low, "high": interval.high, "level": level, **shares,
        "p05": st.spread(d).low, "p95": st.spread(d).high, "luck": _luck(worlds, within), "effect": effect,
        "vrf": factor[0], "vrf_low": factor[1].low, "vrf_high": factor[1].high, "sign": sign,
        "verdict": verdict(interval, sign, False),
    }  # fmt: skip


def _luck(worlds: _Worlds, within: pd.DataFrame) -> float:
    """Return the share of the variance over worlds that the seeds of each make; NaN with one seed or one world."""
    if len(worlds.means) < 2 or within.empty:
        return math.nan
    seeds = len(worlds.pairs) / len(worlds.means)
    total = float(np.var(worlds.differences, ddof=1))
    return min(1.0, float(within["d"].mean()) / seeds / total) if total else math.nan


def reduction(worlds: _Worlds) -> tuple[float, st.Interval]:
    """Return by what pairing seeds divides the variance of a difference at fixed unknowns, with its interval.

    Variance of the difference of runs on seeds of their own / variance of that of pairs. Bootstrap over points where
    there are 10 or more, else over seeds. NaN with one seed a point.
    """
    within = worlds.within()
    if within.empty:
        return math.nan, st.NOTHING
    value = _factor(*within[["a", "b", "d"]].to_numpy().T[:, :, None])[0]
    if len(within) >= MANY_POINTS:
        drawn = np.random.default_rng(0).integers(len(within), size=(len(within), DRAWS))
        return float(value), st.percentiles(_factor(*(within[k].to_numpy()[drawn] for k in "abd")))
    ranked = worlds.pairs.assign(rank=worlds.pairs.groupby(level="point").cumcount()).reset_index("seed", drop=True)
    wide = ranked.set_index("rank", append=True)
    a, b = (wide[k].unstack("rank").dropna(axis=1).to_numpy(float) for k in ("a", "b"))
    if a.shape[1] < 2:
        return float(value), st.NOTHING
    drawn = np.random.default_rng(0).integers(a.shape[1], size=(DRAWS, a.shape[1]))
    return float(value), st.percentiles(_factor(*(x[:, drawn].var(axis=2, ddof=1) for x in (a, b, b - a))))


def _factor(a: np.ndarray, b: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return the factor from variances over seeds, points first, for each draw."""
    apart, paired = a.mean(axis=0) + b.mean(axis=0), d.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return apart / paired
