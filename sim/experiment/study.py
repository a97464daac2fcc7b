"""A study: a plan, what is finished of it, and the playing of what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import SimError
from sim.experiment.engine import engine
from sim.experiment.manifest import about_here, manifest, misfit, plan_from
from sim.experiment.plan import Batch, Misfit, Plan
from sim.experiment.playing import play_all
from sim.experiment.progress import progress
from sim.experiment.sources import Folder, Memory
from sim.experiment.worker import Failure, Task

Pairs = Iterable[tuple[str, int]]


class Interrupted(KeyboardInterrupt):
    """The user stopped a study; the message says what is kept and how to go on."""


@dataclass(frozen=True)
class Study:
    """What is to be played, where it goes, which tables are kept, and (for tests) another model than ours."""

    plan: Plan
    source: Memory | Folder
    keep: tuple[str, ...]
    model: type | None = None

    @property
    def folder(self) -> Path | None:
        """The folder on disk, or None for a study in memory."""
        return self.source.folder

    def with_plan(self, plan: Plan) -> Study:
        """Return the study with a longer plan."""
        return replace(self, plan=plan)

    def saved(self, out: str | Path) -> Study:
        """Write every finished batch to a new folder and return the study there.

        Raises SimError if the folder holds a study already.
        """
        folder = Folder(out)
        if folder.manifest is not None:
            raise SimError(f"{folder.folder}: holds a study already; choose another folder")
        refuse_strangers(folder)
        with folder.locked():
            folder.describe(manifest(self.plan, self.keep, folder.folder))
            for number, tables in self.source.items():
                folder.write(number, tables)
        return replace(self, source=folder)

    def finish(self, wanted: Pairs, jobs: int, show: bool | None) -> list[Failure]:
        """Play what is missing of the wanted (scenario, seed) pairs; return the runs that failed.

        Raises SimError if another process writes to the same folder, Interrupted if the user stops it.
        """
        if isinstance(self.source, Memory):
            return self._finish(wanted, jobs, show)
        with self.source.locked():
            self.source.describe(manifest(self.plan, self.keep, self.source.folder))
            return self._finish(wanted, jobs, show)

    def _finish(self, wanted: Pairs, jobs: int, show: bool | None) -> list[Failure]:
        """Play the missing batches; those that hold a failed run are played again."""
        for number in failed_batches(self.source):
            self.source.forget(number)
        todo = self._missing(set(wanted))
        try:
            return self._play(todo, min(jobs, max(1, len(todo))), show)
        except KeyboardInterrupt:
            raise Interrupted(self._farewell()) from None

    def _missing(self, wanted: set[tuple[str, int]]) -> list[Batch]:
        """Return the unfinished batches that hold any of the wanted runs."""
        done = self.source.done()
        open_ones = (b for b in self.plan.batches() if b.number not in done)
        return [b for b in open_ones if any((r.scenario, r.seed) in wanted for r in b.runs)]

    def _play(self, todo: Sequence[Batch], jobs: int, show: bool | None) -> list[Failure]:
        """Play batches, hand what comes of them to the source, and return the failures in order of plan."""
        failures: dict[int, Sequence[Failure]] = {}
        total = sum(len(b.runs) for b in todo)
        with engine(jobs) as workers, progress(total, f"{total} runs, {_processes(jobs)}", show) as advance:
            for task, outcome in play_all(workers, map(self._task, todo)):
                failures[task.number] = outcome.failures
                self.source.accept(outcome)
                advance(len(task.runs))
        return [f for number in sorted(failures) for f in failures[number]]

    def _task(self, batch: Batch) -> Task:
        """Return a batch with its scenarios and the place of its tables."""
        folder = None if self.folder is None else str(self.folder.resolve())
        runs = tuple((r, self.plan.setups[r.scenario]) for r in batch.runs)
        return Task(batch.number, runs, self.keep, folder, self.model)

    def _farewell(self) -> str:
        """Say what an interrupted study keeps, and how to go on."""
        if self.folder is None:
            return "interrupted: nothing is kept without a folder (out=)"
        done, total = sum(map(len, self.source.read("runs"))), len(self.plan.pairs)
        return f"interrupted: {done} of {total} runs are kept in {self.folder}; the same call goes on from there"


def open_study(out: str | Path | None, keep: tuple[str, ...], model: type | None = None) -> Study:
    """Return a study in memory (no folder), a new one in a folder, or the one that the folder holds.

    Raises Misfit if that one was made with other code, versions or tables.
    """
    if out is None:
        return Study(Plan({}), Memory(), keep, model)
    folder = Folder(out)
    told = folder.manifest
    if told is None:
        refuse_strangers(folder)
        return Study(Plan({}), folder, keep, model)
    why = misfit(told, about_here(keep))
    if why:
        raise Misfit(why, str(folder.folder))
    return Study(plan_from(told, folder.folder), folder, keep, model)


def saved_study(out: str | Path) -> Study:
    """Return the study that a folder holds, whatever code made it.

    Raises SimError if there is none.
    """
    folder = Folder(out)
    told = folder.manifest
    if told is None:
        raise SimError(f"{folder.folder}: no study here (manifest.json is missing)")
    return Study(plan_from(told, folder.folder), folder, tuple(told.get("keep", ())))


def failed_batches(source: Memory | Folder) -> list[int]:
    """Return the finished batches that hold a run that failed."""
    pieces = zip(sorted(source.done()), source.read("runs"), strict=True)
    return [number for number, piece in pieces if piece["error"].null_count < len(piece)]


def refuse_strangers(folder: Folder) -> None:
    """Refuse a folder with parts but no manifest, and a file where a folder should be."""
    if folder.folder.exists() and not folder.folder.is_dir():
        raise SimError(f"{folder.folder}: is a file, not a folder")
    if folder.tables():
        raise SimError(f"{folder.folder}: holds parts of a study without its manifest; choose another folder")


def _processes(jobs: int) -> str:
    """Return how many processes there are, in words."""
    return "1 process" if jobs == 1 else f"{jobs} processes"
