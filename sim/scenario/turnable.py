"""Every dotted path of a scenario that can be turned, with what it holds, allows and rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.scenario import catalogue
from sim.scenario.describing import allowed, extra, kind
from sim.scenario.fill import COMPONENTS
from sim.scenario.kinds import Piece, short
from sim.scenario.parameters import Parameter
from sim.scenario.paths import plain
from sim.scenario.scenario import Scenario
from sim.scenario.schema import MODELS, Dials, Mandate, Mission, Partnership, Top

Row = dict[str, Any]
COLUMNS = ("path", "value", "type", "allowed", "plausible", "unit", "basis", "source", "meaning")
TOP = ("weeks", "start", "spin_up", "placebo", "disable")
"""What of a scenario's head can be turned; the rest is for display."""


def rows(scenario: Scenario) -> Iterator[Row]:
    """Yield a row (a dict with keys COLUMNS) for every path that `but`, `--set` and sweeps can turn."""
    yield from (_row(k, Top, k, getattr(scenario, k)) for k in TOP)
    yield from _piece("world", scenario.world)
    for section in MODELS:
        entries = getattr(scenario, section)
        for piece in entries if section == "timeline" else entries.values():
            yield from _piece(f"{section}.{piece.name}", piece)
    yield from (_parameter(p, scenario.parameters[p.path]) for p in scenario.parameters)


def _piece(path: str, piece: Piece) -> Iterator[Row]:
    """Yield the rows of one table."""
    for key in type(piece).model_fields:
        value = getattr(piece, key)
        if key in ("name", "title", "path") or value is None:
            continue
        if isinstance(value, Mandate):
            yield from _mandate(f"{path}.{key}", value)
        elif isinstance(value, Piece):
            yield from _piece(f"{path}.{key}", value)
        elif key == "contributors":
            for name, one in value.items():
                yield from _piece(f"{path}.{key}.{name}", one)
        elif key == "consent":
            yield from (_row(f"{path}.consent.{m}", type(piece), key, share) for m, share in value.items())
        else:
            told = short(value, piece.mandated) if isinstance(piece, Mission) and key in COMPONENTS else value
            row = _row(f"{path}.{key}", type(piece), key, told)
            yield row | _evidence(piece, key, value)


def _mandate(path: str, mandate: Mandate) -> Iterator[Row]:
    """Yield the rows of a mandate: its name, every task's priority, and the other keys."""
    named = mandate.name if mandate.name in catalogue.mandates() else None
    choices = "one of " + ", ".join(catalogue.mandates())
    yield _row(path, Mandate, "name", mandate.name) | {
        "type": "word", "allowed": choices, "meaning": "What the mission may do",
    }  # fmt: skip
    for key in Mandate.model_fields:
        if key not in ("name", "tasks"):
            yield _row(f"{path}.{key}", Mandate, key, getattr(mandate, key))
    for task, priority in mandate.tasks.items():
        about = catalogue.table("mandates")[named]["tasks"].get(task, {}) if named else {}
        yield _row(f"{path}.tasks.{task}", Mandate, "tasks", priority) | {
            "type": "number", "allowed": "a number from 0 to 1", "meaning": catalogue.table("tasks")[task]["meaning"],
            "plausible": about.get("plausible"), "basis": about.get("basis", "scenario"),
            "source": about.get("source", "this scenario"),
        }  # fmt: skip


def _row(path: str, model: type[Piece], key: str, value: Any) -> Row:
    """Return the row of a declared key."""
    field = model.model_fields[key]
    return {
        "path": path, "value": plain(value), "type": kind(field), "allowed": allowed(field), "plausible": None,
        "unit": extra(field, "unit"), "basis": "scenario", "source": extra(field, "source"),
        "meaning": field.description or "",
    }  # fmt: skip


def _evidence(piece: Piece, key: str, value: Any) -> Row:
    """Return what stands behind a dial that a profile or form gives: that, or this scenario where it overrides it."""
    if isinstance(piece, Mission) and key in Dials.model_fields:
        about = catalogue.evidence("profiles", piece.profile, key)
    elif isinstance(piece, Partnership) and key in catalogue.form(piece.form):
        about = catalogue.evidence("forms", piece.form, key)
    else:
        return {}
    own = about.get("value") != value
    return {
        "plausible": about.get("plausible"),
        "basis": "scenario" if own else about.get("basis", ""),
        "source": "this scenario" if own else about.get("source", ""),
    }


def _parameter(p: Parameter, value: float) -> Row:
    """Return the row of a parameter."""
    number = "switch" if p.kind == "switch" else "whole number" if p.integer else "number"
    return {
        "path": f"parameters.{p.path}", "value": value, "type": number, "allowed": p.allowed,
        "plausible": list(p.plausible) if p.kind != "switch" else None, "unit": p.unit, "basis": p.basis,
        "source": p.source, "meaning": p.meaning,
    }  # fmt: skip


def dials(scenario: str | Scenario) -> Any:
    """Return a pandas DataFrame of every path that can be turned, one row each.

    Columns: path, value, type, allowed, plausible ([least, most] or None), unit, basis, source, meaning. Takes a
    scenario, its name or its path; raises SimError as `load` does.
    """
    import pandas as pd

    from sim.scenario.scenario import load

    return pd.DataFrame(list(rows(load(scenario))), columns=list(COLUMNS))
