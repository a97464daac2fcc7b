"""A contrast played out: five levels of its dial in several countries, and the ends in a box of plausible worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from sim.experiment import statistics as st
from sim.experiment.results import run
from sim.scenario import Scenario
from sim.scenario.parameters import declared
from sim.validate.contrast import COUNTRIES, STUDY, Contrast

Change = dict[str, Any]


class Played:
    """Scenarios played once each, however many arms of a study share them; seeds are the same for all."""

    def __init__(self, scenarios: Sequence[Scenario], seeds: Sequence[int], jobs: int | None = None) -> None:
        """Play every different scenario on the given seeds."""
        unique = {s.digest: s for s in scenarios}
        named = [s.named(digest[:16]) for digest, s in unique.items()]
        runs = run(named, seeds=list(seeds), jobs=jobs, keep={"summary"}, progress=False)
        self._rows = {k: rows.sort_values("seed") for k, rows in runs.summary.groupby("scenario", observed=True)}

    def total(self, scenario: Scenario, columns: Sequence[str]) -> np.ndarray:
        """Return the sum of some columns of the summary by seed; a column that a run does not have counts as zero."""
        rows = self._rows[scenario.digest[:16]]
        return rows[[c for c in columns if c in rows]].fillna(0.0).sum(axis=1).to_numpy(float)

    def mean(self, scenario: Scenario, column: str) -> float:
        """Return the mean of one column over seeds; NaN where no run has it."""
        rows = self._rows[scenario.digest[:16]]
        return float(rows[column].mean()) if column in rows else float("nan")


def compared(one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """Return the paired comparison of an outcome in two arms: ratio, difference, their 95 % intervals, and the sign."""
    difference, draws = one - other, st.resampled_ratio(one, other)
    interval, agree = st.student(difference), st.agreement(difference)
    return {
        "one": float(one.mean()), "other": float(other.mean()), "n": len(one), "ratio": st.ratio(one, other),
        "low": st.percentiles(draws).low, "high": st.percentiles(draws).high, "difference": float(difference.mean()),
        "difference_low": interval.low, "difference_high": interval.high, "agree": agree,
        "sign": st.sign_holds(interval, agree, st.effect(other, one)),
    }  # fmt: skip


def levels(
    c: Contrast, seeds: Sequence[int], countries: Sequence[int] = COUNTRIES, change: Change | None = None,
    numbers: Sequence[int] = range(5), world: Change = STUDY, jobs: int | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Play some levels of the dial in some countries; a row for each, and one for all countries together ("all").

    Columns: country, level, what `compared` returns, `each` (the outcome of the first arm in every pair); `way:COLUMN`
    the mean of each recorded state in the first arm.
    """
    arms = {(k, x): c.arms(x, k, change, world) for k in countries for x in numbers}
    played = Played([s for pair in arms.values() for s in pair], seeds, jobs)
    rows = []
    for x in numbers:
        for told, among in [*((k, [k]) for k in countries), ("all", countries)]:
            pairs = [[played.total(s, c.outcome) for s in arms[k, x]] for k in among]
            one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
            ways = {f"way:{w}": np.mean([played.mean(arms[k, x][0], w) for k in among]) for w in c.ways}
            rows.append({"country": told, "level": c.dial.levels[x], **compared(one, other), "each": one, **ways})
    return pd.DataFrame(rows)


def side(c: Contrast, ratio: float) -> int:
    """Return 1 where the first arrangement does better, -1 where worse, by the ratio of the outcome (0: unknown)."""
    return 0 if not np.isfinite(ratio) else int(np.sign(1 - ratio) if c.better == "lower" else np.sign(ratio - 1))


def flips(c: Contrast, rows: pd.DataFrame) -> dict[str, Any]:
    """Say whether a contrast flips: signs hold at both ends over all countries, means turn in each, with one crossing.

    What is to have a peak is judged by `peak`.
    """
    if c.shape == "peak":
        return peak(c, rows)
    pooled = rows[rows.country == "all"].sort_values("level")
    by_country = [
        [side(c, r) for r in part.sort_values("level").ratio] for k, part in rows.groupby("country") if k != "all"
    ]
    means = [side(c, r) for r in pooled.ratio]
    held = [int(s) * (-1 if c.better == "lower" else 1) for s in pooled.sign]
    begins = 1 if c.first == "better" else -1
    turns = int(np.count_nonzero(np.diff(means)))
    ends = held[0] == begins and held[-1] == -begins
    return {
        "ends_hold": ends, "crossings": turns, "crossing": crossing(c, pooled),
        "countries": sum(s[0] == begins and s[-1] == -begins for s in by_country), "of": len(by_country),
        "flips": ends and turns == 1,
    }  # fmt: skip


def crossing(c: Contrast, pooled: pd.DataFrame) -> float:
    """Return the level at which both arrangements do equally well, by straight lines between levels; NaN if never."""
    x, y = pooled.level.to_numpy(float), np.log(pooled.ratio.to_numpy(float))
    for k in range(len(x) - 1):
        if np.isfinite(y[k : k + 2]).all() and y[k] * y[k + 1] < 0:
            return float(x[k] - y[k] * (x[k + 1] - x[k]) / (y[k + 1] - y[k]))
    return float("nan")


def peak(c: Contrast, rows: pd.DataFrame) -> dict[str, Any]:
    """Say whether the first arm does best strictly inside: over all countries, and against both ends, with a sign.

    first, last: the outcome at that end against the best level (ratio of sums over the same pairs), and whether the
    best is better there by a sign; countries: those in which the best level lies inside. It flips if the best level
    lies inside and is better than either end by a sign.
    """
    parts = {k: part.sort_values("level") for k, part in rows.groupby("country")}
    inside = {k: 0 < best_of(c, part) < len(part) - 1 for k, part in parts.items()}
    pooled = parts["all"]
    best = pooled.iloc[best_of(c, pooled)]
    found: dict[str, Any] = {"best": float(best.level), "inside": inside.pop("all")}
    for name, end in (("first", pooled.iloc[0]), ("last", pooled.iloc[-1])):
        told = compared(end.each, best.each)
        found |= {name: round(told["ratio"], 3), f"{name}_holds": told["sign"] == (1 if c.better == "lower" else -1)}
    flip = found["inside"] and found["first_holds"] and found["last_holds"]
    return found | {"countries": sum(inside.values()), "of": len(inside), "flips": flip}


def best_of(c: Contrast, part: pd.DataFrame) -> int:
    """Return the place of the level at which the first arm does best."""
    means = part.one.to_numpy(float)
    return int(np.nanargmin(means) if c.better == "lower" else np.nanargmax(means))


def box(c: Contrast, draws: int, seeds: Sequence[int], numbers: Sequence[int] = (0, 4), world: Change = STUDY,
        jobs: int | None = None) -> pd.DataFrame:  # fmt: skip
    """Play the ends of the dial over draws of all parameters; columns draw, level, ratio (of sums over seeds), side."""
    points, rows = plausible(draws, set(c.situation) | set(c.dial.at(0))), []
    arms = {
        (k, x): c.arms(x, COUNTRIES[k % len(COUNTRIES)], point, world)
        for k, point in enumerate(points)
        for x in numbers
    }
    played = Played([s for pair in arms.values() for s in pair], seeds, jobs)
    for (k, x), pair in arms.items():
        ratio = st.ratio(*(played.total(s, c.outcome) for s in pair))
        rows.append({"draw": k, "level": c.dial.levels[x], "ratio": ratio, "side": side(c, ratio)})
    return pd.DataFrame(rows)


def plausible(draws: int, held: set[str], seed: int = 1) -> list[Change]:
    """Return Latin-hypercube draws of all parameters over their plausible ranges, as changes to a scenario.

    Parameters that the contrast itself sets are held; switches are never drawn.
    """
    free = [p for p in declared().values() if p.kind == "number" and p.plausible[0] < p.plausible[1]]
    free = [p for p in free if f"parameters.{p.path}" not in held]
    low, high = np.array([p.plausible for p in free]).T
    points = low + (high - low) * qmc.LatinHypercube(len(free), seed=seed).random(draws)
    return [
        {f"parameters.{p.path}": round(x) if p.integer else float(x) for p, x in zip(free, row, strict=True)}
        for row in points
    ]


def shares(rows: pd.DataFrame) -> dict[float, dict[str, float]]:
    """Return by level the share of the box in which the first arrangement does better and in which worse."""
    return {x: {"better": float((part.side > 0).mean()), "worse": float((part.side < 0).mean())}
            for x, part in rows.groupby("level")}  # fmt: skip
