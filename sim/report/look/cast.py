"""Who looks like what: every actor of a study has one colour, shape and pattern in all its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.report.look import PALETTE

if TYPE_CHECKING:
    from sim.scenario import Scenario

Marker = Any
OTHER_MISSIONS = "ad_hoc"


class Looks(NamedTuple):
    """An actor's colour, marker (as Matplotlib takes it), hatch, and how much larger the marker is to look as large."""

    colour: str
    marker: Marker
    hatch: str
    size: float


class Arm(NamedTuple):
    """A scenario's letter, name in figures, and line."""

    letter: str
    name: str
    line: str
    text: str
    dash: Any
    width: float


def cast(setups: Mapping[str, Scenario]) -> dict[str, Looks]:
    """Return the looks of every actor of some scenarios, missions first, then hosts and armed groups, each by name.

    Of one kind of organisation, the next by name varies its looks.
    """
    families: dict[str, str] = {}
    for find in (_missions, _hosts, _armed):
        found = {name: family for setup in reversed(list(setups.values())) for name, family in find(setup)}
        families |= dict(sorted(found.items()))
    number: Counter[str] = Counter()
    looks = {}
    for name, family in families.items():
        looks[name] = _looks(family, number[family])
        number[family] += 1
    return looks


def _missions(setup: Scenario) -> Iterable[tuple[str, str]]:
    """Give each mission with the family of its kind of organisation."""
    return [(name, PALETTE["org_types"].get(m.org_type, OTHER_MISSIONS)) for name, m in setup.missions.items()]


def _hosts(setup: Scenario) -> Iterable[tuple[str, str]]:
    """Give each host state with its family."""
    return [(name, "host") for name in setup.hosts]


def _armed(setup: Scenario) -> Iterable[tuple[str, str]]:
    """Give each armed group with its family: a militia if it fights for an identity."""
    return [(name, "militia" if group.motive == "ethnic" else "armed") for name, group in setup.armed_groups.items()]


def _looks(family: str, k: int) -> Looks:
    """Return the looks of the member k of a family; they come round again where it is larger than the palette."""
    variants = PALETTE["actors"][family]
    chosen = variants[k % len(variants)]
    return Looks(chosen["colour"], _marker(chosen["marker"]), chosen["hatch"], chosen.get("size", 1.0))


def _marker(told: Any) -> Marker:
    """Return a marker as Matplotlib takes it: a letter, (points, style, angle), or the corners of an outline."""
    if isinstance(told, str):
        return told
    return tuple(tuple(corner) for corner in told) if isinstance(told[0], list) else tuple(told)


def looks_of(name: str, looks: Mapping[str, Looks]) -> Looks:
    """Return an actor's looks, or those of communities for whoever is none."""
    return looks.get(name, _looks("communities", 0))


def arms(labels: Iterable[str], setups: Mapping[str, Scenario]) -> dict[str, Arm]:
    """Return how each scenario is drawn, in order: A in ink, B in saffron, the rest muted and dashed.

    The name is the scenario's title where titles tell them apart and no copy has a label of its own, else the label.
    """
    labels = list(labels)
    titles = [setups[label].title if label in setups and label.isidentifier() else label for label in labels]
    names = titles if all(titles) and len(set(titles)) == len(titles) else labels
    return {label: _arm(k, name) for k, (label, name) in enumerate(zip(labels, names, strict=True))}


def _arm(k: int, name: str) -> Arm:
    """Return the arm number k."""
    chosen = PALETTE["arms"][k % len(PALETTE["arms"])]
    dash = chosen["dash"] if isinstance(chosen["dash"], str) else (chosen["dash"][0], tuple(chosen["dash"][1]))
    letter = chr(ord("A") + k) if k < 26 else str(k + 1)
    return Arm(letter, name, chosen["line"], chosen["text"], dash, chosen["width"])
