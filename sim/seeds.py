"""What a seed is: a whole number from 0."""

from __future__ import annotations

from typing import Any

from sim.errors import Problem, Problems


def checked_seed(given: Any, place: str = "seed") -> int:
    """Return a seed as a plain whole number; place: what an error calls it.

    Raises Problems for anything but a whole number from 0.
    """
    index = getattr(given, "__index__", None)
    if index is None or isinstance(given, bool) or index() < 0:
        raise Problems([Problem(place, given, "a whole number from 0")])
    return int(index())
