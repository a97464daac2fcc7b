"""Where items are played: in this process, or on worker processes that no other's death touches.

An engine is a context with one method, `play`. Its results come in any order, and in place of a result comes `Died`
where a process ended, or took longer than it may, while it played.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import LifoQueue
from typing import Any, Protocol, TypeVar

import cloudpickle

from sim.errors import Problem, Problems
from sim.experiment.process import Died, WorkerProcess, opened

__all__ = ["Died", "Engine", "InProcess", "Workers", "as_jobs", "cores", "engine"]
Item = TypeVar("Item")
IDLE_SECONDS = 60


class Engine(Protocol):
    """What plays items; `jobs` is how many at a time."""

    jobs: int

    def __enter__(self) -> Any:
        """Make ready."""

    def __exit__(self, *error: Any) -> None:
        """Clean up; after an error nothing goes on."""

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item) or Died); items are taken as they are needed."""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def as_jobs(jobs: int | None) -> int:
    """Return the number of processes: all cores this process may use if not said.

    Raises Problems unless it is a whole number from 1.
    """
    if jobs is None:
        return cores()
    if isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1:
        raise Problems([Problem("jobs", jobs, "a whole number of processes from 1")])
    return jobs


class InProcess:
    """Plays items here, one after the other."""

    jobs = 1

    def __enter__(self) -> InProcess:
        """Start nothing."""
        return self

    def __exit__(self, *error: object) -> None:
        """End nothing."""

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item)) in order."""
        for item in items:
            yield item, function(item)


class _Team:
    """Worker processes, each with a thread here that sends it one item after the other."""

    def __init__(self, jobs: int) -> None:
        """Start nothing yet: processes come with the first item."""
        self.jobs = jobs
        self._threads = ThreadPoolExecutor(jobs)
        self._workers = [WorkerProcess() for _ in range(jobs)]
        self._idle: LifoQueue[WorkerProcess] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def give(self, parcel: bytes, seconds: float | None) -> Future:
        """Let the next free worker do what a parcel says."""
        return self._threads.submit(self._do, parcel, seconds)

    def _do(self, parcel: bytes, seconds: float | None) -> bytes | Died:
        """Return, packed, what comes of a parcel, or how the process that had it died; the worker is then free."""
        worker = self._idle.get()
        try:
            return worker.answer(parcel, seconds)
        finally:
            self._idle.put(worker)

    def end(self) -> None:
        """Kill the processes, whatever they do."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()
        self._threads.shutdown()
        for worker in self._workers:
            worker.bury()


class _Ready:
    """The team that stays for the next call, and the clock that ends it when none comes."""

    def __init__(self) -> None:
        """Start without any."""
        self._team: _Team | None = None
        self._clock: threading.Timer | None = None
        self._lock = threading.Lock()

    def take(self, jobs: int) -> _Team:
        """Return a team of this many, the one that is there if it fits; nobody else has it until it is left."""
        with self._lock:
            team, self._team = self._team, None
            if self._clock is not None:
                self._clock.cancel()
        if team is not None and team.jobs == jobs:
            return team
        if team is not None:
            team.end()
        return _Team(jobs)

    def leave(self, team: _Team) -> None:
        """Keep a team for a minute."""
        self.end()
        with self._lock:
            self._team, self._clock = team, threading.Timer(IDLE_SECONDS, self.end)
            self._clock.daemon = True
            self._clock.start()

    def end(self) -> None:
        """End the team that is there."""
        with self._lock:
            team, self._team = self._team, None
        if team is not None:
            team.end()


_ready = _Ready()


class Workers:
    """Plays items on worker processes of one thread each; needs no `__main__` guard and no network.

    Workers stay ready for a minute, so that the next call starts at once; an error or interrupt ends them.
    """

    _team: _Team

    def __init__(self, jobs: int, seconds: Callable[[Any], float | None] | None = None) -> None:
        """Remember how many processes to use, and how long an item may take (None: as long as it likes)."""
        self.jobs, self.seconds = jobs, seconds

    def __enter__(self) -> Workers:
        """Take a team, or those that are still there from before."""
        self._team = _ready.take(self.jobs)
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Kill the workers unless all ended well."""
        if kind is None:
            _ready.leave(self._team)
        else:
            self._team.end()

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item) or Died) as they finish, with a short queue before the workers."""
        flight: dict[Future, Item] = {}
        coming = iter(items)
        while True:
            while len(flight) < 2 * self.jobs and (item := next(coming, flight)) is not flight:
                flight[self._start(function, item)] = item  # type: ignore[arg-type, assignment]
            if not flight:
                return
            for future in wait(flight, return_when=FIRST_COMPLETED).done:
                yield flight.pop(future), opened(future.result())

    def _start(self, function: Callable[[Item], Any], item: Item) -> Future:
        """Send an item to the next free worker."""
        most = None if self.seconds is None else self.seconds(item)
        return self._team.give(cloudpickle.dumps((function, item)), most)


def engine(jobs: int) -> InProcess | Workers:
    """Return what plays on this number of processes."""
    return InProcess() if jobs == 1 else Workers(jobs)
