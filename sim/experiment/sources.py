"""Where the finished batches of a study are: in memory or in a folder, read alike."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from sim.experiment.store import Store
from sim.experiment.worker import Outcome


class Memory:
    """Batches held in memory."""

    folder = None

    def __init__(self, batches: dict[int, dict[str, pa.Table]] | None = None) -> None:
        """Start with the batches given, each a dict of tables by name."""
        self.batches = dict(batches or {})

    def done(self) -> set[int]:
        """Return the numbers of the finished batches."""
        return set(self.batches)

    def accept(self, outcome: Outcome) -> None:
        """Keep a batch's tables."""
        if outcome.tables is not None:
            self.batches[outcome.number] = outcome.tables

    def read(self, table: str) -> list[pa.Table]:
        """Return a table's pieces in order of batch."""
        return [self.batches[k][table] for k in sorted(self.batches) if table in self.batches[k]]

    def items(self) -> Iterator[tuple[int, dict[str, pa.Table]]]:
        """Yield each finished batch with its tables by name."""
        yield from sorted(self.batches.items())

    def forget(self, batch: int) -> None:
        """Take a batch back."""
        del self.batches[batch]


class Folder(Store):
    """Batches in a study's folder; the processes that play them write them."""

    def accept(self, outcome: Outcome) -> None:
        """Write what the batch's process did not, and note in the log how long it took."""
        if outcome.tables is not None:
            self.write(outcome.number, outcome.tables)
        self.note("batch", batch=outcome.number, runs=outcome.runs, seconds=round(outcome.seconds, 3))

    def items(self) -> Iterator[tuple[int, dict[str, pa.Table]]]:
        """Yield each finished batch with its tables by name."""
        names = self.tables()
        for number in sorted(self.done()):
            yield number, {name: self.part(name, number) for name in names}
