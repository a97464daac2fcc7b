"""The map of presence: how much of the time each place lay in reach of each mission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.patches import Patch, Rectangle

from sim.errors import Problem, Problems, nearest
from sim.report import page
from sim.report.ground import ground, hatched, ramp, shade, size_of
from sim.report.look import PALETTE, style
from sim.report.look.cast import Looks
from sim.report.people import of_runs
from sim.report.reach import weeks_in_reach
from sim.report.view import View, Weeks, setups_of, told, views
from sim.report.words import listed

if TYPE_CHECKING:
    from sim.experiment.results import Results

NEAR = 0.25
BARE = PALETTE["scales"]["threat"][0]
Shares = Mapping[str, np.ndarray]


@style()
def presence(
    results: Results, scenario: Any = None, *, mission: str | None = None, seed: int | None = None,
    weeks: Weeks | None = None, ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw in what share of the weeks each cell lay in reach of the missions, from the first unit's arrival on.

    The mission with most units in the field is a shade; any other is hatched in its colour where it was near a quarter
    of the time. mission: one alone, as a shade. One map for each scenario with missions, or for one. seed: the run that
    is shown (default: the median by civilians killed); weeks: first and last. Returns Matplotlib axes, an array where
    there are several. Raises Problems for what was not run.
    """
    drawn = views(results, scenario, seed, weeks)
    drawn = [view for view in drawn if view.setup.missions] or drawn
    _known(mission, drawn)
    axes = page.panels(ax, len(drawn), size_of(drawn[0].world), (0.25, 1.4))
    shares = [_shares(view, mission) for view in drawn]
    main = mission or _main(drawn)
    for view, share, spot in zip(drawn, shares, axes, strict=True):
        page.subject(spot, view.arm, view.several)
        _shade(spot, view, share, main)
        ground(spot, view.world)
    others = sorted({name for share in shares for name in share} - {main})
    if main:
        ramp(axes[-1], _tint(drawn[0].looks[main]), Normalize(0, 100), f"% of weeks, {main}")
    page.legend_below(axes, [_hatch(drawn[0].looks[name], name) for name in others])
    note = _told(drawn, main, others)
    return page.finish(axes, note, setups_of(drawn), ax is None, caption, "Where missions are near")


def _known(mission: str | None, drawn: Sequence[View]) -> None:
    """Raise Problems for a mission that no scenario has."""
    names = sorted({name for view in drawn for name in view.setup.missions})
    if mission is not None and mission not in names:
        raise Problems([Problem("mission", mission, "one of " + ", ".join(names), nearest(mission, names))])


def _shares(view: View, mission: str | None) -> Shares:
    """Return the share of weeks in which each cell was in reach of each mission, since the first unit came; [C]."""
    units = view.rows("units")
    first = int(units["week"].min()) if len(units) else view.weeks[0]
    lasted = view.weeks[1] - first + 1
    found = weeks_in_reach(units, view.setup, view.world)
    return {name: weeks / lasted for name, weeks in found.items() if mission in (None, name)}


def _main(drawn: Sequence[View]) -> str:
    """Return the mission that had most units in the field in all scenarios together; empty if there is none."""
    stood: dict[str, int] = {}
    for view in drawn:
        for name, n in view.rows("units")["actor"].value_counts().items():
            stood[name] = stood.get(name, 0) + int(n)
    return max(sorted(stood), key=lambda name: stood[name], default="")


def _shade(ax: Axes, view: View, shares: Shares, main: str) -> None:
    """Shade one mission's share, and hatch the cells where another was near."""
    none = np.zeros(view.world.cells)
    tint = _tint(view.looks[main]) if main else LinearSegmentedColormap.from_list("bare", [BARE, BARE])
    shade(ax, view.world, 100 * shares.get(main, none), tint, Normalize(0, 100))
    for name, share in shares.items():
        if name == main:
            continue
        near = np.flatnonzero((share >= NEAR) & (view.world.people > 0))
        cells = [Rectangle((view.world.col[c] - 0.5, view.world.row[c] - 0.5), 1, 1) for c in near]
        colour, dense = view.looks[name].colour, hatched(view.world, view.looks[name].hatch)
        ax.add_collection(PatchCollection(cells, fc="none", ec=colour, lw=0, hatch=dense, zorder=2.5), autolim=False)


def _tint(looks: Looks) -> LinearSegmentedColormap:
    """Return a scale from the bare land to somewhat short of a mission's colour, so that hatching stays readable."""
    full = LinearSegmentedColormap.from_list("full", [BARE, looks.colour])
    return LinearSegmentedColormap.from_list("tint", full(np.linspace(0, 0.62, 32)))


def _hatch(looks: Looks, name: str) -> Patch:
    """Return the key to a mission's hatching."""
    told = f"{name} near in {NEAR:.0%} of weeks or more"
    return Patch(fc=BARE, ec=looks.colour, hatch=looks.hatch, lw=0.6, label=told)


def _told(drawn: Sequence[View], main: str, others: Sequence[str]) -> str:
    """Say what the shades and hatches are."""
    if not main:
        return "No mission had a unit in the field."
    view = drawn[0]
    shaded = f"Shade: share of the weeks since the first unit came in which a unit of {main} had the cell in reach. "
    hatched = f"Hatched: {listed(others)} likewise, in at least {NEAR:.0%} of them. " if others else ""
    sent = [one for one in drawn if main in one.setup.missions]
    spread = of_runs(sent, f"coverage:{main}", f"Threat to civilians in reach of {main}, % of all over the run")
    run = f"R{told(view)[1:]}, cells of {view.world.side_km:g} km"
    return f"{shaded}{hatched}{spread}{run}. Empty cells: nobody lives there."
