"""The plan of a study: which scenario plays which seeds, numbered and cut into fixed batches before anything starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import Problem, Problems, SimError
from sim.scenario import Scenario, load
from sim.seeds import checked_seed

Seeds = int | Iterable[int]
Scenarios = Scenario | str | Path | Iterable[Scenario | str | Path]
MOST_RUNS_IN_A_BATCH, MOST_SEEDS = 1000, 1_000_000


class Misfit(SimError):
    """A study to which these runs may not be added; `why` says what differs."""

    def __init__(self, why: str, study: str = "the study") -> None:
        """Say why, and what to do."""
        self.why = why
        super().__init__(f"{study}: nothing can be added, {why}; choose another folder, or set that one aside")


class Run(NamedTuple):
    """One run: its id, the label of its scenario, its seed; in a sweep also its place and its inputs.

    place: (`arm`, `point`) with their numbers. choices: paths with what the table shows of them. unknowns: paths with
    the values that are set before the run.
    """

    id: str
    scenario: str
    seed: int
    place: tuple[tuple[str, int], ...] = ()
    choices: tuple[tuple[str, Any], ...] = ()
    unknowns: tuple[tuple[str, float], ...] = ()

    @property
    def inputs(self) -> tuple[tuple[str, Any], ...]:
        """Every choice and unknown with its value, as the table of runs shows them."""
        return self.choices + self.unknowns


@dataclass(frozen=True)
class Batch:
    """Runs that one worker plays one after another and that are kept together."""

    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """What one call added to a plan: seeds by scenario label, and how many runs make a batch."""

    seeds: Mapping[str, tuple[int, ...]]
    size: int

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """Every scenario label with every seed, in order."""
        return [(label, seed) for label, seeds in self.seeds.items() for seed in seeds]


@dataclass(frozen=True)
class Plan:
    """The scenarios by label, and the blocks of runs in the order in which they were asked for."""

    setups: Mapping[str, Scenario]
    blocks: tuple[Block, ...] = ()

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """Every (scenario, seed) planned, scenario by scenario, seeds as first asked for."""
        return [(label, seed) for label in self.setups for b in self.blocks for seed in b.seeds.get(label, ())]

    def seeds(self, label: str) -> tuple[int, ...]:
        """Return the seeds of one scenario, in the order in which they were asked for."""
        return tuple(seed for b in self.blocks for seed in b.seeds.get(label, ()))

    def batches(self) -> Iterator[Batch]:
        """Yield the fixed batches: numbers and contents never change, and later blocks only add to them."""
        ids = {label: setup.digest[:10] for label, setup in self.setups.items()}
        number = 0
        for block in self.blocks:
            runs = [Run(f"{ids[label]}-{seed}", label, seed) for label, seed in block.pairs]
            for start in range(0, len(runs), block.size):
                yield Batch(number, tuple(runs[start : start + block.size]))
                number += 1

    def extended(self, setups: Mapping[str, Scenario], seeds: Sequence[int]) -> Plan:
        """Return the plan with further scenarios and seeds; what it holds already is not repeated.

        Raises Misfit if a label stands for another scenario than before.
        """
        for label, setup in setups.items():
            if label in self.setups and self.setups[label].digest != setup.digest:
                raise Misfit(_other(label, self.setups[label], setup))
        held = {label: set(self.seeds(label)) for label in setups}
        fresh = {label: tuple(s for s in seeds if s not in held[label]) for label in setups}
        block = Block({label: s for label, s in fresh.items() if s}, batch_size(sum(map(len, fresh.values()))))
        return Plan({**self.setups, **setups}, (*self.blocks, block) if block.seeds else self.blocks)

    def to_dict(self) -> list[dict[str, Any]]:
        """Return the blocks as plain values."""
        return [{"seeds": {k: list(v) for k, v in b.seeds.items()}, "batch": b.size} for b in self.blocks]


def blocks_from(plain: Iterable[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Return the blocks that `Plan.to_dict` wrote."""
    return tuple(Block({k: tuple(v) for k, v in b["seeds"].items()}, b["batch"]) for b in plain)


def batch_size(runs: int) -> int:
    """Return how many runs go together: one each in small studies, so that every core has work, and at most 1,000."""
    return max(1, min(MOST_RUNS_IN_A_BATCH, runs // 100))


def as_setups(scenarios: Scenarios) -> dict[str, Scenario]:
    """Return scenarios by label, given one or several scenarios, names or paths.

    Raises SimError where two share a label, or none is given.
    """
    given = [scenarios] if isinstance(scenarios, Scenario | str | Path) else list(scenarios)
    setups: dict[str, Scenario] = {}
    for setup in map(load, given):
        if setup.name in setups:
            raise SimError(f'two scenarios are called {setup.name!r}: rename one with .named("another name")')
        setups[setup.name] = setup
    if not setups:
        raise SimError("no scenario given")
    return setups


def as_seeds(seeds: Seeds) -> tuple[int, ...]:
    """Return seeds 0 .. n-1 for a number n, or the seeds of a list as they are.

    Raises Problems for anything but whole numbers from 0, each once.
    """
    allowed = f"a number of runs from 1 to {MOST_SEEDS:,}, or a list of different whole numbers from 0"
    if isinstance(seeds, int) and not isinstance(seeds, bool):
        found = tuple(range(min(seeds, MOST_SEEDS + 1)))
    else:
        listed = seeds if isinstance(seeds, Iterable) and not isinstance(seeds, str) else ()
        found = tuple(checked_seed(seed, "seeds") for seed in listed)
    if not 1 <= len(found) <= MOST_SEEDS or len(set(found)) < len(found):
        raise Problems([Problem("seeds", seeds, allowed)])
    return found


def _other(label: str, old: Scenario, new: Scenario) -> str:
    """Say that a label is taken, and by what."""
    rows = [path for path, _, _ in old.diff(new)]
    differ = ", ".join(rows[:3]) + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")
    return f"{label!r} stands for other values of {differ or 'its world file'} there"
