"""How a metric unfolds week by week: each scenario's spread over seeds, and the run that is shown on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import Problem, Problems, nearest
from sim.experiment.about import about
from sim.report import page
from sim.report.look import INK, PAPER, style
from sim.report.view import View, setups_of, views, which
from sim.report.words import counted, digits, label, number, scale, unit

if TYPE_CHECKING:
    from sim.experiment.results import Results

SIZE = (4.6, 3.0)
BAND = (10, 90)
LINE = 12.5
LEAST_SPAN = 10.0
"""Least height of an axis from 0 to 100, so that a flat line looks flat."""


@style()
def series(
    results: Results, metric: str = "civilians_killed", scenario: Any = None, *, so_far: bool | None = None,
    seed: int | None = None, ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw a metric over the weeks: a band for the 10th to 90th percentile of seeds, the shown run as a line.

    metric: a column of `weeks`, or `metric:actor` as in the summary (`legitimacy:all->UN`). so_far: add up from the
    first week on (default: for what a run sums up). scenario: one, several, or all in one panel. caption: the note
    below, and the scenarios' names above. Returns Matplotlib axes. Raises Problems for a metric without weekly values.
    """
    drawn = views(results, scenario, seed)
    add_up = about(metric).over_run == "sum" if so_far is None else so_far
    (spot,) = page.panels(ax, 1, SIZE)
    ends = {view: _draw(spot, view, _weekly(view, metric, add_up)) for view in drawn}
    _frame(spot, drawn, metric, add_up)
    _arrivals(spot, drawn, room=not add_up)
    _name_ends(spot, ends)
    page.head(spot, _title(metric, add_up), [view.arm for view in drawn] if caption else ())
    return page.finish([spot], note(drawn), setups_of(drawn), ax is None, caption)


def note(drawn: Sequence[View]) -> str:
    """Say what the line and the band are."""
    n = len(drawn[0].results.seeds)
    return (
        f"Line: the {which(drawn[0])}. "
        f"Band: 10th to 90th percentile of n = {counted(n, 'seed')}, a spread and no interval."
    )


def _weekly(view: View, metric: str, add_up: bool) -> pd.DataFrame:
    """Return a metric's values as it is drawn: a row per seed, a column per week."""
    name, _, actor = metric.partition(":")
    if actor:
        rows = view.rows("actors", all_seeds=True)
        rows = rows[(rows["metric"] == name) & (rows["actor"] == actor)]
        _known(metric, view, name in set(view.results.actors["metric"].unique()))
    else:
        _known(metric, view, name in view.results.weeks.columns)
        rows = view.rows("weeks", all_seeds=True).rename(columns={name: "value"})
    wide = rows.pivot(index="seed", columns="week", values="value") * scale(metric)
    return wide.fillna(0).cumsum(axis=1) if add_up else wide


def _known(metric: str, view: View, there: bool) -> None:
    """Raise Problems for a metric that the tables do not have, with the nearest that they do."""
    if not there:
        names = [*view.results.weeks.columns[3:], *view.results.actors["metric"].unique()]
        allowed = "a column of weeks, or metric:actor of the actors table"
        raise Problems([Problem("metric", metric, allowed, nearest(metric, map(str, names)))])


def _draw(ax: Axes, view: View, values: pd.DataFrame) -> float:
    """Draw one scenario's band and line, and return where the line ends (NaN if there is none)."""
    values = values.loc[:, values.notna().mean() >= 0.5]
    if values.empty:
        return float("nan")
    weeks, arm = values.columns.to_numpy(), view.arm
    low, high = np.nanpercentile(values.to_numpy(), BAND, axis=0)
    ax.fill_between(weeks, low, high, color=arm.line, alpha=0.16, lw=0, zorder=2)
    shown = values.loc[view.seed]
    ax.plot(weeks, shown, color=arm.line, lw=arm.width, ls=arm.dash, zorder=4)
    return float(shown.dropna().iloc[-1]) if shown.notna().any() else float("nan")


def _frame(ax: Axes, drawn: Sequence[View], metric: str, add_up: bool) -> None:
    """Set the axis of weeks by years, the other by what it holds, and the unit."""
    last = drawn[0].weeks[1] + 1
    step = next(k for k in (4, 13, 26, 52, 104, 260, 520, 5200) if last / k <= 6)
    low, high = ax.get_ylim()
    if scale(metric) == 100 and high - low < LEAST_SPAN:
        middle = (low + high) / 2
        low, high = middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2
    if ax.dataLim.y0 >= 0 and (add_up or low < high / 4):
        low, high = 0.0, high if ax.dataLim.y1 > 0 else 1.0
    ax.set(xlim=(0, last), ylim=(low, high), xticks=range(0, last + 1, step), xlabel="week", ylabel=unit(metric))
    ax.yaxis.set_major_formatter("{x:,g}")
    ax.grid(axis="y")
    ax.spines["left"].set_visible(False)


def _arrivals(ax: Axes, drawn: Sequence[View], room: bool) -> None:
    """Mark when missions arrive, each in its colour; where not all scenarios have it, with their letters.

    room: whether to make room for the names above the lines.
    """
    found: dict[tuple[int, str], list[str]] = {}
    for view in drawn:
        for name, mission in view.setup.missions.items():
            if mission.mandate.tasks and 0 < mission.arrives < view.setup.weeks:
                found.setdefault((mission.arrives, name), []).append(view.arm.letter)
    if room:
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + (high - low) * LINE * len(found) / _height(ax))
    for k, ((week, name), letters) in enumerate(sorted(found.items())):
        colour = drawn[0].looks[name].colour
        where = "" if len(letters) == len(drawn) else f" in {', '.join(letters)}"
        ax.axvline(week, color=colour, lw=1.1, ls=(2 * (k % 2), (2, 2)), zorder=1)
        ax.annotate(f"{name} arrives{where}", (week, 1), xytext=(4, -2 - LINE * k), textcoords="offset points",
                    xycoords=("data", "axes fraction"), va="top", color=colour, fontsize=8.6, zorder=6,
                    bbox={"fc": PAPER, "ec": "none", "alpha": 0.75, "pad": 0.8})  # fmt: skip


def _name_ends(ax: Axes, ends: dict[View, float]) -> None:
    """Write each arm's letter and last value at the end of its line, apart from each other."""
    known = {view: end for view, end in ends.items() if np.isfinite(end)}
    low, high = ax.get_ylim()
    places = page.spread_out(list(known.values()), LINE * (high - low) / _height(ax))
    places_of = dict(zip(known, places, strict=True))
    figures = digits(*known.values()) if known else 0
    for view, end in known.items():
        letter = f"{view.arm.letter} " if len(ends) > 1 else ""
        ax.annotate(f"{letter}{number(end, digits=figures)}", (1, places_of[view]), xytext=(5, 0), va="center",
                    xycoords=("axes fraction", "data"), textcoords="offset points", weight="bold", fontsize=10,
                    color=view.arm.text if len(ends) > 1 else INK, annotation_clip=False)  # fmt: skip


def _height(ax: Axes) -> float:
    """Return the height of the axes in points."""
    return ax.get_window_extent().height / ax.figure.dpi * page.POINTS


def _title(metric: str, add_up: bool) -> str:
    """Return the metric in words, and whether it adds up."""
    told = label(metric)
    return f"{told[0].upper()}{told[1:]}{' so far' if add_up else ', by week'}"
