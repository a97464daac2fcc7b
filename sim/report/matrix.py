"""Who thinks what of whom: the matrix of audiences and actors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm, to_rgb
from matplotlib.patches import Rectangle

from sim.errors import Problem, Problems, SimError, nearest
from sim.experiment.statistics import student
from sim.report import page
from sim.report.look import INK, MUTED, PAPER, SCALE, SURFACE, style
from sim.report.look.cast import looks_of
from sim.report.view import View, setups_of, views, week_of
from sim.report.words import OPINIONS, audience, counted, number

if TYPE_CHECKING:
    from sim.experiment.results import Results

CELL, LEAST_WIDTH = (0.44, 0.34), 1.9
READABLE = 4.5
"""The least contrast of small text (WCAG 2.2)."""
MIDDLE, LEAST, LEAST_CHANGE = 50.0, 30.0, 10.0


@style()
def matrix(
    results: Results, quantity: str = "legitimacy", scenario: Any = None, *, week: int | None = None, ax: Any = None,
    caption: bool = True,
) -> Any:  # fmt: skip
    """Draw what each audience thinks of each actor, 0-100: a panel for each scenario, then differences from the first.

    quantity: legitimacy, impartiality or credibility; week: the last if none is said. Means over seeds of those who
    have an opinion; hatched where nobody has. Returns Matplotlib axes, an array where there are several. Raises
    Problems for another quantity or a week that was not played.
    """
    if quantity not in OPINIONS:
        raise Problems([Problem("quantity", quantity, "one of " + ", ".join(OPINIONS), nearest(quantity, OPINIONS))])
    drawn = views(results, scenario)
    when = week_of(drawn, week)
    tables = _same_shape([_table(view, quantity, when) for view in drawn], list(drawn[0].looks))
    titles = [page.named(view.arm, len(drawn) > 1) for view in drawn]
    titles += [f"{view.arm.letter} − {drawn[0].arm.letter}" for view in drawn[1:]]
    changes = [table - tables[0] for table in tables[1:]]
    sure = [None] * len(tables) + [_sure(drawn[0], view, quantity, when) for view in drawn[1:]]
    size = (max(CELL[0] * tables[0].shape[1], LEAST_WIDTH), CELL[1] * tables[0].shape[0])
    axes = page.panels(ax, len(titles), size, (0.3, 1.1), columns=4)
    norms = [_norm(tables, MIDDLE, LEAST)] * len(tables) + [_norm(changes, 0, LEAST_CHANGE)] * len(changes)
    for k, (spot, table, norm, known) in enumerate(zip(axes, [*tables, *changes], norms, sure, strict=True)):
        _panel(spot, table, norm, drawn[0], known)
        _title(spot, titles[k], drawn[k].arm.text if k < len(drawn) and len(drawn) > 1 else INK)
        if k and ax is None and k % 4:
            spot.set_yticklabels([])
    note = _told(quantity, when, len(results.seeds), len(drawn) > 1)
    title = f"Who thinks what of whom: {quantity}, week {when}"
    return page.finish(axes, note, setups_of(drawn), ax is None, caption, title)


def _table(view: View, quantity: str, week: int) -> pd.DataFrame:
    """Return mean opinions over seeds in points: a row per audience, a column per actor."""
    rows = view.rows("perceptions", all_seeds=True)
    rows = rows[rows["week"] == week].astype({"audience": object, "actor": object})
    return rows.pivot_table(index="audience", columns="actor", values=quantity, aggfunc="mean", dropna=False) * 100


def _sure(one: View, other: View, quantity: str, week: int) -> pd.DataFrame:
    """Return where the 95 % interval of the paired difference leaves zero out: a row per audience, column per actor."""
    frames = [view.rows("perceptions", all_seeds=True) for view in (one, other)]
    a, b = (rows[rows["week"] == week].astype({"audience": object, "actor": object})
            .set_index(["audience", "actor", "seed"])[quantity] for rows in frames)  # fmt: skip
    differences = (b - a).dropna().groupby(["audience", "actor"])
    return differences.agg(lambda x: student(x.to_numpy()).side != 0).unstack().astype(bool)


def _same_shape(tables: Sequence[pd.DataFrame], order: Sequence[str]) -> list[pd.DataFrame]:
    """Return the tables with the same rows (everybody first, the displaced last) and columns, none of them empty.

    Raises SimError if all are.
    """
    stacked = pd.concat([table.stack() for table in tables])
    if stacked.isna().all():
        raise SimError("nobody has an opinion of anybody: there is nothing to draw")
    who, whom = (set(stacked.dropna().index.get_level_values(k)) for k in (0, 1))
    rows = sorted(who, key=lambda name: (name != "all", name == "displaced", name))
    return [table.reindex(index=rows, columns=[name for name in order if name in whom]) for table in tables]


def _norm(tables: Sequence[pd.DataFrame], centre: float, least: float) -> TwoSlopeNorm:
    """Return a scale round the centre, as wide as the values need, in steps of 5."""
    far = max((np.nanmax(np.abs(table.to_numpy(float) - centre), initial=0.0) for table in tables), default=0.0)
    half = max(least, 5 * np.ceil(far / 5))
    return TwoSlopeNorm(centre, centre - half, centre + half)


def _panel(ax: Axes, table: pd.DataFrame, norm: TwoSlopeNorm, view: View, sure: pd.DataFrame | None) -> None:
    """Draw one matrix, each cell with its number; in brackets where it is not sure."""
    known = pd.DataFrame(True, table.index, table.columns) if sure is None else sure.reindex_like(table) == True  # noqa: E712
    values = table.to_numpy(float)
    ax.imshow(np.ma.masked_invalid(values), cmap=SCALE["legitimacy"], norm=norm, aspect="auto", interpolation="none")
    for (i, j), value in np.ndenumerate(values):
        _cell(ax, i, j, value, norm, bool(known.iat[i, j]))
    rows, columns = values.shape
    ax.set_xticks(np.arange(-0.5, columns), minor=True)
    ax.set_yticks(np.arange(-0.5, rows), minor=True)
    ax.grid(which="minor", color=PAPER, lw=2)
    ax.tick_params(which="both", length=0)
    ax.set(xticks=range(columns), xticklabels=list(table.columns), yticks=range(rows),
           yticklabels=[audience(name) for name in table.index])  # fmt: skip
    ax.tick_params(axis="y", colors=INK)
    ax.spines[:].set_visible(False)
    slant = max(map(len, map(str, table.columns))) > 5
    for tick, name in zip(ax.get_xticklabels(), table.columns, strict=True):
        tick.set(color=looks_of(str(name), view.looks).colour, weight="bold", rotation=38 if slant else 0,
                 ha="right" if slant else "center", rotation_mode="anchor")  # fmt: skip


def _cell(ax: Axes, i: int, j: int, value: float, norm: TwoSlopeNorm, sure: bool) -> None:
    """Write a cell's number, in brackets if it is not sure, or hatch it where nobody has an opinion."""
    if np.isnan(value):
        ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, hatch="////", ec=SURFACE["rule"], lw=0))
        return
    told = number(value, sign=norm.vcenter == 0)
    ax.text(j, i, told if sure else f"({told})", ha="center", va="center", fontsize=9.2 if sure else 8.6,
            color=_ink(SCALE["legitimacy"](float(norm(value))), sure))  # fmt: skip


def _ink(ground: tuple[float, ...], sure: bool) -> str:
    """Return the colour in which a number reads on a ground: muted if it is not sure and the ground allows it."""
    if not sure and _contrast(MUTED, ground) >= READABLE:
        return MUTED
    return max(("white", INK), key=lambda ink: _contrast(ink, ground))


def _contrast(ink: str, ground: tuple[float, ...]) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(to_rgb(ink)), _luminance(ground[:3])))
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: tuple[float, ...]) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _title(ax: Axes, told: str, colour: str) -> None:
    """Head a panel, broken into lines that fit it."""
    ax.set_title(page.fill(told, page.width_of(ax), page.HEAD), color=colour)


def _told(quantity: str, week: int, n: int, several: bool) -> str:
    """Say what the numbers are."""
    lower = (
        "; in differences brown is lower and teal higher, in brackets where the 95 % interval over pairs of seeds, "
        "each by itself, holds zero" if several else ""
    )  # fmt: skip
    return (
        f"{quantity.capitalize()} of actors (columns) in the eyes of audiences (rows), 0–100, week {week}: mean over "
        f"n = {counted(n, 'seed')} and over people who have an opinion. Brown below 50, teal above{lower}. "
        "Hatched: nobody has an opinion."
    )
