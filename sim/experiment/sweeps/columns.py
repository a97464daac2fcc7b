"""The columns of every part, fixed before the first run, so that any reader takes all parts for one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa

from sim.errors import SimError
from sim.experiment.engine import Engine
from sim.experiment.plan import Run
from sim.experiment.playing import play_all
from sim.experiment.sweeps.sweep import Arm, Sweep
from sim.experiment.tables import TEXT, in_one_piece
from sim.experiment.worker import Task

FIXED = ("runs", "weeks")
"""The tables whose columns depend on who is there; all others have the same for everybody."""
KEY = ("scenario", "point", "seed")
"""The columns by which every table says of which run a row is."""
TRIES = 3
"""With how many seeds an arm is tried."""
Columns = Mapping[str, Sequence[Sequence[str]]]


def columns_of(sweep: Sweep, engine: Engine, model: type | None = None) -> dict[str, list[list[str]]]:
    """Return name and type of every column by table, found by one week of every arm.

    An arm whose week fails is tried with further seeds, and then left to what the others have. Raises SimError if none
    can be played.
    """
    found: dict[int, Mapping[str, pa.Table]] = {}
    said = ""
    for seed in range(TRIES):
        weeks = [_first_week(sweep, arm, seed, model) for arm in sweep.arms if arm.number not in found]
        for task, outcome in play_all(engine, weeks):
            if outcome.failures:
                said = outcome.failures[0].error
            else:
                found[task.number] = outcome.tables or {}
        if len(found) == len(sweep.arms):
            break
    if not found:
        raise SimError(f"{sweep.name}: no arm can be played: {said}")
    return _named([found[arm] for arm in sorted(found)])


def _first_week(sweep: Sweep, arm: Arm, seed: int, model: type | None) -> Task:
    """Return the playing of one week of an arm."""
    first, _ = next(sweep.runs(sweep.stages[0]))
    place = (("arm", arm.number), ("point", 0))
    run = first._replace(scenario=arm.setup.name, seed=seed, place=place, choices=arm.choices)
    keep = tuple(table for table in ("weeks", "summary") if table in sweep.keep)
    return Task(arm.number, ((run, arm.setup.but({"spin_up": 0})),), keep, None, model, sweep.limits, weeks=1)


def _named(pieces: Sequence[Mapping[str, pa.Table]]) -> dict[str, list[list[str]]]:
    """Return name and type of every column of some tables, in order of appearance."""
    found: dict[str, dict[str, str]] = {table: {} for table in FIXED}
    for pair in (pair for piece in pieces for pair in piece.items()):
        for field in pair[1].schema:
            if found[pair[0]].get(field.name) in (None, "null"):
                found[pair[0]][field.name] = "text" if field.type == TEXT else str(field.type)
    found["runs"]["error"] = "text"
    return {table: [[name, kind] for name, kind in columns.items()] for table, columns in found.items() if columns}


def conformed(tables: Mapping[str, pa.Table], columns: Columns) -> dict[str, pa.Table]:
    """Return a batch's tables with the columns that all parts have, in one piece: the same rows give the same bytes."""
    return {name: in_one_piece(_with(table, columns.get(name, ()))) for name, table in tables.items()}


def _with(table: pa.Table, columns: Sequence[Sequence[str]]) -> pa.Table:
    """Return a table with these columns first; what it lacks is null."""
    held = dict(zip(table.column_names, table.columns, strict=True))
    known = {name: _of_type(held.pop(name, None), _type(kind), table.num_rows) for name, kind in columns}
    return pa.table({**known, **held})


def _of_type(column: pa.ChunkedArray | None, kind: pa.DataType, rows: int) -> pa.ChunkedArray | pa.Array:
    """Return a column in this type; nulls where there is none."""
    if column is None:
        return pa.nulls(rows, kind)
    return column if column.type == kind else column.cast(kind)


@cache
def _type(kind: str) -> pa.DataType:
    """Return a type by its name; what was empty in every first week is a number."""
    return TEXT if kind == "text" else pa.float64() if kind == "null" else pa.type_for_alias(kind)


def keys(table: pa.Table) -> list[tuple[str, int, int]]:
    """Return of which run each row is: label, point and seed."""
    return list(zip(*(table[name].to_pylist() for name in KEY), strict=True))


def _key(run: Run) -> tuple[str, int, int]:
    """Return the key of a run's rows."""
    return run.scenario, dict(run.place)["point"], run.seed


def without(tables: Mapping[str, pa.Table], runs: Sequence[Run]) -> dict[str, pa.Table]:
    """Return the tables of a batch without what some runs left there."""
    gone = set(map(_key, runs))
    return {name: t.filter(pa.array([key not in gone for key in keys(t)], pa.bool_())) for name, t in tables.items()}


def in_plan_order(tables: Mapping[str, pa.Table], runs: Sequence[Run]) -> dict[str, pa.Table]:
    """Return the tables of a batch with the rows of its runs in the order of the plan."""
    place = {_key(run): k for k, run in enumerate(runs)}
    ordered = {}
    for name, table in tables.items():
        rank = [place[key] for key in keys(table)]
        ordered[name] = table.take(pa.array(sorted(range(len(rank)), key=rank.__getitem__), pa.int64()))
    return ordered
