"""The map of the displaced: where those who fled within the country are, and who stood there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.colors import PowerNorm

from sim.report import page
from sim.report.badges import handles, stand
from sim.report.ground import ground, ramp, shade, size_of
from sim.report.look import SCALE, style
from sim.report.people import by_cell, over_seeds, people, spread_of
from sim.report.view import View, setups_of, views, week_of, which

if TYPE_CHECKING:
    from sim.experiment.results import Results


@style()
def displaced(
    results: Results, scenario: Any = None, *, week: int | None = None, seed: int | None = None, ax: Any = None,
    caption: bool = True,
) -> Any:  # fmt: skip
    """Draw how many displaced people each cell hosts in one week of the shown run, and the units of missions then.

    One map for each scenario, or for one. week: the last if none is said; seed: the run that is shown (default: the
    median by civilians killed). Plays the run again where the table communities was not kept. Returns Matplotlib axes,
    an array where there are several. Raises Problems for what was not run.
    """
    drawn = views(results, scenario, seed)
    when = week_of(drawn, week)
    found = [people(view, when) for view in drawn]
    hosted = [by_cell(view, rows, rows["displaced"]) for view, rows in zip(drawn, found, strict=True)]
    axes = page.panels(ax, len(drawn), size_of(drawn[0].world), (0.25, 1.4))
    norm = PowerNorm(0.5, 0, max(1.0, *(float(values.max()) for values in hosted)), clip=True)
    for view, values, spot in zip(drawn, hosted, axes, strict=True):
        page.subject(spot, view.arm, view.several)
        shade(spot, view.world, values, SCALE["displaced"], norm)
        ground(spot, view.world)
        stand(spot, view, (when, when), 1)
    ramp(axes[-1], SCALE["displaced"], norm, "displaced people")
    page.legend_below(axes, handles(drawn))
    title = f"Where the displaced are, week {when}"
    return page.finish(axes, _told(drawn, when), setups_of(drawn), ax is None, caption, title)


def _told(drawn: Sequence[View], week: int) -> str:
    """Say what the shades are, and how many are displaced in all over all seeds."""
    view, said = drawn[0], ""
    if "weeks" in view.results.tables:
        said = over_seeds(drawn, lambda one: _in_all(one, week))
    spread = f"In the whole country, {spread_of(drawn)}: {said}. " if said else ""
    badges = "Badges: units of missions in that week. " if handles(drawn) else ""
    return (
        f"Shade: displaced people whom a cell hosts, week {week}; {which(view)}, cells of {view.world.side_km:g} km. "
        f"{spread}{badges}Those who fled abroad are not shown. "
        "White squares: towns; the largest is the capital."
    )


def _in_all(view: View, week: int) -> pd.Series:
    """Return how many people are displaced within the country in a week, a value per seed."""
    rows = view.rows("weeks", all_seeds=True)
    return rows.loc[rows["week"] == week, "displaced"].astype(np.float64)
