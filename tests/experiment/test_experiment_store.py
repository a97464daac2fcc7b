"""The folder of a study: parts that are whole or absent."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from sim.errors import SimError
from sim.experiment.store import Store
from sim.experiment.tables import joined, to_arrow, to_frame

FRAME = pd.DataFrame({"scenario": ["a", "a"], "seed": [0, 0], "word": ["x", None], "number": [1.5, float("nan")]})


def test_a_batch_is_finished_when_its_runs_are_there(tmp_path):
    store = Store(tmp_path)
    store.write(3, {"weeks": to_arrow(FRAME)})
    assert store.done() == set() and store.read("weeks") == []
    store.write(3, {"runs": to_arrow(FRAME)})
    assert store.done() == {3} and len(store.read("weeks")) == 1 and store.tables() == {"runs", "weeks"}
    store.forget(3)
    assert store.done() == set() and store.size() == 0


def test_half_written_parts_are_not_seen(tmp_path, monkeypatch):
    store = Store(tmp_path)

    def fails(table, out, **how):
        out.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr("sim.experiment.store.pq.write_table", fails)
    with pytest.raises(OSError, match="disk full"):
        store.write(0, {"runs": to_arrow(FRAME)})
    monkeypatch.undo()
    assert store.done() == set()
    store.write(0, {"runs": to_arrow(FRAME)})
    assert [f.name for f in (tmp_path / "runs").iterdir()] == ["part-000000.parquet"]


def test_a_broken_part_is_named(tmp_path):
    store = Store(tmp_path)
    store.write(0, {"runs": to_arrow(FRAME)})
    (tmp_path / "runs" / "part-000000.parquet").write_bytes(b"no parquet")
    with pytest.raises(SimError, match=r"part-000000\.parquet: cannot be read"):
        store.read("runs")
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(SimError, match=r"manifest\.json: cannot be read"):
        _ = store.manifest


def test_clearing_takes_only_what_a_study_wrote(tmp_path):
    store = Store(tmp_path)
    store.write(0, {"runs": to_arrow(FRAME)})
    store.describe({})
    store.note("batch")
    (tmp_path / "mine.txt").touch()
    (tmp_path / "runs" / "mine.txt").touch()
    store.clear()
    assert sorted(f.name for f in tmp_path.rglob("*.*")) == ["mine.txt", "mine.txt"]


def test_a_table_comes_back_as_it_went_whatever_the_pieces_lack(tmp_path):
    other = pd.DataFrame({"scenario": ["b"], "seed": [1], "word": ["z"], "more": [7]})
    empty = pd.DataFrame({"scenario": [], "seed": []})
    store = Store(tmp_path)
    for k, frame in enumerate((other, empty, FRAME)):
        store.write(k, {"runs": to_arrow(frame)})
    found = to_frame(store.read("runs"), ["a", "b"], [1, 0])
    assert list(found["scenario"]) == ["a", "a", "b"] and list(found["word"].cat.categories) == ["x", "z"]
    assert found["word"].isna().tolist() == [False, True, False] and found["more"].tolist()[2] == 7
    assert found["number"].isna().tolist() == [False, True, True]


def test_texts_are_kept_once_however_they_came():
    plain, categorical = FRAME, FRAME.astype({"word": "category", "scenario": "object"})
    assert to_arrow(plain).equals(to_arrow(categorical))
    nothing = to_arrow(FRAME.assign(word=None))
    assert joined([nothing, to_arrow(plain)]).schema.field("word").type == pa.dictionary(pa.int32(), pa.string())
    assert joined([]).num_rows == 0
