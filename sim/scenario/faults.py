"""Turns whatever is wrong with a scenario into lines that a user can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from sim.errors import Problem, Problems, nearest
from sim.scenario.describing import allowed, field_at, inner_table, words
from sim.scenario.kinds import Piece, one_of

P = TypeVar("P", bound=Piece)
HIDDEN = ("name", "path")
"""Fields that are no keys of a file."""


class Faults:
    """Collects all problems of one scenario; `origin` names the file that a path comes from."""

    def __init__(self, origin: Callable[[str], str]) -> None:
        """Begin without any."""
        self.origin = origin
        self.problems: list[Problem] = []

    def add(self, path: str, given: object, allowed: str, near: str = "") -> None:
        """Note one fault at a dotted path."""
        where = ": ".join(part for part in (self.origin(path), path) if part)
        self.problems.append(Problem(where, given, allowed, near))

    def unknown(self, path: str, given: object, names: Iterable[str], what: str = "") -> None:
        """Note a name that is none of the known ones."""
        known = list(names)
        self.add(path, given, what + (one_of(known) if known else "nothing: there is none"), nearest(str(given), known))

    def build(self, model: type[P], raw: Mapping[str, Any], path: str, keys: Iterable[str] = ()) -> P | None:
        """Return the checked table, or None with its faults noted; `keys` are further keys to offer."""
        try:
            return model.model_validate(dict(raw))
        except ValidationError as error:
            for fault in _telling(error.errors(include_url=False)):
                self._note(model, fault, path, keys)
            return None

    def _note(self, model: type[Piece], fault: Any, path: str, keys: Iterable[str]) -> None:
        """Note one of pydantic's faults, in the words of its field."""
        loc, context = fault["loc"], fault.get("ctx") or {}
        where = ".".join([path, *place(loc)] if path else place(loc))
        if fault["type"] == "extra_forbidden":
            home = model if len(loc) == 1 else _table_at(model, loc)
            offered = [*(k for k in home.model_fields if k not in HIDDEN or home is not model), *keys]
            self.unknown(where.rpartition(".")[0], loc[-1], offered, "a key, ")
        elif fault["type"] == "not_allowed":
            self.add(where, fault["input"], context["allowed"], context["nearest"])
        else:
            field = field_at(model, loc)
            missing = fault["type"] == "missing"
            hint = "" if missing else nearest(str(fault["input"]), words(field))
            self.add(where, None if missing else fault["input"], allowed(field), hint)

    def stop_if_any(self) -> None:
        """Raise all the faults at once, if there are any."""
        unique = {str(problem): problem for problem in self.problems}
        if unique:
            raise Problems(unique.values())


def _telling(faults: Sequence[Any]) -> list[Any]:
    """Return faults without that of a word that could have stood in a table's place, where the table has its own."""
    places = [place(fault["loc"]) for fault in faults]
    inner = [any(len(q) > len(p) and q[: len(p)] == p for q in places) for p in places]
    return [f for f, within in zip(faults, inner, strict=True) if not (within and f["type"] == "literal_error")]


def _table_at(model: type[Piece], loc: Sequence[str | int]) -> type[Piece]:
    """Return the model of the table within a table that holds the last key of a place."""
    return inner_table(field_at(model, loc[:-1])) or model


BRANCHES = ("literal[", "constrained-", "function-", "tuple[", "lax-or-strict[")
"""How pydantic marks the branches of a union in a place."""


def place(loc: Sequence[str | int]) -> list[str]:
    """Return a place as keys: without marks of branches, and a list or a table's key as the whole."""
    keys = list(loc[: -2 if loc[-1] == "[key]" else None])
    while keys and isinstance(keys[-1], int):
        keys.pop()
    return [str(k) for k in keys if k not in ("int", "str", "float") and not str(k).startswith(BRANCHES)]
