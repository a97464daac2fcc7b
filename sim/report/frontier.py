"""Protection against legitimacy: every arm in two metrics with intervals, and which no other arm beats in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.errors import Problem, Problems
from sim.experiment import statistics as st
from sim.experiment.about import about
from sim.experiment.sweep_comparison import arm_names
from sim.report import page
from sim.report.look import HIGHER, INK, MUTED, PAPER, style
from sim.report.swept import Swept, by_world, check_metric, headed, keep_span, setups_of, size_of
from sim.report.words import label, scale, unit

SIZE = (4.4, 3.4)
SPOTS = 50
"""Places along an axis that numbers can be told apart in."""
BEST, OPEN, BEATEN = "not beaten", "beaten in one, no worse in the other", "beaten in both"
LOOKS = {BEST: ("o", HIGHER, PAPER, 62), OPEN: ("o", PAPER, INK, 46), BEATEN: ("x", MUTED, MUTED, 34)}


@style()
def tradeoff(
    sweep: Swept, across: str = "civilians_killed", up: str = "legitimacy:all->UN", *,
    better: tuple[str, str] | None = None, ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw each arm by its means over worlds in two metrics with their 95 % intervals, and mark the non-dominated.

    across, up: the metrics. better: "lower" or "higher" for each, if the metrics do not say. An arm is beaten if some
    other is better in both metrics, or in one and no worse in the other, by paired intervals that exclude zero. Returns
    Matplotlib axes. Raises Problems for unknown names.
    """
    check_metric(sweep, across, up)
    signs = _signs((across, up), better)
    worlds = {metric: by_world(sweep.runs, metric) for metric in (across, up)}
    verdicts = standing([frame * sign for frame, sign in zip(worlds.values(), signs, strict=True)])
    (spot,) = page.panels(ax, 1, SIZE)
    ends = {metric: crosses(worlds[metric] * scale(metric)) for metric in (across, up)}
    middle = {arm: (ends[across][arm], ends[up][arm]) for arm in verdicts}
    _frontier(spot, {arm: middle[arm] for arm, verdict in verdicts.items() if verdict == BEST})
    for arm, verdict in verdicts.items():
        _arm(spot, verdict, middle[arm])
    _frame(spot, across, up, signs)
    _number(spot, verdicts, middle)
    page.head(spot, page.fill(f"{headed(across)} against {label(up)}", SIZE[0] + 0.8, page.HEAD))
    _list(spot, verdicts, arm_names(sweep.runs, sweep.choices))
    page.legend_below([spot], _key(verdicts), 8)
    return page.finish([spot], _told(sweep.runs, len(verdicts)), setups_of(sweep), ax is None, caption)


def _signs(metrics: tuple[str, str], better: tuple[str, str] | None) -> list[int]:
    """Return 1 or -1 by which way each metric is better.

    Raises Problems where neither the metric nor the caller says.
    """
    ways = list(better) if better else [about(metric).better for metric in metrics]
    wrong = [Problem("better", way or metric, "lower or higher, for each of the two metrics")
             for way, metric in zip(ways, metrics, strict=True) if way not in ("lower", "higher")]  # fmt: skip
    if wrong:
        raise Problems(wrong)
    return [1 if way == "higher" else -1 for way in ways]


def standing(worlds: list[pd.DataFrame]) -> dict[int, str]:
    """Return whether each arm is beaten, from values by world (rows) and arm (columns), higher being better in all.

    What is better or worse is what paired 95 % intervals say; where one holds zero, two arms do not differ.
    """
    arms = [int(arm) for arm in worlds[0]]
    found = {}
    for arm in arms:
        rivals = [[_side(frame[other] - frame[arm]) for frame in worlds] for other in arms if other != arm]
        if any(min(sides) > 0 for sides in rivals):
            found[arm] = BEATEN
        else:
            found[arm] = OPEN if any(min(sides) >= 0 < max(sides) for sides in rivals) else BEST
    return found


def _side(differences: pd.Series) -> int:
    """Return 1 if differences over worlds are surely above zero, -1 if below, else 0."""
    return st.student(differences.dropna().to_numpy(float)).side


def crosses(values: pd.DataFrame) -> dict[int, tuple[float, float, float]]:
    """Return each arm's mean over worlds with an interval that leaves out what all arms share in a world.

    values: worlds (rows) by arms (columns). The 95 % interval is that of an arm's departures from the mean of all arms
    in the same world, widened for that mean (Morey 2008); without one its ends are the mean.
    """
    whole = values.dropna()
    departures, n = whole.sub(whole.mean(axis=1), axis=0), len(values.columns)
    found = {}
    for arm in values:
        x = departures[arm] * np.sqrt(n / (n - 1)) if n > 1 else whole[arm]
        low, high = st.student(x.to_numpy(float))
        mean, half = float(values[arm].mean()), (high - low) / 2
        found[int(arm)] = (mean, mean - half, mean + half) if np.isfinite(half) else (mean, mean, mean)
    return found


Middle = tuple[tuple[float, float, float], tuple[float, float, float]]


def _arm(ax: Axes, verdict: str, middle: Middle) -> None:
    """Draw one arm: a cross of intervals and its mark."""
    (x, left, right), (y, low, high) = middle
    shape, face, edge, size = LOOKS[verdict]
    dim = 0.35 if verdict == BEATEN else 0.9
    ax.plot([left, right], [y, y], color=INK, lw=1.1, alpha=dim, zorder=2, gid="interval")
    ax.plot([x, x], [low, high], color=INK, lw=1.1, alpha=dim, zorder=2, gid="interval")
    how = {"c": face} if shape == "x" else {"fc": face, "ec": edge}
    ax.scatter(x, y, s=size, marker=shape, lw=1.2, zorder=4, gid=verdict, **how)


def _number(ax: Axes, verdicts: Mapping[int, str], middle: Mapping[int, Middle]) -> None:
    """Write the numbers of the arms beside their marks; those that stand in one place share a text."""
    spots: dict[tuple[float, float], list[int]] = {}
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    for arm, ((x, *_), (y, *_)) in middle.items():
        spots.setdefault(
            (round(SPOTS * (x - left) / (right - left)), round(SPOTS * (y - low) / (high - low))), []
        ).append(arm)
    for some in spots.values():
        (x, *_), (y, *_) = middle[some[0]]
        beaten = all(verdicts[arm] == BEATEN for arm in some)
        ax.annotate(", ".join(map(str, some)), (x, y), xytext=(5, 5), textcoords="offset points", zorder=5,
                    fontsize=7.6 if beaten else 9.2, color=MUTED if beaten else INK,
                    weight="normal" if beaten else "bold")  # fmt: skip


def _frontier(ax: Axes, best: Mapping[int, Middle]) -> None:
    """Join the arms that are not beaten."""
    points = sorted((x[0], y[0]) for x, y in best.values())
    ax.plot(*zip(*points, strict=True), color=HIGHER, lw=1.2, ls=(0, (4, 2)), alpha=0.8, zorder=1)


def _frame(ax: Axes, across: str, up: str, signs: list[int]) -> None:
    """Label the axes and say which way is better."""
    for axis, metric, sign, arrows in ((ax.xaxis, across, signs[0], "←→"), (ax.yaxis, up, signs[1], "↓↑")):
        way = f"{arrows[1]} better" if sign > 0 else f"{arrows[0]} better"
        axis.set_label_text(f"{label(metric)}, {unit(metric)}  ({way})")
    ax.grid()
    ax.margins(0.08)
    keep_span(ax, across, "x")
    keep_span(ax, up, "y")


def _list(ax: Axes, verdicts: Mapping[int, str], names: Mapping[int, str]) -> None:
    """Write beside the axes what the arms that are not beaten chose."""
    lines = [f"{arm}  {names[arm]}" for arm, verdict in verdicts.items() if verdict == BEST]
    ax.annotate("Not beaten in both", (1, 1), xycoords="axes fraction", xytext=(14, -2), textcoords="offset points",
                va="top", fontsize=9, weight="bold", annotation_clip=False)  # fmt: skip
    told = "\n".join(page.fill(line, 2.4, 8.8) for line in lines)
    ax.annotate(told, (1, 1), xycoords="axes fraction", xytext=(14, -18), textcoords="offset points", va="top",
                fontsize=8.8, linespacing=1.4, annotation_clip=False)  # fmt: skip


def _key(verdicts: Mapping[int, str]) -> list[Line2D]:
    """Return the key to the marks that are used."""
    handles = []
    for verdict, (shape, face, edge, _) in LOOKS.items():
        if verdict in verdicts.values():
            handles.append(Line2D([], [], ls="", marker=shape, ms=7, mfc=face, mec=edge, label=verdict))
    return handles


def _told(runs: pd.DataFrame, arms: int) -> str:
    """Say what marks and crosses are."""
    return (
        "Number: an arm; mark: its means over worlds; cross: 95 % intervals of its departure from the mean of all arms "
        "in the same worlds. Beaten: some other arm is better, by paired 95 % intervals that leave out zero (not "
        f"corrected for the number of arms). {size_of(runs)}, {arms} arms run."
    )
