"""The numbers of the page, taken from the tables of results: series, harm by perpetrator, paired differences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.experiment.about import about
from sim.metrics import METRICS

if TYPE_CHECKING:
    from sim.experiment.results import Results

Curves = dict[str, list[list[float | None]] | None]
"""For each column: shown run, low and high end of the band, week by week."""

KILLED = "civilians_killed"
SPREAD = (5, 95)
SMOOTH = 13
"""Weeks over which a share of a week's few events is averaged before it is drawn."""
MOST_PERPETRATORS = 7
REST = "others"
POOLED = ("attacks_answered_all", "attacks_answered_share")
"""Ratios whose sums can be counted in the table of events."""
ATTACKS = ("attack_on_civilians", "state_abuse")
APART = 0.06
"""From what share of the drawn axis on two curves count as apart for the eye."""


@dataclass(frozen=True)
class Two:
    """The two arms of a page: results, labels of A and B, and the seed of the run that is shown."""

    results: Results
    labels: tuple[str, str]
    shown: int

    def rows(self, table: str, arm: int, shown_only: bool = False) -> pd.DataFrame:
        """Return one arm's rows of a table, of all seeds or of the shown run."""
        frame: pd.DataFrame = getattr(self.results, table)
        mask = frame["scenario"] == self.labels[arm]
        return frame[mask & (frame["seed"] == self.shown)] if shown_only else frame[mask]

    @property
    def setups(self) -> tuple[Any, Any]:
        """The scenarios of A and B."""
        return self.results.setups[self.labels[0]], self.results.setups[self.labels[1]]

    @property
    def missions(self) -> list[str]:
        """The missions of either arm, by name."""
        return sorted({name for setup in self.setups for name in setup.missions})

    @property
    def main(self) -> str | None:
        """The mission with most units in the field in both arms together; None where nobody is sent."""
        names = pd.concat([self.rows("units", arm, True)["actor"].astype(object) for arm in (0, 1)])
        count = names.value_counts()
        return max(self.missions, key=lambda name: count.get(name, 0), default=None)


def how(column: str) -> str:
    """Say how a column is drawn over time.

    `sum`: so far; `pooled`: a ratio of sums so far; `smooth`: mean of 13 weeks; `level`: each week; `whole`: once, over
    the run.
    """
    told = about(column)
    if told.name in POOLED:
        return "pooled"
    if told.over_run in ("run", "wait") or told.name not in METRICS:
        return "whole"
    return {"sum": "sum", "ratio": "smooth"}.get(told.over_run, "level")


def weekly(two: Two, arm: int, column: str) -> np.ndarray | None:
    """Return a column by seed and week as it is drawn, shape (seeds, weeks); None where the arm does not have it."""
    name, _, key = column.partition(":")
    if name in POOLED:
        return _answered(two, arm, key)
    rows = two.rows("weeks", arm)
    if key:
        rows = two.rows("actors", arm)
        rows = rows[(rows["metric"] == name) & (rows["actor"] == key)]
    elif name not in rows:
        return None
    if rows.empty:
        weeks = two.setups[arm].weeks
        return np.zeros((len(two.results.seeds), weeks)) if about(column).adds_up else None
    wide = rows.pivot(index="seed", columns="week", values="value" if key else name)
    return _drawn(wide.loc[list(two.results.seeds)], how(column))


def _answered(two: Two, arm: int, mission: str) -> np.ndarray | None:
    """Return the share of attacks so far that were answered, of those that a mission knew of, or of all by anybody."""
    if mission and mission not in two.setups[arm].missions:
        return None
    rows = two.rows("events", arm)
    part, whole = rows["answered_by"] != "", rows["kind"].isin(ATTACKS)
    if mission:
        part, whole = (rows[k].astype(str).str.split(";").map(lambda names: mission in names)
                       for k in ("answered_by", "known"))  # fmt: skip
    above, below = (_so_far(two, arm, rows[mask]) for mask in (part, whole))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)


def _so_far(two: Two, arm: int, rows: pd.DataFrame) -> np.ndarray:
    """Count rows so far by seed and week."""
    seeds, out = list(two.results.seeds), np.zeros((len(two.results.seeds), two.setups[arm].weeks))
    np.add.at(out, (rows["seed"].map(seeds.index).to_numpy(np.int64), rows["week"].to_numpy()), 1)
    return out.cumsum(axis=1)


def _drawn(wide: pd.DataFrame, way: str) -> np.ndarray:
    """Return weekly values [seeds, weeks] as they are drawn."""
    if way == "sum":
        return wide.fillna(0.0).cumsum(axis=1).to_numpy(float)
    if way == "smooth":
        return wide.T.rolling(SMOOTH, min_periods=1).mean().T.to_numpy(float)
    return wide.ffill(axis=1).to_numpy(float)


def banded(values: np.ndarray | None, seeds: Sequence[int], shown: int) -> list[list[float | None]] | None:
    """Return the shown run, and the 5th and 95th percentile over seeds, week by week; None for none."""
    if values is None:
        return None
    never = np.isnan(values).all(axis=0)
    low, high = np.nanpercentile(np.where(never, 0.0, values), SPREAD, axis=0)
    ends = (np.where(never, np.nan, end) for end in (low, high))
    return [plain(values[list(seeds).index(shown)]), *(plain(end) for end in ends)]


def plain(values: Iterable[float]) -> list[float | None]:
    """Return numbers as JSON takes them, to six figures; what is missing is null."""
    return [None if not math.isfinite(v) else int(v) if v == int(v) else float(f"{v:.6g}") for v in map(float, values)]


def series(two: Two, columns: Iterable[str]) -> list[Curves]:
    """Return for each arm the series of each column that is drawn over time."""
    return [
        {c: banded(weekly(two, arm, c), two.results.seeds, two.shown) for c in columns if how(c) != "whole"}
        for arm in (0, 1)
    ]


def whole(two: Two, columns: Iterable[str]) -> list[dict[str, list[float | None] | None]]:
    """Return for each arm the shown run's value over the run, with the spread over seeds."""
    found: list[dict[str, list[float | None] | None]] = []
    for arm in (0, 1):
        rows = two.rows("summary", arm).set_index("seed")
        found.append({c: _over_run(rows[c], two.shown) if c in rows else None for c in columns})
    return found


def _over_run(values: pd.Series, shown: int) -> list[float | None]:
    """Return one column's value in the shown run, and its spread."""
    known = values.dropna().to_numpy(float)
    low, high = np.percentile(known, SPREAD) if len(known) else (math.nan, math.nan)
    return plain([values[shown], low, high])


def harm(two: Two) -> dict[str, Any]:
    """Return civilians killed so far by perpetrator, in both arms alike; the smallest of many are added up."""
    names = _perpetrators(two)
    zero = np.zeros((len(two.results.seeds), two.setups[0].weeks))
    by = [{name: v if (v := weekly(two, arm, f"{KILLED}:{name}")) is not None else zero for name in names}
          for arm in (0, 1)]  # fmt: skip
    size = {name: max(float(found[name][:, -1].mean()) for found in by) for name in names}
    kept = [name for name in names if size[name] > 0]
    small: list[str] = []
    if len(kept) > MOST_PERPETRATORS:
        small = sorted(kept, key=lambda name: -size[name])[MOST_PERPETRATORS - 1 :]
        kept = [name for name in kept if name not in small]
        for found in by:
            found[REST] = sum((found[name] for name in small), start=zero)
        kept.append(REST)
    rows = [[banded(found[name], two.results.seeds, two.shown) for name in kept] for found in by]
    return {"names": kept, "rest": small, "arms": rows}


def _perpetrators(two: Two) -> list[str]:
    """Return who can kill in either arm: armed groups, then hosts, then missions, each by name."""
    found: dict[str, None] = {}
    for part in ("armed_groups", "hosts", "missions"):
        found |= dict.fromkeys(sorted({name for setup in two.setups for name in getattr(setup, part)}))
    return list(found)


def differences(two: Two, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Return what B differs by from A on the same seeds, a row for each column that can be compared."""
    compared = two.results.compare(two.labels[0], list(dict.fromkeys(c.partition(":")[0] for c in columns))).table
    table = compared[compared["arm"] == two.labels[1]].set_index("metric")
    kept = ("n", "mean_a", "mean_b", "difference", "low", "high", "agree", "effect", "detectable")
    found = [(c, dict(zip(kept, plain(table.loc[c, list(kept)]), strict=True))) for c in columns if c in table.index]
    return [{"column": c, "verdict": str(table.at[c, "verdict"]), **row} for c, row in found]


def pairs(two: Two, column: str = KILLED) -> list[float]:
    """Return the difference B - A of each pair of runs on the same seed."""
    a, b = (two.rows("summary", arm).set_index("seed")[column] for arm in (0, 1))
    return [float(v) for v in (b - a).dropna()]


def axis(found: Sequence[Curves], column: str) -> list[float] | None:
    """Return the lowest and highest value that a curve's axis shows, None for no curve.

    It holds the shown runs, and the bands up to a limit: one massacre in a few runs must not flatten the others.
    """
    known = [np.array(curve, float) for arm in found if (curve := arm.get(column))]
    if not known or np.isnan(np.stack([k[0] for k in known])).all():
        return None
    shown = np.concatenate([k[0] for k in known])
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    least, most = (float(f([f(k) for k in known])) for f in (np.nanmin, np.nanmax))
    if how(column) == "sum":
        return [min(0.0, low), max(min(most, 1.6 * high), 1.05 * high, 1e-9)]
    room = max(high - low, 0.02 * max(abs(high), abs(low)), 1e-9)
    bounds = max(least, low - room), min(most, high + room)
    return [min(bounds[0], low) - 0.06 * room, max(bounds[1], high) + 0.06 * room]


def apart(found: Sequence[Curves], column: str) -> bool | None:
    """Say whether the shown curves of a column part visibly on their axis; None where there are no two curves."""
    a, b = (np.array(arm[column], float)[0] if arm.get(column) else None for arm in found)
    span = axis(found, column)
    if a is None or b is None or span is None or np.isnan(a - b).all():
        return None
    return bool(np.nanmax(np.abs(a - b)) >= APART * (span[1] - span[0]))
