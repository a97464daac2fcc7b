"""A mission that carries, supplies and heals a partner's force lets it operate and patrol more, and endure.

Evidence: B-M78 (support package), F-M97 (UN support raises effectiveness and endurance of African Union forces).
"""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, UN, column, played, small

OFFICE = {"tasks": {"logistics_support": 1.0}}
PACKAGE = {"between": ["UN", "AU"], "form": "support_package", "recipient": "AU", "support_level": 1.0}


def partner(level: float, mandate: dict = OFFICE) -> tuple[float, float]:
    """Return how far the supported force patrols and how often it may strike."""
    missions = {"UN": UN | HERE | {"mandate": mandate}, "AU": AU | HERE}
    m = played(small({"partnerships.P": PACKAGE | {"support_level": level}}, missions=missions), 6)
    k = m.actors.index["AU"]
    return float(column(m, "missions.patrols")[k]), float(column(m, "missions.strikes")[k])


def endurance(level: float, assured: float, seeds: int = 6) -> float:
    """Return the share of its authorised people that a force keeps after two years, over seeds."""
    missions = {"UN": UN | HERE | {"mandate": OFFICE}, "AU": AU | HERE | {"assured": assured, "reserve": 0.0}}
    setup = small({"partnerships.P": PACKAGE | {"support_level": level}, "weeks": 104}, missions=missions)
    kept = [column(played(setup, seed=seed), "missions.afford")[0] for seed in range(seeds)]
    return float(np.mean(kept))


def test_a_force_with_little_money_of_its_own_endures_with_support():
    assert endurance(1.0, assured=0.2) > endurance(0.5, assured=0.2) > endurance(0.0, assured=0.2)


def test_a_force_that_is_paid_for_needs_none():
    assert endurance(1.0, assured=1.0, seeds=1) == endurance(0.0, assured=1.0, seeds=1) == 1.0


def test_the_more_support_the_more_it_can_do():
    none, half, full = partner(0.0), partner(0.5), partner(1.0)
    assert none[0] < half[0] < full[0] and none[1] < half[1] < full[1]


def test_support_takes_the_task_and_not_the_link_alone():
    assert partner(1.0, {"tasks": {"presence": 1.0}}) == partner(0.0)
