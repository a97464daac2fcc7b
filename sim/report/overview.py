"""One page that tells a pair of scenarios: the question, two maps, how it unfolds, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report import page
from sim.report import series as curves
from sim.report import violence as maps
from sim.report.differences import told_difference
from sim.report.ground import size_of
from sim.report.look import style
from sim.report.view import View, labels, setups_of, views
from sim.report.words import first_mission

if TYPE_CHECKING:
    from sim.experiment.results import Results

SHOWN = 2
MAP_GAP, CURVE_LEFT, CURVE_WIDTH, CURVE_GAP = 0.2, 0.85, 3.5, 0.8
"""Inches between the maps, from the maps to the curves, of a curve, and between the curves."""


@style()
def overview(results: Results, scenario: Any = None, *, seed: int | None = None) -> Any:
    """Draw one page: the question, the map of violence of two scenarios, two curves, and in words what differs.

    The curves are civilians killed so far and the legitimacy of the first mission. scenario: a pair (default: the first
    two); seed: the run that is shown (default: the median). Returns Matplotlib axes, an array: maps first, then curves.
    """
    pair = list(labels(results, scenario))[:SHOWN]
    drawn = views(results, pair, seed)
    mission = first_mission(setups_of(drawn))
    metrics = ["civilians_killed", *([f"legitimacy:all->{mission}"] if mission else [])]
    axes = _lay_out(drawn, len(metrics))
    maps.violence(results, pair, seed=seed, ax=axes[: len(pair)], caption=False)
    for ax, metric in zip(axes[len(pair) :], metrics, strict=True):
        curves.series(results, metric, pair, seed=seed, ax=ax, caption=False)
    width = page.extent(axes).width
    page.write_title(axes, page.fill(drawn[-1].setup.question, width, page.QUESTION), serif=True)
    return page.finish(axes, _told(results, drawn, metrics), setups_of(drawn), True)


def _lay_out(drawn: Sequence[View], curves: int) -> np.ndarray:
    """Return axes on a new page: maps beside each other, curves below each other at their right."""
    width, height = size_of(drawn[0].world)
    left = len(drawn) * (width + MAP_GAP) - MAP_GAP + CURVE_LEFT
    tall = (height - CURVE_GAP * (curves - 1)) / curves
    whole = (left + CURVE_WIDTH, height)
    spots = [(k * (width + MAP_GAP), 0.0, width, height) for k in range(len(drawn))]
    spots += [(left, height - (k + 1) * tall - k * CURVE_GAP, CURVE_WIDTH, tall) for k in range(curves)]
    new = page.new_page(whole)
    return np.array([new.add_axes(tuple(np.array(spot) / (whole * 2))) for spot in spots], dtype=object)


def _told(results: Results, drawn: Sequence[View], metrics: Sequence[str]) -> str:
    """Say what differs, with intervals, and what maps and curves show."""
    differ = ""
    if len(drawn) == SHOWN:
        c = results.compare(drawn[0].label, [m.partition(":")[0] for m in metrics])
        said = [told for metric in metrics if (told := told_difference(c, metric, drawn[1].label))]
        letters = f"{drawn[1].arm.letter} − {drawn[0].arm.letter}"
        differ = f"{letters}: {'; '.join(said)} (mean of n = {c.seeds} pairs, 95 % interval)." if said else ""
    run = f"{len(results.scenarios)} arms were run."
    return f"{differ} {run}\nMaps. {maps.note(drawn)}\nCurves. {curves.note(drawn)}".lstrip()
