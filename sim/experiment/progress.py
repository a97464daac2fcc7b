"""Progress of long work: a bar with time left on a terminal, plain lines elsewhere, nothing if not wanted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Advance = Callable[[int], None]
EVERY_SECONDS = 10.0


@contextmanager
def progress(total: int, what: str, show: bool | None = None) -> Iterator[Advance]:
    """Yield a function that is told how much more is done; the bar stands on standard error."""
    if show is False:
        yield lambda n: None
    elif sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(what, total=total)
            yield lambda n: bar.advance(task, n)
    else:
        yield Lines(total, what)


def _bar() -> Progress:
    """Return the bar: what, how far, how many of how many, time gone, time left."""
    left = TextColumn("left", style="dim")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn(), left)  # fmt: skip
    return Progress(*columns, console=Console(stderr=True))


class Lines:
    """Prints a plain line every ten seconds: `12 of 40 runs, 31 s left`."""

    def __init__(self, total: int, what: str, every: float = EVERY_SECONDS) -> None:
        """Start the clock."""
        self.total, self.what, self.every, self.done = total, what, every, 0
        self.start = self.told = time.monotonic()

    def __call__(self, n: int) -> None:
        """Count n more, and say so if the last line is old enough."""
        self.done += n
        now = time.monotonic()
        if now - self.told >= self.every and self.done < self.total:
            self.told = now
            left = (now - self.start) / self.done * (self.total - self.done)
            print(f"{self.what}: {self.done} of {self.total}, {duration(left)} left", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Return a time in words: 48 s, 6 min, 1.5 h."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
