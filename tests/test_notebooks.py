"""Every notebook runs from a clean kernel, without network, in time, and shows what it promises."""

from __future__ import annotations

import re
import time

import pytest
from conftest import ROOT

jupytext = pytest.importorskip("jupytext", reason="notebooks need the extra [notebooks]")
nbformat = pytest.importorskip("nbformat", reason="notebooks need the extra [notebooks]")
nbclient = pytest.importorskip("nbclient", reason="notebooks need the extra [notebooks]")

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.py"))
ANSWERS = ROOT / "notebooks" / "answers.py"
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


def run(file, folder):
    """Return a notebook after it has run in a fresh kernel and an empty folder, and how many seconds it took."""
    notebook = jupytext.read(file)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(NO_NETWORK))
    place = {"metadata": {"path": str(folder)}}
    began = time.perf_counter()
    nbclient.NotebookClient(notebook, timeout=SLOW * PROMISED, kernel_name="python3", resources=place).execute()
    return notebook, time.perf_counter() - began


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    return run(request.param, tmp_path_factory.mktemp("notebook"))


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    return run(ANSWERS, tmp_path_factory.mktemp("answers"))


def outputs(notebook):
    return [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]


def test_it_runs_in_time(executed):
    _, seconds = executed
    assert seconds < SLOW * PROMISED


def test_it_shows_at_least_three_figures(executed):
    notebook, _ = executed
    assert sum("image/png" in out.get("data", {}) for out in outputs(notebook)) >= 3


def warnings(notebook):
    told = [out["text"] for out in outputs(notebook) if out.get("name") == "stderr"]
    return [text for text in told if "Warning" in text or "Error" in text]


def test_it_prints_no_warning(executed):
    notebook, _ = executed
    assert not warnings(notebook)


def test_it_ends_with_exercises(executed):
    notebook, _ = executed
    assert notebook.cells[-1].cell_type == "markdown"
    assert "## Exercises" in notebook.cells[-1].source and "\n5. " in notebook.cells[-1].source


def test_there_is_a_first_notebook():
    assert NOTEBOOKS and NOTEBOOKS[0].stem == "01_first_run"


def exercises(text):
    """Return the names of the exercises, or of the answers, of a text in order."""
    return re.findall(r"^(?:\d\. )?\*\*(?:\d\. )?(.+?)\*\*", text, re.MULTILINE)


def prose(file):
    """Return the text of a notebook's markdown, its numbered parts by heading."""
    text = "\n".join(cell.source for cell in jupytext.read(file).cells if cell.cell_type == "markdown")
    return dict(re.findall(r"^# (\d)\. .*?\n(.*?)(?=^# \d\. |\Z)", text, re.MULTILINE | re.DOTALL))


def test_every_exercise_has_its_answer_and_no_other():
    asked = {}
    for file in NOTEBOOKS:
        for number, text in prose(file).items():
            asked[number] = exercises(text.partition("## Exercises")[2])
    assert all(len(names) >= 5 for names in asked.values())
    assert {number: exercises(text) for number, text in prose(ANSWERS).items()} == asked


def test_the_answers_run_in_time_without_a_warning(answered):
    notebook, seconds = answered
    assert seconds < SLOW * PROMISED and not warnings(notebook)


def test_without_force_more_people_are_killed_than_with_the_full_mandate(answered):
    """What notebook 4 is about shows even in the small country of its answers."""
    told = "\n".join(out.get("text", "") for out in outputs(answered[0]))
    means = re.search(r"civilians_killed_expected, listen only: (\S+) against (\S+),", told)
    assert float(means[1]) > 1.2 * float(means[2])
