"""Playing one recorded run again: the same to the last bit on equal code, versions and processor, or why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sim.errors import Problem, Problems, SimError
from sim.experiment.manifest import about_here, misfit, plan_from
from sim.experiment.plan import Run
from sim.experiment.sources import Folder
from sim.experiment.sweeps.manifest import sweep_from
from sim.experiment.worker import play
from sim.scenario import Scenario

CLOSE = 1e-9
"""How far numbers may be apart, as a share, where processors differ."""


@dataclass(frozen=True)
class Replay:
    """A run played again: which, where it was recorded, the columns that came out otherwise, and what may be why."""

    run: Run
    folder: Path
    columns: int
    differ: tuple[str, ...]
    far: tuple[str, ...]
    why: str

    @property
    def same(self) -> bool:
        """Whether it came out as recorded: to the last bit, or as near as other versions or processors allow."""
        return not self.differ or (not self.far and bool(self.why))

    @property
    def reason(self) -> str:
        """Why it came out otherwise, as far as that can be told."""
        return self.why or "code, versions and processor are the same: this is a fault, please report it"

    @property
    def row(self) -> dict[str, Any]:
        """What came of it, in one row."""
        return {"name": self.run.id, "scenario": self.run.scenario, "seed": self.run.seed, "folder": str(self.folder),
                "columns": self.columns, "differ": list(self.differ), "why": self.why}  # fmt: skip

    def __str__(self) -> str:
        """Read as a sentence."""
        head = f"{self.run.id}: {self.run.scenario}, seed {self.run.seed}, {self.columns} numbers: "
        if not self.differ:
            return head + "the same to the last bit"
        few = ", ".join(self.differ[:5]) + (f" and {len(self.differ) - 5} more" if len(self.differ) > 5 else "")
        told = f"{len(self.differ)} differ" + ("" if self.far else f", by less than {CLOSE:g} of their size")
        return f"{head}{told}: {few}" + (f" ({self.why})" if self.why else "")


def replay(run: str, where: str | Path = "outputs") -> Replay:
    """Play a recorded run again and compare its summary, number by number.

    run: its id. where: a study's folder, or one that holds such folders. Raises Problems if no such run is recorded
    there, SimError for one that failed: what it says now stands beside what it said then.
    """
    store, number = _found(run, Path(where))
    recorded = _row(store, number, run)
    told = store.manifest or {}
    planned, setup, keep = _planned(told, store.folder, number, run)
    then = recorded["error"][0].as_py()
    if then is not None:
        raise SimError(f"{run} failed when it was recorded:\n{then}\n{_now(planned, setup)}")
    differ, far = _differences(recorded, play(planned, setup, ("summary",))["runs"])
    why = misfit(told, about_here(keep)) or _other_machine(told)
    return Replay(planned, store.folder, recorded.num_columns - 4, tuple(differ), tuple(far), why)


def _found(run: str, where: Path) -> tuple[Folder, int]:
    """Return the study that recorded a run, and in which batch."""
    folders = [where] if (where / "manifest.json").exists() else sorted(f.parent for f in where.glob("*/manifest.json"))
    for store in map(Folder, folders):
        for number in sorted(store.done()):
            if run in store.column("runs", number, "id"):
                return store, number
    raise Problems([Problem("run", run, f"the id of a run that is recorded in {where}, as its tables of runs show")])


def _row(store: Folder, number: int, run: str) -> pa.Table:
    """Return the one row of a run."""
    part = store.part("runs", number)
    return part.filter(pc.equal(part["id"].cast(pa.string()), run))


def _planned(told: Mapping[str, Any], folder: Path, number: int, run: str) -> tuple[Run, Scenario, tuple[str, ...]]:
    """Return a run as it stands in the plan, its scenario before unknowns are set, and the tables that were kept."""
    keep = tuple(told.get("keep", ()))
    if "sweep" in told:
        batches = ((batch, setups) for batch, setups in sweep_from(told, folder).batches())
        found = next((b, s) for b, s in batches if b.number == number)
        planned = next(r for r in found[0].runs if r.id == run)
        return planned, found[1][dict(planned.place)["arm"]], keep
    plan = plan_from(told, folder)
    batch = next(b for b in plan.batches() if b.number == number)
    planned = next(r for r in batch.runs if r.id == run)
    return planned, plan.setups[planned.scenario], keep


def _now(run: Run, setup: Scenario) -> str:
    """Say what a run that failed does now."""
    try:
        play(run, setup, ("summary",))
    except Exception as error:
        return f"now: {type(error).__name__}: {error}"
    return "now it ends without an error"


def _differences(recorded: pa.Table, fresh: pa.Table) -> tuple[list[str], list[str]]:
    """Return the columns that are not the same to the last bit, and those of them that are not even close."""
    differ, far = [], []
    for name in recorded.column_names:
        before = recorded[name][0].as_py()
        after = fresh[name][0].as_py() if name in fresh.column_names else None
        if before == after:
            continue
        differ.append(name)
        if not (isinstance(before, float) and isinstance(after, float) and math.isclose(before, after, rel_tol=CLOSE)):
            far.append(name)
    return differ, far


def _other_machine(told: Mapping[str, Any]) -> str:
    """Say if a study was made on a processor that may round otherwise; an empty string if not."""
    before, now = told.get("machine", {}), about_here(())["machine"]
    keys = [key for key in ("system", "processor", "features") if before.get(key) != now.get(key)]
    return f"it was made on a machine with other {', '.join(keys)}" if keys else ""
