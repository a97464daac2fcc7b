"""How a discovery reads."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.boxes import SIGNIFICANT
from sim.experiment.text import NOT_A_FORECAST, aligned, as_html, counted, number, percent

if TYPE_CHECKING:
    from sim.experiment.discovery import Discovery

STEPS = 6


def told(d: Discovery) -> str:
    """Return a discovery as text: the region, how good it is, and the way to it."""
    region = [aligned(_region(d)), ""] if d.found else []
    return "\n".join([_head(d), "", *region, *_judged(d), "", aligned(_path(d)), "", *_notes(d)])


def told_html(d: Discovery) -> str:
    """Return a discovery as HTML."""
    region = as_html(_region(d)) if d.found else ""
    judged, notes = ("".join(f"<p>{escape(line)}</p>" for line in lines) for lines in (_judged(d), _notes(d)))
    return f"<p><b>{escape(_head(d))}</b></p>{region}{judged}{as_html(_path(d))}{notes}"


def _head(d: Discovery) -> str:
    """Say what fails, and how often."""
    many = counted(d.inside.points, "world")
    return f"Where it fails: {d.failing}; {many}, {d.inside.failures:,} fail ({percent(d.rate)})"


def _region(d: Discovery) -> list[list[str]]:
    """Return the limits of the region, the surest first."""
    rows = [["unknown", "from", "to", "of", "share of range", "quasi-p"]]
    for _, row in d.table[d.table["restricted"]].sort_values("quasi_p").iterrows():
        whole = f"{number(row['range_low'])} to {number(row['range_high'])}"
        rows.append([f"  {row['parameter']}", number(row["low"]), number(row["high"]), whole, percent(row["kept"]),
                     small_p(row["quasi_p"])])  # fmt: skip
    return rows


def small_p(p: float) -> str:
    """Return a p-value, the smallest as `below 0.001`."""
    return "below 0.001" if p < 0.001 else f"{p:.3f}"


def _judged(d: Discovery) -> list[str]:
    """Say how good the region is, and whether it beats chance."""
    low, high = d.held_interval
    inside = f"{percent(d.held.density)} of worlds fail inside [{percent(low)}, {percent(high)}]"
    held = f"on worlds held out while it was sought {inside}, {percent(d.rate)} anywhere (p {small_p(d.p)})"
    if d.p < SIGNIFICANT and not d.found:
        return [f"No region: halves of the worlds hint at one, all of them give none. More worlds are needed: {held}."]
    if not d.found:
        return ["No region was found that is better than chance.", f"The best that there was: {held}."]
    return [
        f"Inside, {percent(d.density)} of worlds fail (density); they are {percent(d.coverage)} of all that fail "
        f"(coverage) and the region is {percent(d.mass)} of all worlds (mass).",
        f"{held[0].upper()}{held[1:]}; it then holds {percent(d.held.coverage)} of failures.",
    ]


def _path(d: Discovery) -> list[list[str]]:
    """Return the trade-off along the path in some steps, the chosen box among them."""
    rows = [["box on the path", "coverage", "density", "mass", "limits"]]
    for _, row in _steps(d.boxes).iterrows():
        name = f"  {row['box']}{' (chosen)' if row['chosen'] else ''}"
        rows.append([name, *(percent(row[key]) for key in ("coverage", "density", "mass")), str(row["restricted"])])
    return rows


def _steps(boxes: pd.DataFrame) -> pd.DataFrame:
    """Return boxes spread evenly over the path, and the chosen one."""
    every = max(1, (len(boxes) - 1) // STEPS)
    return boxes[(boxes["box"] % every == 0) | boxes["chosen"] | (boxes["box"] == len(boxes) - 1)]


def _notes(d: Discovery) -> list[str]:
    """Return how to read it."""
    return [
        "Chosen: the box with the best harmonic mean of coverage and density, then without limits whose quasi-p is "
        "above 0.05. Better than chance: either half of the worlds, judging the box sought on the other, finds more "
        "failures in it than luck would put there (p below 0.05 with both looks counted).",
        NOT_A_FORECAST,
    ]
