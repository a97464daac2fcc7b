"""Two choices against each other: what each combination changes, with its interval, hatched where no sign holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.patches import Rectangle

from sim.errors import Problem, Problems
from sim.experiment.sweep_comparison import SweepComparison, compare_arms
from sim.report import page
from sim.report.look import INK, MUTED, PAPER, SCALE, SURFACE, style
from sim.report.swept import (
    Swept,
    by_world,
    check_metric,
    headed,
    level,
    one_of,
    regrouped,
    setups_of,
    size_of,
    words_of,
)
from sim.report.words import digits, label, number, points, scale, unit

CELL = (0.98, 0.62)
DARK = 0.36


@style()
def heat(
    sweep: Swept, metric: str, across: str, up: str, baseline: tuple[Any, Any] | None = None, *, ax: Any = None,
    caption: bool = True,
) -> Any:  # fmt: skip
    """Draw what each combination of two choices changes in a metric against a baseline combination, on paired runs.

    across, up: paths of the choices; baseline: their values (the first of each if not said), whose level is written.
    Each cell has its mean difference over worlds and the interval, widened by Holm's correction; hatched where no sign
    holds. Brown is lower, teal higher. Returns Matplotlib axes. Raises Problems for unknown names and values.
    """
    check_metric(sweep, metric)
    paths = [one_of("across", across, sweep.choices), one_of("up", up, sweep.choices)]
    if across == up:
        raise Problems([Problem("up", up, f"another choice than {across}")])
    runs, values = regrouped(sweep, paths)
    start = _baseline(values, baseline)
    compared = compare_arms(runs, start, [metric])
    (spot,) = page.panels(ax, 1, (CELL[0] * len(sweep.choices[across]), CELL[1] * len(sweep.choices[up])))
    place = {
        arm: (list(sweep.choices[across]).index(x), list(sweep.choices[up]).index(y)) for arm, (x, y) in values.items()
    }
    _cells(spot, compared, metric, place)
    _level(spot, by_world(runs, metric)[start].to_numpy(float), metric, place[start])
    _frame(spot, sweep, across, up)
    page.head(spot, page.fill(f"{headed(metric)}, {points(metric)} against the framed cell",
                              max(page.width_of(spot), 3.4), page.HEAD))  # fmt: skip
    return page.finish([spot], _told(runs, compared, metric), setups_of(sweep), ax is None, caption)


def _baseline(values: dict[int, tuple[Any, ...]], baseline: tuple[Any, Any] | None) -> int:
    """Return the arm of the baseline.

    Raises Problems if that combination was not run.
    """
    for arm, some in values.items():
        if baseline is None or some == tuple(baseline):
            return arm
    raise Problems([Problem("baseline", baseline, "values of the two choices, such as " + repr(values[0]))])


def _cells(ax: Axes, compared: SweepComparison, metric: str, place: dict[int, tuple[int, int]]) -> None:
    """Draw every cell but the baseline."""
    rows = compared.table[compared.table["metric"] == metric].set_index("arm")
    times, k = scale(metric), digits(*(rows["difference"] * scale(metric)).abs())
    far = float((rows["difference"] * times).abs().max()) or 1.0
    norm = TwoSlopeNorm(0, -far, far)
    for arm, row in rows.iterrows():
        x, y = place[arm]
        mean, low, high = (row[key] * times for key in ("difference", "low", "high"))
        ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fc=SCALE["legitimacy"](norm(mean)), ec=PAPER, lw=2, zorder=1))
        holds = row["sign"] != 0
        if not holds:
            ax.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, fill=False, hatch="////", ec=SURFACE["border"], lw=0,
                                   alpha=0.45, zorder=2, gid="open"))  # fmt: skip
        ink = "white" if holds and abs(float(norm(mean)) - 0.5) > DARK else INK
        _write(ax, x, y, number(mean, sign=True, digits=k),
               f"[{number(low, digits=k)}, {number(high, digits=k)}]", ink, not holds)  # fmt: skip


def _write(ax: Axes, x: float, y: float, large: str, small: str, ink: str, boxed: bool) -> None:
    """Write a value and its interval into a cell, on paper where it is hatched."""
    box = {"bbox": {"fc": PAPER, "ec": "none", "pad": 1.2, "alpha": 0.88}} if boxed else {}
    ax.text(x, y + 0.13, large, ha="center", va="center", fontsize=10.5, weight="bold", color=ink, zorder=4, **box)
    ax.text(x, y - 0.22, small, ha="center", va="center", fontsize=8, color=ink, zorder=3, **box)


def _level(ax: Axes, worlds: np.ndarray, metric: str, place: tuple[int, int]) -> None:
    """Draw the baseline's cell: a frame, with the level and its interval."""
    mean, interval = level(worlds, metric)
    k, (x, y) = digits(mean), place
    ax.add_patch(Rectangle((x - 0.46, y - 0.45), 0.92, 0.9, fill=False, ec=INK, lw=1.3, zorder=3, gid="baseline"))
    ends = f"[{number(interval.low, digits=k)}, {number(interval.high, digits=k)}]" if interval.known else ""
    _write(ax, x, y, f"{number(mean, digits=k)}{'' if unit(metric) != '%' else ' %'}", ends, MUTED, False)


def _frame(ax: Axes, sweep: Swept, across: str, up: str) -> None:
    """Label rows and columns with the values of the choices."""
    for axis, path in ((ax.xaxis, across), (ax.yaxis, up)):
        values = sweep.choices[path]
        axis.set_ticks(range(len(values)), [f"{v:g}" if isinstance(v, float) else str(v) for v in values])
        axis.set_label_text(words_of(path))
    ax.set(xlim=(-0.5, len(sweep.choices[across]) - 0.5), ylim=(-0.5, len(sweep.choices[up]) - 0.5))
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)


def _told(runs: Any, compared: SweepComparison, metric: str) -> str:
    """Say what numbers, colours and hatching are."""
    holm = ", widened by Holm's correction" if compared.corrected else ""
    return (
        f"Mean difference in {label(metric)} from the framed cell (its level is written there) on the same worlds and "
        f"seeds, with its 95 % interval{holm}. Brown: lower, teal: higher. Hatched: no sign holds (interval excludes "
        f"zero, 70 % of worlds agree, at least 0.2 of the spread between seeds). {size_of(runs)}; "
        "what else was chosen is part of a world."
    )
