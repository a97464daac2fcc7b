"""What one run may take: seconds and megabytes; a run that takes more raises like any other that fails."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sim.errors import SimError

try:
    import resource
except ImportError:  # Windows has no such limits: a process that takes too much is ended by the system
    resource = None  # type: ignore[assignment]

T = TypeVar("T")

GRACE = 10.0
"""The most seconds that are given, after the limit, to a run that does not listen."""


@dataclass(frozen=True)
class Limits:
    """What one run may take; None is without limit. seconds: on the clock. memory_mb: above what its process has."""

    seconds: float | None = None
    memory_mb: int | None = None

    def __bool__(self) -> bool:
        """Say whether there is any limit."""
        return self.seconds is not None or self.memory_mb is not None

    def hard(self, runs: int) -> float | None:
        """Return the seconds after which a process that plays this many runs is stopped from outside."""
        return None if self.seconds is None else runs * _late(self.seconds) + GRACE


NONE = Limits()
"""Without any limit."""


class TookTooLong(SimError):
    """A run that did not end in its time."""


def within(limits: Limits, work: Callable[[], T]) -> T:
    """Return what some work returns; raise TookTooLong or MemoryError in it as soon as it takes more than it may."""
    if limits.seconds is None:
        return _in_memory(limits.memory_mb, work)
    return _in_time(limits.seconds, lambda: _in_memory(limits.memory_mb, work))


def _late(seconds: float) -> float:
    """Return after how long a run ends that does not listen at its limit: twice as long, at most GRACE more."""
    return seconds + min(max(seconds, 1.0), GRACE)


def _in_time(seconds: float, work: Callable[[], T]) -> T:
    """Raise TookTooLong in this thread when the time is over; work that does not listen ends with its process.

    What the clock raises can fall between any two steps, so all between its start and its end is inside `try`.
    """
    clock = _Clock(seconds)
    try:
        try:
            clock.start()
            return work()
        finally:
            clock.stop()
    except TookTooLong as error:
        error.args = (f"no end after {seconds:g} s",)
        raise
    finally:
        clock.stop()  # again: what the clock raises, once, can fall into the first


class _Clock:
    """Raises TookTooLong in the thread that makes it: at most once, and only between `start` and `stop`.

    It uses bare locks, and waits for none in that thread: what is raised inside an Event would leave its lock taken.
    """

    def __init__(self, seconds: float) -> None:
        """Get its own thread ready; it raises nothing yet."""
        self._seconds, self._thread, self._gone = seconds, threading.get_ident(), False
        self._begin, self._end = threading.Lock(), threading.Lock()
        for gate in (self._begin, self._end):
            gate.acquire()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        """Wait until it is started; raise in the other thread unless it is stopped in time."""
        self._begin.acquire()
        if not self._end.acquire(timeout=min(self._seconds, threading.TIMEOUT_MAX)):
            _raise_in(self._thread, TookTooLong)
        self._gone = True

    def start(self) -> None:
        """Let it raise from now on, and set the system's alarm for work that does not listen."""
        _alarm(_late(self._seconds))
        self._begin.release()

    def stop(self) -> None:
        """Stop it, and take back what was not raised yet."""
        _alarm(0)
        for gate in (self._begin, self._end):
            if gate.locked():
                gate.release()
        while not self._gone:
            time.sleep(1e-5)
        _raise_in(self._thread, None)


def _alarm(seconds: float) -> None:
    """Let the system end this process after some seconds, whatever it does then; 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, min(seconds, threading.TIMEOUT_MAX))


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise an error in a thread at its next step in Python, or take back one that was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )


def _in_memory(megabytes: int | None, work: Callable[[], T]) -> T:
    """Let this process take no more address space than it has and so many megabytes; Linux holds to it."""
    if megabytes is None or resource is None or not Path("/proc/self/statm").exists():
        return work()
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    most = sys.maxsize if before[1] == resource.RLIM_INFINITY else before[1]
    try:
        resource.setrlimit(resource.RLIMIT_AS, (min(now + megabytes * 2**20, most), before[1]))
        return work()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
