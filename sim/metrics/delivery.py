"""How far missions do what their mandates ask of them: working time that goes into each task, of that it calls for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.staff import COMPONENTS, TASK, TASKS, reinforcements
from sim.metrics.metric import metric, named_tasks, share, shared

if TYPE_CHECKING:
    from sim.model import Model

ARMED_COMPONENTS = 2  # troops and police, the first two, guard the mission; civilians and observers all work
DONE = 0.5  # a task counts as done if it got half of what it calls for [E17]


class Work:
    """What each mission's mandate calls for, worked out once for each mandate that comes into force.

    task, mission: the tasks that a mission's mandates ever name, a row each; of each such row now: priority, people
    called for, and priority for each of them (worth); by mission: priority called for (due).
    """

    def __init__(self, m: Model) -> None:
        pairs = [(TASK[task], k) for k, name in enumerate(m.actors.missions) for task in named_tasks(m.setup, name)]
        self.task, self.mission = np.array(pairs, np.int64).reshape(-1, 2).T
        self.most = np.zeros((len(COMPONENTS), len(m.actors.missions)))
        for k, name in enumerate(m.actors.missions):
            spec, more = m.setup.missions[name], reinforcements(m.setup, name)
            people = [max((n for _, n in getattr(spec, c)), default=0) + more[c] for c in COMPONENTS]
            self.most[:, k] = people * _working(spec.force_protection)
        self.priority, self.called, self.worth = np.zeros((3, self.task.size))
        self.due = np.zeros(len(m.actors.missions))
        self._seen: list[object] = [None] * len(m.actors.missions)

    def refresh(self, m: Model) -> None:
        """Take note of mandates that have begun or changed."""
        for k in range(m.missions.rows):
            mandate = m.mandates[k] if m.week >= m.missions.mandated[k] else None
            if mandate is not self._seen[k]:
                self._seen[k] = mandate
                wish = mandate.tasks if mandate else {}
                for row in np.flatnonzero(self.mission == k):
                    self.priority[row] = wish.get(TASKS[self.task[row]], 0.0)
                    call = m.missions.call[self.task[row], :, k]
                    self.called[row] = sum(float(x * people) for x, people in zip(call, self.most[:, k], strict=True))
                self.worth = self.priority / np.where(self.called > 0, self.called, np.inf)
                self.due = self.by_mission(self.called * self.worth)

    def by_mission(self, values: np.ndarray) -> np.ndarray:
        """Add up values of rows by mission, one after another, so that no other mission changes a bit."""
        return _sum_by(self.mission, values, self.most.shape[1])


def _working(guarding: float) -> np.ndarray:
    """Return the share of each component that works at tasks; the rest of the armed guard the mission itself."""
    return np.array([1.0 - guarding] * ARMED_COMPONENTS + [1.0] * (len(COMPONENTS) - ARMED_COMPONENTS))


@shared
def capacity(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the people at work on each task of each mission, and those that it calls for; a value per row of `Work`.

    At work: priority x staff share x share of that which it gets x people deployed and not on guard. Called for: the
    same of the most people ever authorised, less the guard of the mission's profile, whatever came: fixed beforehand.
    """
    work, t = m.log.work, m.missions
    work.refresh(m)
    return _used(t.served, t.deployed, t.guarding, work.task, work.mission), work.called


@njit(cache=True, nogil=True)
def _sum_by(key, values, size):
    """Add up values by key, one after another."""
    out = np.zeros(size)
    for i in range(key.size):
        out[key[i]] += values[i]
    return out


@njit(cache=True, nogil=True)
def _used(served, deployed, guarding, task, mission):
    """Add up the people of all components at work on each task; the armed ones less those on guard."""
    out = np.zeros(task.size)
    for i in range(out.size):
        k = mission[i]
        for c in range(deployed.shape[0]):
            working = 1.0 - guarding[k] if c < ARMED_COMPONENTS else 1.0
            out[i] += served[task[i], c, k] * deployed[c, k] * working
    return out


@metric(by=("mission", "task"), unit="share", better="higher", over_run="ratio", source="E17")
def task_delivery(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Capacity that a mission put into a task, of what the task calls for from the mandate on; only tasks it names."""
    return capacity(m)


@metric(by="mission", unit="share", better="higher", over_run="ratio", source="E17, B-M114")
def mandate_delivery(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Delivery of a mission's tasks, averaged by priority."""
    work, used = m.log.work, capacity(m)[0]
    return work.by_mission(used * work.worth), work.due


@metric(by="mission", unit="share", better="higher", over_run="run", source="E17")
def tasks_done_share(m: Model) -> np.ndarray:
    """Share of a mission's tasks that got more than half of the capacity they call for, over the run."""
    got, work = share(*m.log.ratios["task_delivery"].sum(axis=1)), m.log.work
    return share(work.by_mission((got > DONE) * 1.0), work.by_mission(~np.isnan(got) * 1.0))
