"""Every notebook runs from a clean kernel, without network, in time, and shows what it promises."""

from __future__ import annotations

import time

import pytest
from conftest import ROOT

jupytext = pytest.importorskip("jupytext", reason="notebooks need the extra [notebooks]")
nbformat = pytest.importorskip("nbformat", reason="notebooks need the extra [notebooks]")
nbclient = pytest.importorskip("nbclient", reason="notebooks need the extra [notebooks]")

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.py"))
PROMISED, SLOW = 60, 3
"""Seconds a notebook may take on an idle machine with two cores, and how much slower a busy one may be."""

NO_NETWORK = """
import socket
def refuse(self, address, connect=socket.socket.connect):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"no notebook may use the network: {address}")
    return connect(self, address)
socket.socket.connect = refuse
"""


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    """Return a notebook after it has run in a fresh kernel and an empty folder, and how many seconds it took."""
    notebook = jupytext.read(request.param)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(NO_NETWORK))
    place = {"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}}
    began = time.perf_counter()
    nbclient.NotebookClient(notebook, timeout=SLOW * PROMISED, kernel_name="python3", resources=place).execute()
    return notebook, time.perf_counter() - began


def outputs(notebook):
    return [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]


def test_it_runs_in_time(executed):
    _, seconds = executed
    assert seconds < SLOW * PROMISED


def test_it_shows_at_least_three_figures(executed):
    notebook, _ = executed
    assert sum("image/png" in out.get("data", {}) for out in outputs(notebook)) >= 3


def test_it_prints_no_warning(executed):
    notebook, _ = executed
    told = [out["text"] for out in outputs(notebook) if out.get("name") == "stderr"]
    assert not [text for text in told if "Warning" in text or "Error" in text]


def test_it_ends_with_exercises(executed):
    notebook, _ = executed
    assert notebook.cells[-1].cell_type == "markdown"
    assert "## Exercises" in notebook.cells[-1].source and "\n5. " in notebook.cells[-1].source


def test_there_is_a_first_notebook():
    assert NOTEBOOKS and NOTEBOOKS[0].stem == "01_first_run"
