"""Where people reject a mission, their authorities close the ground to it, though the capital does not.

Evidence: B-M46 (consent of people besides that of government), B-M54, B-H32 (local engagement holds access where the
capital grants little). This is how lost impartiality costs protection beside lost reports: closed ground is not
answered for.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model

FIXED = ["protection_seen", "contact", "decay", "speaking_out", "inaction", "harm_seen", "attribution"]


def access(seed: int = 0, **changes) -> float:
    """Return how open the country is to the UN, on average over people, after two years."""
    dials = {f"{k.replace('__', '.')}": v for k, v in changes.items() if k != "tasks"}
    mandate = {"tasks": changes.get("tasks", ["presence", "protect_civilians"]), "use_of_force": "protection"}
    m = Model(small({"weeks": 104} | dials, missions={"UN": UN | HERE | {"mandate": mandate}}), seed, keep={"weeks"})
    m.run()
    return float(m.log.values["area_access"][-1, 0])


def test_opinion_opens_or_closes_ground():
    rejected, welcome = (access(parameters__perceptions__prior=v, disable=FIXED) for v in (0.25, 0.75))
    assert rejected < welcome - 0.15


def test_engagement_holds_ground_that_the_capital_begrudges():
    """The same mission with people who talk to communities keeps more places open than without them [B-M54, B-H32]."""
    grudging = {"hosts__host__consent": 0.45, "disable": FIXED}
    force = ["presence", "protect_civilians"]
    talks = [*force, "community_engagement", "local_mediation"]
    gain = [access(s, tasks=talks, **grudging) - access(s, tasks=force, **grudging) for s in range(3)]
    assert np.mean(gain) > 0.03
