"""Tables on their way from a run to a data frame: words are kept once, and pieces come together in plan order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.errors import Problem, Problems, nearest

KEPT = ("weeks", "actors", "perceptions", "summary", "events", "units", "ledger")
TABLES = (*KEPT, "communities")
TEXT = pa.dictionary(pa.int32(), pa.string())
"""The one type in which all texts are kept: each once."""


def as_keep(keep: Iterable[str] | None) -> tuple[str, ...]:
    """Return the tables to keep, in their usual order: all but communities if not said; the summary always.

    Raises Problems for names that are no tables.
    """
    wanted = set(KEPT if keep is None else [keep] if isinstance(keep, str) else keep) | {"summary"}
    unknown = sorted(map(str, wanted - set(TABLES)))
    if unknown:
        allowed = "tables among " + ", ".join(TABLES)
        raise Problems(Problem("keep", name, allowed, nearest(name, TABLES)) for name in unknown)
    return tuple(t for t in TABLES if t in wanted)


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as an Arrow table whose texts are stored once each."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata()
    for k, column in enumerate(table.columns):
        if _is_text(column.type):
            table = table.set_column(k, table.column_names[k], _words(column))
    return table


def _is_text(kind: pa.DataType) -> bool:
    """Say whether a column holds texts, stored once or not."""
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _words(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a text column in the one type in which all are kept."""
    return column.cast(pa.string()).dictionary_encode().cast(TEXT)


def joined(pieces: Sequence[pa.Table]) -> pa.Table:
    """Return pieces one below the other; columns that some lack are null there, and pieces without rows add none."""
    filled = [p for p in pieces if p.num_rows] or list(pieces[:1])
    return pa.concat_tables(filled, promote_options="permissive") if filled else pa.table({})


def as_stream(table: pa.Table) -> bytes:
    """Return a table as bytes that another process reads, in Arrow's format of streams."""
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    return out.getvalue().to_pybytes()


def from_stream(stream: bytes) -> pa.Table:
    """Return the table of a stream."""
    return pa.ipc.open_stream(stream).read_all()


def in_one_piece(table: pa.Table) -> pa.Table:
    """Return a table whose columns are one array each, their words in order of appearance, however it was put together.

    The same rows then give the same bytes in a file.
    """
    for k, field in enumerate(table.schema):
        if _is_text(field.type):
            table = table.set_column(k, field.name, _words(table.column(k)))
    return table.combine_chunks()


def to_frame(pieces: Sequence[pa.Table], labels: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
    """Return the rows of these labels and seeds as a data frame, ordered as they are.

    Texts are categorical: scenarios in the order of labels, all others sorted.
    """
    frame = _only(joined(pieces).unify_dictionaries().to_pandas(), labels, seeds)
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.CategoricalDtype):
            words = list(labels) if name == "scenario" else sorted(frame[name].cat.categories)
            frame[name] = frame[name].cat.set_categories(words)
    return _in_order(frame, seeds) if len(frame) else frame


def _only(frame: pd.DataFrame, labels: Sequence[str], seeds: Sequence[int]) -> pd.DataFrame:
    """Return the rows of these labels and seeds."""
    if frame.empty:
        return frame
    wanted = frame["scenario"].isin(list(labels)) & frame["seed"].isin(list(seeds))
    return frame if wanted.all() else frame[wanted].reset_index(drop=True)


def _in_order(frame: pd.DataFrame, seeds: Sequence[int]) -> pd.DataFrame:
    """Return the rows by scenario, then seed; weeks and all else stay as they came."""
    scenario = frame["scenario"].cat.codes.to_numpy()
    seed = pd.Index(list(seeds)).get_indexer(frame["seed"])
    order = np.lexsort((seed, scenario))
    return frame if (np.diff(order) == 1).all() else frame.iloc[order].reset_index(drop=True)
