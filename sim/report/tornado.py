"""Which unknowns move a metric: the tornado of a sensitivity analysis."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.sensitivity import Sensitivity
from sim.experiment.sensitivity_text import NOISE, strongest_first
from sim.report import page
from sim.report.look import INK, MUTED, PAPER, SURFACE, style
from sim.report.swept import words_of
from sim.report.words import counted, label, number, points, scale

ROW, WIDTH, BAR = 0.32, 3.6, 0.56
KEYS = {"Sobol": ("ST", "S1"), "Morris": ("mu_star", "mu")}


@style()
def tornado(found: Sensitivity, *, most: int = 15, ax: Any = None, caption: bool = True) -> Any:
    """Draw how much each unknown moves a metric, the strongest on top: bar, 95 % interval, and how much it does alone.

    By Sobol: total and first-order shares of variance, and the seeds' share apart. By Morris: mean size of effects, and
    what luck alone would show. An index that has not converged has no bar, only its interval. most: how many unknowns
    are drawn. Returns Matplotlib axes.
    """
    rows = strongest_first(found).head(most)
    (spot,) = page.panels(ax, 1, (WIDTH, ROW * (len(rows) + 2)))
    times = 100.0 if found.method == "Sobol" else scale(found.metric)
    for y, (_, row) in enumerate(rows.iterrows()):
        _bar(spot, y, row, times, *KEYS[found.method])
    ticks = [*range(len(rows))]
    names = [words_of(name) for name in rows["parameter"]]
    if found.method == "Sobol" and not math.isnan(found.noise):
        ticks, names = [*ticks, len(rows) + 0.4], [*names, f"{NOISE}, of single runs"]
        _noise(spot, ticks[-1], found)
    _frame(spot, ticks, names, found)
    whose = f", {found.outputs.subject}" if found.outputs.subject else ""
    page.head(spot, page.fill(f"What moves {label(found.metric)}{whose}", WIDTH + 1.4, page.HEAD))
    page.legend_below([spot], _key(found, rows), 8)
    return page.finish([spot], _told(found, len(rows)), {}, ax is None, caption)


def _bar(ax: Axes, y: float, row: pd.Series, times: float, whole: str, part: str) -> None:
    """Draw one unknown: bar and interval in all, diamond and interval alone; no bar where it has not converged."""
    value, low, high = (row[key] * times for key in (whole, f"{whole}_low", f"{whole}_high"))
    if math.isnan(value):
        ax.barh(y, high - low, BAR, left=low, fc="none", ec=SURFACE["border"], hatch="////", lw=0, alpha=0.6, zorder=1,
                gid="not converged")  # fmt: skip
    else:
        ax.barh(y, value, BAR, color=MUTED, alpha=0.55, lw=0, zorder=1, gid="bar")
    ax.plot([low, high], [y - 0.12] * 2, color=INK, lw=2.2, solid_capstyle="butt", zorder=3)
    alone, least, most = (row[key] * times for key in (part, f"{part}_low", f"{part}_high"))
    if not math.isnan(alone):
        ax.plot([least, most], [y + 0.16] * 2, color=INK, lw=0.9, zorder=3, solid_capstyle="butt")
        ax.scatter(alone, y + 0.16, s=26, marker="D", fc=PAPER, ec=INK, lw=1, zorder=4)
    _write(ax, y, "not converged" if math.isnan(value) else _numbers(value, low, high))


def _write(ax: Axes, y: float, told: str) -> None:
    """Write a text beside a row."""
    ax.annotate(told, (1, y), xycoords=("axes fraction", "data"), xytext=(10, 0), textcoords="offset points",
                va="center", fontsize=8.8, annotation_clip=False)  # fmt: skip


def _numbers(value: float, low: float, high: float) -> str:
    """Return a value with its interval."""
    k = 0 if abs(high) >= 20 else 1 if abs(high) >= 2 else 2
    return f"{number(value, digits=k)} [{number(low, digits=k)}, {number(high, digits=k)}]"


def _noise(ax: Axes, y: float, found: Sensitivity) -> None:
    """Draw the seeds' share of the variance of single runs, apart from the unknowns."""
    low, high = (100 * end for end in found.noise_interval)
    ax.barh(y, 100 * found.noise, BAR, fc=PAPER, ec=INK, lw=0.9, zorder=1, gid="noise")
    ax.plot([low, high], [y, y], color=INK, lw=2.2, solid_capstyle="butt", zorder=3)
    _write(ax, y, _numbers(100 * found.noise, low, high))


def _frame(ax: Axes, ticks: list[float], names: list[str], found: Sensitivity) -> None:
    """Label rows and axis, and draw what luck alone would show."""
    ax.set(yticks=ticks, yticklabels=names, ylim=(max(ticks) + 0.6, -0.6))
    for tick in ax.get_yticklabels():
        tick.set_color(INK)
    ax.axvline(0, color=INK, lw=0.9, zorder=2)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    if found.method == "Sobol":
        ax.set_xlabel("share of the variance over plausible worlds, %")
        return
    ax.set_xlabel(f"{points(found.metric)}, over an unknown's whole range")
    floor = found.table["mu_star"].iloc[-1] * scale(found.metric)
    if not math.isnan(floor):
        ax.axvline(floor, color=INK, lw=1, ls=(0, (3, 2)), zorder=2, gid="luck")


def _key(found: Sensitivity, rows: pd.DataFrame) -> list[Any]:
    """Return the key to bars and marks."""
    sobol = found.method == "Sobol"
    whole, part = ("in all (ST)", "alone (S1)") if sobol else ("size (mu*)", "with its sign (mu)")
    diamond = Line2D([], [], marker="D", ms=5, mfc=PAPER, mec=INK, color=INK, lw=0.9, label=part)
    handles: list[Any] = [Patch(fc=MUTED, alpha=0.55, label=whole), diamond]
    if rows[KEYS[found.method][0]].isna().any():
        handles.append(Patch(fc="none", ec=SURFACE["border"], hatch="////", lw=0, label="not converged"))
    if not sobol and not math.isnan(found.noise):
        handles.append(Line2D([], [], color=INK, lw=1, ls=(0, (3, 2)), label="by luck alone"))
    return handles


def _told(found: Sensitivity, drawn: int) -> str:
    """Say what bars and marks are, and on how many runs they rest."""
    size = f"n = {counted(found.points, 'point')}, {counted(found.seeds, 'seed')} each"
    sobol, known = found.method == "Sobol", not math.isnan(found.noise)
    base = f"{found.method}, {found.base:,} {'base samples' if sobol else 'trajectories'}"
    left = len(found.parameters) - drawn
    notes = {
        "The seeds' bar is a share of another variance, that of single runs.": sobol and known,
        "One seed a point: luck counts as the unknowns'.": found.seeds == 1,
        f"{counted(left, 'weaker unknown')} not drawn.": left > 0,
    }
    return " ".join(
        [f"{base}: {size}. Lines: 95 % bootstrap intervals.", *(note for note, true in notes.items() if true)]
    )
