"""Blue helmets with a mandate to protect lower killings by rebels, hardly those by the state; without it, neither.

Evidence: E1 (rebels), E4 (governments), E15 (the mandate). About one uniformed person per 1,000 people [E44].
Expected deaths, before luck; the same seeds in all arms.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import HERE, UN, over_seeds, small

LIVELY = {"parameters.attacks.base": 0.05, "weeks": 26}
TROOPS = UN | HERE | {"troops": 600, "police": 0, "unit_size": 100}
ARMS = {"nobody": {}, "protects": {"UN": TROOPS}, "only there": {"UN": TROOPS | {"mandate": "poc_no_force"}}}


@cache
def killed(arm: str, by: str) -> np.ndarray:
    """Return the civilians expected to be killed by an actor over the run, by seed."""
    return over_seeds(small(LIVELY, missions=ARMS[arm]), f"civilians_killed_expected:{by}", seeds=6)


def ratio(arm: str, by: str) -> float:
    """Return killings with a mission over killings without, as a ratio of sums."""
    return float(killed(arm, by).sum() / killed("nobody", by).sum())


def test_rebels_kill_fewer_under_a_mission_that_protects():
    assert (
        ratio("protects", "rebels") < 0.8 and (killed("protects", "rebels") < killed("nobody", "rebels")).mean() > 0.7
    )


def test_the_state_kills_about_as_many():
    assert 0.85 < ratio("protects", "host") < 1.05


def test_without_the_mandate_rebels_kill_about_as_many():
    assert 0.85 < ratio("only there", "rebels") < 1.1
