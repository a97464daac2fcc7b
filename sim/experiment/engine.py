"""Where items are played: in this process, or on worker processes that no other's death touches.

An engine is a context with one method, `play`. Its results come in any order, and in place of a result comes `Died`
where a process ended, or took longer than it may, while it played.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import cloudpickle
from loky.backend.context import LokyContext
from loky.backend.process import LokyProcess
from pebble import ProcessExpired, ProcessPool

from sim.errors import Problem, Problems
from sim.experiment.worker import prepare

Item = TypeVar("Item")
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM")}
IDLE_SECONDS = 60


class Died(NamedTuple):
    """What comes in place of a result where the process of an item ended before it; `why` says how."""

    why: str


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


class OneThread(LokyProcess):
    """A process whose libraries calculate on one thread each."""

    def __init__(self, *args: Any, **more: Any) -> None:
        """Begin like any other, with the environment that says so."""
        super().__init__(*args, env=ONE_THREAD, **more)


class Fresh(LokyContext):
    """Starts processes afresh: nothing is inherited, and no `__main__` guard is needed."""

    Process = OneThread


@dataclass
class _Ready:
    """The pool that stays for the next call, and the clock that ends it when none comes."""

    pool: ProcessPool | None = None
    jobs: int = 0
    clock: threading.Timer | None = None

    def take(self, jobs: int) -> ProcessPool:
        """Return a pool of this many processes: the one that is there if it fits and works."""
        if self.clock is not None:
            self.clock.cancel()
        if self.pool is None or self.jobs != jobs or not self.pool.active:
            self.end()
            self.pool, self.jobs = _pool(jobs), jobs
        return self.pool

    def leave(self) -> None:
        """Keep the pool for a minute."""
        self.clock = threading.Timer(IDLE_SECONDS, self.end)
        self.clock.daemon = True
        self.clock.start()

    def end(self) -> None:
        """Kill the processes, whatever they do."""
        pool, self.pool = self.pool, None
        if pool is not None:
            pool.stop()
            pool.join()


_ready = _Ready()


class Workers:
    """Plays items on worker processes of one thread each; needs no `__main__` guard and no network.

    Workers stay ready for a minute, so that the next call starts at once; an error or interrupt ends them.
    """

    def __init__(self, jobs: int, seconds: Callable[[Any], float | None] | None = None) -> None:
        """Remember how many processes to use, and how long an item may take (None: as long as it likes)."""
        self.jobs, self.seconds = jobs, seconds

    def __enter__(self) -> Workers:
        """Start nothing yet: processes come with the first item."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        """Kill the workers unless all ended well."""
        if kind is None:
            _ready.leave()
        else:
            _ready.end()

    def play(self, function: Callable[[Item], Any], items: Iterable[Item]) -> Iterator[tuple[Item, Any]]:
        """Yield (item, function(item) or Died) as they finish, with a short queue before every worker."""
        flight: dict[Future, Item] = {}
        coming = iter(items)
        while True:
            while len(flight) < 2 * self.jobs and (item := next(coming, flight)) is not flight:
                flight[self._start(function, item)] = item  # type: ignore[arg-type, assignment]
            if not flight:
                return
            for future in wait(flight, return_when=FIRST_COMPLETED).done:
                yield flight.pop(future), _result(future)

    def _start(self, function: Callable[[Item], Any], item: Item) -> Future:
        """Send an item to the next free worker."""
        most = None if self.seconds is None else self.seconds(item)
        parcel = cloudpickle.dumps((function, item))
        return _ready.take(self.jobs).schedule(opened, args=[parcel], timeout=most)


def opened(parcel: bytes) -> Any:
    """Do what a parcel says: a function and what it is given."""
    function, item = cloudpickle.loads(parcel)
    return function(item)


def _result(future: Future) -> Any:
    """Return what came of an item, or how its process ended."""
    try:
        return future.result()
    except ProcessExpired as end:
        return Died(f"it ended {_how(end.exitcode)}")
    except TimeoutError as late:
        return Died(f"it was stopped, no end after {late.args[1]:.0f} s" if len(late.args) > 1 else str(late))


def _how(code: int | None) -> str:
    """Say how a process ended: by which signal, or with which code."""
    if code is not None and code < 0:
        return f"by signal {-code}" + (", perhaps for lack of memory" if code == -9 else "")
    return f"with code {code}"


def _pool(jobs: int) -> ProcessPool:
    """Return a new pool; its processes end with this one."""
    return ProcessPool(max_workers=jobs, context=Fresh(), initializer=prepare, initargs=[os.getpid()])  # type: ignore[arg-type]


def engine(jobs: int) -> InProcess | Workers:
    """Return what plays on this number of processes."""
    return InProcess() if jobs == 1 else Workers(jobs)
