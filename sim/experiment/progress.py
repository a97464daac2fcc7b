"""Progress of long work: a bar with time left on a terminal, plain lines elsewhere, nothing if not wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Advance(Protocol):
    """Is told how much more is done, and how many of that failed."""

    def __call__(self, n: int, failed: int = 0) -> None:
        """Count."""


EVERY_SECONDS = 10.0


@contextmanager
def progress(total: int, what: str, show: bool | None = None) -> Iterator[Advance]:
    """Yield a function that is told how much more is done; the bar stands on standard error."""
    if show is False:
        yield lambda n, failed=0: None
    elif sys.stderr.isatty():
        with _bar() as bar:
            yield Drawn(bar, total, what)
    else:
        yield Lines(total, what)


def _bar() -> Progress:
    """Return the bar: what, how far, how many of how many, time gone, time left."""
    left = TextColumn("left", style="dim")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn(), left)  # fmt: skip
    return Progress(*columns, console=Console(stderr=True))


class Drawn:
    """Moves the bar, and says beside it how fast it goes and how many failed."""

    def __init__(self, bar: Progress, total: int, what: str) -> None:
        """Start the clock."""
        self.bar, self.what, self.done, self.failed, self.start = bar, what, 0, 0, time.monotonic()
        self.task = bar.add_task(what, total=total)

    def __call__(self, n: int, failed: int = 0) -> None:
        """Count n more, and how many of them failed."""
        self.done, self.failed = self.done + n, self.failed + failed
        told = f"{self.what}, {pace(self.done, time.monotonic() - self.start, self.failed)}"
        self.bar.update(self.task, advance=n, description=told)


class Lines:
    """Prints a plain line every ten seconds: `12 of 40, 0.4 a second, 31 s left`."""

    def __init__(self, total: int, what: str, every: float = EVERY_SECONDS) -> None:
        """Start the clock."""
        self.total, self.what, self.every, self.done, self.failed = total, what, every, 0, 0
        self.start = self.told = time.monotonic()

    def __call__(self, n: int, failed: int = 0) -> None:
        """Count n more, and say so if the last line is old enough."""
        self.done, self.failed = self.done + n, self.failed + failed
        now = time.monotonic()
        if now - self.told >= self.every and self.done < self.total:
            self.told = now
            left = (now - self.start) / self.done * (self.total - self.done)
            told = f"{self.done} of {self.total}, {pace(self.done, now - self.start, self.failed)}"
            print(f"{self.what}: {told}, {duration(left)} left", file=sys.stderr, flush=True)


def pace(done: int, seconds: float, failed: int = 0) -> str:
    """Return how fast it goes, and how many failed if any did: `3.1 a second, 2 failed`."""
    return f"{done / max(seconds, 1e-9):.2g} a second" + (f", {failed} failed" if failed else "")


def duration(seconds: float) -> str:
    """Return a time in words: 48 s, 6 min, 1.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
