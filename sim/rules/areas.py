"""The areas that a scenario names: which number each has in the country that is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import Problem, Problems, nearest

if TYPE_CHECKING:
    from sim.model import Model


def area_number(m: Model, where: str, name: str) -> int:
    """Return the number of an area; an unknown one is an error that names the nearest."""
    names = m.world.area_names
    if name not in names:
        raise Problems([Problem(where, name, ", ".join(names), nearest(name, names))])
    return names.index(name)
