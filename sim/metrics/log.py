"""What a run has recorded so far: metrics by week, events, units, perceptions.

And monthly counts on half-degree cells.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.staff import POLICE
from sim.metrics.delivery import Work
from sim.metrics.metric import METRICS, Metric, share
from sim.metrics.satisfaction import Poll
from sim.metrics.waits import Waits

if TYPE_CHECKING:
    from sim.model import Model

HALF_DEGREE_KM = 55.0


class Values:
    """Weekly values by metric's name, shape (weeks, keys); those of ratios are divided out when they are asked for."""

    def __init__(self, plain: dict[str, np.ndarray], ratios: dict[str, np.ndarray]) -> None:
        self.plain, self.ratios = plain, ratios

    def __getitem__(self, name: str) -> np.ndarray:
        """Return one metric's values, NaN where it is missing."""
        return share(*self.ratios[name]) if name in self.ratios else self.plain[name]


class Log:
    """Growing records of one run; arrays are laid out for all its weeks at the start."""

    def __init__(self, m: Model, keep: frozenset[str]) -> None:
        self.keep, weeks = keep, m.setup.weeks
        self.weekly = [metric for metric in METRICS.values() if metric.over_run != "run"]
        self.keys = {metric.name: metric.keys(m) if metric.by else [""] for metric in METRICS.values()}
        ratios = [metric.name for metric in self.weekly if metric.over_run == "ratio"]
        self.ratios = self._side_by_side(ratios, np.zeros((2, weeks, self._width(ratios))))
        plain = [metric.name for metric in self.weekly if metric.over_run != "ratio"]
        self.values = Values(self._side_by_side(plain, np.full((weeks, self._width(plain)), np.nan)), self.ratios)
        kept = self.values.plain | self.ratios
        lone = {x.name for x in self.weekly if not x.by}  # single numbers are written into a plain column
        columns = {name: values[..., 0] if name in lone else values for name, values in kept.items()}
        self._weekly = [(x.measure, x.every, columns[x.name], x.name in self.ratios) for x in self.weekly]
        self.mandated = np.array([m.setup.missions[name].mandated for name in m.actors.missions], float)
        self.work, self.poll = Work(m), Poll(m)
        self.shared: dict | None = None  # what metrics of one week share, while they are taken
        self.observed = np.zeros(0, bool)  # which of the week's acts a coder would record
        self.dangerous = np.inf  # the threat from which on a place is in the top tenth
        self.waits = {what: Waits(len(m.actors.missions), m.world.cells, weeks) for what in ("alert", "reallocation")}
        self.events: list[dict[str, np.ndarray]] = []
        self.units: list[tuple[int, np.ndarray, np.ndarray, np.ndarray]] = []
        self.views: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.communities: list[dict[str, np.ndarray]] = []
        self.killed_by_audience = np.zeros(len(m.world.group_names))
        self.person_weeks = np.zeros(len(m.world.group_names))
        self.killed_where, self.harmed_where, self.weeks_where = np.zeros((3, 3))  # at home, displaced, inside sites
        self._bins(m)

    def _width(self, names: list[str]) -> int:
        """Return how many values some metrics have each week."""
        return sum(len(self.keys[name]) for name in names)

    def _side_by_side(self, names: list[str], table: np.ndarray) -> dict[str, np.ndarray]:
        """Give each metric its columns of one table, in which what a week yields lies together."""
        ends = list(accumulate(len(self.keys[name]) for name in names))
        return {name: table[..., end - len(self.keys[name]) : end] for name, end in zip(names, ends, strict=True)}

    def _bins(self, m: Model) -> None:
        """Lay the half-degree grid over the country and number the calendar months of the run."""
        w, start = m.world, m.setup.start
        column = np.floor((w.x - w.x.min()) / HALF_DEGREE_KM).astype(np.int64)
        row = np.floor((w.y - w.y.min()) / HALF_DEGREE_KM).astype(np.int64)
        _, self.coarse = np.unique(row * (column.max() + 1) + column, return_inverse=True)
        last = start + timedelta(weeks=m.setup.weeks)
        months = self.month(m, last) + 1
        self.months = [self.month(m, start + timedelta(weeks=week)) for week in range(m.setup.weeks + 1)]
        cells = int(self.coarse.max()) + 1
        self.troops, self.recorded = np.zeros((months, cells)), np.zeros((months, cells))
        self.weeks_in_month = np.zeros(months)

    def measure(self, m: Model) -> None:
        """Take this week's value of every metric."""
        week, last = m.week, m.week + 1 == m.setup.weeks
        self.shared = {} if self.shared is None else self.shared
        for measure, every, values, is_ratio in self._weekly:
            if every > 1 and week % every and not last:
                continue
            if is_ratio:
                values[0, week], values[1, week] = measure(m)
            else:
                values[week] = measure(m)
        self.shared = None

    def month(self, m: Model, day: date) -> int:
        """Return the number of a date's calendar month, counted from the run's first."""
        start = m.setup.start
        return (day.year - start.year) * 12 + day.month - start.month

    def presence(self, m: Model) -> None:
        """Add this week's troops to the month's mean on half-degree cells."""
        month = self.months[m.week]
        _add_troops(self.troops[month], self.coarse, m.units.cell, m.units.kind, m.units.people)
        self.weeks_in_month[month] += 1

    def monthly(self, m: Model) -> tuple[np.ndarray, np.ndarray]:
        """Return mean troops and recorded events by calendar month and half-degree cell, whole months only."""
        whole = self.weeks_in_month >= 4
        return self.troops[whole] / self.weeks_in_month[whole][:, None], self.recorded[whole]

    def happened(self, m: Model, day: np.ndarray, recorded_cell: np.ndarray, taken_for: np.ndarray) -> None:
        """Keep this week's events, and count the recorded ones where and when they were recorded."""
        a, month, split = m.acts, self.months[m.week], self.months[m.week] != self.months[m.week + 1]
        for act in self.observed.nonzero()[0].tolist():
            if split:  # the week lies in two months
                month = self.month(m, m.setup.start + timedelta(weeks=m.week, days=int(day[act])))
            self.recorded[month, self.coarse[recorded_cell[act]]] += 1
        columns = a.columns()
        columns |= {name: getattr(a, name).copy() for name in ("known", "in_reach", "answered")}
        columns |= {
            "day": day,
            "observed": self.observed,
            "recorded_cell": recorded_cell,
            "taken_for": taken_for,
            "week": np.full(a.size, m.week),
        }
        self.events.append(columns)

    def over_run(self, metric: Metric, m: Model) -> np.ndarray:
        """Return a metric over the run, by key: its sum, mean, last, largest, ratio of sums or waiting time."""
        if metric.over_run == "run":
            return np.atleast_1d(np.asarray(metric.measure(m), float))
        if metric.over_run == "ratio":
            return share(*self.ratios[metric.name].sum(axis=1))
        if metric.over_run == "wait":
            return np.maximum(_wait(self.values[metric.name][: m.week + 1]) - self.mandated, 0)
        last = m.week if m.week + 1 == m.setup.weeks else m.week // metric.every * metric.every
        return _FOLD[metric.over_run](self.values[metric.name][: last + 1])


@njit(cache=True, nogil=True)
def _add_troops(troops, coarse, cell, kind, people):
    """Add the troops and police in the field to the coarse cells in which they stand."""
    for u in range(cell.size):
        if cell[u] >= 0 and kind[u] <= POLICE:
            troops[coarse[cell[u]]] += people[u]


def _mean(values: np.ndarray) -> np.ndarray:
    """Average over the weeks in which the metric is defined."""
    known = ~np.isnan(values)
    return np.divide(
        np.nansum(values, axis=0), known.sum(axis=0), out=np.full(values.shape[1], np.nan), where=known.any(axis=0)
    )


def _most(values: np.ndarray) -> np.ndarray:
    """Return the largest value of the run, missing where there is none."""
    return np.where(
        np.isnan(values).all(axis=0), np.nan, np.nanmax(np.where(np.isnan(values), -np.inf, values), axis=0)
    )


def _wait(ended: np.ndarray) -> np.ndarray:
    """Return the weeks until a wait ended, or the run's length where it did not (the table says which)."""
    return np.where(ended.any(axis=0), ended.argmax(axis=0), ended.shape[0]).astype(float)


_FOLD = {"sum": lambda v: np.nansum(v, axis=0), "mean": _mean, "last": lambda v: v[-1], "max": _most}
