"""Missions that leave, and the same scenario with nobody leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

LEAVING = ("withdrawal", "expulsion")
"""Events by which people leave."""
COMPONENTS = ("troops", "police", "civilians", "observers")


def cancelled(setup: Scenario) -> Scenario | None:
    """Return the scenario with every exit cancelled: no withdrawal, no expulsion by its timeline, no fall in strength.

    None where nobody leaves. What a host or a lack of money does during the run is not cancelled.
    """
    change: dict[str, Any] = {f"timeline.{e.name}": None for e in setup.timeline if e.event in LEAVING}
    for name, mission in setup.missions.items():
        for component in COMPONENTS:
            steps = getattr(mission, component)
            kept = [step for k, step in enumerate(steps) if step[1] >= max((n for _, n in steps[:k]), default=0)]
            if len(kept) < len(steps):
                change[f"missions.{name}.{component}"] = [list(step) for step in kept]
    return setup.but(change).named(f"{setup.name}, staying") if change else None
