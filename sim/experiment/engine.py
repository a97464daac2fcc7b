"""Where batches are played: in this process, or on worker processes that survive nothing but their parent."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any, TypeVar

from loky import get_reusable_executor
from loky.process_executor import ShutdownExecutorError

from sim.errors import Problem, Problems
from sim.experiment.worker import prepare

Item = TypeVar("Item")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM")}
IDLE_SECONDS = 60


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

    def play(self, function: Callable[[Item], Any], items: Sequence[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item)) in order."""
        for item in items:
            yield item, function(item)


class Workers:
    """Plays items on worker processes of one thread each, in any order; needs no `__main__` guard and no network.

    Workers stay ready for a minute, so that the next call starts at once; an error or interrupt ends them.
    """

    def __init__(self, jobs: int) -> None:
        """Remember how many processes to use."""
        self.jobs = jobs
        self._flight: dict[Future, Any] = {}
        self._last: Any = None

    def __enter__(self) -> Workers:
        """Start nothing yet: processes come with the first item."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        """Kill the workers unless all ended well."""
        if kind is not None and self._last is not None:
            self._last.shutdown(wait=True, kill_workers=True)

    def play(self, function: Callable[[Item], Any], items: Sequence[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item)) as they finish; the result is None where it killed its worker twice.

        When a worker dies, what was in flight is played again, one item at a time, and the rest goes on as before.
        """
        todo = deque(items)
        while todo:
            try:
                yield from self._together(function, todo)
            except (BrokenProcessPool, ShutdownExecutorError):
                suspects = list(self._flight.values())
                self._flight.clear()
                for item in suspects:
                    yield item, self._alone(function, item)

    def _together(self, function: Callable[[Item], Any], todo: deque[Item]) -> Iterator[tuple[Item, Any]]:
        """Keep every worker busy with a short queue before it, until nothing is left."""
        pool = self._pool(self.jobs)
        while todo or self._flight:
            while todo and len(self._flight) < 2 * self.jobs:
                future = pool.submit(function, todo[0])
                self._flight[future] = todo.popleft()
            for future in wait(self._flight, return_when=FIRST_COMPLETED).done:
                result = future.result()
                yield self._flight.pop(future), result

    def _alone(self, function: Callable[[Item], Any], item: Item) -> Any:
        """Return the result of an item with a worker for itself, or None if it kills that one too."""
        try:
            return self._pool(1).submit(function, item).result()
        except (BrokenProcessPool, ShutdownExecutorError):
            return None

    def _pool(self, jobs: int) -> Any:
        """Return the pool of this process, started anew if it is broken or of another size."""
        self._last = get_reusable_executor(
            jobs, timeout=IDLE_SECONDS, initializer=prepare, initargs=(os.getpid(),), env=ONE_THREAD
        )
        return self._last


def engine(jobs: int) -> InProcess | Workers:
    """Return what plays on this number of processes."""
    return InProcess() if jobs == 1 else Workers(jobs)
