"""What a Dask cluster costs: milliseconds of scheduling per run, by the size of a batch, and the main process's memory.

A scheduler and two workers on the loopback play runs that do next to nothing. The overhead of a run is the time on the
clock less the time in which the workers played (as they measure it, shared by two), divided by the runs; local worker
processes beside it. `python benchmarks/cluster_overhead.py` (about two minutes)
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from study import Log

import sim
from sim.experiment.cluster import Cluster
from sim.experiment.engine import Engine, Workers
from sim.experiment.plan import Run
from sim.experiment.worker import Task, play_batch

sys.path.append(str(Path(__file__).parents[1] / "tests" / "experiment"))
MOST = 5.0
"""Milliseconds per run that scheduling may cost on Dask, in batches of 20."""
WORKERS = 2


class Nothing:
    """A run without weeks."""

    def __init__(self, setup, seed, *, keep):
        self.seed = seed

    def run(self):
        pass

    def tables(self):
        return {"summary": pd.DataFrame({"civilians_killed": [self.seed]})}

    def dispose(self):
        pass


def tasks(runs: int, batch: int, setup: sim.Scenario) -> Iterator[Task]:
    """Yield runs in batches."""
    for number, start in enumerate(range(0, runs, batch)):
        pairs = tuple((Run(f"{seed:012x}", "nothing", seed), setup) for seed in range(start, start + batch))
        yield Task(number, pairs, ("summary",), None, Nothing)


def overhead(engine: Engine, runs: int, batch: int, setup: sim.Scenario) -> tuple[float, float, list[float]]:
    """Play runs: milliseconds of overhead and of playing per run, and this process's memory in MB at every batch."""
    played, memory, begin = 0.0, [], time.perf_counter()
    for _, outcome in engine.play(play_batch, tasks(runs, batch, setup)):
        assert not outcome.failures
        played += outcome.seconds
        memory.append(resident())
    clock = time.perf_counter() - begin
    return 1e3 * (clock - played / WORKERS) / runs, 1e3 * played / runs, memory


def resident() -> float:
    """Return this process's memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measured(log: Log, name: str, engine: Engine, setup: sim.Scenario) -> float:
    """Log the overhead by the size of a batch, and return that of batches of 20."""
    overhead(engine, 200, 5, setup)  # all processes are there
    found = {}
    for runs, batch in ((400, 1), (2000, 5), (2000, 20), (2000, 100)):
        found[batch], played, _ = overhead(engine, runs, batch, setup)
        log(f"{name}, batches of {batch:3d}: {found[batch]:6.2f} ms overhead per run; playing takes {played:.2f} ms")
    return found[20]


def main() -> int:
    """Measure all; return 1 if scheduling costs more than it may."""
    from dasking import Loopback

    log, setup = Log("cluster_overhead"), sim.load("no_mission")
    log(f"others on this machine: load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as home, Loopback(Path(home)) as cluster:
        for _ in range(WORKERS):
            cluster.join()
        with Cluster(cluster.address) as engine:
            while engine.jobs < WORKERS:
                list(engine.play(play_batch, tasks(20, 1, setup)))
            cost = measured(log, "Dask", engine, setup)
            per_run, _, memory = overhead(engine, 10_000, 20, setup)
            log(f"Dask, 10,000 runs in batches of 20: {per_run:.2f} ms overhead per run; main process "
                f"{memory[len(memory) // 10]:.0f} MB after a tenth, {memory[-1]:.0f} MB at the end, at most {max(memory):.0f}")  # fmt: skip
    with Workers(WORKERS) as local:
        measured(log, "local", local, setup)
    log(
        f"Dask, batches of 20: {cost:.2f} ms, {'under' if cost < MOST else 'NOT under'} {MOST:.0f} ms; load {os.getloadavg()[0]:.1f} at the end"
    )
    log.close()
    return int(cost >= MOST)


if __name__ == "__main__":
    sys.exit(main())
