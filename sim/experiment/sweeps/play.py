"""`sim.sweep`: play a sweep into a folder, on this machine or on a cluster, and return what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import Problem, Problems
from sim.experiment.engine import Engine, InProcess, Workers, as_jobs
from sim.experiment.results import Results
from sim.experiment.results import read as read_runs
from sim.experiment.sources import Folder
from sim.experiment.sweeps.results import SweepResults, read_sweep
from sim.experiment.sweeps.study import Finished, SweepStudy
from sim.experiment.sweeps.sweep import Sweep, load_sweep
from sim.experiment.worker import Task


def sweep(
    told: Sweep | str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    retry_failed: bool = False,
    progress: bool | None = None,
    _model: type | None = None,
) -> SweepResults:
    """Play what a sweep lacks in its folder and return its results; the same bytes on any number of processes.

    told: a sweep's name, the path of its file, or a dict that reads as one. out: the folder, `outputs/NAME` if not
    said. jobs: processes, by default all cores. scheduler: instead, the address of a Dask cluster, such as
    tcp://host:8786, to play there. retry_failed: play the runs again that failed, and no others. Runs that fail are
    recorded (`results.failed`) and the rest goes on.

    Raises SimError for bad arguments, a folder of another sweep, one that cannot be written or a cluster that is not
    there; Interrupted (a KeyboardInterrupt) if the user stops it: what is finished is kept.
    """
    made = told if isinstance(told, Sweep) else load_sweep(told)
    folder = Path("outputs") / made.name if out is None else Path(out)
    finished(made, folder, jobs, scheduler, retry_failed, progress, _model)
    return SweepResults(made, Folder(folder))


def finished(
    made: Sweep, folder: Path, jobs: int | None, scheduler: str | None, retry_failed: bool, progress: bool | None,
    model: type | None = None,
) -> Finished:  # fmt: skip
    """Play what a sweep lacks in its folder, and return counts of what is there. Raises SimError."""
    if None not in (jobs, scheduler):
        raise Problems(
            [Problem("jobs", jobs, "left out beside a scheduler: a cluster plays on the workers that it has")]
        )
    study = SweepStudy(made, folder, model)
    return study.finish(engine_for(made, as_jobs(jobs), scheduler), progress, retry_failed)


def engine_for(made: Sweep, jobs: int, scheduler: str | None) -> Engine:
    """Return what plays a sweep: a cluster, worker processes, or this process if it is one and nothing is limited."""
    limits = made.limits

    def most(task: Task) -> float | None:
        return limits.hard(len(task.runs))

    if scheduler is not None:
        from sim.experiment.cluster import Cluster

        return Cluster(scheduler, most)
    return InProcess() if jobs == 1 and not limits else Workers(jobs, most)


def read(folder: str | Path) -> Results | SweepResults:
    """Return the results, or the sweep, that a folder holds, with the same methods.

    Raises SimError if there is none.
    """
    told = Folder(folder).manifest or {}
    return read_sweep(folder) if "sweep" in told else read_runs(folder)
