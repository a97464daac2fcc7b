"""The map of perceptions: what the people of each place think of an actor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import TwoSlopeNorm, to_rgba
from matplotlib.patches import Patch, Rectangle

from sim.errors import Problem, Problems, SimError, nearest
from sim.report import page
from sim.report.ground import ground, hatched, ramp, shade, size_of
from sim.report.look import SCALE, SURFACE, style
from sim.report.people import by_cell, over_seeds, people, spread_of
from sim.report.view import View, setups_of, views, week_of, which
from sim.report.words import OPINIONS, first_mission

if TYPE_CHECKING:
    from sim.experiment.results import Results

MIDDLE, LEAST = 50.0, 30.0
HATCH = "////"
Panel = tuple[View, str, np.ndarray]


@style()
def perceptions(
    results: Results, scenario: Any = None, *, actor: str | Sequence[str] | None = None, quantity: str = "legitimacy",
    week: int | None = None, seed: int | None = None, ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw what the people of each cell think of an actor, 0-100, in one week of the shown run.

    One map for each scenario that has the actor, or for one; of several actors, a map for each. actor: the first
    mission if none is said; quantity: legitimacy, impartiality or credibility; week: the last if none is said. Hatched
    where nobody has an opinion. Plays the run again where the table communities was not kept. Returns Matplotlib axes,
    an array where there are several. Raises Problems for what is not there.
    """
    if quantity not in OPINIONS:
        raise Problems([Problem("quantity", quantity, "one of " + ", ".join(OPINIONS), nearest(quantity, OPINIONS))])
    drawn = views(results, scenario, seed)
    when, actors = week_of(drawn, week), _actors(drawn, actor)
    panels = [panel for view in drawn for panel in _panels(view, actors, quantity, when)]
    if not panels:
        raise SimError(f"no map of the {quantity} of {', '.join(actors)}: it is not kept of them")
    axes = page.panels(ax, len(panels), size_of(drawn[0].world), (0.25, 1.4))
    norm = _norm([values for _, _, values in panels])
    for (view, name, values), spot in zip(panels, axes, strict=True):
        _head(spot, view, name, len(actors) > 1)
        shade(spot, view.world, values, SCALE["legitimacy"], norm)
        _hatch(spot, view, values)
        ground(spot, view.world)
    ramp(axes[-1], SCALE["legitimacy"], norm, f"{quantity}, 0–100")
    page.legend_below(axes, _key(panels))
    title = f"What people think where: {quantity}{'' if len(actors) > 1 else f' of {actors[0]}'}, week {when}"
    told = _told(panels, actors, quantity, when)
    return page.finish(axes, told, setups_of(drawn), ax is None, caption, title)


def _actors(drawn: Sequence[View], actor: str | Sequence[str] | None) -> list[str]:
    """Return the actors to draw. Raises Problems for one whom no scenario has, SimError if none is said or sent."""
    names = [*drawn[0].looks]
    wanted = [actor] if isinstance(actor, str) else list(actor or [first_mission(setups_of(list(drawn)))])
    if not all(wanted):
        raise SimError("no scenario has a mission: say actor=")
    wrong = [name for name in wanted if name not in names]
    if wrong:
        raise Problems(Problem("actor", name, "one of " + ", ".join(names), nearest(name, names)) for name in wrong)
    return wanted


def _panels(view: View, actors: Sequence[str], quantity: str, week: int) -> list[Panel]:
    """Return for each actor whom a scenario has its mean opinion by cell [C] in points, NaN where nobody has one."""
    rows, found = people(view, week), []
    for name in actors:
        column = f"{quantity}:{name}"
        if column in rows:
            opinion, here = rows[column].to_numpy(float), (rows["residents"] + rows["displaced"]).to_numpy(float)
            here = np.where(np.isnan(opinion), 0.0, here)
            heads = by_cell(view, rows, here)
            total = by_cell(view, rows, here * np.nan_to_num(opinion))
            mean = np.divide(100 * total, heads, out=np.full(len(heads), np.nan), where=heads > 0)
            found.append((view, name, mean))
    return found


def _norm(values: Sequence[np.ndarray]) -> TwoSlopeNorm:
    """Return a scale round the middle, as wide as the values need, in steps of 5."""
    far = max(float(np.nanmax(np.abs(v - MIDDLE), initial=0.0)) for v in values)
    half = max(LEAST, 5 * np.ceil(far / 5))
    return TwoSlopeNorm(MIDDLE, MIDDLE - half, MIDDLE + half)


def _head(ax: Axes, view: View, actor: str, several: bool) -> None:
    """Head a map with its scenario, and with its actor, in the actor's colour, where there are several."""
    page.subject(ax, view.arm, view.several)
    if several:
        ax.text(1, 1, actor, transform=ax.transAxes, ha="right", va="top", weight="bold", zorder=8,
                color=view.looks[actor].colour)  # fmt: skip


def _bare(view: View, values: np.ndarray) -> np.ndarray:
    """Return the populated cells where nobody has an opinion."""
    return np.flatnonzero(np.isnan(values) & (view.world.people > 0))


def _key(panels: Sequence[Panel]) -> list[Patch]:
    """Return the key to the hatching, if any cell is hatched."""
    bare = any(_bare(view, values).size for view, _, values in panels)
    return [Patch(fc="none", ec=SURFACE["border"], hatch=HATCH, lw=0.6, label="no opinion")] if bare else []


def _hatch(ax: Axes, view: View, values: np.ndarray) -> None:
    """Hatch the populated cells where nobody has an opinion."""
    world = view.world
    cells = [Rectangle((world.col[c] - 0.5, world.row[c] - 0.5), 1, 1) for c in _bare(view, values)]
    dense, colour = hatched(world, HATCH), to_rgba(SURFACE["border"], 0.4)
    ax.add_collection(PatchCollection(cells, fc="none", ec=colour, lw=0, hatch=dense, zorder=2.5), autolim=False)


def _told(panels: Sequence[Panel], actors: Sequence[str], quantity: str, week: int) -> str:
    """Say what the shades are, and what all seeds say of everybody."""
    drawn = list(dict.fromkeys(view for view, _, _ in panels))
    said = [(name, _everybody([p[0] for p in panels if p[1] == name], name, quantity, week)) for name in actors]
    spread = "; ".join(f"on {name} {told}" for name, told in said if told)
    return (
        f"Shade: mean {quantity} among the people of a cell who have an opinion, week {week}; brown below 50, teal "
        f"above; {which(drawn[0])}, cells of {drawn[0].world.side_km:g} km. "
        f"{f'Everybody in all runs, {spread_of(drawn)}: {spread}. ' if spread else ''}Empty cells: nobody lives there."
    )


def _everybody(drawn: Sequence[View], actor: str, quantity: str, week: int) -> str:
    """Say what everybody thinks of an actor over all seeds, if the table was kept."""
    if not drawn or "perceptions" not in drawn[0].results.tables:
        return ""

    def of(view: View) -> pd.Series:
        rows = view.rows("perceptions", all_seeds=True)
        mine = (rows["week"] == week) & (rows["audience"] == "all") & (rows["actor"] == actor)
        return rows.loc[mine, quantity] * 100

    return over_seeds(drawn, of)
