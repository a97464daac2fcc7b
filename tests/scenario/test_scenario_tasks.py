"""Tasks: the activities that fall under each, the staff that each calls for, and what each is seen to do."""

from __future__ import annotations

import pytest

from sim.actors.staff import COMPONENTS
from sim.metrics import METRICS
from sim.scenario import catalogue

TASKS = catalogue.table("tasks")
TABLES = {"CT": 14, "OC": 18, "MG": 29, "EN": 19, "EP": 16}


def test_each_of_the_96_activities_falls_under_one_task():
    found = catalogue.table("activities")
    assert list(found) == [f"{part}{k + 1}" for part, number in TABLES.items() for k in range(number)]
    assert all(about["task"] in TASKS and about["name"] and about["table"] for about in found.values())
    assert len({about["table"] for about in found.values()}) == len(TABLES)
    assert sum(len(catalogue.activities(task)) for task in TASKS) == len(found) == 96


@pytest.mark.parametrize("task", TASKS)
def test_each_task_has_staff_and_something_by_which_it_is_seen(task):
    entry = TASKS[task]
    assert (
        entry["staff"] and set(entry["staff"]) <= set(COMPONENTS) and all(0 < x <= 1 for x in entry["staff"].values())
    )
    assert ("shows" in entry) != ("delivery_only" in entry)
    if "shows" in entry:
        assert entry["shows"]["without"] in ("lower", "higher")
        assert entry["shows"]["metric"] in METRICS


@pytest.mark.parametrize("task", [t for t in TASKS if TASKS[t].get("shows", {}).get("metric") in METRICS])
def test_what_a_task_shows_is_a_column(task):
    """The keys that the entry gives are those of the metric; without any, the metric has a total."""
    shows = TASKS[task]["shows"]
    metric, words = METRICS[shows["metric"]], [w for w in shows.get("of", "").split("->") if w]
    assert len(words) == len(metric.by) or (not words and metric.adds_up)


def test_columns_are_named_by_the_scenario_s_own_names():
    assert catalogue.shown("presence", mission="UN") == ("coverage:UN", "lower")
    assert catalogue.shown("support_host_forces", "UN", host="state") == ("complicity_loss:state->UN", "lower")
    assert catalogue.shown("quick_impact_projects", "UN") == ("legitimacy:all->UN", "lower")
    assert catalogue.shown("logistics_support", partner="AU") == ("strength_share:AU", "lower")
    assert catalogue.shown("disarmament") == ("fighters", "higher") and catalogue.shown("electoral_support") is None
