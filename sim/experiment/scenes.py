"""Training scenes with their metrics checked: a scene is scenario language, the metrics that it watches are not."""

from __future__ import annotations

from pathlib import Path

from sim.errors import nearest
from sim.experiment.paired_metrics import PAIRED
from sim.metrics import METRICS
from sim.scenario import Scenario
from sim.scenario.scene import Scene, load_scene


def scene(name: str | Path) -> Scene:
    """Return a training scene by its name, such as T1, or the path of its file.

    `scene("T1").a` and `.b` are scenarios, `.at(value)` both with the scene's dial turned, `.about` its texts, the
    metrics to watch, predictions and questions. Raises SimError: every fault of the file, a line each.
    """
    return load_scene(name, unwatchable)


def unwatchable(column: str, a: Scenario, b: Scenario) -> tuple[str, str] | None:
    """Return what is wrong with a column to watch in two scenarios: what is allowed, and the nearest; None if nothing.

    Identity groups are named by the world, so that any audience will do.
    """
    name, _, told = column.partition(":")
    if name in PAIRED:
        keys = {key for arm in (a, b) for key in PAIRED[name].keys(arm.missions)}
        return None if told in keys else _wrong(name, keys, told)
    if name not in METRICS:
        return "a metric that `sim describe metrics` shows", nearest(name, [*METRICS, *PAIRED])
    metric = METRICS[name]
    keys = _columns(metric.by, a, b)
    known = told in keys or _of_any_audience(metric.by, told, a, b) if told else metric.adds_up or not metric.by
    return None if known else _wrong(name, keys, told)


def _wrong(name: str, keys: set[str], told: str) -> tuple[str, str]:
    """Say what keys a metric has, and the nearest column."""
    columns = [f"{name}:{key}" for key in sorted(keys)]
    few = ", ".join(columns[:6]) + (" ..." if len(columns) > 6 else "")
    return f"a column such as {few}" if columns else f"{name} without a key", nearest(f"{name}:{told}", columns)


def _columns(by: tuple[str, ...], a: Scenario, b: Scenario) -> set[str]:
    """Return the keys that a metric has in either scenario."""
    if by == ("mission", "task"):
        return {f"{m.name}:{task}" for arm in (a, b) for m in arm.missions.values() for task in m.mandate.tasks}
    names = [{name for arm in (a, b) for name in _named(part, arm)} for part in by]
    return names[0] if len(names) == 1 else {f"{x}->{y}" for x in names[0] for y in names[1]} if names else set()


def _of_any_audience(by: tuple[str, ...], told: str, a: Scenario, b: Scenario) -> bool:
    """Say whether a key is an audience's view of somebody who is there."""
    audience, arrow, judged = told.partition("->")
    return by[:1] == ("audience",) and bool(audience and arrow) and any(judged in _named(by[1], x) for x in (a, b))


def _named(part: str, arm: Scenario) -> list[str]:
    """Return the names in one scenario that one key of a metric runs over."""
    missions, hosts, groups = list(arm.missions), list(arm.hosts), list(arm.armed_groups)
    return {
        "mission": missions, "host": hosts, "group": groups, "judged": [*missions, *hosts],
        "audience": ["all", "displaced"],
    }.get(part, [*missions, *hosts, *groups])  # fmt: skip


def meaning(column: str) -> str:
    """Return in a few words what a column of the summary is: its metric's first line, unit, and what is better."""
    name = column.partition(":")[0]
    found = METRICS.get(name) or PAIRED[name]
    better = "" if found.better == "neither" else f", {found.better} is better"
    return f"{found.doc.split(chr(10))[0].rstrip('.')} ({found.unit}{better})"
