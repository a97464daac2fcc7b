"""Most attacks go unanswered; who answers has a mandate, the will and free troops, and then fewer die.

Evidence: E35 (a fifth of reported attacks answered), B-M11, B-M12, B-H30.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, over_seeds, small

LIVELY = {"parameters.attacks.base": 0.1}
TYPICAL = UN | HERE | {"troops": 900}


def test_a_typical_mission_answers_few_of_the_attacks_it_knows_of():
    share = over_seeds(small(LIVELY, missions={"UN": TYPICAL}), "attacks_answered_share:UN", seeds=5)
    assert 0 < np.mean(share) < 0.4


UNDETERRED = {"parameters.restraint.local": 0, "parameters.restraint.group": 0, "parameters.moves.cost_weight": 0.0}
PREVENTED = "deaths_prevented_on_the_spot:UN"


def test_the_bolder_it_is_the_more_it_answers_and_prevents_on_the_spot():
    """With bands that are not deterred, so that there is as much to answer for the bold as for the timid."""
    missions = [TYPICAL | {"risk_tolerance": r} for r in (0.0, 0.3, 1.0)]
    arms = [small(LIVELY | UNDETERRED, missions={"UN": mission}) for mission in missions]
    for metric in ("attacks_answered_share:UN", PREVENTED):
        none, some, many = (over_seeds(arm, metric, seeds=5).sum() for arm in arms)
        assert none == 0 < some < many, metric


def test_what_it_knew_of_and_left_alone_is_counted():
    bunkered = {"UN": TYPICAL | {"risk_tolerance": 0.0}}
    assert over_seeds(small(LIVELY, missions=bunkered), "killed_unanswered:UN", seeds=3).sum() > 0
