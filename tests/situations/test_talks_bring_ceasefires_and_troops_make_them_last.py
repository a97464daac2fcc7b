"""Mediation brings ceasefires, troops alone bring none, and both together bring the longest.

Evidence: E21 (mediation, not peacekeeping, halts hostilities; the two complement each other), E3 (troops make peace
last). That good offices are needed is built in; that both do more than mediation alone is not: troops contain fighting
and stand where the truce must hold.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model

STAFF = UN | HERE | {"troops": 0, "police": 0, "observers": 0, "civilians": 60}
TALK, STAND = {"good_offices": 1.0}, {"presence": 1.0, "protect_civilians": 1.0}
FORCE = {"use_of_force": "protection", "covers": ["armed_groups"]}
ARMS = {
    "neither": {},
    "mediation": {"UN": STAFF | {"mandate": {"tasks": TALK}}},
    "presence": {"UN": UN | HERE | {"mandate": FORCE | {"tasks": STAND}}},
    "both": {"UN": UN | HERE | {"mandate": FORCE | {"tasks": TALK | STAND}}},
}
BARGAIN = {f"armed_groups.{name}.willingness": 0.8 for name in ("rebels", "militia")}


def weeks_of_truce(arm: str, seed: int) -> float:
    """Return the weeks of truce in three years, added up over two armed groups."""
    m = Model(small(BARGAIN | {"weeks": 156, "parameters.peace.acts": 10.0}, missions=ARMS[arm]), seed, keep={"weeks"})
    m.run()
    return float(m.log.values["ceasefire_weeks"].sum())


def test_mediation_halts_fighting_and_presence_makes_it_last():
    found = {arm: np.mean([weeks_of_truce(arm, seed) for seed in range(8)]) for arm in ARMS}
    assert found["both"] > 1.2 * found["mediation"]
    assert found["mediation"] > 3 * found["presence"]
