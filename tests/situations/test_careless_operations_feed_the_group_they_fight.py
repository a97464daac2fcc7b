"""A careless force makes grievance, grievance makes recruits: the same blows with care leave a weaker group.

Evidence: S-H2 to S-H4, E26, E28, F-M184. Knocked out by `offensives.harm`.
"""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, column, played, small

WAR = {"weeks": 52, "parameters.offensives.harm_miss": 0.8, "parameters.attacks.base": 0.0}
FORCE = AU | HERE | {"tempo": 2.0, "liaison": 0.0}


def left(care: float, harm: int = 1) -> tuple[float, float]:
    """Return fighters and grievance after a year of operations, as means over luck."""
    setup = small(WAR | {"parameters.offensives.harm": harm}, missions={"AU": FORCE | {"care": care}})
    ends = [played(setup, seed=seed) for seed in range(4)]
    return tuple(np.mean([column(m, name).sum() for m in ends]) for name in ("bands.fighters", "groups.grievance"))


def test_care_leaves_less_grievance_and_fewer_fighters():
    careful, careless = left(1.0), left(0.0)
    assert careful[1] < 0.95 * careless[1] and careful[0] < careless[0]


def test_without_harm_care_makes_no_difference():
    assert left(0.0, harm=0) == left(1.0, harm=0)
