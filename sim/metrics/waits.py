"""Waiting times: from an alert, or danger, to somebody in reach; waits that never end are censored, not left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.actors.acts import Acts
    from sim.actors.table import Table
    from sim.model import Model

HORIZON = 52  # waits are averaged up to a year: what lasts longer counts as a year
TOP = 0.1  # definitions 4: the top tenth of threat
NONE, MET = -1, -2  # nobody waits; somebody has come, and what was waited for still lasts
EVERY = 4  # weeks after which it is worked out anew from where on a place is in it


class Waits:
    """Open waits of each mission by cell, and how many have ended or been broken off after so many weeks."""

    def __init__(self, missions: int, cells: int, weeks: int) -> None:
        self.since = np.full((missions, cells), NONE, np.int64)
        self.ended, self.censored = np.zeros((2, missions, weeks + 1))

    def note(
        self, missions: list[int], week: int, level: np.ndarray, least: float, near: np.ndarray, leave: bool = False
    ) -> None:
        """Open a wait of some missions in each cell where a level is at least so much; end it where one is in reach.

        level: by mission and cell, one row serving all; near: people in reach by kind, actor and cell. leave: the level
        is a state that a cell enters and leaves, and no signal that comes again: waits of cells below the least level
        are broken off, as censored, and a cell in which a wait has ended opens another only when it has been below.
        """
        who = np.array(missions, np.int64)
        _note(who, self.since, self.ended, self.censored, week, level, least, near, leave)

    def note_told(self, missions: list[int], week: int, items: Table, acts: Acts, near: np.ndarray) -> None:
        """Open a wait of some missions in each cell of which they were told this week; end it where one is in reach."""
        _note_told(
            np.array(missions, np.int64), self.since, self.ended, self.censored, week, items.place, items.told,
            items.false, acts.cell, acts.reported, near,
        )  # fmt: skip

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
def _note(missions, since, ended, censored, week, level, least, near, leave):
    """Bring the waits of some missions up to a week."""
    for n in range(missions.size):
        k = missions[n]
        row = level[min(n, level.shape[0] - 1)]
        _note_one(since[k], ended[k], censored[k], week, row, least, near[:, k], leave)


@njit(cache=True, nogil=True)
def _alerted(missions, place, told, false, cell, reported, cells):
    """Return 1 in the cells of which some missions were told this week, of a band (true or not) or an attack.

    (missions, cells).
    """
    out = np.zeros((missions.size, cells))
    for n in range(missions.size):
        k = missions[n]
        for b in range(told.shape[1]):
            if told[k, b]:
                out[n, place[k, b]] = 1.0
        for slot in range(false.shape[1]):
            if false[k, slot] >= 0:
                out[n, false[k, slot]] = 1.0
        for act in range(cell.size):
            if reported[k, act]:
                out[n, cell[act]] = 1.0
    return out


@njit(cache=True, nogil=True)
def _note_told(missions, since, ended, censored, week, place, told, false, cell, reported, near):
    """Bring the waits of some missions up to a week in which they were told of some cells."""
    said = _alerted(missions, place, told, false, cell, reported, since.shape[1])
    _note(missions, since, ended, censored, week, said, 1.0, near, False)


@njit(cache=True, nogil=True)
def _note_one(since, ended, censored, week, level, least, near, leave):
    """Bring the waits of one mission up to a week; near: (kinds, cells)."""
    for cell in range(since.size):
        wanted = level[cell] >= least
        if since[cell] < 0:
            if not wanted:
                since[cell] = NONE
            if not wanted or since[cell] == MET:
                continue
            since[cell] = week
        if near[0, cell] + near[1, cell] > 0:
            ended[week - since[cell]] += 1
            since[cell] = MET if leave and wanted else NONE
        elif leave and not wanted:
            censored[week - since[cell]] += 1
            since[cell] = NONE


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
    log = m.log
    if m.week % EVERY == 0:
        log.dangerous = _threshold(m.cells.threat, m.world.places)
    begins = m.missions.mandated.tolist()
    tasked = [k for k, week in enumerate(begins) if m.week >= week and m.mandates[k].tasks]
    log.waits["reallocation"].note(tasked, m.week, m.cells.threat[None], log.dangerous, m.reach, leave=True)
    told = [k for k in tasked if k in m.at_work]
    if told:
        log.waits["alert"].note_told(told, m.week, m.items, m.acts, m.reach)


def _threshold(threat: np.ndarray, places: np.ndarray) -> float:
    """Return the threat from which on a place is in the top tenth; above zero."""
    if places.size == 0:
        return np.inf
    k = int((1 - TOP) * (places.size - 1))
    return max(float(np.partition(threat[places], k)[k]), 1e-300)


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
