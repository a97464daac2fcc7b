"""Kinds of value that a scenario holds, each saying what it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticUndefined

from sim.errors import nearest
from sim.scenario.frozen import Frozen


class Piece(BaseModel):
    """One checked table of a scenario: no unknown key, no silent conversion, no change in place."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def dial(meaning: str, default: Any = PydanticUndefined, unit: str = "", source: str = "", **limits: Any) -> Any:
    """Declare a key with its meaning, unit and evidence; `limits` are pydantic's ge, le and the like.

    `allowed` among the limits says in words what other kinds of value than numbers accept.
    """
    extra = {"unit": unit, "source": source, "allowed": limits.pop("allowed", "")}
    return Field(default, description=meaning, json_schema_extra={k: v for k, v in extra.items() if v}, **limits)


def refuse(allowed: str, near: str = "") -> PydanticCustomError:
    """Return the error of a value that is none of the allowed."""
    return PydanticCustomError("not_allowed", "{allowed}", {"allowed": allowed, "nearest": near})


def one_of(names: Iterable[str]) -> str:
    """Say a list of names as what is allowed."""
    return "one of " + ", ".join(map(str, names))


def among(names: Callable[[], Iterable[str]]) -> AfterValidator:
    """Accept only a name that the given function lists when called."""

    def check(value: str) -> str:
        known = list(names())
        if value not in known:
            raise refuse(one_of(known), nearest(value, known))
        return value

    check.names = names  # type: ignore[attr-defined]
    return AfterValidator(check)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise refuse("a date such as 2013-01-07") from None


def _monday(value: date) -> date:
    if value.weekday() != 0:
        raise refuse(f"a Monday; the nearest is {date.fromordinal(_nearest_monday(value))}")
    return value


def _nearest_monday(value: date) -> int:
    return value.toordinal() + (-value.weekday() if value.weekday() <= 3 else 7 - value.weekday())


STRENGTH = "a whole number of people from 0 to 200,000, or [[week, people], ...] with rising weeks"


def _strength(value: Any) -> Any:
    """Turn people, or a list of (week, people), into a tuple of pairs in week order."""
    pairs = [(0, value)] if _whole(value) else value
    if not isinstance(pairs, list | tuple) or not all(_pair(p) for p in pairs):
        raise refuse(STRENGTH)
    if any(this[0] >= following[0] for this, following in pairwise(pairs)):
        raise refuse(STRENGTH)
    return tuple((week, people) for week, people in pairs) if any(people for _, people in pairs) else ()


def _pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and _whole(value[0], 1040) and _whole(value[1])


def _whole(value: Any, most: int = 200_000) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


_PEOPLE = {"type": "integer", "minimum": 0, "maximum": 200_000}
_PAIR = {"type": "array", "prefixItems": [{"type": "integer", "minimum": 0, "maximum": 1040}, _PEOPLE], "minItems": 2,
         "maxItems": 2}  # fmt: skip

Share = Annotated[float, Field(ge=0, le=1)]
Week = Annotated[int, Field(ge=0, le=1040)]
Monday = Annotated[
    date, BeforeValidator(_date), AfterValidator(_monday), WithJsonSchema({"type": "string", "format": "date"})
]
Strings = Annotated[tuple[str, ...], BeforeValidator(_tuple)]
Listed = BeforeValidator(_tuple)
"""Let a list stand for a tuple."""
Kept = AfterValidator(Frozen)
"""Freeze a dict."""
Strength = Annotated[
    tuple[tuple[int, int], ...],
    BeforeValidator(_strength),
    WithJsonSchema({"anyOf": [_PEOPLE, {"type": "array", "items": _PAIR}]}),
]


def short(strength: tuple[tuple[int, int], ...], mandated: int) -> int | list[list[int]]:
    """Return a strength as a file would say it: a number if it never changes, else pairs of week and people."""
    if not strength or (len(strength) == 1 and strength[0][0] == mandated):
        return strength[0][1] if strength else 0
    return [list(pair) for pair in strength]
