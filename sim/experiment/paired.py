"""Metrics that need a second run: they are computed by `compare` from arms on the same seeds, never by `run`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import cleandoc
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.experiment.exits import cancelled

if TYPE_CHECKING:
    from sim.scenario import Scenario

MAY_DIFFER = ("missions", "partnerships", "hosts", "timeline", "title", "question", "based_on", "sources")
"""Where a scenario with fewer missions may differ from the policy: what names a mission, and texts."""
BOTH = "+"
"""Joins the two missions of a pair in a column: `interaction:AU+UN`."""


@dataclass(frozen=True)
class PairedMetric:
    """A metric of several arms: which arms, unit, which way is better, source, and what it computes.

    by: what it has a value for each of: nothing, `mission` or `pair`. tables: what it reads beside the summary; it is
    then given arms and not frames; columns: of the summary, that not every run has. quotient: it returns two series,
    and is the ratio of their means over seeds; neutral: what that is if nothing differs.
    """

    name: str
    arms: tuple[str, ...]
    unit: str
    better: str
    source: str
    compute: Callable[..., Any]
    by: str = ""
    tables: tuple[str, ...] = ()
    quotient: bool = False
    columns: tuple[str, ...] = ()
    neutral: float = 0.0

    @property
    def doc(self) -> str:
        """What it says, first line first."""
        return cleandoc(self.compute.__doc__ or "")

    def keys(self, missions: Iterable[str]) -> list[str]:
        """Return what it has a value for each of, given the missions of a policy."""
        names = sorted(missions)
        pairs = [BOTH.join(pair) for pair in combinations(names, 2)]
        return {"": [""], "mission": names, "pair": pairs}[self.by]


@dataclass(frozen=True)
class Arm:
    """One arm of a comparison as a paired metric sees it: its scenario, its summary by seed, and its other tables."""

    setup: Scenario
    summary: pd.DataFrame
    read: Callable[[str], pd.DataFrame]

    def by_seed(self, table: str) -> Iterator[tuple[int, pd.DataFrame]]:
        """Go through the rows of a table, seed by seed."""
        rows = self.read(table)
        mine = rows[rows["scenario"] == self.setup.name]
        return ((int(seed), part) for seed, part in mine.groupby("seed"))


PAIRED: dict[str, PairedMetric] = {}


def paired_metric(
    *, arms: tuple[str, ...], unit: str, better: str, source: str, by: str = "", tables: tuple[str, ...] = (),
    quotient: bool = False, columns: tuple[str, ...] = (), neutral: float = 0.0,
) -> Callable[[Callable[..., Any]], PairedMetric]:  # fmt: skip
    """Declare a function of summaries, one for each arm and indexed by seed, as a metric; it returns a value per seed.

    Arms are roles: `policy` is the arm that is looked at; `no_mission` the same with nobody sent, `without` the same
    less the mission in question, `one` and `other` the same with one of a pair alone; `staying` the same with nobody
    leaving.
    """

    def declare(compute: Callable[..., Any]) -> PairedMetric:
        more = (by, tables, quotient, columns, neutral)
        metric = PairedMetric(compute.__name__, arms, unit, better, source, compute, *more)
        PAIRED[metric.name] = metric
        return metric

    return declare


def find_arms(
    metric: PairedMetric, setups: Mapping[str, Scenario], policy: str, key: str = ""
) -> tuple[str, ...] | None:
    """Return the labels that fill a metric's roles for one policy and key, or None where an arm is missing."""
    if metric.by and not set(key.split(BOTH)) <= set(setups[policy].missions):
        return None
    if metric.by == "pair" and len(setups[policy].missions) != 2:
        return None
    found = [_fill(role, setups, policy, key.split(BOTH) if key else []) for role in metric.arms]
    labels = tuple(label for label in found if label is not None)
    return labels if len(labels) == len(found) else None


def _fill(role: str, setups: Mapping[str, Scenario], policy: str, key: list[str]) -> str | None:
    """Return the label of the arm that plays a role."""
    if role == "policy":
        return policy
    if role == "staying":
        stay = cancelled(setups[policy])
        if stay is None:
            return None
        return next((label for label, setup in setups.items() if setup.digest == stay.digest), None)
    missions = set(setups[policy].missions)
    left = {"no_mission": set(), "without": missions - set(key), "one": set(key[:1]), "other": set(key[1:])}[role]
    return only(setups, policy, left) if missions else None


def only(setups: Mapping[str, Scenario], policy: str, missions: set[str]) -> str | None:
    """Return the first arm that is the policy's country with only these of its missions sent, if there is one."""
    ours = setups[policy].to_dict()
    return next((label for label, setup in setups.items() if _counterfactual(setup, ours, missions)), None)


def _counterfactual(other: Scenario, policy: Mapping[str, Any], missions: set[str]) -> bool:
    """Say whether a scenario is the policy's but for the missions left out and what comes with them."""
    if set(other.missions) != missions:
        return False
    theirs = other.to_dict()
    same = all(policy["missions"][m] == theirs["missions"][m] for m in missions)
    return same and all(policy[k] == theirs[k] for k in policy if k not in MAY_DIFFER)
