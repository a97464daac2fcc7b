"""Says in words what a field of the schema accepts; one description serves errors, dials and the editors' schema."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from sim.scenario.kinds import Piece, one_of

SIMPLE = {bool: "true or false", int: "whole number", float: "number", str: "text", date: "date"}


def field_at(model: type[Piece], loc: Sequence[str | int]) -> FieldInfo:
    """Return the innermost declared field on the way to a place, through tables within tables."""
    field = model.model_fields[str(loc[0])]
    inner = inner_table(field)
    rest = [part for part in loc[1:] if inner is not None and part in inner.model_fields]
    return field_at(inner, rest) if inner is not None and rest else field


def inner_table(field: FieldInfo) -> type[Piece] | None:
    """Return the model of the table that a field holds, if it holds one."""
    return next((p for p in _parts(field.annotation) if isinstance(p, type) and issubclass(p, Piece)), None)


def _parts(annotation: Any) -> list[Any]:
    """Return an annotation and all that it is made of."""
    return [annotation, *(p for arg in get_args(annotation) for p in _parts(arg))]


def words(field: FieldInfo) -> list[str]:
    """Return the words that a field, or each member of it, must be one of; empty if any will do."""
    named = [getattr(getattr(m, "func", None), "names", None) for m in _marks(field)]
    told = [w for p in _parts(field.annotation) if get_origin(p) is Literal for w in get_args(p) if isinstance(w, str)]
    return told or [w for names in named if names for w in names()]


def _marks(field: FieldInfo) -> list[Any]:
    """Return all that constrains a field, inner types included."""
    inner = [m for p in _parts(field.annotation) for m in getattr(p, "__metadata__", ())]
    marks = [*inner, *field.metadata]
    return [x for m in marks for x in (*getattr(m, "metadata", ()), m)]


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Return the least and the most that a number may be, where there is such a limit."""
    found = [(getattr(m, "ge", None), getattr(m, "le", None)) for m in _marks(field)]
    least, most = [g for g, _ in found if g is not None], [le for _, le in found if le is not None]
    return (least[-1] if least else None), (most[-1] if most else None)


def kind(field: FieldInfo) -> str:
    """Return in a word or two what a field holds."""
    holds = get_origin(field.annotation)
    if holds in (tuple, dict):
        return "list" if holds is tuple else "table"
    found = [SIMPLE[p] for p in _parts(field.annotation) if p in SIMPLE]
    return "word" if words(field) and set(found) <= {"text"} else (found or ["table"])[0]


def extra(field: FieldInfo, key: str) -> str:
    """Return a declared property of a field: unit, source or allowed; empty if there is none."""
    return str(field.json_schema_extra.get(key, "")) if isinstance(field.json_schema_extra, dict) else ""


def allowed(field: FieldInfo) -> str:
    """Say in words what a field accepts."""
    if extra(field, "allowed"):
        return extra(field, "allowed")
    if words(field):
        return one_of(words(field))
    name = kind(field)
    return (name if name == "true or false" else f"a {name}") + limits(*bounds(field)) + _unit(field)


def limits(least: float | None, most: float | None) -> str:
    """Say the limits of a number."""
    spelt = [f"{n:,.12g}" if n is not None else "" for n in (least, most)]
    return (f" from {spelt[0]}" if spelt[0] else "") + (f" to {spelt[1]}" if spelt[1] else "")


def _unit(field: FieldInfo) -> str:
    """Say the unit in brackets, unless it says nothing."""
    unit = extra(field, "unit")
    return f" ({unit})" if unit and unit != "share" else ""
