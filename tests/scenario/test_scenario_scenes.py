"""Training scenes: two scenarios, one dial, what to watch, predict and discuss."""

from __future__ import annotations

import json
import tomllib

import pytest
from conftest import ROOT
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.errors import Problems
from sim.experiment.scenes import meaning, unwatchable
from sim.scenario import load
from sim.scenario.editor import scene_schema
from sim.scenario.paths import plain
from sim.scenario.scene import is_scene
from sim.scenario.scene_page import page

FILES = {f.stem: f for f in sorted((ROOT / "scenarios" / "training").glob("*.toml"))}
SMALL = {"world.grid": [14, 14], "world.places": 120, "spin_up": 8, "weeks": 92}
MINE = """
title = "Mine"
question = "Which?"
minutes = 10
sources = ["B-M72"]
watch = ["civilians_killed", "impartiality:all->UN"]
predictions = ["This.", "That."]
debrief = ["Why?"]
weeks = 30
[world]
grid = [10, 10]
[a]
scenario = "un_alone"
title = "Alone"
[b]
scenario = "un_au_parallel"
title = "Both"
[dial]
path = "missions.UN.troops"
title = "Soldiers"
values = [1000, 8000]
"""


@pytest.fixture
def mine(workplace):
    """Write a scene of one's own into the working folder, with texts replaced; return its path."""

    def write(*changes: tuple[str, str]) -> str:
        text = MINE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = workplace / "scenarios" / "training" / "mine.toml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return str(file)

    return write


def call(*words: str, code: int = 0):
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, (result.output, result.stderr)
    return result


def lines(file: str) -> list[str]:
    with pytest.raises(Problems) as told:
        sim.scene(file)
    return str(told.value).splitlines()


def test_there_are_twelve():
    assert set(FILES) == {f"T{k}" for k in range(1, 13)}


@pytest.mark.parametrize("name", FILES)
def test_each_can_be_played_in_a_room(name):
    scene = sim.scene(FILES[name])
    about = scene.about
    assert about.question.endswith("?") and about.based_on and len(about.sources) >= 2 and 10 <= about.minutes <= 30
    assert 3 <= len(about.predictions) <= 4 and len(about.debrief) >= 3 and len(about.watch) >= 3
    assert any(text.startswith("When would the other side win") for text in about.debrief)
    assert "civilians_killed" in {column.partition(":")[0] for column in about.watch}
    assert all(meaning(column) for column in about.watch)


@pytest.mark.parametrize("name", FILES)
def test_the_dial_turns_what_it_says_and_nothing_else(name):
    scene = sim.scene(FILES[name])
    turned = {"a": [True, False], "b": [False, True], "both": [True, True]}[scene.about.dial.turns]
    pairs = [scene.at(value) for value in scene.about.dial.values]
    for side, moves in enumerate(turned):
        assert len({pair[side].digest for pair in pairs}) == (len(pairs) if moves else 1)
        for pair in pairs:
            paths = {row[0] for row in pair[side].diff(scene.pair[side])}
            assert all(path.startswith(scene.about.dial.path) for path in paths), paths
    assert scene.at(scene.about.dial.values[0])[0].name == scene.a.name == scene.about.a.title


@pytest.mark.parametrize("name", FILES)
def test_the_two_come_out_differently(name):
    pair = [arm.but(SMALL).named(arm.name) for arm in sim.scene(FILES[name]).pair]
    summary = sim.run(pair, seeds=1, jobs=1, keep=["summary"], progress=False).summary.set_index("scenario")
    watched = [column for column in sim.scene(FILES[name]).about.watch if column in summary]
    a, b = (summary.loc[arm.name, watched] for arm in pair)
    assert len(watched) > 2 and sum(a[column] != b[column] for column in watched) >= 2


@pytest.mark.parametrize("name", FILES)
def test_each_has_a_page(name):
    told = page(sim.scene(FILES[name]), meaning)
    about, flat = sim.scene(FILES[name]).about, " ".join(told.split())
    assert not [text for text in (about.title, about.question, *about.predictions, *about.debrief) if text not in flat]
    assert about.dial.path in told and max(map(len, told.splitlines())) <= 100
    assert str(sim.scene(FILES[name])).startswith(f"{name}: {about.title}")


def test_a_scene_changes_its_two_scenarios_alike_and_apart(mine):
    scene = sim.scene(mine(('title = "Alone"', 'title = "Alone"\nset = { "missions.UN.care" = 0.2 }')))
    assert [arm.name for arm in scene.pair] == ["Alone", "Both"] and "mine" in repr(scene)
    assert all(arm.weeks == 30 and arm.world.grid == (10, 10) and arm.world.places == 600 for arm in scene.pair)
    assert [arm.missions["UN"].care for arm in scene.pair] == [0.2, load("un_alone").missions["UN"].care]
    assert [arm.missions["UN"].troops[0][1] for arm in scene.at(1000)] == [1000, 1000]


def test_none_takes_a_mission_away(mine):
    (a, b) = sim.scene(mine(('title = "Both"', 'title = "Nobody"\nset = { "missions.AU" = "none", weeks = 20 }'))).pair
    assert set(a.missions) == set(b.missions) == {"UN"} and b.weeks == 20 and not b.partnerships


@pytest.mark.parametrize(("old", "new", "told"), [
    ('"un_alone"', '"un_alon"', "a.scenario: got 'un_alon'; allowed: a name that `sim list` shows, or the "
     "path of a TOML file; did you mean 'un_alone'?"),
    ("minutes = 10", "minutes = 500", "minutes: got 500; allowed: a whole number from 5 to 90 (minutes)"),
    ("minutes = 10", "minuts = 10", "got 'minuts'; allowed: a key, one of"),
    ("minutes = 10", "", "minutes: got nothing"),
    ('["This.", "That."]', '["This."]', "predictions: got ['This.']; allowed: a list of 2 to 6 texts"),
    ("[1000, 8000]", "[1000]", "dial.values: got [1000]; allowed: a list of 2 to 9 values"),
    ("[1000, 8000]", "[1000, 1000]", "dial.values: got 1000; allowed: values that differ from each other"),
    ("[1000, 8000]", "[1000, -1]", "dial.values: got -1; allowed: a whole number of people"),
    ("UN.troops", "UN.trops", "dial.path: got 'missions.UN.trops'; allowed: a path that `sim describe dials"),
    ("UN.troops", "UN.trops", "did you mean 'missions.UN.troops'?"),
    ('title = "Both"', 'title = "Alone"', "b.title: got 'Alone'; allowed: another title"),
    ("un_au_parallel", "un_alone", "mine.toml: b: got 'un_alone'; allowed: a scenario that differs"),
    ("[10, 10]", "[10]", "mine.toml: world.grid: got nothing"),
    ('title = "Both"', 'title = "Both"\nset = { "missions.UN.cair" = 1 }', "did you mean 'care'?"),
    ('title = "Both"', 'title = "Both"\nturns = "b"', "b: got 'turns'; allowed: a key"),
    ('"civilians_killed"', '"civilians_kiled"', "watch: got 'civilians_kiled'; allowed: a metric that `sim describe"),
    ('"civilians_killed"', '"coverage"', "watch: got 'coverage'; allowed: a column such as coverage:AU, coverage:UN"),
    ("all->UN", "all->U", "did you mean 'impartiality:all->UN'?"),
])  # fmt: skip
def test_what_is_wrong_is_told_with_its_place_and_the_nearest(mine, old, new, told):
    found = lines(mine((old, new)))
    assert any(told in line for line in found), found
    assert all(line.startswith("mine.toml: ") for line in found)


def test_all_that_is_wrong_is_told_at_once(mine):
    assert len(lines(mine(("minutes = 10", "minutes = 1"), ('["Why?"]', "[]"), ("values = ", "valeus = ")))) == 4


def test_a_scene_is_found_by_name_and_the_working_folder_s_comes_first(mine, workplace):
    mine()
    (workplace / "scenarios" / "training" / "T1.toml").write_text(MINE)
    assert sim.scene("mine").name == "mine" and sim.scene("T1").about.title == "Mine"
    assert sim.scene("T2").about.title != "Mine" and is_scene("T2") and not is_scene("un_alone")
    with pytest.raises(Problems, match=r"got 'T22'.*sim list --training.*did you mean 'T2'"):
        sim.scene("T22")


def test_the_command_line_lists_shows_and_checks_scenes(mine, workplace):
    mine()
    rows = json.loads(call("list", "--training", "--json").stdout)
    assert [row["name"] for row in rows] == [*(f"T{k}" for k in range(1, 13)), "mine"]
    assert (
        rows[0]["dial"] and rows[0]["minutes"] and rows[0]["from"] == "shipped" and rows[-1]["from"] == "working folder"
    )
    assert "13 training scenes" in call("list").stdout
    assert call("describe", "T1").stdout == call("describe", "scene", "T1").stdout
    assert "Predict first" in call("describe", "scenarios/training/mine.toml").stdout
    assert json.loads(call("describe", "scene", "T1", "--json").stdout)["name"] == "T1"
    assert call("describe", "un_alone").stdout == call("describe", "scenario", "un_alone").stdout
    assert "did you mean 'T12'" in call("describe", "T122", code=2).stderr
    assert call("check", "T3", "scenarios/training/mine.toml", "un_alone").stdout.count("loads") == 3
    mine(("minutes = 10", "minutes = 1"))
    assert "minutes: got 1" in call("check", "scenarios/training/mine.toml", code=2).stderr
    assert "does not load" in json.loads(call("list", "--training", "--json").stdout)[-1]["question"]


@pytest.mark.parametrize("name", FILES)
def test_editors_accept_the_files(name):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema checks the schema for editors")
    told = json.loads(call("schema", "--scene").stdout)
    assert told == scene_schema()
    jsonschema.Draft202012Validator.check_schema(told)
    content = plain(tomllib.loads(FILES[name].read_text("utf-8")))
    assert not list(jsonschema.Draft202012Validator(told).iter_errors(content))
    assert list(jsonschema.Draft202012Validator(told).iter_errors(content | {"minuts": 3}))
    assert list(jsonschema.Draft202012Validator(told).iter_errors({k: v for k, v in content.items() if k != "dial"}))


def test_columns_to_watch_are_those_of_either_scenario():
    a, b = load("un_alone"), load("un_au_parallel")
    good = ("coverage:AU", "civilians_killed:host", "civilians_killed", "legitimacy:some group->UN", "harm_averted",
            "interaction:AU+UN", "task_delivery:UN:presence", "contagion:rebels->UN", "gaps", "fighters")  # fmt: skip
    bad = ("coverage:CT", "harm_averted:UN", "gaps:UN", "task_delivery:UN:sleeping", "legitimacy:all->CT", "legitimacy")
    assert not [column for column in good if unwatchable(column, a, b)]
    assert all(unwatchable(column, a, b) for column in bad)
