"""What is known of a metric by its column: name, actor, unit, which way is better, how a run sums it up."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache

from sim.errors import Problem, Problems, nearest
from sim.experiment.paired_metrics import PAIRED
from sim.metrics import METRICS

GROUPS = {
    "Protection": ("harm_averted", "interaction:*", "violence_displaced:*", "relapse_after_exit",
                   "cost_per_harm_averted", "civilians_killed", "civilians_killed:*", "attacks_on_civilians",
                   "battle_deaths", "crossfire_deaths", "displaced", "refugees"),
    "Standing": ("legitimacy:all->*", "impartiality:all->*", "impartiality_min:*", "credibility:all->*",
                 "popular_consent:*"),
    "Operations": ("attacks_answered_all", "attacks_answered_share:*", "coverage:*", "reports", "operations",
                   "cost_all"),
}  # fmt: skip
"""The headline columns, in the order in which they are read; `*` is any actor, for opinions any mission."""
SHARES = ("share", "0-1", "correlation")
OF = "_of"
"""Ends the name of the column that holds what a ratio is a share of: `coverage_of:UN` beside `coverage:UN`."""


@dataclass(frozen=True)
class About:
    """One column of the summary: metric and key (`civilians_killed` and `rebels`), unit, better, over_run."""

    name: str
    key: str
    unit: str = ""
    better: str = ""
    over_run: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1, so that differences are told and not ratios."""
        return self.unit in SHARES

    @property
    def adds_up(self) -> bool:
        """Whether it is counted over the run, so that an actor who is not there has 0 of it."""
        return self.over_run == "sum"

    @property
    def label(self) -> str:
        """The metric in words: `civilians killed: rebels`."""
        return self.name.replace("_", " ") + (f": {self.key.replace('->', ' → ')}" if self.key else "")


@cache
def about(column: str) -> About:
    """Return what is known of a column of the summary."""
    name, _, key = column.partition(":")
    declared = PAIRED.get(name) or METRICS.get(name)
    if declared is None:
        return About(name, key)
    return About(name, key, declared.unit, declared.better, getattr(declared, "over_run", ""))


def whole_of(column: str) -> str:
    """Return the column that holds what a ratio's column is a share of."""
    name, colon, key = column.partition(":")
    return f"{name}{OF}{colon}{key}"


def is_whole(column: str, columns: Container[str]) -> bool:
    """Say whether a column only holds what another is a share of."""
    name, colon, key = column.partition(":")
    return name.endswith(OF) and f"{name.removesuffix(OF)}{colon}{key}" in columns


def chosen(metrics: str | Iterable[str] | None, columns: Iterable[str]) -> list[str]:
    """Return the columns that the metrics name, in the order of the columns; a bare name takes its actors along.

    Raises Problems for names that are no columns.
    """
    columns = list(columns)
    if metrics is None:
        return columns
    wanted = [metrics] if isinstance(metrics, str) else list(metrics)
    known = {*columns, *(c.partition(":")[0] for c in columns)}
    wrong = [m for m in wanted if m not in known]
    if wrong:
        raise Problems(Problem("metrics", m, "metrics of the summary", nearest(m, known)) for m in wrong)
    return [c for c in columns if c in wanted or c.partition(":")[0] in wanted]
