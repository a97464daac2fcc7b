"""Turns whatever is wrong with a scenario into lines that a user can act on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from sim.errors import Problem, Problems, nearest
from sim.scenario.kinds import Piece, one_of

P = TypeVar("P", bound=Piece)


class Nothing:
    """What was given where something was needed."""

    def __repr__(self) -> str:
        """Read well in a line: `got nothing`."""
        return "nothing"


NOTHING = Nothing()


class Faults:
    """Collects all problems of one scenario; `origin` names the file that a path comes from."""

    def __init__(self, origin: Callable[[str], str]) -> None:
        self.origin = origin
        self.problems: list[Problem] = []

    def add(self, path: str, given: object, allowed: str, near: str = "") -> None:
        """Note one fault at a dotted path."""
        file = self.origin(path)
        self.problems.append(Problem(f"{file}: {path}" if file and path else file or path, given, allowed, near))

    def unknown(self, path: str, given: object, names: Any, what: str = "") -> None:
        """Note a name that is none of the known ones."""
        known = [str(n) for n in names]
        self.add(path, given, what + (one_of(known) if known else "none exists here"), nearest(str(given), known))

    def build(self, model: type[P], raw: Mapping[str, Any], path: str) -> P | None:
        """Return the checked table, or None with its faults noted."""
        try:
            return model.model_validate(dict(raw))
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._note(model, fault, path)
            return None

    def _note(self, model: type[Piece], fault: Any, path: str) -> None:
        """Note one of pydantic's faults, in words of this field."""
        loc, kind, context = [str(p) for p in fault["loc"]], fault["type"], fault.get("ctx") or {}
        where = ".".join([path, *_plain(loc)] if path else _plain(loc))
        if kind == "extra_forbidden":
            keys = [k for k in model.model_fields if k not in ("name", "path")]
            self.unknown(where.rpartition(".")[0], loc[-1], keys, "as a key ")
        elif kind == "not_allowed":
            self.add(where, fault["input"], context["allowed"], context["nearest"])
        else:
            options, about = literals(model, loc), allowed(model.model_fields[loc[0]])
            given = NOTHING if kind == "missing" else fault["input"]
            self.add(where, given, about, nearest(str(given), options))

    def stop_if_any(self) -> None:
        """Raise all the faults at once, if there are any."""
        unique = {str(problem): problem for problem in self.problems}
        if unique:
            raise Problems(unique.values())


def _plain(loc: list[str]) -> list[str]:
    """Drop the marks that pydantic leaves for the branches of a union and for keys."""
    marks = ("literal[", "constrained-", "function-", "tuple[", "int", "str", "[key]")
    return [p for p in loc if not p.startswith(marks) or p in ("int", "str") and len(loc) == 1]


def literals(model: type[Piece], loc: list[str]) -> list[str]:
    """Return the words that a field accepts, if it accepts only some."""
    return words(model.model_fields[loc[0]].annotation)


def words(annotation: Any) -> list[str]:
    """Return the literal words inside an annotation."""
    if get_origin(annotation) is Literal:
        return [w for w in get_args(annotation) if isinstance(w, str)]
    return [w for inner in get_args(annotation) for w in words(inner)]


def bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    """Return the least and the most that a number may be."""
    found = {"ge": None, "le": None}
    for limit in _limits(field):
        for key in found:
            found[key] = getattr(limit, key, found[key])
    return found["ge"], found["le"]


def _limits(field: FieldInfo) -> list[Any]:
    """Return all constraints of a field, those of an annotated inner type included."""
    inner = [m for part in get_args(field.annotation) for m in getattr(part, "__metadata__", ())]
    return [x for m in [*inner, *field.metadata] for x in [*getattr(m, "metadata", []), m]]


def kind(field: FieldInfo) -> str:
    """Return in a word what a field holds."""
    annotation = field.annotation
    if words(annotation):
        return "word"
    simple = {bool: "truth", int: "whole number", float: "number", str: "text"}
    parts = [p for p in (annotation, *get_args(annotation)) if p in simple]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return simple[parts[0]] if parts and get_origin(annotation) not in (tuple, dict) else str(extra.get("kind", "list"))


def allowed(field: FieldInfo) -> str:
    """Say in words what a field accepts."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    if extra.get("allowed"):
        return str(extra["allowed"])
    if words(field.annotation):
        return one_of(words(field.annotation))
    return _in_words(field)


def _in_words(field: FieldInfo) -> str:
    """Say a plain field's type and limits."""
    names = {"truth": "true or false", "whole number": "a whole number", "number": "a number", "text": "a text"}
    least, most = bounds(field)
    limits = f" from {least:g} to {most:g}" if least is not None and most is not None and most < 1e7 else ""
    if not limits and least is not None:
        limits = f" from {least:.12g}" + (f" to {most:.12g}" if most is not None else "")
    return names.get(kind(field), "a list") + limits
