"""Parameters: numbers with value, range, plausible range, unit, basis, source and meaning, read as `p.group.name`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from sim.errors import Problem, Problems, nearest
from sim.scenario.catalogue import DATA
from sim.scenario.describing import limits
from sim.scenario.faults import Faults
from sim.scenario.kinds import Listed, Piece, dial

Pair = Annotated[tuple[float, float], Listed]


class Parameter(Piece):
    """One number of the model with what stands behind it."""

    path: str
    value: float = dial("The default")
    range: Pair = dial("What is possible", allowed="[least, most]")
    plausible: Pair = dial("What is plausible", allowed="[least, most] inside range, around value")
    unit: str = dial("Its unit")
    basis: Literal["literature", "calibrated", "assumption"] = dial("What it rests on")
    source: str = dial("Evidence tags and a word on them")
    meaning: str = dial("What it says, in one sentence")
    kind: Literal["number", "switch"] = dial("A switch is 0 or 1 and never sampled", "number")
    integer: bool = dial("Whether only whole numbers make sense", False)

    @property
    def allowed(self) -> str:
        """Say what may stand instead of the default."""
        if self.kind == "switch":
            return "0 or 1"
        return f"a {'whole ' if self.integer else ''}number{limits(*self.range)} ({self.unit})"

    def accepts(self, value: object) -> bool:
        """Say whether a value lies in the range and is of the right kind."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        whole = self.integer or self.kind == "switch"
        return self.range[0] <= value <= self.range[1] and (not whole or value == int(value))


class Group:
    """The parameters of one topic, as attributes."""

    def __init__(self, values: Mapping[str, float]) -> None:
        """Hold the values by name."""
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse changes."""
        raise AttributeError('parameters do not change in place: use scenario.but({"parameters.group.name": value})')

    def __repr__(self) -> str:
        """Read as name=value, ..."""
        return ", ".join(f"{k}={v:g}" for k, v in self.__dict__.items())

    if TYPE_CHECKING:  # only there: a class that has it reads each attribute several times as slowly

        def __getattr__(self, name: str) -> float:
            """Give the type of a parameter."""


class Parameters:
    """All parameters of a scenario: `p.group.name` is a number, iteration yields every `Parameter`."""

    changed: dict[str, float]

    def __init__(self, changed: Mapping[str, float] | None = None) -> None:
        """Take all defaults but the values given by path `group.name`.

        Raises Problems for what is unknown or outside its range.
        """
        changed = dict(changed or {})
        problems = [p for path, value in changed.items() if (p := _problem(path, value))]
        if problems:
            raise Problems(problems)
        self.__dict__["changed"] = {k: _number(declared()[k], v) for k, v in sorted(changed.items())}
        for group, values in self.nested().items():
            self.__dict__[group] = Group(values)

    def nested(self) -> dict[str, dict[str, float]]:
        """Return {group: {name: value}}, all of them."""
        tree: dict[str, dict[str, float]] = {}
        for path, parameter in declared().items():
            group, name = path.split(".")
            tree.setdefault(group, {})[name] = self.changed.get(path, _number(parameter, parameter.value))
        return tree

    def __getitem__(self, path: str) -> float:
        """Return a value by its dotted path `group.name`."""
        parameter = declared()[path]
        return self.changed.get(path, _number(parameter, parameter.value))

    def __iter__(self) -> Iterator[Parameter]:
        """Yield what is declared of each parameter; its default, not this scenario's value."""
        return iter(declared().values())

    def __len__(self) -> int:
        """Return how many parameters there are."""
        return len(declared())

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse changes."""
        raise AttributeError('parameters do not change in place: use scenario.but({"parameters.group.name": value})')

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Group:
            """Give the type of a group."""

    def __eq__(self, other: object) -> bool:
        """Equal if every value is."""
        return isinstance(other, Parameters) and self.changed == other.changed

    def __hash__(self) -> int:
        """Hash by what differs from the defaults."""
        return hash(tuple(self.changed.items()))

    def __reduce__(self) -> tuple:
        """Pickle by what differs from the defaults."""
        return type(self), (self.changed,)

    def __repr__(self) -> str:
        """Read as a count and the changes."""
        told = ", ".join(f"{k}={v:g}" for k, v in self.changed.items()) or "all at their defaults"
        return f"{len(self)} parameters, {told}"


def _number(parameter: Parameter, value: float) -> float:
    """Return whole numbers as int, so that they can count, and all others as float."""
    return int(value) if parameter.integer else float(value)


def _problem(path: str, value: object) -> Problem | None:
    """Return what is wrong with one override, if anything."""
    parameter = declared().get(path)
    if parameter is None:
        return Problem(f"parameters.{path}", value, "only the parameters of `sim describe parameters`", near(path))
    if not parameter.accepts(value):
        return Problem(f"parameters.{path}", value, parameter.allowed)
    return None


def near(path: str) -> str:
    """Return the declared parameter most like a path."""
    return nearest(path, declared())


@cache
def declared() -> dict[str, Parameter]:
    """Return every declared parameter by its path `group.name`, in the files' order; checked once."""
    return read(DATA / "parameters")


def read(folder: Path) -> dict[str, Parameter]:
    """Read and check the parameter files of a folder.

    Raises Problems naming file, parameter and field.
    """
    found: dict[str, Parameter] = {}
    homes: dict[str, str] = {}
    faults = Faults(lambda path: homes.get(".".join(path.split(".")[:2]), ""))
    for file in sorted(folder.glob("*.toml")):
        for group, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for name, raw in entries.items():
                path = f"{group}.{name}"
                if path in found:
                    faults.add(path, file.name, "one entry; it also stands in " + homes[path])
                homes[path] = file.name
                _enter(found, path, raw, faults)
    faults.stop_if_any()
    return found


def _enter(found: dict[str, Parameter], path: str, raw: Any, faults: Faults) -> None:
    """Check one entry and add it."""
    if not isinstance(raw, dict):
        faults.add(path, raw, "a table with value, range, plausible, unit, basis, source and meaning")
        return
    if raw.get("kind") == "switch":
        raw = {"range": [0, 1], "plausible": [raw.get("value")] * 2, "unit": "switch", **raw}
    parameter = faults.build(Parameter, {**raw, "path": path}, path)
    if parameter is not None:
        found[path] = parameter
        _check(parameter, faults)


def _check(p: Parameter, faults: Faults) -> None:
    """Check that the ranges nest round the value and that the words are there."""
    (low, high), (least, most) = p.plausible, p.range
    if not least <= low <= p.value <= high <= most:
        around = f"inside range {list(p.range)} and around value {p.value:g}"
        faults.add(f"{p.path}.plausible", list(p.plausible), around)
    if p.integer and p.value != int(p.value):
        faults.add(f"{p.path}.value", p.value, "a whole number")
    for field in ("unit", "source", "meaning"):
        if not getattr(p, field).strip():
            faults.add(f"{p.path}.{field}", getattr(p, field), "some words")
