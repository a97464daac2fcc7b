"""Reports dry up where people fear reprisal or do not trust the mission; with them goes what it can know.

Evidence: B-M24 (information comes from people), B-M26 and F-M72 (fear), E31 (willingness to inform follows opinion).
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, over_seeds, village

LIVE = {"parameters.attacks.base": 0.1, "weeks": 12}


def reports(**parameters: float) -> float:
    """Return how many reports reach the UN in a village within twelve weeks, as a mean over luck."""
    changes = {f"parameters.{path.replace('__', '.')}": value for path, value in parameters.items()}
    return float(np.mean(over_seeds(village(LIVE | changes, missions={"UN": UN | HERE}), "reports:UN", seeds=6)))


def test_the_less_people_trust_the_less_they_tell():
    told = [reports(perceptions__prior=level, perceptions__prior_spread=0.0) for level in (0.2, 0.5, 0.8)]
    assert told[0] < 0.5 * told[1] < 0.5 * told[2]


def test_the_more_they_fear_the_less_they_tell():
    told = [reports(reports__fear_weight=weight, reports__fear_gain=1.0) for weight in (0.0, 1.0)]
    assert told[1] < 0.6 * told[0]
