"""The command line of the scenario language."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT, shared
from typer.testing import CliRunner

from sim.cli import app
from sim.cli_common import load_with, parse_sets
from sim.errors import Problems, SimError


@pytest.fixture
def sim(workplace):
    def call(*words, code=0):
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == code, (result.output, result.stderr, result.exception)
        return result

    return call


def test_list_shows_names_and_questions(sim, workplace):
    (workplace / "scenarios" / "broken.toml").write_text("weeks = 0\n")
    rows = {row["name"]: row for row in json.loads(sim("list", "--json").stdout)}
    assert list(rows["un_au_parallel"]) == ["name", "question", "missions", "weeks", "from"]
    assert rows["un_au_parallel"]["missions"] == ["AU", "UN"] and rows["broken"]["question"].startswith("does not load")
    assert "un_alone" in sim("list").stdout


@pytest.mark.parametrize(
    "what", ["tasks", "activities", "mandates", "profiles", "forms", "parameters", "contested", "events"]
)
def test_describe_lists_and_shows_one(sim, what):
    rows = json.loads(sim("describe", what, "--json").stdout)
    assert all(next(iter(row)) == "name" for row in rows)
    name = rows[0]["name"]
    assert json.loads(sim("describe", what, name, "--json").stdout) == rows[:1]
    assert name in sim("describe", what, name).stdout
    assert sim("describe", what).stdout.split()[0] == "name"


def test_describe_dials_and_scenario_take_a_scenario_and_settings(sim):
    dials = json.loads(sim("describe", "dials", "un_au_parallel", "--set", "weeks=60", "--json").stdout)
    assert {"name": "weeks", "value": 60}.items() <= dials[0].items()
    assert "60 weeks" in sim("describe", "scenario", "un_alone", "--set", "weeks=60").stdout
    told = json.loads(sim("describe", "scenario", "un_alone", "--json").stdout)
    assert told["name"] == "un_alone" and told["missions"]["UN"]["troops"] == 8000


@pytest.mark.parametrize(("words", "told"), [
    (["describe", "task"], "did you mean 'tasks'?"),
    (["describe", "tasks", "presense"], "did you mean 'presence'?"),
    (["describe", "scenario", "un_alon"], "did you mean 'un_alone'?"),
    (["describe", "scenario", "un_alone", "--set", "weks=3"], "did you mean 'weeks'?"),
    (["describe", "scenario", "un_alone", "--set", "weeks"], "path=value"),
    (["check", "nowhere.toml"], "nowhere.toml"),
    (["new", "a b"], "a name of letters"),
    (["new", "a", "--from", "/proc/none.toml"], "/proc/none.toml"),
    (["check", "pyproject"], "the path of a TOML file"),
    (["run", ""], "scenario: got ''"),
    (["run", "un_alone", "--seeds", "99999999999999999999"], "from 1 to 1,000,000"),
    (["sweep", "nope"], "sim list --sweeps"),
    (["compare", "outputs/nope"], "the folder of a sweep"),
    (["page"], "page: got nothing"),
    (["page", "--all-scenes", "--scene", "T1"], "got '--scene T1 --all-scenes'"),
    (["page", "un_alone", "border_war"], "the same world as un_alone"),
    (["page", "un_alone", "no_mission", "--worlds", "-1"], "--worlds"),
    (["page", "un_alone", "no_mission", "--out", "scenarios"], "not a folder"),
    (["page", "un_alone", "no_mission", "--out", "/proc/none/x.html"], "/proc/none"),
    (["schema", "--out", "none/x.json"], "none/x.json"),
    (["lst"], "lst"),
    (["list", "--jsn"], "--jsn"),
])  # fmt: skip
def test_errors_are_one_line_on_stderr_with_exit_code_2(sim, words, told):
    result = sim(*words, code=2)
    assert told in result.stderr and len(result.stderr.splitlines()) == 1 and result.stdout == ""


def test_new_writes_a_file_that_loads_and_never_overwrites(sim, workplace):
    sim("new", "mine", "--from", "un_au_parallel")
    file = workplace / "scenarios" / "mine.toml"
    assert tomllib.loads(file.read_text())["extends"] == "un_au_parallel"
    assert "loads" in sim("check", "mine").stdout
    file.write_text(file.read_text().replace("# ", "").replace("every path", "# every path"))
    sim("check", "mine")
    assert "exists already" in sim("new", "mine", code=2).stderr


def test_check_tells_all_problems_a_line_each(sim, workplace):
    (workplace / "scenarios" / "bad.toml").write_text('weeks = 0\ndisable = ["x"]\n[missions.UN]\norg_type = "un"\n')
    result = sim("check", "scenarios/bad.toml", "un_alone", code=2)
    assert len(result.stderr.splitlines()) == 4 and result.stdout == "un_alone: loads\n"
    rows = json.loads(sim("check", "bad", "--json", code=2).stdout)
    assert {row["kind"] for row in rows} == {"problem"} and list(rows[0]) == ["name", "kind", "text"]


@pytest.mark.parametrize(("text", "code", "told"), [
    ("", 0, "neither missions nor armed groups: to change a scenario that has them, name it with `extends`"),
    ('[timeline.a]\nweek = 500\nevent = "massacre"\ndeaths = 10', 0, "timeline.a never happens: it is in week 500"),
    ("world.grid = [5, 5]", 2, "mine: world.places: got 600; allowed: 0 to 19, the land cells in a grid of 5 x 5"),
])  # fmt: skip
def test_check_says_what_can_never_be(sim, workplace, text, code, told):
    base = 'extends = "un_alone"\n' if text else ""
    (workplace / "mine.toml").write_text(base + text)
    result = sim("check", "mine.toml", code=code)
    assert told in (result.stderr if code else result.stdout)


def test_a_file_with_the_mark_that_some_editors_begin_with_is_read(sim, workplace):
    (workplace / "mine.toml").write_text('extends = "un_alone"\n', encoding="utf-8-sig")
    assert "loads" in sim("check", "mine.toml").stdout


def test_check_finds_nothing_to_note_in_a_sound_scenario(sim):
    assert sim("check", str(shared("checks", "example.toml"))).stdout.strip().endswith("loads")


def test_schema_is_json_on_screen_and_in_a_file(sim, workplace):
    told = json.loads(sim("schema").stdout)
    assert told["$schema"].startswith("https://json-schema.org") and "missions" in told["properties"]
    sim("schema", "--out", "s.json")
    assert json.loads((workplace / "s.json").read_text()) == told


def test_settings_are_toml_and_anything_else_is_text():
    told = parse_sets(["weeks=52", "a.b = 0.5", "c=poc", "d=[1, 2]", "e=none", "f=true", 'g="52"'])
    assert told == {"weeks": 52, "a.b": 0.5, "c": "poc", "d": [1, 2], "e": None, "f": True, "g": "52"}
    (one,) = load_with(["un_alone"], ["missions.UN.mandate=observe"])
    assert one.name == "un_alone[missions.UN.mandate=observe]" and one.missions["UN"].mandate.name == "observe"
    with pytest.raises(Problems):
        parse_sets(["=3"])
    with pytest.raises(SimError):
        load_with(["un_alone"], ["weeks=x"])


def test_without_arguments_it_says_what_there_is_and_starts_without_heavy_imports(tmp_path):
    done = subprocess.run([sys.executable, "-X", "importtime", "-c", "from sim.cli import main; main()"], cwd=tmp_path,
                          capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=True)  # fmt: skip
    assert "describe" in done.stdout
    assert not any(f" {heavy}\n" in done.stderr for heavy in ("mesa", "pandas", "pyarrow", "matplotlib", "numba"))
