"""The columns of every part, fixed before the first run, so that any reader takes all parts for one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from sim.experiment.plan import Run
from sim.experiment.sweeps.sweep import Sweep
from sim.experiment.tables import TEXT, in_one_piece
from sim.experiment.worker import play

FIXED = ("runs", "weeks")
"""The tables whose columns depend on who is there; all others have the same for everybody."""
Columns = Mapping[str, Sequence[Sequence[str]]]


def columns_of(sweep: Sweep, model: type | None = None) -> dict[str, list[list[str]]]:
    """Return name and type of every column by table, found by one week of every arm."""
    found: dict[str, dict[str, str]] = {table: {} for table in FIXED}
    keep = tuple(table for table in ("weeks", "summary") if table in sweep.keep)
    first, *_ = sweep.runs(sweep.stages[0])
    for arm in sweep.arms:
        run = first[0]._replace(scenario=arm.setup.name, place=(("arm", arm.number), ("point", 0)), choices=arm.choices)
        for table, piece in play(run, arm.setup.but({"weeks": 1, "spin_up": 0}), keep, model).items():
            for field in piece.schema:
                kind = "text" if field.type == TEXT else str(field.type)
                if found[table].get(field.name) in (None, "null"):
                    found[table][field.name] = kind
    found["runs"]["error"] = "text"
    return {table: [[name, kind] for name, kind in columns.items()] for table, columns in found.items() if columns}


def conformed(tables: Mapping[str, pa.Table], columns: Columns) -> dict[str, pa.Table]:
    """Return a batch's tables with the columns that all parts have, in one piece: the same rows give the same bytes."""
    return {name: in_one_piece(_with(table, columns.get(name, ()))) for name, table in tables.items()}


def _with(table: pa.Table, columns: Sequence[Sequence[str]]) -> pa.Table:
    """Return a table with these columns first; what it lacks is null."""
    known = {}
    for name, kind in columns:
        wanted = TEXT if kind == "text" else pa.type_for_alias(kind) if kind != "null" else pa.float64()
        held = name in table.column_names
        known[name] = table[name].cast(wanted) if held else pa.nulls(table.num_rows, wanted)
    more = {name: table[name] for name in table.column_names if name not in known}
    return pa.table({**known, **more})


def ids(table: pa.Table) -> list[str]:
    """Return the names of the runs of a part."""
    return table["id"].to_pylist()


def without(tables: Mapping[str, pa.Table], runs: Sequence[Run]) -> dict[str, pa.Table]:
    """Return the tables of a batch without what some runs left there."""
    gone = {(run.scenario, dict(run.place)["point"], run.seed) for run in runs}
    kept = {}
    for name, table in tables.items():
        keys = zip(table["scenario"].to_pylist(), table["point"].to_pylist(), table["seed"].to_pylist(), strict=True)
        kept[name] = table.filter(pa.array([key not in gone for key in keys], pa.bool_()))
    return kept


def in_plan_order(tables: Mapping[str, pa.Table], runs: Sequence[Run]) -> dict[str, pa.Table]:
    """Return the tables of a batch with the rows of its runs in the order of the plan."""
    place = {(run.scenario, dict(run.place)["point"], run.seed): k for k, run in enumerate(runs)}
    ordered = {}
    for name, table in tables.items():
        keys = zip(table["scenario"].to_pylist(), table["point"].to_pylist(), table["seed"].to_pylist(), strict=True)
        rank = [place[key] for key in keys]
        ordered[name] = table.take(pa.array(sorted(range(len(rank)), key=rank.__getitem__), pa.int64()))
    return ordered
