"""Kinds of staff and units, and the tasks that call for them: what the catalogues say, without any state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario import catalogue

if TYPE_CHECKING:
    from sim.scenario import Scenario

COMPONENTS = ("troops", "police", "civilians", "observers")
SENT = ("troops", "police")
"""Components that contributors send; civilians and observers are the mission's own."""
KINDS = ("base", "mobile", "formed_police", "civilian_team", "observer_team")
BASE, MOBILE, POLICE, CIVILIAN, OBSERVER = range(5)
TASKS = tuple(catalogue.tasks())
TASK = {name: row for row, name in enumerate(TASKS)}
TASK_STAFF = np.array([[float(catalogue.table("tasks")[k]["staff"].get(c, 0.0)) for c in COMPONENTS] for k in TASKS])
WAITS = 52  # weeks over which cleared ground is watched
RELAPSE_TABLE = ("open_waits", "held_waits", "open_relapses", "held_relapses")


def reinforcements(setup: Scenario, mission: str) -> dict[str, int]:
    """Return the people by component that the scenario's events may add to a mission, by growth or by handover."""
    events = [e for e in setup.timeline if e.event == "reinforcement" and e.mission == mission]
    back = [e for e in setup.timeline if e.event == "reentry" and e.mission == mission]
    givers = [setup.missions[str(e.mission)] for e in setup.timeline if e.event == "handover" and e.to == mission]
    most = {c: max((n for _, n in getattr(setup.missions[mission], c)), default=0) for c in COMPONENTS}
    return {
        c: sum(getattr(e, c, None) or 0 for e in events)
        + sum(max((people for _, people in getattr(giver, c)), default=0) for giver in givers)
        + max([0, *((getattr(e, c, None) or 0) - most[c] for e in back)])
        for c in COMPONENTS
    }
