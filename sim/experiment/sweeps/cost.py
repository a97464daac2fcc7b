"""What a sweep would cost before anything starts: runs, hours and disk, measured by one short run of every arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.experiment.cost import costs
from sim.experiment.sweeps.sweep import Sweep

ALL = "in all"


@dataclass(frozen=True)
class SweepCost:
    """What an arm, or the whole, would cost on all processes together."""

    name: str
    runs: int
    hours: float
    disk_mb: float


def cost(sweep: Sweep, jobs: int, model: type | None = None) -> list[SweepCost]:
    """Return the cost of every arm and of all: if it stops as early as it may (where it may stop), and at most."""
    setups = {arm.setup.name: arm.setup for arm in sweep.arms}
    each = costs(setups, [0], 1, sweep.keep, model, sweep.batch_size)
    arms = [(c.name, c.minutes / 60, c.disk_mb) for c in each]
    return list(_rows(sweep, arms, jobs))


def _rows(sweep: Sweep, arms: list[tuple[str, float, float]], jobs: int) -> Iterator[SweepCost]:
    """Yield the costs, given hours and megabytes of one run of every arm."""
    most, least = sweep.stages[-1].last * len(sweep.points), sweep.stages[0].last * len(sweep.points)
    for name, hours, disk in arms:
        yield SweepCost(name, most, most * hours / jobs, most * disk)
    hours, disk = sum(h for _, h, _ in arms), sum(d for _, _, d in arms)
    if least < most:
        yield SweepCost(f"{ALL}, at least", least * len(arms), least * hours / jobs, least * disk)
    yield SweepCost(f"{ALL}, at most" if least < most else ALL, most * len(arms), most * hours / jobs, most * disk)
