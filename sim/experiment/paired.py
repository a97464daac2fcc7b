"""Metrics that need a second run: they are computed by `compare` from arms on the same seeds, never by `run`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sim.scenario import Scenario

MAY_DIFFER = ("missions", "partnerships", "hosts", "timeline", "title", "question", "based_on", "sources")
"""Where a scenario without missions may differ from the policy: what names a mission, and texts."""


@dataclass(frozen=True)
class PairedMetric:
    """A metric of several arms: which arms, unit, which way is better, source, and what it computes."""

    name: str
    arms: tuple[str, ...]
    unit: str
    better: str
    source: str
    compute: Callable[..., pd.Series]

    @property
    def doc(self) -> str:
        """What it says, first line first."""
        return (self.compute.__doc__ or "").strip()


PAIRED: dict[str, PairedMetric] = {}


def paired_metric(
    *, arms: tuple[str, ...], unit: str, better: str, source: str
) -> Callable[[Callable[..., pd.Series]], PairedMetric]:
    """Declare a function of summaries, one for each arm and indexed by seed, as a metric; it returns a value per seed.

    Arms are roles: `no_mission` is the same country with nobody sent, `policy` the arm that is looked at.
    """

    def declare(compute: Callable[..., pd.Series]) -> PairedMetric:
        metric = PairedMetric(compute.__name__, arms, unit, better, source, compute)
        PAIRED[metric.name] = metric
        return metric

    return declare


@paired_metric(arms=("no_mission", "policy"), unit="people", better="higher", source="definitions 4")
def harm_averted(no_mission: pd.DataFrame, policy: pd.DataFrame) -> pd.Series:
    """Civilians not killed: those killed if no mission comes minus those killed with the missions sent, same seed."""
    return no_mission["civilians_killed"] - policy["civilians_killed"]


def find_arms(metric: PairedMetric, setups: Mapping[str, Scenario], policy: str) -> tuple[str, ...] | None:
    """Return the labels that fill a metric's roles for one policy, or None where an arm is missing."""
    found = [policy if role == "policy" else _no_mission(setups, policy) for role in metric.arms]
    labels = tuple(label for label in found if label is not None)
    return labels if len(labels) == len(found) else None


def _no_mission(setups: Mapping[str, Scenario], policy: str) -> str | None:
    """Return the first arm that is the policy's country with nobody sent, if there is one."""
    if not setups[policy].missions:
        return None
    return next((label for label, setup in setups.items() if _counterfactual(setup, setups[policy])), None)


def _counterfactual(other: Scenario, policy: Scenario) -> bool:
    """Say whether a scenario is the policy's but for the missions and what comes with them."""
    if other.missions:
        return False
    ours, theirs = policy.to_dict(), other.to_dict()
    return all(ours[k] == theirs[k] for k in ours if k not in MAY_DIFFER)
