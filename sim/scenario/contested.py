"""The disputed parameters of the evidence, as a ready list of unknowns for a sweep."""

from __future__ import annotations

from sim.scenario import catalogue
from sim.scenario.parameters import declared


def contested() -> dict[str, tuple[float, float]]:
    """Return the plausible range of every parameter on which a contradiction of the evidence rests, by its path.

    Paths are those of a scenario: `parameters.response.base_chance`.
    """
    return {f"parameters.{path}": declared()[path].plausible for path in catalogue.table("contested")}
