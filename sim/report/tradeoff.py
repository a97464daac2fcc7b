"""The trade-off: what arms change in protection against what they change in standing, pair by pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import SimError
from sim.experiment.about import GROUPS, about
from sim.experiment.comparison import Comparison
from sim.report import page
from sim.report.differences import told_difference
from sim.report.look import INK, MUTED, PAPER, style
from sim.report.look.cast import Arm, arms
from sim.report.words import OPINIONS, label, listed, points, scale

if TYPE_CHECKING:
    from sim.experiment.results import Results

SIZE = (4.6, 4.2)
SHAPES = ("D", "o", "^", "s", "v", "P", "X", "p")
TOLD_INCHES, LINE = 2.6, 11.5
LEAST_SIDE = 0.35
"""Least part of an axis on either side of zero, of the longer part."""
PROTECTION = {pattern.partition(":")[0] for pattern in GROUPS["Protection"]}


@dataclass(frozen=True)
class Cloud:
    """One arm: how it is drawn, its pairs (x and y as drawn, [n]), their means with ends, and what is said."""

    arm: Arm
    shape: str
    x: np.ndarray
    y: np.ndarray
    means: Sequence[Sequence[float]]
    said: tuple[str, str]


@style()
def tradeoff(
    comparison: Comparison | Results, protection: str = "civilians_killed", standing: str | None = None, *,
    arm: str | Sequence[str] | None = None, ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw what each arm changes in protection (x) against what it changes in standing (y): a cloud of pairs of seeds.

    protection, standing: columns of the summary; standing is everybody's legitimacy of the first mission that all
    scenarios have, if not said. arm: one, several, or all. Large marks are means, their crosses the intervals. Results
    are compared with their first scenario. Returns Matplotlib axes. Raises SimError where no pair has both values.
    """
    c = comparison if isinstance(comparison, Comparison) else comparison.compare(comparison.scenarios[0])
    metrics = (protection, standing or _standing(c))
    shown = c.arms if arm is None else (arm,) if isinstance(arm, str) else tuple(arm)
    drawn = arms([c.baseline, *c.arms], c.setups)
    clouds = [_cloud(c, name, drawn[name], metrics) for name in shown]
    (spot,) = page.panels(ax, 1, SIZE)
    for cloud in clouds:
        _draw(spot, cloud)
    _frame(spot, metrics, drawn[c.baseline])
    _tell(spot, drawn[c.baseline], clouds)
    page.head(spot, "Protection against standing")
    return page.finish([spot], _told(c, clouds), c.setups, ax is None, caption)


def _standing(c: Comparison) -> str:
    """Return everybody's legitimacy of the first mission that all scenarios have.

    Raises SimError if they share none.
    """
    shared = set.intersection(*(set(c.setups[name].missions) for name in (c.baseline, *c.arms)))
    if not shared:
        raise SimError(f"{listed((c.baseline, *c.arms))} share no mission: say standing=")
    return f"legitimacy:all->{min(shared)}"


def _cloud(c: Comparison, name: str, arm: Arm, metrics: Sequence[str]) -> Cloud:
    """Return one arm's pairs and means.

    Raises SimError for an unknown metric or arm, and where no pair of seeds has both values.
    """
    rows = [c.row(metric, name) for metric in metrics]
    pairs = pd.concat([c.differences(metric, name)["difference"] for metric in metrics], axis=1).dropna().to_numpy()
    if not len(pairs):
        raise SimError(f"{name} and {c.baseline}: no pair of seeds has both {' and '.join(metrics)}")
    times = [scale(metric) for metric in metrics]
    x, y = (pairs * times).T
    means = [[float(row[k]) * t for k in ("difference", "low", "high")] for row, t in zip(rows, times, strict=True)]
    said = tuple(_said(c, metric, name, values) for metric, values in zip(metrics, (x, y), strict=True))
    return Cloud(arm, SHAPES[c.arms.index(name) % len(SHAPES)], x, y, means, (said[0], said[1]))


def _said(c: Comparison, metric: str, arm: str, values: np.ndarray) -> str:
    """Say by how much an arm differs in a metric, and in how many pairs it is lower."""
    told = told_difference(c, metric, arm) or f"{label(metric)}: the same"
    return f"{told}; lower in {int((values < 0).sum())} of {len(values)} pairs"


def _draw(ax: Axes, cloud: Cloud) -> None:
    """Draw one arm: small marks for pairs, a large one for the mean, a cross for its intervals."""
    colour = cloud.arm.line
    ax.scatter(cloud.x, cloud.y, s=22, marker=cloud.shape, fc=colour, ec=PAPER, lw=0.5, alpha=0.6, zorder=3,
               gid="pairs")  # fmt: skip
    (x, left, right), (y, low, high) = cloud.means
    ax.plot([left, right], [y, y], color=cloud.arm.text, lw=1.6, zorder=4, solid_capstyle="butt")
    ax.plot([x, x], [low, high], color=cloud.arm.text, lw=1.6, zorder=4, solid_capstyle="butt")
    ax.scatter(x, y, s=120, marker=cloud.shape, fc=colour, ec=INK, lw=1.5, zorder=5, gid="mean")
    ax.annotate(cloud.arm.letter, (x, y), xytext=(9, 7), textcoords="offset points", weight="bold", zorder=6,
                color=cloud.arm.text, bbox={"fc": PAPER, "ec": "none", "alpha": 0.75, "pad": 0.8})  # fmt: skip


def _frame(ax: Axes, metrics: Sequence[str], baseline: Arm) -> None:
    """Set both axes round no difference, with their units, and name the four corners."""
    ax.axhline(0, color=INK, lw=0.9, zorder=1)
    ax.axvline(0, color=INK, lw=0.9, zorder=1)
    ax.set(xlim=_round_zero(*ax.get_xlim()), ylim=_round_zero(*ax.get_ylim()))
    names = [f"{label(metric)}, less that in {baseline.letter} ({points(metric)})" for metric in metrics]
    ax.set(xlabel=page.fill(names[0], page.width_of(ax), page.NAME),
           ylabel=page.fill(names[1], SIZE[1], page.NAME))  # fmt: skip
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter("{x:,g}")
    across, up = (_ends(metric) for metric in metrics)
    for x, left in enumerate(across):
        for y, low in enumerate(up):
            ax.text(0.01 + 0.98 * x, 0.01 + 0.98 * y, "\n".join(filter(None, (left, low))), color=MUTED, fontsize=8.6,
                    transform=ax.transAxes, ha=("left", "right")[x], va=("bottom", "top")[y], zorder=2)  # fmt: skip


def _round_zero(low: float, high: float) -> tuple[float, float]:
    """Return limits with some room on either side of zero."""
    most = max(-low, high)
    return min(1.1 * low, -LEAST_SIDE * most), max(1.1 * high, LEAST_SIDE * most)


def _ends(metric: str) -> tuple[str, str]:
    """Return what the low and the high end of a metric's axis mean; empty where neither is better."""
    what = about(metric)
    if what.name.removesuffix("_expected") in PROTECTION:
        words = ("protects less", "protects more")
    else:
        words = ("stands lower", "stands higher") if what.name in OPINIONS else ("worse", "better")
    return {"lower": words[::-1], "higher": words}.get(what.better, ("", ""))


def _tell(ax: Axes, baseline: Arm, clouds: Sequence[Cloud]) -> None:
    """Write beside the axes what each arm changes, below each other, the baseline first."""
    drop = 0.0
    for arm, said in ((baseline, ("where the lines cross",)), *((cloud.arm, cloud.said) for cloud in clouds)):
        told = [(line, True) for line in page.fill(page.named(arm, True), TOLD_INCHES, page.NAME).split("\n")]
        told += [(line, False) for one in said for line in page.fill(one, TOLD_INCHES, page.CAPTION).split("\n")]
        for line, bold in told:
            ax.annotate(line, (1, 1), xytext=(16, -drop), textcoords="offset points", xycoords="axes fraction",
                        va="top", fontsize=page.NAME if bold else page.CAPTION, weight="bold" if bold else "normal",
                        color=arm.text if bold else MUTED, annotation_clip=False)  # fmt: skip
            drop += LINE * (1.15 if bold else 1.0)
        drop += LINE * 0.7


def _told(c: Comparison, clouds: Sequence[Cloud]) -> str:
    """Say what marks and crosses are, and what they are not."""
    level = "intervals, widened by Holm's correction" if c.corrected else "95 % intervals"
    n = max(len(cloud.x) for cloud in clouds)
    known = all(math.isfinite(end) for cloud in clouds for mean in cloud.means for end in mean)
    cross = f" Large: the mean, its cross the {level}." if known else " Large: the mean."
    return (
        f"Small marks: one pair of runs on the same seed, n = {n}.{cross} Pairs differ by luck alone: how often a side "
        f"holds over plausible parameters is not shown. {len(c.arms) + 1} arms were run."
    )
