"""Paired comparison: what arms differ by on the same seeds, how surely, and what could not have been seen."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import statistics as st
from sim.experiment import text
from sim.experiment.about import about, chosen, is_whole
from sim.experiment.drawing import Differences
from sim.experiment.paired import Arm, PairedMetric, find_arms
from sim.experiment.paired_metrics import PAIRED
from sim.experiment.pairs import Pairs, pair_up, quotient

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

Summaries = Mapping[str, pd.DataFrame]
Against = tuple[str, str, Pairs]
VERDICTS = ("higher", "lower", "slightly higher", "slightly lower", "flat", "open", "not estimable")
"""A sign holds; it holds but the null does too; the null holds; neither; there is nothing to compare."""


@dataclass(frozen=True, repr=False)
class Comparison:
    """Paired differences of arms from a baseline.

    `table` has a row per metric and arm: metric, unit, better, baseline, arm, n (seeds), mean_a (baseline), mean_b
    (arm), difference (b - a) with low and high at confidence `level`, agree (share of seeds with the sign, ties
    against), median, p05 and p95 (spread of the differences over seeds), ratio with ratio_low and ratio_high, effect
    (in units of run-to-run spread), detectable (the smallest difference that would have shown), sign (1, -1 or 0: the
    sign that holds), null (whether the null holds), verdict. With several arms levels follow Holm's correction.
    """

    table: pd.DataFrame
    baseline: str
    arms: tuple[str, ...]
    seeds: int
    setups: Mapping[str, Scenario]
    summaries: Summaries

    @property
    def corrected(self) -> bool:
        """Whether several arms share the baseline, so that intervals are widened by Holm's correction."""
        return len(self.arms) > 1

    def row(self, metric: str, arm: str | None = None) -> pd.Series:
        """Return the row of a metric (and arm, if there are several).

        Raises SimError if there is none.
        """
        rows = self.table[(self.table["metric"] == metric) & (self.table["arm"] == (arm or self.arms[0]))]
        if rows.empty:
            raise SimError(f"no comparison of {metric!r} for {arm or self.arms[0]!r}")
        return rows.iloc[0]

    def differences(self, metric: str, arm: str | None = None) -> pd.DataFrame:
        """Return both arms' values by seed: columns a (baseline), b (arm), difference; index seed."""
        a, b = self.summaries[self.baseline], self.summaries[arm or self.arms[0]]
        both = pd.DataFrame({"a": a[metric], "b": b[metric]}).dropna()
        return both.assign(difference=both["b"] - both["a"])

    @property
    def plot(self) -> Differences:
        """Figures: `plot(metrics)` draws the paired differences, `plot.tradeoff()` one metric against another."""
        return Differences(self)

    def __repr__(self) -> str:
        """Read as the headline metrics, grouped, with what could not have been seen."""
        return text.comparison(self)

    def _repr_html_(self) -> str:
        """Read as a small page in a notebook."""
        return text.comparison_html(self)


def compare(results: Results, baseline: str | Scenario, metrics: str | Iterable[str] | None = None) -> Comparison:
    """Return the paired differences of every other scenario of the results from the baseline.

    baseline: a label, or a scenario of the results. metrics: names of metrics (with all their actors) or columns of the
    summary; all if not said. Raises SimError for unknown names and where there is nothing to compare with.
    """
    baseline = results.label(baseline)
    arms = tuple(label for label in results.scenarios if label != baseline)
    if not arms:
        raise SimError(f"nothing to compare {baseline!r} with: run it together with another scenario")
    summaries = by_scenario(results.summary, results.scenarios)
    rows: list[dict[str, Any]] = []
    for name in chosen(metrics, [*_columns(results.summary), *_possible(results, arms)]):
        paired = name.partition(":")[0] in PAIRED
        against = _paired(name, summaries, results, arms) if paired else _plain(name, summaries, baseline, arms)
        rows += _rows(name, against)
    shared = min(len(summaries[baseline].index.intersection(summaries[arm].index)) for arm in arms)
    return Comparison(pd.DataFrame(rows), baseline, arms, shared, results.setups, summaries)


def by_scenario(summary: pd.DataFrame, labels: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Return the summary of each scenario, indexed by seed."""
    return {label: summary[summary["scenario"] == label].drop(columns="scenario").set_index("seed") for label in labels}


def _columns(summary: pd.DataFrame) -> list[str]:
    """Return the columns of the summary that can be compared."""
    numbers = list(summary.drop(columns=["scenario", "seed"]).select_dtypes("number").columns)
    return [c for c in numbers if not is_whole(c, numbers)]


def _possible(results: Results, arms: Iterable[str]) -> list[str]:
    """Return the columns of paired metrics for which some arm has all the runs and tables that they need."""
    there = {*results.tables, *results.summary.columns}
    kept = [metric for metric in PAIRED.values() if {*metric.tables, *metric.columns} <= there]
    names = sorted({mission for setup in results.setups.values() for mission in setup.missions})
    found = [(metric, key) for metric in kept for key in metric.keys(names)]
    return [f"{metric.name}:{key}" if key else metric.name for metric, key in found
            if any(find_arms(metric, results.setups, arm, key) for arm in arms)]  # fmt: skip


def _plain(column: str, summaries: Summaries, baseline: str, arms: Iterable[str]) -> list[Against]:
    """Return a metric's pairs, arm by arm."""
    return [(baseline, arm, pair_up(summaries[baseline], summaries[arm], column)) for arm in arms]


def _paired(column: str, summaries: Summaries, results: Results, arms: Iterable[str]) -> list[Against]:
    """Return the values of a metric that needs several runs, as pairs with none of it."""
    name, _, key = column.partition(":")
    metric = PAIRED[name]
    found = [(arm, labels) for arm in arms if (labels := find_arms(metric, results.setups, arm, key))]
    return [(labels[0], arm, _values(metric, key, labels, summaries, results)) for arm, labels in found]


def _values(metric: PairedMetric, key: str, labels: tuple[str, ...], summaries: Summaries, results: Results) -> Pairs:
    """Return what a paired metric computes from its arms."""
    more = {"mission": key} if metric.by == "mission" else {}
    given: list[Any] = [summaries[label] for label in labels]
    if metric.tables:
        given = [
            Arm(results.setups[label], frame, partial(getattr, results))
            for label, frame in zip(labels, given, strict=True)
        ]
    value, what = metric.compute(*given, **more), about(f"{metric.name}:{key}" if key else metric.name)
    if metric.quotient:
        both = pd.DataFrame(dict(zip(("above", "below"), value, strict=True))).dropna()
        return quotient(what, both["above"].to_numpy(float), both["below"].to_numpy(float), metric.neutral)
    seeds = value.dropna().to_numpy(float)
    return Pairs(what, np.zeros(len(seeds)), seeds)


def _rows(column: str, against: list[Against]) -> list[dict[str, Any]]:
    """Return the rows of one metric, its arms corrected for each other."""
    levels = st.holm_levels(np.array([pairs.p() for _, _, pairs in against]))
    return [_row(column, *one, level=float(level)) for one, level in zip(against, levels, strict=True)]


def _row(column: str, baseline: str, arm: str, pairs: Pairs, *, level: float) -> dict[str, Any]:
    """Return one row of the table."""
    interval, ratio, spread = pairs.interval(level), pairs.ratio_interval(level), st.spread(pairs.differences)
    sign, null = pairs.sign(level), pairs.null()
    return {
        "metric": column, "unit": pairs.about.unit, "better": pairs.about.better, "baseline": baseline, "arm": arm,
        "n": pairs.n, "mean_a": pairs.mean_a, "mean_b": pairs.mean_b, "difference": pairs.mean_b - pairs.mean_a,
        "low": interval.low, "high": interval.high, "level": level, "agree": st.agreement(pairs.differences),
        "median": float(np.median(pairs.differences)) if pairs.n else math.nan, "p05": spread.low, "p95": spread.high,
        "ratio": st.ratio(pairs.b, pairs.a) if pairs.has_ratio else math.nan,
        "ratio_low": ratio.low, "ratio_high": ratio.high, "effect": st.effect(pairs.a, pairs.b),
        "detectable": st.detectable(pairs.differences, level), "sign": sign, "null": null,
        "verdict": verdict(interval, sign, null),
    }  # fmt: skip


def verdict(interval: st.Interval, sign: int, null: bool) -> str:
    """Return what may be said: a word of VERDICTS."""
    if not interval.known:
        return "not estimable"
    if sign:
        return ("slightly " if null else "") + ("higher" if sign > 0 else "lower")
    return "flat" if null else "open"
