"""What a study would cost: runs, minutes, disk, from one short run."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from sim.experiment.plan import batch_size
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
    setups: Mapping[str, Scenario], seeds: Sequence[int], jobs: int, keep: tuple[str, ...], model: type | None = None,
    together: int | None = None,
) -> list[Cost]:  # fmt: skip
    """Return what every scenario would cost, measured by half a year of its first seed.

    together: how many runs go into one part; as `sim run` does it if not said.
    """
    runs = len(seeds) * len(setups)
    size = together or batch_size(runs)
    return [_cost(setup, seeds, min(jobs, runs), keep, model, size) for setup in setups.values()]


def _cost(
    setup: Scenario, seeds: Sequence[int], jobs: int, keep: tuple[str, ...], model: type | None, together: int
) -> Cost:  # fmt: skip
    """Return the cost of one scenario: its build and its weeks timed apart, its tables weighed."""
    kind = the_model(model)
    kind(setup, seeds[0], keep=keep).dispose()  # what is compiled once is not counted
    start = time.perf_counter()
    played = kind(setup, seeds[0], keep=keep)
    built = time.perf_counter()
    weeks = min(SHORT, setup.weeks)
    for _ in range(weeks):
        played.step()
    size = {name: _bytes(frame) for name, frame in played.tables().items() if name in keep}
    done = time.perf_counter()
    played.dispose()
    share = setup.weeks / weeks
    seconds = (built - start) + (done - built) * share
    disk = sum(part / together + row * (1 if name == "summary" else share) for name, (part, row) in size.items())
    return Cost(setup.name, len(seeds), len(seeds) * seconds / jobs / 60, len(seeds) * disk / 1e6)


def _bytes(frame: object) -> tuple[float, float]:
    """Return what a table takes on disk: once for every part, and for the rows of each run in it."""
    table, out = to_arrow(frame), io.BytesIO()  # type: ignore[arg-type]
    pq.write_table(table, out, compression="zstd")
    told = pq.read_metadata(out)
    groups = [told.row_group(k) for k in range(told.num_row_groups)]
    packed = sum(group.column(k).total_compressed_size for group in groups for k in range(told.num_columns))
    rows = min(packed, table.nbytes)
    return out.tell() - rows, rows
