"""The command `sim page`: what it writes and says, and what it refuses."""

from __future__ import annotations

import json

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from sim.cli import app

FEW = ("--seeds", "1", "--worlds", "0", "--jobs", "1", "--json")
SMALL = 'extends = "un_alone"\nweeks = 20\nspin_up = 4\nworld = { grid = [12, 12], places = 60 }\n'


@pytest.fixture
def call(workplace):
    """Return a function that runs the command in an empty folder with two small scenarios, a and b."""
    for name, care in (("a", 0.9), ("b", 0.2)):
        (workplace / "scenarios" / f"{name}.toml").write_text(f"{SMALL}[missions.UN]\narrives = 6\ncare = {care}\n")

    def run(*words):
        return CliRunner().invoke(app, ["page", *words])

    return run


def test_it_writes_one_file_and_says_where_and_how_large(call, workplace):
    row = json.loads(call("a", "b", *FEW).stdout)[0]
    file = workplace / row["file"]
    assert file == workplace / "outputs" / "a+b.html"
    assert row["mb"] == round(file.stat().st_size / 1e6, 2) and (row["arms"], row["seeds"]) == (2, 1)
    again = json.loads(call("a", "b", *FEW, "--out", "here.html").stdout)[0]
    assert (workplace / again["file"]).read_bytes() == file.read_bytes()


def test_a_scene_s_page_has_its_name(call, workplace):
    folder = workplace / "scenarios" / "training"
    folder.mkdir()
    text = (ROOT / "scenarios" / "training" / "T1.toml").read_text(encoding="utf-8")
    (folder / "MINE.toml").write_text(text.replace("[24, 24]", "[10, 10]").replace("= 300", "= 40"), encoding="utf-8")
    told = json.loads(call("--scene", "MINE", *FEW, "--set", "weeks=30").stdout)
    assert told[0]["name"] == "MINE" and (workplace / "outputs" / "MINE.html").exists()


@pytest.mark.parametrize("words", [["a"], ["a", "b", "--scene", "T1"], ["--scene", "T1", "--all-scenes"], []])
def test_it_takes_two_scenarios_or_a_scene_or_all(call, words):
    result = call(*words)
    assert result.exit_code == 2 and "two scenarios, or --scene T1" in result.stderr


def test_a_cost_can_be_asked_before(call, workplace):
    rows = json.loads(call("a", "b", "--seeds", "3", "--dry-run", "--json").stdout)
    assert [row["runs"] for row in rows] == [3, 3] and not (workplace / "outputs").exists()
