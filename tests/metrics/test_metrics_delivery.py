"""Delivery of tasks: working time that goes into each, of what it calls for from the mandate on."""

from __future__ import annotations

import pytest
from helpers import HERE, IDLE, UN, played, small, tables

TASKS = {"presence": 1.0, "protect_civilians": 0.5}
ALL_HERE = UN | HERE | {"mandate": {"tasks": TASKS}}


def summary(mission: dict, **top):
    """Return the summary of a run with one mission."""
    safe = {"parameters.attacks_on_peacekeepers.base": 0.0}
    return tables(small(safe, missions={"M": mission}, **top))["summary"].iloc[0]


def test_a_mission_that_is_there_in_full_does_all_that_a_narrow_mandate_asks():
    row = summary(ALL_HERE)
    assert row["task_delivery:M:presence"] == pytest.approx(1)
    assert row["mandate_delivery:M"] == pytest.approx(1) and row["tasks_done_share:M"] == 1


def test_coming_late_is_part_of_the_policy():
    """Ten of twenty weeks without anybody, counted from the mandate."""
    row = summary(ALL_HERE | {"arrives": 10})
    assert row["task_delivery:M:presence"] == pytest.approx(0.5)
    assert row["tasks_done_share:M"] == 0  # half is not more than half
    later = summary(ALL_HERE | {"mandated": 10, "arrives": 10})
    assert later["task_delivery:M:presence"] == pytest.approx(1)


def test_breadth_over_means_lowers_delivery_and_half_the_people_do_half_the_work():
    """E17."""
    tasks = TASKS | {"offensive_operations": 1.0, "border_control": 1.0, "protect_sites": 1.0}
    broad = summary(ALL_HERE | {"mandate": {"tasks": tasks}})
    assert broad["mandate_delivery:M"] < 0.9
    leaving = {"w": {"week": 10, "event": "withdrawal", "mission": "M", "share": 0.5}}
    halved = summary(ALL_HERE, timeline=leaving)
    assert halved["task_delivery:M:presence"] == pytest.approx(0.75)


def test_the_mean_is_by_priority():
    """Soldiers give all of their time to one task, and nobody is there who could do the other in his own trade."""
    mandate = {"tasks": {"presence": 1.0, "policing": 0.25}}
    row = summary(ALL_HERE | {"mandate": mandate, "police": [[0, 140], [5, 0]]})
    parts = row["task_delivery:M:presence"], row["task_delivery:M:policing"]
    assert parts[1] == pytest.approx(0.25, abs=0.02) and row["mandate_delivery:M"] == pytest.approx(
        (parts[0] + 0.25 * parts[1]) / 1.25
    )


def test_only_tasks_that_a_mandate_names_are_counted_and_each_from_the_week_it_is_named():
    change = {"c": {"week": 10, "event": "mandate_change", "mission": "M", "mandate": {"tasks": ["border_control"]}}}
    row = summary(ALL_HERE, timeline=change)
    named = [c for c in row.index if c.startswith("task_delivery:")]
    assert named == [f"task_delivery:M:{task}" for task in (*TASKS, "border_control")]
    assert [row[c] for c in named] == pytest.approx([1, 1, 1])
    assert row["task_delivery_of:M:border_control"] == pytest.approx(10 * 0.2 * 2000 * 0.6, rel=0.5)


def test_a_mission_without_tasks_has_nothing_to_deliver():
    row = summary(IDLE | {"arrives": 0})
    assert row.filter(like="task_delivery").empty and row.isna()["mandate_delivery:M"]


def test_it_is_what_the_week_s_people_and_time_say():
    m = played(small(missions={"M": UN | HERE}), 3)
    t, task = m.missions, m.log.work.task
    used = (t.served[task, :, 0] * t.deployed[:, 0] * ([1 - t.guarding[0]] * 2 + [1.0, 1.0])).sum(axis=1)
    assert m.log.ratios["task_delivery"][0, m.week] == pytest.approx(used)
