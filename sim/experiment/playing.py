"""Playing batches on any engine: a batch whose process died is played again run by run, and a second death counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.experiment.engine import Died, Engine
from sim.experiment.worker import Failure, Outcome, Task, failed_row, play_batch, together


def play_all(engine: Engine, tasks: Iterable[Task]) -> Iterator[tuple[Task, Outcome]]:
    """Yield every task with what came of it, in any order."""
    for task, outcome in engine.play(play_batch, tasks):
        yield task, _one_by_one(engine, task) if isinstance(outcome, Died) else outcome


def _one_by_one(engine: Engine, task: Task) -> Outcome:
    """Play the runs of a batch each as a task of its own; one whose process dies again is given up."""
    found = {single.runs[0][0].id: _kept(single, out) for single, out in engine.play(play_batch, task.singles())}
    parts = [found[run.id] for run, _ in task.runs]
    tables = together([part.tables or {} for part in parts])
    failures = tuple(f for part in parts for f in part.failures)
    return Outcome(task.number, len(task.runs), tables, failures, sum(part.seconds for part in parts))


def _kept(single: Task, outcome: Outcome | Died) -> Outcome:
    """Return what came of one run, a failure if its process died."""
    if isinstance(outcome, Outcome):
        return outcome
    failure = Failure(single.runs[0][0], f"its process died twice: {outcome.why}", outcome.tail)
    return Outcome(single.number, 1, {"runs": failed_row(failure)}, (failure,), 0.0)
