"""A scenario in hand: copies, differences, digests, dials."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import Problems
from sim.scenario import Scenario, catalogue, load
from sim.scenario.turnable import COLUMNS, dials, rows


@pytest.fixture(scope="module")
def joint():
    return load(ROOT / "scenarios" / "un_au_parallel.toml")


@pytest.fixture(scope="module")
def un():
    return load(ROOT / "scenarios" / "un_alone.toml")


def test_but_changes_a_named_copy_and_nothing_in_place(joint):
    before = joint.digest
    copy = joint.but({"weeks": 52, "partnerships.UN-AU.coordination": 0.9})
    assert copy.name == "un_au_parallel[weeks=52,partnerships.UN-AU.coordination=0.9]"
    assert (copy.weeks, copy.partnerships["UN-AU"].coordination) == (52, 0.9)
    assert (joint.weeks, joint.partnerships["UN-AU"].coordination, joint.digest) == (156, 0.6, before)


def test_several_changes_inside_one_table_all_count():
    two = {"missions.UN.mandate.tasks.policing": 0.9, "missions.UN.mandate.tasks.border_control": 0.2}
    by_name, written_out = load("un_alone"), load("un_alone").but({"missions.UN.mandate": {"tasks": {"presence": 1.0}}})
    for s in (by_name, written_out):
        tasks = s.but(two).missions["UN"].mandate.tasks
        assert (tasks["policing"], tasks["border_control"], tasks["presence"]) == (0.9, 0.2, 1.0)
    consents = by_name.but({"hosts.host.consent.UN": 0.3, "missions.UN.mandate.tasks.presence": None})
    assert consents.hosts["host"].consent["UN"] == 0.3 and "presence" not in consents.missions["UN"].mandate.tasks


def test_changes_add_up_and_the_last_word_on_a_path_counts(joint):
    copy = joint.but({"weeks": 52}).but({"missions.AU.care": 1.0}).but({"weeks": 60})
    assert copy.name == "un_au_parallel[weeks=60,missions.AU.care=1.0]" and copy.weeks == 60
    assert copy.named("short").but({"placebo": True}).name == "short[placebo=true]"


@given(st.fixed_dictionaries({}, optional={
    "weeks": st.integers(1, 1040), "missions.AU.care": st.floats(0, 1), "missions.UN.troops": st.integers(0, 20_000),
    "partnerships.UN-AU.delineation": st.floats(0, 1), "hosts.host.consent.AU": st.floats(0, 1),
    "missions.UN.mandate.tasks.presence": st.floats(0.01, 1), "armed_groups.rebels.fighters": st.integers(0, 5000),
}))  # fmt: skip
def test_changes_together_are_changes_one_by_one_and_diff_names_them(joint, change):
    together, one_by_one = joint.but(change), joint
    for path, value in change.items():
        one_by_one = one_by_one.but({path: value})
    assert together == one_by_one
    told = {path for path, _, _ in joint.diff(together)}
    assert told <= {*change, "missions.UN.mandate.name", "armed_groups.rebels.bands"}
    assert (together.digest == joint.digest) == (not told)


def test_without_a_mission_its_links_events_and_consents_go_too(joint, un):
    full = joint.but(
        {"timeline.out": {"week": 60, "event": "expulsion", "mission": "AU"}, "hosts.host.consent.AU": 0.2}
    )
    bare = full.without("AU")
    assert bare == full.but({"missions.AU": None})
    assert list(bare.missions) == ["UN"] and not bare.partnerships and not bare.timeline
    assert bare.hosts["host"].consent == {"UN": 0.8}
    assert bare.digest == un.digest
    assert full.without("UN-AU").partnerships == {} and full.without("rebels").armed_groups.keys() == {
        "front", "militia", "raiders"
    }  # fmt: skip


def test_none_takes_a_value_back_to_what_lies_below(joint):
    turned = joint.but({"missions.AU.care": 0.9, "weeks": 20})
    assert turned.but({"missions.AU.care": None}).missions["AU"].care == 0.55
    assert turned.but({"weeks": None, "world.file": None, "partnerships.UN-AU.lead": None}).weeks == 156
    assert joint.but({"missions": None}).missions == {}
    assert "presence" not in joint.but({"missions.UN.mandate.tasks.presence": None}).missions["UN"].mandate.tasks


def test_a_mandate_may_be_turned_inside_and_is_then_its_own(joint):
    turned = joint.but({"missions.UN.mandate.use_of_force": "enforcement"})
    assert turned.missions["UN"].mandate.tasks == joint.missions["UN"].mandate.tasks
    assert (turned.missions["UN"].mandate.name, turned.missions["UN"].mandate.use_of_force) == ("own", "enforcement")
    assert "presence" not in joint.but({"missions.UN.mandate.tasks.presence": 0}).missions["UN"].mandate.tasks


def test_numpy_numbers_dates_and_tuples_serve_as_values(joint):
    copy = joint.but({"weeks": np.int64(40), "missions.AU.care": np.float64(0.25), "start": date(2014, 1, 6)})
    assert (copy.weeks, copy.missions["AU"].care, copy.start) == (40, 0.25, date(2014, 1, 6))
    assert joint.but({"world.grid": (4, 5)}).world.grid == (4, 5)


def test_arrival_strength_and_bands_follow_from_other_keys():
    mission = {"org_type": "bilateral", "profile": "bilateral_ct", "mandate": "counter_terrorism", "mandated": 10}
    s = Scenario.from_dict({
        "missions": {"X": {**mission, "troops": 900, "police": [[12, 5], [20, 9]]}},
        "armed_groups": {"a": {"motive": "ethnic", "fighters": 20}},
    })  # fmt: skip
    x = s.missions["X"]
    assert (x.arrives, x.troops, x.police, x.civilians) == (14, ((10, 900),), ((12, 5), (20, 9)), ())
    assert x.badge == "foreign_army" and s.armed_groups["a"].bands == 4


def test_the_kind_of_organisation_sets_the_badge_and_nothing_else(joint):
    swapped = joint.but({"missions.AU.org_type": "private"})
    told = {path for path, _, _ in joint.diff(swapped)}
    assert told == {"missions.AU.org_type", "missions.AU.badge"}


def test_events_come_in_order_of_week_then_name():
    out = {"event": "expulsion", "mission": "U"}
    mission = {"org_type": "un", "profile": "political", "mandate": "political"}
    timeline = {name: {"week": week, **out} for name, week in (("b", 5), ("c", 2), ("a", 5))}
    s = Scenario.from_dict({"missions": {"U": mission}, "timeline": timeline})
    assert [e.name for e in s.timeline] == ["c", "a", "b"]


def test_resolved_content_is_json_and_comes_back_the_same(joint):
    back = Scenario.from_dict(json.loads(json.dumps(joint.to_dict())), joint.name)
    assert back == joint and back.digest == joint.digest and hash(back) == hash(joint)


def test_pickles_are_equal_and_keep_their_name(joint):
    copy = pickle.loads(pickle.dumps(joint.but({"weeks": 52})))
    assert copy == joint.but({"weeks": 52}) and copy.but({"placebo": True}).name.endswith("[weeks=52,placebo=true]")


def test_names_and_texts_for_display_move_no_digest(joint):
    assert joint.named("other").digest == joint.digest and joint.named("other") != joint
    shown = joint.but({"title": "T", "question": "Q?", "missions.AU.title": "A", "sources": ["x"]})
    assert shown.digest == joint.digest
    assert joint.but({"missions.AU.care": 0.56}).digest != joint.digest


def test_the_digest_is_the_same_in_another_process_and_folder(joint, tmp_path):
    code = f"import sim; print(sim.load({str(ROOT / 'scenarios' / 'un_au_parallel.toml')!r}).digest)"
    env = {"PYTHONHASHSEED": "5", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == joint.digest


def test_nothing_changes_in_place(joint):
    with pytest.raises(AttributeError):
        joint.weeks = 3
    with pytest.raises(TypeError, match="but"):
        joint.missions["X"] = None
    with pytest.raises(Exception, match="frozen"):
        joint.missions["UN"].care = 0.1
    with pytest.raises(AttributeError, match="but"):
        joint.parameters.response.base_chance = 1


def test_diff_prints_aligned_and_says_when_there_is_none(joint, un):
    lines = str(un.diff(joint)).splitlines()
    assert lines[0].split() == ["path", "un_alone", "un_au_parallel"]
    assert ("missions.AU", None, "present") in list(un.diff(joint)) and len(un.diff(un)) == 0
    assert "do not differ" in str(un.diff(un.named("same")))


def test_every_dial_is_a_path_that_can_be_set_to_what_it_is(joint):
    s = joint.but({"timeline.out": {"week": 60, "event": "expulsion", "mission": "AU"}})
    for row in rows(s):
        told = [path for path, _, _ in s.diff(s.but({row["path"]: row["value"]}))]
        assert all(path.endswith(".mandate.name") for path in told), row
        assert row["meaning"] and row["allowed"] and row["type"], row


def test_dials_are_a_table_with_the_evidence_behind_each(joint):
    table = dials(joint).set_index("path")
    assert list(dials(joint).columns) == list(COLUMNS)
    assert table.loc["missions.AU.care", "source"].startswith("B-M87")
    turned = dials(joint.but({"missions.AU.care": 0.9})).set_index("path")
    assert turned.loc["missions.AU.care", "source"] == "this scenario"


def test_importing_the_project_loads_nothing_heavy(tmp_path):
    code = "import sim, sys; sim.load; print([m for m in ('mesa','pandas','pyarrow','matplotlib') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_value_of_the_catalogues_fits_the_schema_and_has_evidence():
    missions = {
        f"M-{p.replace('_', '-')[:30]}-{k}": {"org_type": o, "profile": p, "mandate": m}
        for k, (p, m, o) in enumerate(
            (p, m, o) for p in catalogue.profiles() for m in catalogue.mandates() for o in catalogue.org_types()[:1]
        )
    }
    s = Scenario.from_dict({"missions": missions})
    assert len(s.missions) == len(catalogue.profiles()) * len(catalogue.mandates())
    names = list(missions)
    links = {f: {"between": [names[k], names[k + 1]], "form": f} for k, f in enumerate(catalogue.forms())}
    linked = Scenario.from_dict({"missions": missions, "partnerships": links}).partnerships
    assert all(getattr(linked[f], dial) == value for f in links for dial, value in catalogue.form(f).items())
    for file in ("profiles", "mandates", "forms"):
        for name, entry in catalogue.table(file).items():
            told = {k: v for k, v in entry.items() if isinstance(v, dict) and k != "tasks"} | entry.get("tasks", {})
            for key, about in told.items():
                assert about["basis"] in ("literature", "calibrated", "assumption") and about["source"], (name, key)
                low, high = about.get("plausible", (None, None))
                assert low is None or low <= about["value"] <= high, (name, key)


def test_tasks_and_events_name_rules():
    from sim.scenario import RULES

    tasks, events = catalogue.table("tasks"), catalogue.table("events")
    assert len(tasks) == 24 and all(set(t["rules"]) <= set(RULES) for t in tasks.values())
    assert all(e["rule"] in RULES for e in events.values())


def test_unknown_names_in_hand_are_named_with_the_nearest(joint):
    with pytest.raises(Problems, match="did you mean 'rebels'"):
        joint.without("rebel")
    for whole, near, right in (
        (joint.parameters, "respons", "response"),
        (joint.parameters.response, "bas", "base_chance"),
    ):
        with pytest.raises(AttributeError) as found:
            getattr(whole, near)
        assert right in dir(found.value.obj) and found.value.name == near  # of which Python proposes the nearest


def test_scenarios_travel_with_the_package(tmp_path):
    """As in a wheel: the package beside no checkout, the scenario files in it."""
    house = tmp_path / "site"
    shutil.copytree(ROOT / "sim", house / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", house / "sim" / "shipped")
    code = "import sim; print(sim.load('un_alone').digest); print(sim.__file__); print(sim.scene('T1').name)"
    env = {"PYTHONPATH": str(house), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    digest, place, scene = done.stdout.split()
    assert (
        scene == "T1" and place.startswith(str(house)) and digest == load(ROOT / "scenarios" / "un_alone.toml").digest
    )
