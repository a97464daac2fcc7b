"""A study's folder: a manifest, a part file for each table and batch, a log. Files appear whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import SimError

try:
    import fcntl
except ImportError:  # Windows: two writers at once are then the user's care
    fcntl = None  # type: ignore[assignment]

RUNS = "runs"


class Store:
    """One study on disk. `runs` is written last for each batch, so a batch is finished if its runs are there."""

    def __init__(self, folder: str | Path) -> None:
        """Point at a folder, which need not exist yet."""
        self.folder = Path(folder)

    def __repr__(self) -> str:
        """Read as the folder."""
        return f"<Store {self.folder}>"

    @property
    def manifest(self) -> dict[str, Any] | None:
        """What the study is, or None where there is none.

        Raises SimError if it cannot be read.
        """
        file = self.folder / "manifest.json"
        try:
            told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
        except (OSError, ValueError) as error:
            raise SimError(f"{file}: cannot be read: {error}") from None
        if not isinstance(told, dict | None):
            raise SimError(f"{file}: is not that of a study")
        return told

    def describe(self, manifest: Mapping[str, Any]) -> None:
        """Write what the study is."""
        text = json.dumps(manifest, indent=1, allow_nan=False) + "\n"
        _whole(self.folder / "manifest.json", lambda f: f.write(text.encode()))

    def done(self) -> set[int]:
        """Return the numbers of the batches that are finished."""
        return {_number(file) for file in self._parts(RUNS)}

    def write(self, batch: int, tables: Mapping[str, pa.Table]) -> None:
        """Write the tables of a batch; the same tables give the same bytes."""
        for name in sorted(tables, key=lambda t: (t == RUNS, t)):
            _whole(self._file(name, batch), lambda f, table=tables[name]: _as_parquet(table, f))  # type: ignore[misc]

    def forget(self, batch: int) -> None:
        """Take a batch back, its `runs` first."""
        for name in (RUNS, *sorted(self.tables() - {RUNS})):
            self._file(name, batch).unlink(missing_ok=True)

    def tables(self) -> set[str]:
        """Return the names of the tables that have parts."""
        return {file.parent.name for file in self.folder.glob("*/part-*.parquet")}

    def read(self, table: str) -> list[pa.Table]:
        """Return the parts of a table whose batches are finished, in order of batch."""
        return list(self.parts(table))

    def parts(self, table: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """Yield the parts of a table whose batches are finished, in order of batch, all of their columns or some."""
        for number in sorted(self.done()):
            if self._file(table, number).exists():
                yield self.part(table, number, columns)

    def part(self, table: str, batch: int, columns: list[str] | None = None) -> pa.Table:
        """Return one batch's part of a table, all of its columns or some.

        Raises SimError if it cannot be read.
        """
        file = self._file(table, batch)
        with _readable(file):
            return pq.read_table(file, columns=columns, partitioning=None)

    def column(self, table: str, batch: int, name: str) -> list[Any]:
        """Return one column of a part as plain values. Raises SimError if it cannot be read."""
        return self.part(table, batch, [name])[name].to_pylist()

    def rows(self, table: str, batch: int) -> int:
        """Return how many rows a part has. Raises SimError if it cannot be read."""
        with _readable(self._file(table, batch)):
            return pq.read_metadata(self._file(table, batch)).num_rows

    def has(self, table: str, batch: int) -> bool:
        """Say whether there is a part of a table for a batch."""
        return self._file(table, batch).exists()

    def size(self) -> int:
        """Return the bytes of all parts."""
        return sum(file.stat().st_size for file in self.folder.glob("*/part-*.parquet"))

    def clear(self) -> None:
        """Remove what a study writes here, and nothing else."""
        for name in self.tables():
            for file in self._parts(name):
                file.unlink()
            with contextlib.suppress(OSError):
                (self.folder / name).rmdir()
        shutil.rmtree(self.folder / "log", ignore_errors=True)
        (self.folder / "manifest.json").unlink(missing_ok=True)

    def note(self, event: str, **facts: object) -> None:
        """Add a line to the log, the only place for clocks, hosts and workers."""
        line = {"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "host": platform.node(), "event": event, **facts}
        with self._log("runs.jsonl") as log:
            log.write(json.dumps(line) + "\n")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other writers out; the lock goes with the process, however it ends.

        Raises SimError if another process writes here.
        """
        with self._log("lock") as file:
            if fcntl is not None:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    raise SimError(f"{self.folder}: another process is writing here") from None
            yield

    def _log(self, name: str) -> IO[str]:
        """Open a file of the log to add to it."""
        home = self.folder / "log"
        try:
            home.mkdir(parents=True, exist_ok=True)
            return (home / name).open("a", encoding="utf-8")
        except OSError as error:
            raise SimError(f"{self.folder}: cannot be written: {error.strerror}") from None

    def _file(self, table: str, batch: int) -> Path:
        """Return where a part is."""
        return self.folder / table / f"part-{batch:06d}.parquet"

    def _parts(self, table: str) -> list[Path]:
        """Return the parts of one table, in order of batch."""
        return sorted((self.folder / table).glob("part-*.parquet"))


@contextlib.contextmanager
def _readable(file: Path) -> Iterator[None]:
    """Say in one line that a part cannot be read."""
    try:
        yield
    except (OSError, KeyError, pa.ArrowException) as error:
        raise SimError(f"{file}: cannot be read: {error}") from None


def _as_parquet(table: pa.Table, file: IO[bytes]) -> None:
    """Write a table; only its texts get a dictionary, which numbers seldom repay."""
    texts = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(table, file, compression="zstd", use_dictionary=texts)


def _number(file: Path) -> int:
    """Return the batch of a part."""
    return int(file.stem.removeprefix("part-"))


def _whole(file: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that it is there whole or not at all; the dot hides it from readers until then."""
    file.parent.mkdir(parents=True, exist_ok=True)
    hidden = file.with_name(f".{file.name}.tmp")
    try:
        with hidden.open("wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        hidden.replace(file)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
