"""Who lives where and thinks what in a week of the shown run: from the table communities, or from playing it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment.worker import the_model
from sim.report.reach import cells_of
from sim.report.view import View
from sim.report.words import counted, digits, number, scale

if TYPE_CHECKING:
    from sim.scenario import Scenario

CHECKED = ("civilians_killed", "displaced")
SPREAD = (10, 90)


def people(view: View, week: int) -> pd.DataFrame:
    """Return the communities of the shown run in a week, a row each, as the table `communities` has them.

    Where that large table was not kept, the run is played once more, for it is the same each time. Raises SimError if
    it comes out otherwise than it did, as with results of other code.
    """
    if "communities" in view.results.tables:
        rows = view.results.communities
        mine = (rows["scenario"] == view.label) & (rows["seed"] == view.seed) & (rows["week"] == week)
        return rows[mine].reset_index(drop=True)
    found, again = _replayed(view.setup, view.seed, week, view.results.study.model)
    summary = view.results.summary
    row = summary[(summary["scenario"] == view.label) & (summary["seed"] == view.seed)]
    if any(row[name].tolist() != [again[name]] for name in CHECKED if name in row):
        keep = [*view.results.tables, "communities"]
        told = f"{view.label}, seed {view.seed}, comes out otherwise when it is played again (results of other code?)"
        raise SimError(f"{told}: run again with keep={keep!r}")
    return found


@lru_cache(maxsize=16)
def _replayed(setup: Scenario, seed: int, week: int, model: type | None) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the communities of a run in a week, and the run's summary."""
    played = the_model(model)(setup, seed, keep=frozenset({"communities", "summary"}))
    try:
        tables = played.run().tables()
    finally:
        played.dispose()
    rows = tables["communities"]
    return rows[rows["week"] == week].reset_index(drop=True), tables["summary"].iloc[0].to_dict()


def by_cell(view: View, rows: pd.DataFrame, values: np.ndarray | pd.Series) -> np.ndarray:
    """Return the sum of values of communities in each cell of the country [C]."""
    cells = cells_of(rows["cell"], view.world)
    return np.bincount(cells, np.asarray(values, float), minlength=view.world.cells)


def of_runs(drawn: Sequence[View], column: str, told: str) -> str:
    """Say how a column of the summary varies over seeds in each scenario, as a sentence; empty where none has it."""
    summary = drawn[0].results.summary if drawn else pd.DataFrame()
    if column not in summary:
        return ""
    said = over_seeds(drawn, lambda view: summary.loc[summary["scenario"] == view.label, column] * scale(column))
    return f"{told}, {spread_of(drawn)}: {said}. " if said else ""


def over_seeds(drawn: Sequence[View], values: Callable[[View], pd.Series]) -> str:
    """Say the median and spread of values over seeds, by the letters of scenarios; empty where nobody has any."""
    told = []
    for view in drawn:
        x = values(view).dropna().to_numpy(float)
        if len(x):
            ends = np.percentile(x, (50, *SPREAD))
            middle, low, high = (number(end, digits=digits(*ends)) for end in ends)
            told.append(f"{f'{view.arm.letter} ' if view.several else ''}{middle} [{low} to {high}]")
    return ", ".join(told)


def spread_of(drawn: Sequence[View]) -> str:
    """Say what `over_seeds` tells."""
    low, high = SPREAD
    return f"median [{low}th to {high}th percentile of n = {counted(len(drawn[0].results.seeds), 'seed')}]"
