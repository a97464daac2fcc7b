"""Actors' shapes as paths of SVG, the same outlines as in figures, and their colours and names for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path

from sim.report.look.cast import Looks, cast

if TYPE_CHECKING:
    from sim.scenario import Scenario

SIZE = 2.0
"""The shapes stand in a box from -1 to 1, larger where their area is small."""


def actors(setups: Mapping[str, Scenario]) -> dict[str, dict[str, Any]]:
    """Return every actor's colour, outline, role (mission, host or group), title and kind, by name."""
    roles = {"missions": "mission", "hosts": "host", "armed_groups": "group"}
    found: dict[str, dict[str, Any]] = {}
    for setup in setups.values():
        for part, role in roles.items():
            for name, entry in getattr(setup, part).items():
                found.setdefault(name, {"role": role, "title": getattr(entry, "title", "") or name})
    return {name: found[name] | _looks(looks) for name, looks in cast(setups).items()}


def _looks(looks: Looks) -> dict[str, str]:
    """Return a colour and an outline."""
    return {"colour": looks.colour, "path": outline(looks)}


def outline(looks: Looks) -> str:
    """Return a marker as a path of SVG, its box from -1 to 1 times what its size asks for."""
    marker = MarkerStyle(looks.marker)
    path = marker.get_path().transformed(marker.get_transform())
    scale = SIZE * float(np.sqrt(looks.size))
    told = [_piece(int(code), scale * points) for points, code in path.iter_segments(simplify=False, curves=True)]
    return "".join(told)


def _piece(code: int, points: np.ndarray) -> str:
    """Return one piece of a path; y points down in SVG."""
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    letter = {int(key): value for key, value in letters.items()}[code]
    if letter == "Z":
        return "Z"
    pairs = points.reshape(-1, 2) * [1, -1]
    return letter + " ".join(f"{x:.3g} {y:.3g}" for x, y in pairs + 0.0)
