"""Everything that can be wrong with a scenario is told at once, a line each."""

from __future__ import annotations

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Problems, SimError
from sim.scenario import Scenario, load
from sim.scenario.checks import notes
from sim.scenario.turnable import rows

FUNDING = {"week": 3, "event": "funding_cut", "mission": "UN", "share": 0.2}
LEAVES = {"week": 3, "event": "contributor_exit", "mission": "UN", "share": 1.0}
EXIT = {"event": "withdrawal", "mission": "UN", "when": {"measure": "paid", "below": 0.5}}
HANDOVER = {"week": 3, "event": "handover", "mission": "UN", "to": "AU"}
POLITICAL = {"org_type": "un", "profile": "political", "mandate": "political"}


@pytest.fixture(scope="module")
def joint():
    return load(ROOT / "scenarios" / "un_au_parallel.toml")


def lines(joint, change) -> list[str]:
    with pytest.raises(Problems) as told:
        joint.but(change)
    return str(told.value).splitlines()


CASES = [
    # wrong kind of value: nothing is converted in silence
    ({"weeks": 2.7}, "weeks: got 2.7; allowed: a whole number from 1 to 1,040"),
    ({"weeks": "20"}, "weeks: got '20'; allowed: a whole number"),
    ({"weeks": True}, "weeks: got True; allowed: a whole number"),
    ({"weeks": 1041}, "weeks: got 1041"),
    ({"spin_up": -1}, "spin_up: got -1"),
    ({"placebo": 1}, "placebo: got 1; allowed: true or false"),
    ({"start": "2013-01-08"}, "start: got '2013-01-08'; allowed: a Monday; the nearest is 2013-01-07"),
    ({"start": "soon"}, "start: got 'soon'; allowed: a date"),
    ({"missions.AU.care": 1.5}, "missions.AU.care: got 1.5; allowed: a number from 0 to 1"),
    ({"missions.AU.care": float("nan")}, "missions.AU.care: got nan"),
    ({"missions.AU.care": float("inf")}, "missions.AU.care: got inf"),
    ({"missions.AU.troops": "20"}, "missions.AU.troops: got '20'; allowed: a whole number of people"),
    ({"missions.AU.troops": 12.5}, "missions.AU.troops: got 12.5"),
    ({"missions.AU.troops": [[52, 10], [26, 20]]}, "missions.AU.troops: got [[52, 10], [26, 20]]; allowed: "),
    ({"missions.AU.troops": [[26, 10], [26, 20]]}, "with rising weeks"),
    ({"missions.AU.delay": -3}, "missions.AU.delay: got -3"),
    ({"missions.UN": 3}, "missions.UN: got 3; allowed: a table"),
    ({"missions": 3}, "missions: got 3; allowed: a table of tables"),
    ({"world": 3}, "world: got 3; allowed: a table"),
    ({"parameters": 3}, "parameters: got 3; allowed: a table"),
    ({"world.grid": [0, 4]}, "world.grid: got 0; allowed: [rows, columns]"),
    ({"world.grid": [4]}, "world.grid: got nothing"),
    ({"world.seed": "rum"}, "world.seed: got 'rum'; allowed: a whole number from 0, or \"run\"; did you mean 'run'?"),
    ({"world.side_km": 5}, "world.side_km: got 5; allowed: a number from 10 to 60 (km)"),
    ({"world.file": "worlds/none.toml"}, "world.file: got 'worlds/none.toml'"),
    ({"hosts.host.consent": 2}, "hosts.host.consent: got 2; allowed: a number from 0 to 1, or a table"),
    # unknown names, each with the nearest
    ({"weks": 3}, "got 'weks'; allowed: a key, one of question"),
    ({"weks": 3}, "did you mean 'weeks'?"),
    ({"missions.AU.carre": 0.5}, "missions.AU: got 'carre'"),
    ({"missions.AU.carre": 0.5}, "did you mean 'care'?"),
    ({"missions.UM.care": 0.5}, "missions.UM.care: got 'UM'; allowed: one of AU, UN"),
    ({"armed_groups.rebel": None}, "did you mean 'rebels'?"),
    ({"weks": None}, "did you mean 'weeks'?"),
    ({"missions.AU.carre": None}, "did you mean 'care'?"),
    ({"missions.UN.mandate.tasks.presense": None}, "did you mean 'presence'?"),
    ({"weeks.x.y": None}, "weeks.x.y: got 'y'"),
    ({"weeks.x": 3}, "weeks: got {'x': 3}"),
    ({"missions.AU.profile": "bilateral"}, "missions.AU.profile: got 'bilateral'; allowed: one of un_multidimensional"),
    ({"missions.AU.mandate": "enforcment"}, "missions.AU.mandate: got 'enforcment'"),
    ({"missions.AU.mandate": "enforcment"}, "did you mean 'enforcement'?"),
    ({"missions.AU.org_type": "region"}, "did you mean 'regional'?"),
    ({"missions.AU.badge": "blu"}, "missions.AU.badge: got 'blu'"),
    ({"missions.AU.siting": "hotspot"}, "did you mean 'hot_spot'?"),
    ({"missions.UN.mandate": {"tasks": ["presense"]}}, "mandate.tasks: got 'presense'"),
    ({"missions.UN.mandate": {"tasks": {"presense": 1.0}}}, "did you mean 'presence'?"),
    ({"missions.UN.mandate.tasks.presence": 3}, "missions.UN.mandate.tasks.presence: got 3"),
    ({"missions.UN.mandate": {"tasks": [], "covers": ["hosts"]}}, "did you mean 'host'?"),
    ({"missions.UN.mandate": {"tasks": [], "reviw": 3}}, "did you mean 'review'?"),
    ({"missions.UN.mandate": {"review": 26}}, "missions.UN.mandate.tasks: got nothing"),
    ({"disable": ["attribtion"]}, "disable: got 'attribtion'"),
    ({"disable": ["attribtion"]}, "did you mean 'attribution'?"),
    ({"parameters.response.base_chanc": 0.2}, "did you mean 'response.base_chance'?"),
    ({"parameters.response.base_chance": 7}, "parameters.response.base_chance: got 7; allowed: a number from"),
    ({"parameters.response.base_chance": "x"}, "parameters.response.base_chance: got 'x'"),
    ({"parameters.attribution": 1}, "parameters.attribution: got 1"),
    ({"armed_groups.rebels.motive": "territory"}, "did you mean 'territorial'?"),
    ({"partnerships.UN-AU.form": "paralel"}, "did you mean 'parallel'?"),
    ({"hosts.host.consent.NATO": 0.4}, "hosts.host.consent: got 'NATO'; allowed: one of AU, UN"),
    # what is missing
    ({"missions.X": {}}, "missions.X.org_type: got nothing"),
    ({"missions.X": {}}, "missions.X.profile: got nothing; allowed: one of un_multidimensional"),
    ({"missions.X": {}}, "missions.X.mandate: got nothing"),
    ({"armed_groups.x": {}}, "armed_groups.x.motive: got nothing; allowed: one of territorial"),
    ({"partnerships.x": {}}, "partnerships.x.between: got nothing"),
    # between tables
    ({"partnerships.x": {"between": ["UN", "XY"]}}, "partnerships.x.between: got 'XY'; allowed: one of AU, UN, host"),
    ({"partnerships.x": {"between": ["UN", "UN"], "support_level": 0.5}}, "nobody is a partner to itself"),
    ({"partnerships.x": {"between": ["AU", "UN"]}}, "partnerships.UN-AU has this one"),
    ({"partnerships.x": {"between": ["rebels", "UN"]}}, "got 'rebels'; allowed: one of AU, UN, host"),
    ({"partnerships.UN-AU.lead": "host"}, "partnerships.UN-AU.lead: got 'host'; allowed: one of UN, AU"),
    ({"partnerships.UN-AU.recipient": "host"}, "partnerships.UN-AU.recipient"),
    ({"missions.AU.mandated": 30}, "missions.AU.arrives: got 26; allowed: a week not before the mandate's, 30"),
    ({"missions.host": POLITICAL}, "missions.host: got 'host'; allowed: a name of its own; hosts.host has this one"),
    ({"missions.all": POLITICAL}, "missions.all: got 'all'; allowed: any name but all, displaced, criminals"),
    ({"missions": {"A B": POLITICAL}}, "missions: got 'A B'; allowed: a name of letters"),
    ({"missions.AU.name": "x"}, "missions.AU: got 'name'; allowed: no such key"),
    ({"timeline.x": {**FUNDING, "mission": "UM"}}, "timeline.x.mission: got 'UM'; allowed: one of AU, UN"),
    ({"timeline.x": {**FUNDING, "event": "funding_cuts"}}, "did you mean 'funding_cut'?"),
    ({"timeline.x": {"week": 3, "event": "funding_cut"}}, "timeline.x.mission: got nothing"),
    ({"timeline.x": {**FUNDING, "deaths": 3}}, "timeline.x: got 'deaths'; allowed: a key of a funding_cut"),
    ({"timeline.x": {**FUNDING, "week": 2000}}, "timeline.x.week: got 2000"),
    ({"timeline.x": {"week": 3, "event": "mandate_change", "mission": "UN", "mandate": "pok"}}, "did you mean 'poc'?"),
    ({"timeline.x": {**HANDOVER, "to": "UN"}}, "another mission than the one that hands over"),
    ({"timeline.x": HANDOVER, "missions.AU.arrives": 400}, "a mission that arrives before week 156"),
    ({"extends": "un_alone"}, "extends: got 'un_alone'"),
    ({"missions.AU.funding": {"assessed": 0.75, "donor": 0.55}}, "AU.funding: got '130% of the budget'; allowed: "),
    ({"missions.AU.funding": {"assesed": 0.75}}, "did you mean 'assessed'?"),
    ({"missions.AU": {"funding": {"assessed": 0.5}, "assured": 0.2}}, "missions.AU.assured: got 0.2; allowed: nothing"),
    ({"missions.UN.contributors": {"A": {"share": 0.5}}}, "missions.UN.contributors: got '50% of the mission'"),
    ({"missions.UN.contributors": {"A": {}}}, "missions.UN.contributors.A.share: got nothing"),
    ({"missions.UN.contributors": {"A": {"share": 1.0, "caveat": 0.5}}}, "did you mean 'caveats'?"),
    ({"timeline.x": {**LEAVES, "contributor": "B"}}, "timeline.x.contributor: got 'B'; allowed: nothing: "),
    # conditions
    ({"timeline.x": {"event": "expulsion", "mission": "UN"}}, "timeline.x.week: got nothing; allowed: a week, or"),
    ({"timeline.x": {**EXIT, "week": 3}}, "timeline.x.when: got 'both week and when'"),
    ({"timeline.x": {**EXIT, "when": {"measure": "payd", "below": 1}}}, "did you mean 'paid'?"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid"}}}, "x.when.above: got nothing; allowed: above or below"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "above": 0.1, "below": 0.2}}}, "got 'both above and below'"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "below": 60}}}, "when.below: got 60.0; allowed: a number"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "below": 0.5, "of": "UM"}}}, "timeline.x.when.of: got 'UM'"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "below": 0.5, "area": "A1"}}}, "only civilian_deaths"),
    ({"timeline.x": {**EXIT, "when": {"above": 0.5}}}, "timeline.x.when.measure: got nothing; allowed: one of"),
    ({"timeline.x": {**EXIT, "when": {"follows": "gone"}}}, "timeline.x.when.follows: got 'gone'"),
    ({"timeline.x": {**EXIT, "when": {"follows": "x"}}}, "an event that does not wait for this one"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "below": 0.5, "after": 9, "by": 3}}}, "x.when.by: got 3"),
    ({"timeline.x": {**EXIT, "when": {"measure": "paid", "belo": 0.5}}}, "did you mean 'below'?"),
    ({"timeline.x": {**EXIT, "components": ["troop"]}}, "timeline.x.components: got 'troop'"),
    ({"missions.AU.on_event": "exit"}, "missions.AU.on_event: got 'exit'"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), CASES)
def test_every_fault_is_a_line_that_says_where_what_and_what_is_allowed(joint, change, told):
    found = lines(joint, change)
    assert any(told in line for line in found), found
    assert all(line.startswith("un_au_parallel") and "; allowed: " in line for line in found)


def test_all_faults_of_all_files_are_told_at_once_each_with_its_file(workplace):
    folder = workplace / "scenarios"
    (folder / "base.toml").write_text(
        'weeks = "many"\n[missions.UN]\norg_type = "un"\nprofile = "x"\nmandate = "poc"\n'
    )
    (folder / "top.toml").write_text(
        'extends = "base"\ndisable = ["x"]\n[partnerships.p]\nbetween = ["UN", "AU"]\n'
        '[timeline.t]\nweek = 3\nevent = "expulsion"\nmission = "AU"\n[parameters]\n"response.x" = 1\n'
    )
    with pytest.raises(Problems) as told:
        load("top")
    found = str(told.value).splitlines()
    starts = ["base.toml: weeks", "base.toml: missions.UN.profile", "top.toml: disable", "top.toml: timeline.t.mission",
              "top.toml: partnerships.p.between", "top.toml: parameters.response.x"]  # fmt: skip
    assert len(found) == len(starts) and all(any(f.startswith(s) for f in found) for s in starts), found


@pytest.mark.parametrize("text", ["weeks = \n", "a = 1\na = 2\n", "[missions.UN\n", "x = 'y", "\x00"])
def test_a_syntax_error_is_one_line_with_its_line_number(workplace, text):
    (workplace / "scenarios" / "bad.toml").write_text(text)
    with pytest.raises(SimError) as told:
        load("bad")
    assert str(told.value).startswith(("bad.toml: line ", "bad.toml: last line")) and "\n" not in str(told.value)


def test_a_file_that_is_no_text_is_one_line(workplace):
    (workplace / "scenarios" / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SimError, match=r"bad\.toml: cannot be read"):
        load("bad")


def test_extends_must_be_a_name_that_exists(workplace):
    (workplace / "scenarios" / "a.toml").write_text('extends = "un_alon"\n')
    (workplace / "scenarios" / "b.toml").write_text("extends = 3\n")
    with pytest.raises(Problems, match=r"a\.toml: extends: got 'un_alon'.*did you mean 'un_alone'"):
        load("a")
    with pytest.raises(Problems, match=r"b\.toml: extends: got 3"):
        load("b")


def test_an_error_survives_the_way_back_from_a_worker(joint):
    import pickle

    with pytest.raises(Problems) as told:
        joint.but({"weeks": 0})
    assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)


JUNK = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)
)
PLACES = [
    "weeks",
    "world",
    "missions",
    "missions.UN",
    "missions.UN.mandate",
    "partnerships.UN-AU",
    "timeline",
    "hosts",
    "hosts.host.consent",
    "parameters",
    "disable",
    "start",
    "armed_groups.rebels",
    "missions.UN.troops",
]


@given(st.sampled_from(PLACES), st.recursive(JUNK, lambda v: st.dictionaries(st.text(max_size=4), v, max_size=3)))
def test_whatever_is_given_a_scenario_comes_out_or_problems_do(joint, path, value):
    try:
        assert isinstance(joint.but({path: value}), Scenario)
    except Problems as error:
        assert error.problems


@given(st.data())
def test_a_number_beyond_what_a_dial_allows_is_refused(joint, data):
    numbers = [r for r in rows(joint) if r["type"] in ("number", "whole number") and " to " in r["allowed"]]
    row = data.draw(st.sampled_from(numbers))
    with pytest.raises(Problems):
        joint.but({row["path"]: 1e13})


def test_notes_tell_of_strength_outside_the_evidence(joint):
    assert notes(joint) == []
    assert "[E44]" in notes(joint.but({"missions.UN.troops": 60_000}))[0]
    assert "[E44]" in notes(joint.without("AU").but({"missions.UN.troops": 100, "missions.UN.police": 0}))[0]
    assert "no question" in notes(Scenario.from_dict({}))[0]
