"""What a study would cost: runs, minutes, disk, from one short run."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from sim.experiment.tables import to_arrow
from sim.experiment.worker import the_model
from sim.scenario import Scenario

SHORT = 26


@dataclass(frozen=True)
class Cost:
    """What one scenario would cost: runs, minutes on all the processes, megabytes on disk."""

    name: str
    runs: int
    minutes: float
    disk_mb: float


def costs(
    setups: Mapping[str, Scenario], seeds: Sequence[int], jobs: int, keep: tuple[str, ...], model: type | None = None
) -> list[Cost]:
    """Return what every scenario would cost, measured by half a year of its first seed."""
    return [_cost(setup, seeds, min(jobs, len(seeds) * len(setups)), keep, model) for setup in setups.values()]


def _cost(setup: Scenario, seeds: Sequence[int], jobs: int, keep: tuple[str, ...], model: type | None) -> Cost:
    """Return the cost of one scenario: its build and its weeks timed apart, its tables weighed."""
    kind = the_model(model)
    kind(setup, seeds[0], keep=keep).dispose()  # what is compiled once is not counted
    start = time.perf_counter()
    played = kind(setup, seeds[0], keep=keep)
    built = time.perf_counter()
    weeks = min(SHORT, setup.weeks)
    for _ in range(weeks):
        played.step()
    size = {name: _bytes(frame) for name, frame in played.tables().items()}
    done = time.perf_counter()
    played.dispose()
    share = setup.weeks / weeks
    seconds = (built - start) + (done - built) * share
    disk = size["summary"] + share * (sum(size.values()) - size["summary"])
    return Cost(setup.name, len(seeds), len(seeds) * seconds / jobs / 60, len(seeds) * disk / 1e6)


def _bytes(frame: object) -> int:
    """Return what a table takes on disk."""
    out = io.BytesIO()
    pq.write_table(to_arrow(frame), out, compression="zstd")  # type: ignore[arg-type]
    return out.tell()
