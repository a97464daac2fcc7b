"""Whether there are replications enough, judged at fixed points of the plan from what is on disk alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sim.errors import Problem, Problems, nearest
from sim.experiment.adequacy import adequacy_table
from sim.experiment.sweeps.file import EnoughFile


@dataclass(frozen=True)
class Verdict:
    """What was judged: the arm that is known worst, in words, and whether it is known well enough."""

    arm: str
    told: str
    enough: bool

    def __str__(self) -> str:
        """Read as `30 runs: ±14 %; about 58 needed for ±10 %` with the arm."""
        return f"{self.told} ({self.arm})"


def judge(runs: pd.DataFrame, asked: EnoughFile) -> Verdict:
    """Return the verdict on a table of runs with columns arm, scenario, point, seed and the metric that is judged.

    The spread over seeds is pooled over points. Raises Problems for a metric that is no column.
    """
    check_metric(asked, runs.columns)
    table = adequacy_table(runs, [asked.metric], asked.within)
    worst = table.loc[table["half"].fillna(float("inf")).idxmax()]
    labels = runs.drop_duplicates("arm").set_index("arm")["scenario"]
    return Verdict(str(labels[worst["arm"]]), str(worst["told"]), bool(worst["half"] <= asked.within))


def check_metric(asked: EnoughFile, columns: Iterable[str]) -> None:
    """Raise Problems if the metric that is to be judged is no column of the runs."""
    names = list(columns)
    if asked.metric not in names:
        allowed = "a column of the summary"
        raise Problems([Problem("enough.metric", asked.metric, allowed, nearest(asked.metric, names))])
