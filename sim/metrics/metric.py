"""What a metric is: one number (or one for each actor) a week, with its unit, direction and way of adding up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Scenario

OVER_RUN = ("sum", "mean", "last", "max", "ratio", "wait", "run")
METRICS: dict[str, Metric] = {}


@dataclass(frozen=True)
class Metric:
    """One metric.

    by: keys of its values (actor, perpetrator, mission, host, task, audience, event), none for a scalar; better:
    higher, lower or neither; over_run: sum, mean, last, max, ratio (of sums: the measure returns numerator and
    denominator), wait (the measure says where the wait has ended; weeks from the mandate), run (measured once at the
    end from the run's records).
    """

    name: str
    measure: Callable[[Model], Any]
    by: tuple[str, ...]
    unit: str
    better: str
    over_run: str
    source: str
    every: int = 1  # measured every so many weeks, and in the last

    @property
    def doc(self) -> str:
        """What it says, in plain words."""
        return cleandoc(self.measure.__doc__ or "")

    @property
    def adds_up(self) -> bool:
        """Whether its values by one key have a total: counts, deaths, people, money."""
        if f"{self.name}_all" in METRICS:
            return False
        return len(self.by) == 1 and self.unit in ("events", "deaths", "people", "US$ million", "reports")

    def keys(self, m: Model) -> list[str]:
        """Return the names of its values in this model, in order: `UN`, `all->UN`."""
        if self.by == ("mission", "task"):
            return [f"{k}:{task}" for k in m.actors.missions for task in named_tasks(m.setup, k)]
        names = [_keys(m, by) for by in self.by]
        return names[0] if len(names) == 1 else [f"{a}->{b}" for a in names[0] for b in names[1]]


def named_tasks(setup: Scenario, mission: str) -> list[str]:
    """Return the tasks that a mission's mandate names, or one that it gets during the run; each once, in order."""
    later = [e.mandate for e in setup.timeline if e.mission == mission and e.mandate is not None]
    return list(dict.fromkeys(task for mandate in (setup.missions[mission].mandate, *later) for task in mandate.tasks))


def _keys(m: Model, by: str) -> list[str]:
    """Return the names that one key runs over."""
    return {
        "actor": list(m.actors.names),
        "perpetrator": list(m.actors.names),
        "mission": list(m.actors.missions),
        "host": list(m.actors.hosts),
        "group": list(m.actors.groups),
        "judged": list(m.actors.names[: m.actors.judged]),
        "event": [event.name for event in m.setup.timeline if event.when is not None],
        "audience": list(m.ledger.audiences.names),
    }[by]


def metric(
    *,
    by: str | tuple[str, ...] = (),
    unit: str,
    better: str,
    over_run: str,
    source: str = "definitions",
    every: int = 1,
):
    """Declare a function of the model as a metric; its name is the metric's."""
    keys = (by,) if isinstance(by, str) else tuple(by)

    def declare(measure: Callable[[Model], Any]) -> Callable[[Model], Any]:
        name = measure.__name__
        METRICS[name] = Metric(name, measure, keys, unit, better, over_run, source, every)
        return measure

    return declare


def shared(work: Callable[[Model], Any]) -> Callable[[Model], Any]:
    """Let the metrics of a week share what a function of the model works out; asked by itself, it works it out anew."""

    @wraps(work)
    def found(m: Model) -> Any:
        kept = m.log.shared
        if kept is None:
            return work(m)
        if work not in kept:
            kept[work] = work(m)
        return kept[work]

    return found


def share(part: np.ndarray | float, whole: np.ndarray | float) -> np.ndarray:
    """Return part / whole, missing (NaN) where the whole is zero: a share of nothing is not 0."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole != 0)
