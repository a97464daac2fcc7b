"""What one run may take: seconds and megabytes; a run that takes more raises like any other that fails."""

from __future__ import annotations

import ctypes
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
"""Seconds after the limit until a process that does not listen is stopped from outside."""


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
        return None if self.seconds is None else self.seconds * runs + GRACE


NONE = Limits()
"""Without any limit."""


class TookTooLong(SimError):
    """A run that did not end in its time."""


@contextmanager
def limited(limits: Limits) -> Iterator[None]:
    """Raise TookTooLong or MemoryError in what is done inside as soon as it takes more than it may."""
    with _in_time(limits.seconds), _in_memory(limits.memory_mb):
        yield


@contextmanager
def _in_time(seconds: float | None) -> Iterator[None]:
    """Raise TookTooLong in this thread when the time is over, wherever Python stands then."""
    if seconds is None:
        yield
        return
    here, late = threading.get_ident(), threading.Event()

    def stop() -> None:
        late.set()
        _raise_in(here, TookTooLong)

    clock = threading.Timer(seconds, stop)
    clock.daemon = True
    clock.start()
    try:
        yield
    except TookTooLong as error:
        raise TookTooLong(f"no end after {seconds:g} s") from error.__cause__ or error
    finally:
        clock.cancel()
        if late.is_set():
            _raise_in(here, None)


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
