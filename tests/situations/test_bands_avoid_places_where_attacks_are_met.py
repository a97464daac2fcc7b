"""Bands leave ground where their attacks are answered, and come to ground where nobody answers.

Evidence: B-M15 (diversion to uncovered places), B-M3, B-M11. It is the expected cost and nothing else. Nobody shoots at
peacekeepers here: under fire they guard themselves, and what guards itself neither answers nor covers ground.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small

LIVELY = {
    "parameters.attacks.base": 0.05,
    "parameters.moves.stay": 0.3,
    "parameters.moves.cost_weight": 3.0,
    "parameters.attacks_on_peacekeepers.base": 0.0,
    "weeks": 24,
}
ALWAYS = {"parameters.response.base_chance": 1.0}
POST = UN | HERE | {"troops": 1200, "unit_size": 100, "police": 0, "civilians": 0, "observers": 0, "mobile_share": 0.0}


def in_reach(changes, **dials) -> float:
    """Return the share of bands that stand where the mission's ready troops guard, over the last weeks and luck."""
    found = []
    for seed in range(8):
        m = played(small(LIVELY | changes, missions={"UN": POST | dials}), 16, seed)
        for _ in range(8):
            m.step()
            guarded = column(m, "near")[2, 0] > 50
            found.append(guarded[column(m, "bands.cell")].mean())
    return float(np.mean(found))


def test_bands_keep_away_from_a_mission_that_answers():
    answering = in_reach(ALWAYS, risk_tolerance=1.0)
    assert answering < 0.9 * in_reach(ALWAYS, risk_tolerance=0.0)


def test_without_that_cost_they_do_not():
    blind = ALWAYS | {"parameters.moves.cost_weight": 0.0, "parameters.campaigns.cost_weight": 0.0}
    assert in_reach(blind, risk_tolerance=1.0) > in_reach(ALWAYS, risk_tolerance=1.0)
