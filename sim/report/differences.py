"""What differs, pair by pair: the forest of paired differences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.experiment.about import chosen
from sim.experiment.comparison import Comparison
from sim.experiment.paired_metrics import PAIRED
from sim.experiment.pairs import pair_up
from sim.experiment.text import headline
from sim.report import page
from sim.report.look import HIGHER, INK, LOWER, MUTED, PAPER, style
from sim.report.look.cast import arms
from sim.report.words import digits, label, number, points, scale

if TYPE_CHECKING:
    from sim.experiment.results import Results

ROW, WIDTH, CLIP = 0.26, 3.2, 3.0
SPREAD = "run-to-run spread"
MARKS = {1: ("o", HIGHER, "better"), -1: ("v", LOWER, "worse"), 0: ("D", INK, "neither")}
OPEN = ("o", "no sign holds")


@dataclass(frozen=True)
class Row:
    """One line of the forest: its name, its row of the comparison's table, and each pair's difference.

    spread: standard deviation over seeds, pooled over the arms; times: by what values are multiplied to be drawn.
    """

    name: str
    told: pd.Series
    pairs: np.ndarray
    spread: float
    times: float

    @property
    def side(self) -> int:
        """1 if what differs is better, -1 if worse, 0 if neither is said of this metric."""
        return int({"higher": 1, "lower": -1}.get(self.told["better"], 0) * self.told["sign"])


@style()
def differences(
    comparison: Comparison | Results, metrics: str | Iterable[str] | None = None, *, arm: str | None = None,
    ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw paired differences from the baseline: a dot for each pair of seeds, the mean, its 95 % interval.

    metrics: names (`civilians_killed` takes its actors along); the headline if none are said. Metrics of one unit share
    an axis in that unit; of several, an axis in units of the run-to-run spread, with their own units beside. One panel
    for each arm, or for one. Results are compared with their first scenario. Returns Matplotlib axes, an array where
    there are several.
    """
    c = comparison if isinstance(comparison, Comparison) else comparison.compare(comparison.scenarios[0], metrics)
    shown = (arm,) if arm is not None else c.arms
    groups = [_groups(c, metrics, name) for name in shown]
    lines = max(sum(len(rows) + bool(group) for group, rows in found.items()) for found in groups)
    axes = page.panels(ax, len(shown), (WIDTH, ROW * max(lines, 2) + 0.15), (4.6, 1.2), columns=1)
    drawn = arms([c.baseline, *c.arms], c.setups)
    for name, found, spot in zip(shown, groups, axes, strict=True):
        _forest(spot, found)
        page.head(spot, "What differs, pair by pair", [drawn[c.baseline], drawn[name]])
        letters = f"{drawn[name].letter} − {drawn[c.baseline].letter}"
        spot.set_xlabel(f"{letters}, {_axis_unit(found)}")
        _heading(spot, f"{letters} [interval]")
    page.legend_below(axes[-1:], _key([row for found in groups for rows in found.values() for row in rows]), 8)
    return page.finish(axes, _told(c, groups), c.setups, ax is None, caption)


def _groups(c: Comparison, metrics: str | Iterable[str] | None, arm: str) -> dict[str, list[Row]]:
    """Return the rows of one arm under their headings; those that no pair has, or that nobody has, are left out."""
    columns = list(dict.fromkeys(c.table["metric"]))
    missions = {name for setup in c.setups.values() for name in setup.missions}
    if metrics is None:
        groups: Mapping[str, Sequence[str]] = headline(columns, missions) or {"": columns}
    else:
        wanted = [metrics] if isinstance(metrics, str) else metrics
        groups = {"": list(dict.fromkeys(name for metric in wanted for name in chosen(metric, columns)))}
    found = {group: [row for name in names if (row := _row(c, name, arm))] for group, names in groups.items()}
    return {group: rows for group, rows in found.items() if rows}


def _row(c: Comparison, column: str, arm: str) -> Row | None:
    """Return one row, or None where there is nothing to draw."""
    rows = c.table[(c.table["metric"] == column) & (c.table["arm"] == arm)]
    if rows.empty or not math.isfinite(rows.iloc[0]["difference"]) or rows.iloc[0]["n"] == 0:
        return None
    told = rows.iloc[0]
    if told["mean_a"] == told["mean_b"] == 0:
        return None
    a, b = _values(c, column, told["baseline"], arm)
    varied = [float(np.var(x, ddof=1)) for x in (a, b) if len(x) > 1 and np.ptp(x) > 0]
    spread = math.sqrt(float(np.mean(varied))) if varied else 0.0
    return Row(f"{label(column)} ({points(column)})", told, b - a, spread, scale(column))


def _values(c: Comparison, column: str, baseline: str, arm: str) -> tuple[np.ndarray, np.ndarray]:
    """Return both arms' values, seed by seed; a metric of several runs is compared with none of it."""
    if column in PAIRED and len(PAIRED[column].arms) == 2:
        value = PAIRED[column].compute(c.summaries[baseline], c.summaries[arm]).dropna().to_numpy(float)
        return np.zeros_like(value), value
    pairs = pair_up(c.summaries[baseline], c.summaries[arm], column)
    return pairs.a, pairs.b


def _one_unit(found: Mapping[str, Sequence[Row]]) -> bool:
    """Say whether all rows have one unit, so that they share an axis in it."""
    return len({points(row.told["metric"]) for rows in found.values() for row in rows}) <= 1


def _axis_unit(found: Mapping[str, Sequence[Row]]) -> str:
    """Return the unit of the axis."""
    if not _one_unit(found):
        return f"in units of the {SPREAD} (sd over seeds)"
    return next((points(row.told["metric"]) for rows in found.values() for row in rows), "")


def _forest(ax: Axes, found: Mapping[str, Sequence[Row]]) -> None:
    """Draw the rows below each other, a heading over each group."""
    own_unit, y, names = _one_unit(found), 0, []
    for group, rows in found.items():
        if group:
            names.append((y, group, True))
            y += 1
        for row in rows:
            names.append((y, row.name, False))
            _draw(ax, y, row, row.times if own_unit else 1 / row.spread if row.spread else math.nan, own_unit)
            y += 1
    ax.axvline(0, color=INK, lw=0.9, zorder=1)
    ax.set(yticks=[at for at, _, _ in names], yticklabels=[name for _, name, _ in names], ylim=(y - 0.4, -0.6))
    for tick, (_, _, bold) in zip(ax.get_yticklabels(), names, strict=True):
        tick.set(color=INK, weight="bold" if bold else "normal")
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    if not own_unit:
        ax.set(xlim=(-CLIP, CLIP), xticks=range(-int(CLIP), int(CLIP) + 1))
        ax.axvspan(-0.2, 0.2, color=MUTED, alpha=0.10, lw=0, zorder=0)


def _draw(ax: Axes, y: float, row: Row, times: float, own_unit: bool) -> None:
    """Draw one row: a dot for each pair, the interval, the mean; one that leaves the axis is an arrow at its edge."""
    mean, low, high = (row.told[k] * times for k in ("difference", "low", "high"))
    _write(ax, y, row)
    if not math.isfinite(mean):
        return
    ax.scatter(row.pairs * times, y + 0.22 * np.sin(np.arange(len(row.pairs)) * 2.4), s=10, color=MUTED, alpha=0.42,
               lw=0, zorder=2, gid="pairs")  # fmt: skip
    shape, colour, _ = MARKS[row.side]
    if not own_unit and abs(mean) > CLIP:
        shape, mean = (">" if mean > 0 else "<"), math.copysign(CLIP * 0.985, mean)
    else:
        ax.plot([low, high], [y, y], color=INK, lw=2.6, zorder=3, solid_capstyle="butt")
    holds = row.told["sign"] != 0
    ax.scatter(mean, y, s=52, marker=shape if holds else OPEN[0], fc=colour if holds else PAPER,
               ec=PAPER if holds else INK, lw=1 if holds else 1.2, zorder=4)  # fmt: skip


def _write(ax: Axes, y: float, row: Row) -> None:
    """Write the mean difference and its interval in the row's own unit beside it, and what may be said."""
    mean, low, high = _numbers(row)
    ax.annotate(f"{mean} [{low}, {high}]", (1, y), xycoords=("axes fraction", "data"), xytext=(12, 0), va="center",
                textcoords="offset points", fontsize=8.8, annotation_clip=False)  # fmt: skip
    ax.annotate(row.told["verdict"], (1, y), xycoords=("axes fraction", "data"), xytext=(122, 0), va="center",
                textcoords="offset points", fontsize=8.8, color=MUTED, annotation_clip=False)  # fmt: skip


def _numbers(row: Row) -> tuple[str, str, str]:
    """Return the mean difference and the ends of its interval as texts, in the row's own unit."""
    values = [row.told[k] * row.times for k in ("difference", "low", "high")]
    k = digits(*(v for v in values if math.isfinite(v)))
    mean, low, high = (number(v, sign=True, digits=k) if math.isfinite(v) else "–" for v in values)
    return mean, low, high


def _heading(ax: Axes, told: str) -> None:
    """Head the column of numbers."""
    ax.annotate(told, (1, 1), xycoords="axes fraction", xytext=(12, 5), textcoords="offset points", fontsize=8.8,
                color=MUTED, annotation_clip=False)  # fmt: skip


def _key(rows: Iterable[Row]) -> list[Line2D]:
    """Return the key to the marks that are used."""
    rows = list(rows)
    sides = {row.side for row in rows if row.told["sign"] and row.spread}
    handles = [_handle(*MARKS[side], filled=True) for side in sorted(sides, reverse=True)]
    if any(not row.told["sign"] for row in rows):
        handles.append(_handle(OPEN[0], INK, OPEN[1], filled=False))
    return handles


def _handle(marker: str, colour: str, told: str, filled: bool) -> Line2D:
    """Return one mark of the key."""
    return Line2D([], [], ls="", marker=marker, ms=7, mfc=colour if filled else PAPER, mec=PAPER if filled else INK,
                  mew=0.8 if filled else 1.2, label=told)  # fmt: skip


def told_difference(c: Comparison, metric: str, arm: str) -> str:
    """Say in words by how much an arm differs in a metric: mean, interval, verdict; empty if it cannot."""
    row = _row(c, metric, arm)
    if row is None:
        return ""
    mean, low, high = _numbers(row)
    return f"{label(metric)} {mean} {points(metric)} [{low}, {high}], {row.told['verdict']}"


def _told(c: Comparison, groups: Sequence[Mapping[str, Sequence[Row]]]) -> str:
    """Say what dots, bars and words are."""
    level = "interval of the mean, widened by Holm's correction" if c.corrected else "95 % interval of the mean"
    spread = "" if all(_one_unit(found) for found in groups) else (
        f"Left: differences in units of the {SPREAD}; the grey strip (0.2) counts as no effect; arrows lie beyond. "
        "Right: in their own units. "
    )  # fmt: skip
    return (
        f"Dot: one pair of seeds, n = {c.seeds}. Bar: {level} (of shares: of the ratio of sums). {spread}"
        "A sign holds if the interval excludes zero, 70 % of pairs agree and the effect is at least 0.2 of the "
        "spread; flat: a null holds; open: neither. "
        f"{len(c.arms) + 1} arms were run."
    )
