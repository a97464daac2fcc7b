"""How a comparison over a sweep reads."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.about import about
from sim.experiment.text import NOT_A_FORECAST, aligned, as_html, counted, grouped, number, percent

if TYPE_CHECKING:
    from sim.experiment.sweep_comparison import SweepComparison


def told_comparison(c: SweepComparison) -> str:
    """Return a comparison over a sweep as text."""
    return "\n".join([_head(c), *(f"\n{aligned(_rows(c, arm))}" for arm in c.arms), "", *_notes(c)])


def comparison_html(c: SweepComparison) -> str:
    """Return a comparison over a sweep as HTML."""
    grids = "".join(as_html(_rows(c, arm)) for arm in c.arms)
    return f"<p><b>{escape(_head(c))}</b></p>{grids}{''.join(f'<p>{escape(line)}</p>' for line in _notes(c))}"


def _head(c: SweepComparison) -> str:
    """Say what is compared, over how many worlds."""
    points, pairs = int(c.table["points"].max()), int(c.table["pairs"].max())
    arms = counted(len(c.arms) + 1, "arm")
    return f"Against {c.names[c.baseline]}: {arms}, {counted(points, 'world')}, {counted(pairs, 'pair')} for each arm"


def _rows(c: SweepComparison, arm: int) -> list[list[str]]:
    """Return the headline rows of one arm, or all where none is of the headline."""
    table = c.table[c.table["arm"] == arm].set_index("metric", drop=False)
    missions = {about(column).key for column in table.index if about(column).name == "impartiality_min"}
    groups = grouped(table.index, missions)
    level = "corrected interval" if c.corrected else "95 % interval"
    rows = [[f"means over worlds: {c.names[arm]}", "baseline", "arm", f"difference [{level}]", "lower in", "higher in",
             "of spread", "p (Holm)" if c.corrected else "p", "pairing saves", ""]]  # fmt: skip
    for group, columns in groups.items():
        told = [_row(c, table.loc[column]) for column in columns if table.loc[column, ["mean_a", "mean_b"]].any()]
        rows += [[group]] if group and told else []
        rows += told
    return rows


def _row(c: SweepComparison, row: pd.Series) -> list[str]:
    """Return one metric as cells."""
    what = about(row["metric"])
    unit = f" ({what.unit})" if what.unit and not what.is_share else ""
    difference = f"{number(row['difference'], sign=True)} [{number(row['low'])}, {number(row['high'])}]"
    p = row["p_holm" if c.corrected else "p"]
    return [
        f"  {what.label}{unit}", number(row["mean_a"]), number(row["mean_b"]), difference, percent(row["lower"]),
        percent(row["higher"]), number(row["effect"], sign=True), "below 0.001" if p < 0.001 else f"{p:.3f}",
        _factor(row), row["verdict"],
    ]  # fmt: skip


def _factor(row: pd.Series) -> str:
    """Return the factor by which pairing divides the variance, with its interval."""
    if math.isnan(row["vrf"]):
        return "–"
    if math.isinf(row["vrf"]):
        return "all alike"
    return f"x{number(row['vrf'])} [{number(row['vrf_low'])}, {number(row['vrf_high'])}]"


def _notes(c: SweepComparison) -> list[str]:
    """Return how to read it."""
    one = int(c.table["points"].max()) == 1
    world = (
        "A world is one setting of the unknowns and one observation, the mean over its seeds; lower in, higher in: "
        "share of worlds. Luck, where seeds at a point are few, pushes these shares towards each other."
    )
    alone = "One setting of the unknowns: a seed is one observation, and shares are of seeds."
    holm = [f"{len(c.arms)} arms meet one baseline: intervals and p are Holm's."] if c.corrected else []
    return [
        alone if one else world,
        *holm,
        "p orders arms; worlds are drawn from plausible ranges and are no sample of anything. higher, lower: the "
        "interval excludes zero, 70 % agree and the effect is at least 0.2 of the spread between seeds (of spread); "
        "slightly: a null holds as well; flat: only a null holds; open: neither.",
        "pairing saves: variance of a difference between runs on seeds of their own / between runs on one seed, at "
        "fixed unknowns, with its 95 % interval; below 1 pairing costs.",
        NOT_A_FORECAST,
    ]
