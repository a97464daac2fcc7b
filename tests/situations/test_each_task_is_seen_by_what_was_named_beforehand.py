"""Take a task out of a mandate, and the one metric moves that was named beforehand, the way that was named.

The metric and its sign stand in sim/scenario/data/tasks.toml, the countries in benchmarks/task_situations.py. Here in a
small country on six seeds, the sign of the mean; benchmarks/tasks.py asks for a sign that holds in a usual country.
Evidence: the entries of each task in tasks.toml.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from functools import cache

import numpy as np
import pytest
from conftest import ROOT
from helpers import over_seeds

from sim.metrics import METRICS
from sim.scenario import catalogue

SEEDS = 6


@cache
def situations():
    """Return the table of situations as a module."""
    path = ROOT / "benchmarks" / "task_situations.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = sys.modules[path.stem] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def read_by_rules() -> set[str]:
    """Return the tasks that some rule reads."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "sim" / "rules").glob("*.py")]
    return {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)
            and node.value in catalogue.table("tasks")}  # fmt: skip


def walkable() -> list[str]:
    """Return the tasks that a rule reads and whose metric is there."""
    named = {task: entry["shows"]["metric"] for task, entry in catalogue.table("tasks").items() if "shows" in entry}
    return [task for task, metric in named.items() if task in read_by_rules() and metric in METRICS]


def test_every_task_that_is_seen_by_more_than_its_delivery_has_a_situation():
    assert set(situations().SITUATIONS) == {t for t, entry in catalogue.table("tasks").items() if "shows" in entry}


@pytest.mark.parametrize("task", list(catalogue.table("tasks")))
def test_the_two_arms_differ_by_the_task_and_nothing_else(task):
    if "shows" not in catalogue.table("tasks")[task]:
        return
    having, lacking = situations().arms(task)
    assert [path for path, _, _ in having.diff(lacking)] == [f"missions.M.mandate.tasks.{task}"]
    assert lacking.missions["M"].mandate.tasks


@pytest.mark.parametrize("task", walkable())
def test_without_the_task_the_metric_moves_as_it_was_said(task):
    name, sign = situations().column(task)
    having, lacking = (over_seeds(arm, name, SEEDS) for arm in situations().arms(task))
    assert np.sign(np.mean(lacking) - np.mean(having)) == sign, (name, having, lacking)
