"""What one process does: play a batch of runs, each from a fresh model, and hand over or write its tables."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import os
import re
import signal
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.errors import Problems
from sim.experiment.limits import NONE, Limits, within
from sim.experiment.plan import Run
from sim.experiment.store import Store
from sim.experiment.tables import as_stream, from_stream, joined, to_arrow
from sim.scenario import Scenario

PACKAGE = Path(__file__).resolve().parents[1]
TAIL = 4
_DEATH_SIGNAL = 1
"""The number by which Linux is told to signal a process at its parent's death."""


@dataclass(frozen=True)
class Task:
    """A batch with all that is needed to play it anywhere: a scenario for each run, to which its unknowns are set."""

    number: int
    runs: tuple[tuple[Run, Scenario], ...]
    keep: tuple[str, ...]
    folder: str | None = None
    model: type | None = None
    limits: Limits = NONE
    weeks: int | None = None
    """How many weeks are played; None: all."""

    def singles(self) -> list[Task]:
        """Return a task for each run alone, whose tables are handed over."""
        return [replace(self, runs=(pair,), folder=None) for pair in self.runs]


class Failure(NamedTuple):
    """A run that raised: which, what it said, and the last places it came through."""

    run: Run
    error: str
    tail: str


class Outcome(NamedTuple):
    """What came of a batch: tables by name (none if they were written to the folder), failures, seconds."""

    number: int
    runs: int
    tables: dict[str, pa.Table] | None
    failures: tuple[Failure, ...]
    seconds: float

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel with each table as Arrow's own stream, which takes a tenth of the time that its columns take alone."""
        packed = self.tables and {name: as_stream(table) for name, table in self.tables.items()}
        return _arrived, (self.number, self.runs, packed, self.failures, self.seconds)


def _arrived(number: int, runs: int, packed: dict[str, bytes] | None, *rest: Any) -> Outcome:
    """Return an outcome that has travelled."""
    tables = packed and {name: from_stream(stream) for name, stream in packed.items()}
    return Outcome(number, runs, tables, *rest)


def play_batch(task: Task) -> Outcome:
    """Play the runs of a batch; one that raises is recorded and the others go on."""
    start, pieces, failures = time.perf_counter(), [], []
    the_model(task.model)  # what is loaded once counts against no run's limits
    for run, setup in task.runs:
        try:
            pieces.append(within(task.limits, partial(play, run, setup, task.keep, task.model, task.weeks)))
        except Exception as error:
            failures.append(Failure(run, _said(error), _tail(error)))
            pieces.append({"runs": failed_row(failures[-1])})
    tables = together(pieces)
    if task.folder is not None:
        Store(task.folder).write(task.number, tables)
    kept = tables if task.folder is None else None
    return Outcome(task.number, len(task.runs), kept, tuple(failures), time.perf_counter() - start)


def together(pieces: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """Return the tables of several runs, each below those before it."""
    names = dict.fromkeys(name for piece in pieces for name in piece)
    return {name: joined([p[name] for p in pieces if name in p]) for name in names}


def play(
    run: Run, setup: Scenario, keep: tuple[str, ...], model: type | None = None, weeks: int | None = None
) -> dict[str, pa.Table]:
    """Play one run, or its first weeks, and return its tables; `runs` is its summary with its id.

    The model is freed whatever happens.
    """
    unknowns = dict(run.unknowns)
    turned = setup.but(unknowns) if unknowns else setup
    played = the_model(model)(turned, run.seed, keep=keep)
    try:
        if weeks is None:
            played.run()
        for _ in range(weeks or 0):
            played.step()
        tables = played.tables()
    finally:
        played.dispose()
    arrow = {name: to_arrow(_labelled(tables[name], run)) for name in keep if name != "summary"}
    return arrow | {"runs": to_arrow(_run_row(tables["summary"], run))}


def the_model(other: type | None = None) -> type:
    """Return the model, or the other one if there is one; imported here, so that reading results needs no Mesa."""
    if other is not None:
        return other
    from sim.model import Model

    return Model


def _labelled(frame: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return a table under the label that the scenario has in this study; in a sweep with the run's place in it."""
    frame = frame.assign(scenario=run.scenario, seed=run.seed)
    for place, (name, value) in enumerate(run.place, 2):
        frame.insert(place, name, np.int64(value))
    return frame


def _run_row(summary: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return the row that stands for a run: id, scenario, seed, error (none), its inputs, then its summary."""
    metrics = summary.drop(columns=["scenario", "seed"], errors="ignore").reset_index(drop=True)
    return pd.concat([_head(run, None), metrics], axis=1)


def failed_row(failure: Failure) -> pa.Table:
    """Return the row that stands for a run that raised: id, scenario, seed, error with its last places, inputs."""
    return to_arrow(_head(failure.run, f"{failure.error}\n{failure.tail}".rstrip()))


def _head(run: Run, error: str | None) -> pd.DataFrame:
    """Return what a run is, in one row."""
    known = {"id": run.id, "scenario": run.scenario, "seed": run.seed, "error": error}
    return pd.DataFrame({name: [value] for name, value in {**known, **dict(run.place), **dict(run.inputs)}.items()})


def _said(error: BaseException) -> str:
    """Return an error in one line; what a user can mend stands by itself."""
    first = str(error).strip().splitlines() or [""]
    if isinstance(error, Problems):
        return first[0]
    return f"{type(error).__name__}: {first[0]}".rstrip(": ")


def _tail(error: BaseException) -> str:
    """Return the last places an error came through, files named from the project's folder; none for a user's fault."""
    if isinstance(error, Problems):
        return ""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename != __file__][-TAIL:]
    return "\n".join(f"  {_place(f.filename)}:{f.lineno} in {f.name}: {f.line}" for f in frames)


def _place(file: str) -> str:
    """Return a file's path from the project's folder, or its bare name if it lies elsewhere."""
    path = Path(file)
    return str(path.relative_to(PACKAGE.parent)) if path.is_relative_to(PACKAGE) else path.name


def last_places(dump: str) -> str:
    """Return the last places that a process came through, told as those of an error, from what it said at its end."""
    found = re.findall(r'^  File "(.+)", line (\d+) in (\S+)$', dump, re.MULTILINE)
    places = [(file, line, name) for file, line, name in found if file != __file__][:TAIL]
    return "\n".join(f"  {_place(file)}:{line} in {name}" for file, line, name in reversed(places))


def prepare(parent: int, trace: int) -> None:
    """Make a worker ready: interrupts are its parent's business, and when that is gone it ends.

    trace: the file descriptor to which it says where it is when a fault or its alarm ends it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable(trace, all_threads=False)
    if hasattr(signal, "SIGALRM"):
        faulthandler.register(signal.SIGALRM, trace, all_threads=False, chain=True)
    with contextlib.suppress(AttributeError, OSError, TypeError):  # Linux ends it even where it holds Python's lock
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int, every: float = 0.5) -> Any:
    """End this process as soon as its parent is another than it was."""
    while os.getppid() == parent:
        time.sleep(every)
    os._exit(1)
