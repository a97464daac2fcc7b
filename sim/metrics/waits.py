"""Waiting times: from an alert, or from danger, to somebody in reach; waits that never end are censored, not left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model

HORIZON = 52  # waits are averaged up to a year: what lasts longer counts as a year
TOP = 0.1  # definitions 4: the top tenth of threat


class Waits:
    """Open waits of each mission by cell, and how many have ended or been broken off after so many weeks."""

    def __init__(self, missions: int, cells: int, weeks: int) -> None:
        self.since = np.full((missions, cells), -1, np.int64)
        self.ended, self.censored = np.zeros((2, missions, weeks + 1))

    def note(self, mission: int, week: int, wanted: np.ndarray, met: np.ndarray, leave: bool = False) -> None:
        """Open a wait in each wanted cell without one; end it where somebody is in reach.

        leave: break off, as censored, the waits of cells that nobody wants any more.
        """
        _note(self.since[mission], self.ended[mission], self.censored[mission], week, wanted, met, leave)

    def mean(self, week: int) -> np.ndarray:
        """Return the mean wait of each mission up to a year by Kaplan and Meier; NaN for a mission nobody waited for.

        What is still open counts as censored at the end of the run.
        """
        out = np.full(len(self.since), np.nan)
        for k, since in enumerate(self.since):
            still = np.bincount(week + 1 - since[since >= 0], minlength=self.ended.shape[1])
            if self.ended[k].sum() + self.censored[k].sum() + still.sum() > 0:
                out[k] = mean_wait(self.ended[k], self.censored[k] + still, HORIZON)
        return out


@njit(cache=True, nogil=True)
def _note(since, ended, censored, week, wanted, met, leave):
    """Bring the waits of one mission up to a week."""
    for cell in range(since.size):
        if since[cell] < 0 and wanted[cell]:
            since[cell] = week
        if since[cell] >= 0 and met[cell]:
            ended[week - since[cell]] += 1
            since[cell] = -1
        elif since[cell] >= 0 and leave and not wanted[cell]:
            censored[week - since[cell]] += 1
            since[cell] = -1


def mean_wait(ended: np.ndarray, censored: np.ndarray, horizon: int) -> float:
    """Return the mean of waits up to a horizon: the area under the Kaplan-Meier curve.

    ended, censored: how many waits ended, or were last seen open, after 0, 1, 2 ... weeks.
    """
    at_risk = np.cumsum((ended + censored)[::-1])[::-1]
    goes_on = np.cumprod(1 - np.divide(ended, at_risk, out=np.zeros(ended.size), where=at_risk > 0))
    curve = np.concatenate([goes_on[:horizon], np.full(max(0, horizon - goes_on.size), goes_on[-1])])
    return float(curve.sum())


def watch(m: Model) -> None:
    """Note who is alerted, where danger lies and who is in reach; once a week, by the rule `record`."""
    threat, log = m.cells.threat, m.log
    danger = threat >= _threshold(threat[m.world.places]) if threat.any() else np.zeros(threat.size, bool)
    for k, name in enumerate(m.actors.missions):
        if m.week < m.setup.missions[name].mandated or not m.mandates[k].tasks:
            continue
        met = (m.reach[0, k] + m.reach[1, k]) > 0
        log.waits["reallocation"].note(k, m.week, danger, met, leave=True)
        if k in m.at_work:
            log.waits["alert"].note(k, m.week, alerted(m, k), met)


def _threshold(threat: np.ndarray) -> float:
    """Return the threat from which on a place is in the top tenth."""
    k = int((1 - TOP) * (threat.size - 1))
    return max(float(np.partition(threat, k)[k]), 1e-300)


def alerted(m: Model, mission: int) -> np.ndarray:
    """Return the cells of which a mission was told this week: of a band, true or not, or of an attack; (cells,)."""
    items, out = m.items, np.zeros(m.world.cells, bool)
    out[items.place[mission, items.told[mission]]] = True
    false = items.false[mission]
    out[false[false >= 0]] = True
    out[m.acts.cell[m.acts.reported[mission]]] = True
    return out


@metric(by="mission", unit="weeks", better="lower", over_run="run", source="B-M4, B-M24")
def alert_to_presence_weeks(m: Model) -> np.ndarray:
    """Weeks from an alert on a cell without an open one to a unit in reach, up to a year.

    Mean by Kaplan and Meier: waits still open at the run's end are censored, not left out.
    """
    return m.log.waits["alert"].mean(m.week)


@metric(by="mission", unit="weeks", better="lower", over_run="run", source="B-M4, S33")
def reallocation_weeks(m: Model) -> np.ndarray:
    """Weeks from a cell's entry into the top tenth of threat, or the mandate's start, to a unit in reach; up to a year.

    Mean by Kaplan and Meier: a wait is censored at the run's end, and where the cell leaves the top tenth before.
    """
    return m.log.waits["reallocation"].mean(m.week)
