"""Playing a sweep: what is missing of its plan, on any engine, into parts that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.errors import SimError
from sim.experiment.engine import Engine
from sim.experiment.manifest import about_here, misfit
from sim.experiment.plan import Batch, Misfit
from sim.experiment.playing import play_all
from sim.experiment.progress import progress
from sim.experiment.sources import Folder
from sim.experiment.study import Interrupted, refuse_strangers
from sim.experiment.sweeps.columns import KEY, columns_of, conformed, in_plan_order, keys, without
from sim.experiment.sweeps.enough import Verdict, check_metric, judge
from sim.experiment.sweeps.manifest import described, differences
from sim.experiment.sweeps.sweep import Stage, Sweep
from sim.experiment.worker import Outcome, Task, together
from sim.scenario import Scenario

Planned = tuple[Batch, dict[int, Scenario]]


@dataclass(frozen=True)
class Finished:
    """What came of a call: runs that are kept, how many of them failed, parts that were mended, the last verdict."""

    runs: int
    failed: int
    mended: tuple[str, ...]
    verdict: Verdict | None


class SweepStudy:
    """A sweep with its folder."""

    def __init__(self, sweep: Sweep, out: str | Path, model: type | None = None) -> None:
        """Take a new folder, or one that this very sweep began.

        Raises Misfit if another sweep, other code or other versions began it.
        """
        self.sweep, self.store, self.model = sweep, Folder(out), model
        self.columns: dict[str, Any] = {}
        self._begun()

    def _begun(self) -> dict[str, Any] | None:
        """Return what the folder holds of this very sweep; None if nothing. Raises Misfit if it holds another."""
        told = self.store.manifest
        if told is None:
            refuse_strangers(self.store)
            return None
        try:
            why = misfit(told, about_here(self.sweep.keep)) or differences(told, self.sweep)
        except (KeyError, TypeError, AttributeError):
            raise SimError(
                f"{self.store.folder}: manifest.json is not that of a sweep; choose another folder"
            ) from None
        if why:
            raise Misfit(why, str(self.store.folder))
        return told

    def finish(self, engine: Engine, show: bool | None = None, retry_failed: bool = False) -> Finished:
        """Play what is missing, stage by stage until there is enough; with retry_failed also what failed.

        Raises SimError if another process writes here or nothing can be written, Interrupted if the user stops it.
        """
        with self.store.locked(), _writable(self.store.folder):
            mended = tuple(self._mend())
            try:
                with engine:
                    self._begin(engine)
                    verdict = self._stages(engine, show, retry_failed)
            except KeyboardInterrupt:
                raise Interrupted(self._farewell()) from None
        return Finished(*self.counts(), mended, verdict)

    def _begin(self, engine: Engine) -> None:
        """Write what this sweep is, with the name and type of every column of every part: they never change."""
        told = self._begun()
        self.columns = columns_of(self.sweep, engine, self.model) if told is None else told["columns"]
        if self.sweep.about.enough is not None:
            check_metric(self.sweep.about.enough, [name for name, _ in self.columns["runs"]])
        self.store.describe(described(self.sweep, self.columns, self.store.folder))

    def _stages(self, engine: Engine, show: bool | None, retry_failed: bool) -> Verdict | None:
        """Play stage by stage until there is enough, and return the last verdict."""
        verdict = None
        for stage in self.sweep.stages:
            again = {} if not retry_failed else dict(self._failing(stage))
            runs = sum(len(again.get(b.number, b.runs)) for b, _ in self._missing(stage, set(again)))
            self._play(self._missing(stage, set(again)), again, runs, engine, show)
            if self.sweep.about.enough is not None:
                verdict = judge(self._judged(stage), self.sweep.about.enough)
                self.store.note("judged", worst=str(verdict), enough=verdict.enough)
                if verdict.enough:
                    break
        return verdict

    def _missing(self, stage: Stage, again: set[int]) -> Iterator[Planned]:
        """Yield the batches of a stage that are not there, and those that are to be played again."""
        done = self.store.done() - again
        return (item for item in self.sweep.batches([stage]) if item[0].number not in done)

    def _play(
        self, todo: Iterator[Planned], again: dict[int, set[str]], runs: int, engine: Engine, show: bool | None
    ) -> None:
        """Play batches and write what comes of each; of those that are played again only the runs that failed."""
        plan: dict[int, Batch] = {}

        def tasks() -> Iterator[Task]:
            for batch, setups in todo:
                plan[batch.number] = batch
                yield self._task(batch, setups, again.get(batch.number))

        with progress(runs, f"{self.sweep.name}, {engine.jobs} at a time", show) as advance:
            for task, outcome in play_all(engine, tasks()):
                self._write(plan.pop(task.number), task, outcome)
                advance(len(task.runs), len(outcome.failures))

    def _task(self, batch: Batch, setups: dict[int, Scenario], only: set[str] | None) -> Task:
        """Return a batch, or of it the runs of these names, with the scenarios of its arms."""
        runs = [run for run in batch.runs if only is None or run.id in only]
        pairs = tuple((run, setups[dict(run.place)["arm"]]) for run in runs)
        return Task(batch.number, pairs, self.sweep.keep, None, self.model, self.sweep.limits)

    def _write(self, batch: Batch, task: Task, outcome: Outcome) -> None:
        """Write the tables of a batch; what was not played again stays as it was."""
        tables = outcome.tables or {}
        if len(task.runs) < len(batch.runs):
            held = {name: self.store.part(name, batch.number) for name in self._tables(batch.number)}
            kept = without(held, [run for run, _ in task.runs])
            tables = in_plan_order(together([kept, tables]), batch.runs)
        self.store.write(batch.number, conformed(tables, self.columns))
        self.store.note("batch", batch=batch.number, runs=len(task.runs), failed=len(outcome.failures),
                        seconds=round(outcome.seconds, 3))  # fmt: skip

    def _tables(self, batch: int) -> list[str]:
        """Return the tables of which a batch has a part."""
        return [name for name in ("runs", *self._beside) if self.store.has(name, batch)]

    @property
    def _beside(self) -> tuple[str, ...]:
        """The tables that are kept beside the runs."""
        return tuple(table for table in self.sweep.keep if table != "summary")

    def _mend(self) -> Iterator[str]:
        """Take back parts that cannot be read or hold other runs than planned; they are played again."""
        done = self.store.done()
        for batch, _ in self.sweep.batches():
            if batch.number in done and not self._sound(batch):
                self.store.forget(batch.number)
                self.store.note("mended", batch=batch.number)
                yield f"part-{batch.number:06d}: cannot be read or holds other runs than planned; played again"

    def _sound(self, batch: Batch) -> bool:
        """Say whether a batch has its runs, and every table beside them what the runs that ended left there."""
        try:
            runs = self.store.part("runs", batch.number, ["id", *KEY, "error"])
            failed = set(keys(runs.filter(runs["error"].is_valid())))
            if runs["id"].to_pylist() != [run.id for run in batch.runs]:
                return False
            return all(self._whole(name, batch, failed) for name in self._beside)
        except SimError:
            return False

    def _whole(self, name: str, batch: Batch, failed: set[tuple]) -> bool:
        """Say whether a batch has a part of a table, without rows of runs that failed (left by an unfinished retry)."""
        if not self.store.has(name, batch.number):
            return len(failed) == len(batch.runs)
        if not failed:
            return self.store.rows(name, batch.number) >= 0
        return failed.isdisjoint(keys(self.store.part(name, batch.number, list(KEY))))

    def _failing(self, stage: Stage) -> Iterator[tuple[int, set[str]]]:
        """Yield the number of every part of a stage that holds failed runs, with their names."""
        done = self.store.done()
        for batch, _ in self.sweep.batches([stage]):
            if batch.number in done:
                errors = self.store.column("runs", batch.number, "error")
                failed = {run.id for run, error in zip(batch.runs, errors, strict=True) if error is not None}
                if failed:
                    yield batch.number, failed

    def _judged(self, stage: Stage) -> pd.DataFrame:
        """Return what is judged after a stage: scenario, arm, point, seed and the metric, of all runs up to there."""
        assert self.sweep.about.enough is not None
        metric = self.sweep.about.enough.metric
        wanted = ["scenario", "arm", "point", "seed", metric]
        upto = self.sweep.stages[: self.sweep.stages.index(stage) + 1]
        parts = [self.store.part("runs", b.number, wanted) for b, _ in self.sweep.batches(upto)]
        return pa.concat_tables(parts).unify_dictionaries().to_pandas()

    def counts(self) -> tuple[int, int]:
        """Return how many runs are kept, and how many of them failed."""
        runs = failed = 0
        for number in sorted(self.store.done()):
            errors = self.store.part("runs", number, ["error"])["error"]
            runs, failed = runs + len(errors), failed + len(errors) - errors.null_count
        return runs, failed

    def _farewell(self) -> str:
        """Say what an interrupted sweep keeps, and how to go on."""
        runs, _ = self.counts()
        return f"interrupted: {runs} runs are kept in {self.store.folder}; the same call goes on from there"


@contextmanager
def _writable(folder: Path) -> Iterator[None]:
    """Say in one line why nothing can be written, and that nothing is lost."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        raise SimError(
            f"{folder}: cannot be written: {why}; what is finished is kept, the same call goes on from there"
        ) from None
