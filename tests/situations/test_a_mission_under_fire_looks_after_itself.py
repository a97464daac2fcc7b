"""A mission that is attacked guards itself, and answers fewer of the attacks on civilians in its reach.

Evidence: F-M41, B-M11 (force protection takes the people who would protect). It works through `missions.guarding`.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, played, small

MISSION = UN | HERE | {"troops": 1500, "risk_tolerance": 1.0, "force_protection": 0.2}
BUSY = {"parameters.response.base_chance": 1.0, "parameters.attacks.base": 0.05, "weeks": 30}


def guard_and_answers(base: float) -> tuple[float, float]:
    """Return the mean share on guard and the share of known attacks answered, over a few runs."""
    guard, answered = [], np.zeros(2)
    for seed in range(5):
        m = played(small(BUSY | {"parameters.attacks_on_peacekeepers.base": base}, missions={"UN": MISSION}), seed=seed)
        guard.append(m.log.values["guarding"].mean())
        answered += m.log.ratios["attacks_answered_share"].sum(axis=1)[:, 0]
    return float(np.mean(guard)), float(answered[0] / answered[1])


def test_under_fire_more_stand_guard_and_fewer_attacks_are_answered():
    (calm_guard, calm), (tense_guard, tense) = (guard_and_answers(base) for base in (0.0, 0.01))
    assert calm_guard == pytest.approx(0.2) and tense_guard > 0.4
    assert tense < 0.9 * calm
