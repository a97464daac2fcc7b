"""What one run may take: seconds and megabytes; a run that takes more raises like any other that fails."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sim.errors import SimError

try:
    import resource
except ImportError:  # Windows has no such limits: a process that takes too much is ended by the system
    resource = None  # type: ignore[assignment]

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


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Raise TookTooLong or MemoryError in what is done inside as soon as it takes more than it may."""
    with _in_time(limits.seconds), _in_memory(limits.memory_mb):
        yield


def _late(seconds: float) -> float:
    """Return after how long a run ends that does not listen at its limit: twice as long, at most GRACE more."""
    return seconds + min(max(seconds, 1.0), GRACE)


@contextmanager
def _in_time(seconds: float | None) -> Iterator[None]:
    """Raise TookTooLong in this thread when the time is over; a run that does not listen ends with its process."""
    if seconds is None:
        yield
        return
    clock = _Clock(seconds)
    try:
        try:
            yield
        finally:
            clock.stop()
    except TookTooLong as error:
        error.args = (f"no end after {seconds:g} s",)
        raise
    finally:
        clock.stop()  # again: what the clock raises, once, can fall into the first


class _Clock:
    """Raises TookTooLong in the thread that starts it, at most once and never after `stop` has returned."""

    def __init__(self, seconds: float) -> None:
        """Start it, and the system's alarm for a run that does not listen."""
        self._thread, self._lock, self._over = threading.get_ident(), threading.Lock(), False
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._timer.start()
        _alarm(_late(seconds))

    def _ring(self) -> None:
        """Raise it."""
        with self._lock:
            if not self._over:
                _raise_in(self._thread, TookTooLong)

    def stop(self) -> None:
        """Stop it, and take back what was not raised yet."""
        _alarm(0)
        self._timer.cancel()
        with self._lock:
            self._over = True
            _raise_in(self._thread, None)


def _alarm(seconds: float) -> None:
    """Let the system end this process after some seconds, whatever it does then; 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise an error in a thread at its next step in Python, or take back one that was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )


@contextmanager
def _in_memory(megabytes: int | None) -> Iterator[None]:
    """Let this process take no more address space than it has and so many megabytes; Linux holds to it."""
    if megabytes is None or resource is None or not Path("/proc/self/statm").exists():
        yield
        return
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (now + megabytes * 2**20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
