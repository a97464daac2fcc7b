"""Layers: defaults, what a file extends, the file."""

from __future__ import annotations

import pytest
from conftest import ROOT, shared
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Problems, SimError
from sim.scenario import Scenario, load
from sim.scenario.paths import drop, flat, get, merge, put

NAMES = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2), lambda inner: st.dictionaries(NAMES, inner, max_size=3)
)
TABLES = st.dictionaries(NAMES, TREES, max_size=3)

MINE = """
question = "Mine?"
extends = "{}"
weeks = 60
[missions.UN]
care = 0.5
"""


def write(folder, name, text):
    (folder / f"{name}.toml").write_text(text)


def test_an_empty_file_is_a_country_with_a_host_and_nobody_else(workplace):
    write(workplace / "scenarios", "empty", "")
    s = load("empty")
    assert (s.weeks, s.spin_up, s.world.seed, list(s.hosts)) == (156, 52, 7, ["host"])
    assert not s.missions and not s.armed_groups and not s.timeline


def test_the_example_of_the_specification_loads_as_it_stands():
    s = load(shared("checks", "example.toml"))
    assert s.missions["AU"].care == 0.6 and s.missions["AU"].tempo == 0.85
    assert s.missions["AU"].mandate.tasks["offensive_operations"] == 1.0
    assert not s.missions["LIAISON"].mandate.tasks and s.missions["LIAISON"].troops == ()
    assert s.partnerships["UN-AU"].lead == "UN" and s.armed_groups["rebels"].fighters == 3000
    assert s.armed_groups["rebels"].bands == 67
    assert s.timeline[0].mission == "UN" and s.timeline[0].share == 0.26
    assert s.parameters.response.base_chance == 0.3
    assert s.start.weekday() == 0


def test_tables_merge_key_by_key_and_lists_replace(workplace):
    write(workplace / "scenarios", "mine", MINE.format("un_alone"))
    s, base = load("mine"), load("un_alone")
    assert s.missions["UN"].care == 0.5 and s.missions["UN"].liaison == base.missions["UN"].liaison
    assert s.missions["UN"].troops == base.missions["UN"].troops and s.weeks == 60
    assert s.sources == base.sources


def test_the_working_folder_comes_before_what_ships(workplace):
    write(workplace / "scenarios", "un_alone", 'question = "Ours?"\n')
    assert load("un_alone").question == "Ours?"
    assert load(ROOT / "scenarios" / "un_alone.toml").missions


def test_a_file_may_extend_the_shipped_one_of_its_own_name(workplace):
    write(workplace / "scenarios", "un_alone", 'extends = "un_alone"\nweeks = 10\n')
    s = load("un_alone")
    assert s.weeks == 10 and s.missions["UN"].troops == ((0, 8000),)


def test_chains_are_followed_and_loops_refused_by_name(workplace):
    folder = workplace / "scenarios"
    write(folder, "a", 'extends = "b"\n')
    write(folder, "b", 'extends = "c"\nweeks = 20\n')
    write(folder, "c", "weeks = 30\nspin_up = 4\n")
    assert (load("a").weeks, load("a").spin_up) == (20, 4)
    write(folder, "c", 'extends = "a"\n')
    with pytest.raises(Problems, match="a -> b -> c -> a"):
        load("a")


def test_what_is_extended_is_looked_for_beside_the_file_first(workplace):
    away = workplace / "away"
    away.mkdir()
    write(away, "base", "weeks = 11\n")
    write(away, "top", 'extends = "base"\n')
    assert load(away / "top.toml").weeks == 11


@pytest.mark.parametrize("name", ["un_alon", "scenarios/nowhere.toml", "nowhere/un_alone"])
def test_a_scenario_that_is_not_there_is_one_line(workplace, name):
    with pytest.raises(SimError) as told:
        load(name)
    assert len(str(told.value).splitlines()) == 1 and name in str(told.value)


def test_a_world_file_replaces_the_generator_below_it_and_is_found_beside_the_scenario(workplace):
    folder = workplace / "scenarios"
    (folder / "worlds").mkdir()
    (folder / "worlds" / "xyz.toml").write_text("cells = 3\n")
    write(folder, "mine", 'extends = "un_alone"\n[world]\nfile = "worlds/xyz.toml"\n')
    s = load("mine")
    assert s.world.generator is None and s.world.path == str((folder / "worlds" / "xyz.toml").resolve())
    assert s.but({"world.generator": "country"}).world.file is None
    before = s.digest
    (folder / "worlds" / "xyz.toml").write_text("cells = 4\n")
    assert s.digest != before, "another world is another scenario"


def test_quoted_and_nested_parameters_mean_the_same(workplace):
    path = next(iter(load("no_mission").parameters)).path
    value = load("no_mission").parameters[path]
    quoted = Scenario.from_dict({"parameters": {path: value}})
    group, name = path.split(".")
    assert quoted == Scenario.from_dict({"parameters": {group: {name: value}}})
    with pytest.raises(Problems, match="given twice"):
        Scenario.from_dict({"parameters": {path: value, group: {name: value}}})


@pytest.mark.parametrize("name", [f.stem for f in sorted((ROOT / "scenarios").glob("*.toml"))])
def test_every_shipped_scenario_loads_and_asks_a_question(name):
    s = load(ROOT / "scenarios" / f"{name}.toml")
    assert s.question.endswith("?") and str(s).startswith(name)


@given(TABLES, TABLES)
def test_merging_keeps_what_lies_above_and_what_it_does_not_mention(below, above):
    merged = merge(below, above)
    assert merge(below, {}) == merge({}, below) == merge(below, below) == below
    assert all(get(merged, path.split(".")) == value for path, value in flat(above) if path and value != {})
    assert all(merged[key] == below[key] for key in below.keys() - above.keys())


@given(TABLES, st.lists(NAMES, min_size=1, max_size=3), st.integers())
def test_what_is_put_is_there_and_what_is_dropped_is_gone(tree, keys, value):
    assert get(put(tree, keys, value), keys) == value
    assert get(drop(put(tree, keys, value), keys), keys) is None


def test_one_change_may_add_a_mission_and_turn_its_mandate():
    given = {"org_type": "au", "profile": "au", "mandate": "poc", "troops": 500}
    changed = load("un_alone").but({"missions.AU": given, "missions.AU.mandate.tasks.policing": 0.5})
    assert changed.missions["AU"].mandate.tasks["policing"] == 0.5
    assert "protect_civilians" in changed.missions["AU"].mandate.tasks
