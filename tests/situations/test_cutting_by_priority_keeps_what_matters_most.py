"""A quarter of the money is gone: cut by priority a mission keeps protecting; cut alike it does less of everything.

Evidence: B-M112 (across-the-board against modular cuts), B-H77 (priority cuts lose less protection), B-M109.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small

from sim.actors.staff import TASK

TASKS = {
    "protect_civilians": 1.0,
    "presence": 0.9,
    "humanitarian_access": 0.6,
    "protect_sites": 0.5,
    "border_control": 0.4,
}
MISSION = UN | HERE | {"reserve": 0.0, "mandate": {"tasks": TASKS, "use_of_force": "protection",
                                                   "covers": ["armed_groups"]}}  # fmt: skip
CRISIS = {"crisis": {"week": 4, "event": "funding_cut", "mission": "UN", "share": 0.26}}


def delivery(cuts: str) -> dict[str, float]:
    """Return what a mission still does of each task two weeks into the crisis."""
    m = played(small(missions={"UN": MISSION | {"cuts": cuts}}, timeline=CRISIS), 6)
    done = column(m, "missions.delivery")[:, 0]
    return {task: float(done[TASK[task]]) for task in TASKS}


def test_uniform_cuts_take_the_same_from_every_task():
    done = delivery("uniform")
    assert np.ptp(list(done.values())) < 1e-9 and done["protect_civilians"] < 0.8


def test_prioritised_cuts_spare_the_first_and_starve_the_last():
    alike, ordered = delivery("uniform"), delivery("prioritised")
    assert ordered["protect_civilians"] == 1 > alike["protect_civilians"]
    assert ordered["border_control"] < alike["border_control"]
