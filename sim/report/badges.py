"""Badges of missions on maps: where their units stood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.report.look import PAPER
from sim.report.look.cast import Looks
from sim.report.reach import cells_of
from sim.report.view import View, Weeks

BADGE = 20
SPOTS = 0.3 * np.array([(-1, 1), (1, -1), (-1, -1), (1, 1), (0, 1), (0, -1), (-1, 0), (1, 0)])
"""Where in a cell the missions' badges stand, the first mission's first."""
CORNERS = np.array([(-0.26, -0.26), (0.26, 0.26), (0.26, -0.26), (-0.26, 0.26), (0.0, 0.0)])
"""Where marks stand that share a cell; a mark alone stands in the middle."""


def stand(ax: Axes, view: View, weeks: Weeks, least: int) -> None:
    """Mark the cells in which missions had units in so many of the weeks, each mission's badge in a corner of its own.

    Nothing where the table units was not kept.
    """
    if "units" not in view.results.tables:
        return
    units = view.rows("units")
    units = units[units["week"].between(*weeks)]
    stays = units.groupby(["actor", "cell"], observed=True)["week"].nunique()
    stays = stays[stays >= least].reset_index()
    for k, name in enumerate(view.setup.missions):
        cells = cells_of(stays.loc[stays["actor"] == name, "cell"], view.world)
        dx, dy = SPOTS[k % len(SPOTS)]
        looks = view.looks[name]
        ax.scatter(view.world.col[cells] + dx, view.world.row[cells] + dy, s=BADGE * looks.size, marker=looks.marker,
                   fc=looks.colour, ec=PAPER, lw=0.5, zorder=7)  # fmt: skip


def handles(drawn: Sequence[View]) -> list[Line2D]:
    """Return the key to the badges of all missions of the scenarios drawn."""
    missions = sorted({name for view in drawn for name in view.setup.missions})
    return [handle(drawn[0].looks[name], f"units of {name}", BADGE**0.5 + 1, False) for name in missions]


def handle(looks: Looks, label: str, size: float, hollow: bool) -> Line2D:
    """Return an actor's mark in a key."""
    face, edge, width = (PAPER, looks.colour, 1.5) if hollow else (looks.colour, PAPER, 0.5)
    size *= looks.size**0.5
    return Line2D([], [], ls="", marker=looks.marker, ms=size, mfc=face, mec=edge, mew=width, label=label)
