"""How a metric answers to a choice or an unknown: means over worlds with their intervals, worlds behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.report import page
from sim.report.look import PAPER, style
from sim.report.look.cast import Arm, arms
from sim.report.swept import (
    Swept,
    by_world,
    check_metric,
    headed,
    keep_span,
    level,
    one_of,
    setups_of,
    size_of,
    words_of,
)
from sim.report.words import counted, scale, unit

SIZE = (4.4, 2.9)
LINE = 12.5
BINS, LEAST_IN_BIN = 8, 5
Curve = list[tuple[float, float, float, float]]
"""Places along the axis with mean, low and high end of the interval."""


@style()
def response(
    sweep: Swept, metric: str, along: str, by: str | None = None, *, ax: Any = None, caption: bool = True
) -> Any:
    """Draw a metric against a choice or an unknown: mean over worlds, 95 % interval as a band or bars, worlds as dots.

    along: path of a choice (its values) or an unknown (worlds sorted into bins of equal number). by: path of a choice,
    a line for each of its values. Means are over all else that was chosen and not known. Returns Matplotlib axes.
    Raises Problems for unknown names.
    """
    check_metric(sweep, metric)
    one_of("along", along, {**sweep.choices, **sweep.unknowns})
    values = sweep.choices[one_of("by", by, sweep.choices)] if by else (None,)
    (spot,) = page.panels(ax, 1, SIZE)
    drawn = arms([_name(by, value) for value in values], {})
    ends = []
    for value, arm in zip(values, drawn.values(), strict=True):
        runs = sweep.runs if value is None else sweep.runs[sweep.runs[by] == value]
        ends.append(_line(spot, sweep, runs, metric, along, arm))
    _frame(spot, sweep, metric, along)
    if by:
        _name_lines(spot, list(drawn.values()), ends)
    page.head(spot, page.fill(f"{headed(metric)}: {words_of(along)}", SIZE[0] + 0.6, page.HEAD))
    return page.finish([spot], _told(sweep, along, by), setups_of(sweep), ax is None, caption)


def _name(by: str | None, value: Any) -> str:
    """Return what a line is called."""
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{words_of(by)} {shown}" if by else ""


def _numeric(sweep: Swept, along: str) -> bool:
    """Say whether what runs along the axis is measured: an unknown, or a choice whose values are numbers."""
    return along in sweep.unknowns or all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in sweep.choices[along]
    )


def _line(ax: Axes, sweep: Swept, runs: pd.DataFrame, metric: str, along: str, arm: Arm) -> tuple[float, float]:
    """Draw one line with its band and its worlds, and return where it ends."""
    chosen = along in sweep.choices
    curve, dots = _of_choice(sweep, runs, metric, along) if chosen else _of_unknown(runs, metric, along)
    x, mean, low, high = np.array(curve).T
    ax.scatter(*dots, s=7, color=arm.line, alpha=0.22, lw=0, zorder=2, gid="worlds")
    if _numeric(sweep, along):
        ax.fill_between(x, low, high, color=arm.line, alpha=0.2, lw=0, zorder=3, gid="band")
        ax.plot(x, mean, ls=arm.dash, marker="o", ms=4.5, mec=PAPER, mew=0.8,
                color=arm.line, lw=arm.width, zorder=4)  # fmt: skip
    else:
        ax.errorbar(x, mean, [mean - low, high - mean], ls="", marker="o", ms=6, mec=PAPER,
                    color=arm.line, lw=arm.width, zorder=4)  # fmt: skip
    return float(x[-1]), float(mean[-1])


def _of_choice(sweep: Swept, runs: pd.DataFrame, metric: str, along: str) -> tuple[Curve, tuple[Any, Any]]:
    """Return mean and interval at each value of a choice, and the worlds."""
    values = sweep.choices[along]
    places = [float(v) for v in values] if _numeric(sweep, along) else list(range(len(values)))
    gap = np.diff(sorted(places)).min() if len(places) > 1 else 1.0
    curve: Curve = []
    x, y = [], []
    for place, value in zip(places, values, strict=True):
        worlds = _worlds(sweep, runs[runs[along] == value], metric)
        mean, interval = level(worlds, metric)
        curve.append((place, mean, *interval))
        x += list(place + 0.12 * gap * np.sin(np.arange(len(worlds)) * 2.4))
        y += list(worlds * scale(metric))
    return curve, (x, y)


def _worlds(sweep: Swept, runs: pd.DataFrame, metric: str) -> np.ndarray:
    """Return a metric by world: mean over its seeds and over what else was chosen in it."""
    arm = by_world(runs, metric)
    return arm.mean(axis=1).dropna().to_numpy(float)


def _of_unknown(runs: pd.DataFrame, metric: str, along: str) -> tuple[Curve, tuple[Any, Any]]:
    """Return mean and interval in each bin of an unknown, as many worlds in one as in another, and the worlds."""
    worlds = by_world(runs, metric).mean(axis=1).dropna()
    at = runs.drop_duplicates("point").set_index("point")[along].reindex(worlds.index).to_numpy(float)
    order = np.argsort(at, kind="stable")
    bins = np.array_split(order, max(1, min(BINS, len(order) // LEAST_IN_BIN)))
    curve: Curve = []
    for some in bins:
        mean, interval = level(worlds.to_numpy(float)[some], metric)
        curve.append((float(np.mean(at[some])), mean, *interval))
    return curve, (at, worlds.to_numpy(float) * scale(metric))


def _frame(ax: Axes, sweep: Swept, metric: str, along: str) -> None:
    """Label the axes."""
    ax.set_xlabel(words_of(along))
    ax.set_ylabel(unit(metric))
    ax.grid(axis="y")
    keep_span(ax, metric)
    if along in sweep.choices:
        values = sweep.choices[along]
        places: Sequence[Any] = list(values) if _numeric(sweep, along) else range(len(values))
        ax.set_xticks(list(places), [f"{v:g}" if isinstance(v, float) else str(v) for v in values])


def _name_lines(ax: Axes, drawn: list[Arm], ends: list[tuple[float, float]]) -> None:
    """Write each line's name at its end, none over another."""
    low, high = ax.get_ylim()
    gap = (high - low) * LINE / (ax.get_window_extent().height / ax.figure.dpi * page.POINTS)
    places = page.spread_out([y for _, y in ends], gap)
    for arm, y in zip(drawn, places, strict=True):
        ax.annotate(arm.name, (1, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                    color=arm.text, va="center", fontsize=9.5, weight="bold", annotation_clip=False)  # fmt: skip


def _told(sweep: Swept, along: str, by: str | None) -> str:
    """Say what line, band and dots are."""
    others = [words_of(path) for path in sweep.choices if path not in (along, by)]
    over = f", and over {counted(len(others), 'other choice')}" if others else ""
    one = sweep.runs["point"].nunique() == 1
    what = "seeds" if one else "worlds (settings of the unknowns, each the mean over its seeds)"
    bins = " Worlds stand in bins of equal number." if along in sweep.unknowns else ""
    shown = "Band" if _numeric(sweep, along) else "Bar"
    dots = "seeds" if one else "worlds"
    return f"Mean over {what}{over}. {shown}: its 95 % interval. Dots: {dots}.{bins} {size_of(sweep.runs)}."
