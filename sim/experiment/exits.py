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

    With an exit goes what waits for it: events that follow it, and missions that come with it. None where nobody
    leaves. What a host or a lack of money does during the run is not cancelled.
    """
    gone = {f"timeline.{e.name}": None for e in setup.timeline if e.event in LEAVING}
    stay = setup.but(gone) if gone else setup
    change: dict[str, Any] = {}
    for name, mission in stay.missions.items():
        for component in COMPONENTS:
            steps = getattr(mission, component)
            kept = [step for k, step in enumerate(steps) if step[1] >= max((n for _, n in steps[:k]), default=0)]
            if len(kept) < len(steps):
                change[f"missions.{name}.{component}"] = [list(step) for step in kept]
    return stay.but(change).named(f"{setup.name}, staying") if gone or change else None


def leaving(setup: Scenario) -> list[str]:
    """Return the missions that leave, or part of which does."""
    told = {str(e.mission) for e in setup.timeline if e.event in LEAVING}
    return sorted(told | {name for name in setup.missions if any(_falls(setup, name, c) for c in COMPONENTS)})


def _falls(setup: Scenario, mission: str, component: str) -> bool:
    """Say whether a strength ever falls by the mission's own numbers."""
    people = [n for _, n in getattr(setup.missions[mission], component)]
    return any(n < max(people[:k], default=0) for k, n in enumerate(people))
