"""How a sensitivity analysis reads."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.experiment.about import about
from sim.experiment.text import NOT_A_FORECAST, aligned, as_html, counted, number, percent

if TYPE_CHECKING:
    from sim.experiment.sensitivity import Sensitivity

NOISE = "seed noise"
CONVERGED, NOT_CONVERGED = "converged", "not converged"
KEYS = {
    "Sobol": {"S1": "alone: S1", "ST": "in all: ST", "share": "of one run's variance"},
    "Morris": {"mu_star": "effect: mu*", "mu": "with sign: mu", "sigma": "uneven: sigma"},
}


def told(s: Sensitivity) -> str:
    """Return an analysis as text, the strongest unknown first."""
    return "\n".join([_head(s), aligned(_rows(s)), "", *_notes(s)])


def told_html(s: Sensitivity) -> str:
    """Return an analysis as HTML."""
    notes = "".join(f"<p>{escape(line)}</p>" for line in _notes(s))
    return f"<p><b>{escape(_head(s))}</b></p>{as_html(_rows(s))}{notes}"


def _head(s: Sensitivity) -> str:
    """Say what was analysed, and on how many runs."""
    whose = f" ({s.outputs.subject})" if s.outputs.subject else ""
    part = "trajectories" if s.method == "Morris" else "base samples"
    size = f"{s.base:,} {part}, {counted(s.points, 'point')}, {counted(s.seeds, 'seed')} each"
    return f"{s.method}: what moves {about(s.metric).label}{whose}; {size}"


def strongest_first(s: Sensitivity) -> pd.DataFrame:
    """Return the rows of the unknowns by what they move in all, those without a value by the middle of theirs."""
    key = "ST" if s.method == "Sobol" else "mu_star"
    middle = (s.parameters[f"{key}_low"] + s.parameters[f"{key}_high"]) / 2
    return s.parameters.loc[s.parameters[key].fillna(middle).sort_values(ascending=False, kind="stable").index]


def _rows(s: Sensitivity) -> list[list[str]]:
    """Return the table as cells, the seeds last."""
    keys = KEYS[s.method]
    rows = [["unknown", *(f"{name} [95 %]" for name in keys.values()), ""]]
    for _, row in strongest_first(s).iterrows():
        rows.append([f"  {row['parameter']}", *(_cell(row, key) for key in keys), _verdict(s, row)])
    return [*rows, _noise_row(s, list(keys))]


def _cell(row: pd.Series, key: str) -> str:
    """Return a value with its interval, a dash where neither is known; a share of variance in per cent."""
    if np.isnan(row[f"{key}_low"]):
        return "–"
    tell = percent if key == "share" else number
    return f"{tell(row[key])} [{tell(row[f'{key}_low'])}, {tell(row[f'{key}_high'])}]"


def _noise_row(s: Sensitivity, keys: list[str]) -> list[str]:
    """Return the row of the seeds."""
    row = s.table.iloc[-1]
    if np.isnan(s.noise):
        return [f"  {NOISE}", *["–"] * len(keys), "one seed a point: not known"]
    if s.method == "Sobol":
        return [f"  {NOISE}", "", "", _cell(row, "share"), ""]
    return [f"  {NOISE}", *(number(row[key]) for key in keys), "an unknown without effect would show this"]


def _verdict(s: Sensitivity, row: pd.Series) -> str:
    """Return the verdict in words, with what would do where it has not converged."""
    if row["verdict"] == NOT_CONVERGED:
        return f"{NOT_CONVERGED} ({row['why']}): about {row['needed']:,} needed"
    return "" if s.method == "Sobol" or np.isnan(s.noise) or row["above_noise"] else "not told from luck"


def _notes(s: Sensitivity) -> list[str]:
    """Return how to read the table."""
    notes = _sobol_notes(s) if s.method == "Sobol" else _morris_notes(s)
    dropped = (
        [f"{counted(len(s.outputs.left_out), 'seed')} left out: not run at every point."] if s.outputs.left_out else []
    )
    return [*notes, *dropped, NOT_A_FORECAST]


def _sobol_notes(s: Sensitivity) -> list[str]:
    """Return how to read Sobol indices."""
    one = "With one seed a point luck cannot be told from the unknowns: it counts as theirs in ST."
    mean = (
        f"S1, ST: shares of the variance of a point's mean over {counted(s.seeds, 'seed')}, luck left in it taken out"
    )
    return [
        f"{mean if s.seeds > 1 else 'S1, ST: shares of the variance over points'}: S1 by the unknown alone, ST with "
        "all that it does together with others.",
        *([one] if s.seeds == 1 else []),
        f"Converged: 95 % interval at most ±{s.width:g}, not below zero, ST not below S1, each beyond its interval. "
        "What has not is not told (–), only its interval.",
    ]


def _morris_notes(s: Sensitivity) -> list[str]:
    """Return how to read elementary effects."""
    return [
        "mu*: mean size of the change when one unknown goes over its whole range, in units of the metric; mu: with its "
        "sign; sigma: how far that differs from place to place (bends, or others matter for it).",
        f"Converged: 95 % interval of mu* at most ±{percent(s.width)} of the largest mu*. Luck is in the intervals.",
    ]
