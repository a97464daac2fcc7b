"""Troops that stay in their camps answer nobody, hold nothing, and nobody believes in them: only their watch is left.

Evidence: B-M11 (force protection and caveats), B-M3 (presence works by what attackers expect), E35.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small, tables

LIVELY = {"parameters.attacks.base": 0.05}
TROOPS = UN | HERE | {"troops": 600, "police": 0, "unit_size": 100}
BUNKERED = TROOPS | {"risk_tolerance": 0.0}
WATCH = {"presence": 1.0, "early_warning": 0.7, "community_engagement": 0.7}
PROTECT = {
    "tasks": WATCH | {"protect_civilians": 1.0},
    "use_of_force": "protection",
    "covers": ["armed_groups", "host"],
}


def test_they_answer_nobody():
    found = tables(small(LIVELY | {"weeks": 30}, missions={"UN": BUNKERED}))["events"]
    assert found.known.ne("").sum() > 20 and found.answered_by.eq("").all()


def test_bands_do_not_believe_in_them():
    belief = {name: np.mean([column(played(small(LIVELY | {"weeks": 80}, missions={"UN": m}), seed=s), "bands.belief")
                             for s in (1, 2)]) for name, m in (("bold", TROOPS), ("bunkered", BUNKERED))}  # fmt: skip
    assert belief["bunkered"] < 0.25 * belief["bold"] and belief["bunkered"] < 0.1


def test_they_restrain_as_observers_do():
    """The rate of attacks of one and the same week: bunkered, and without any mandate to protect, to the last bit."""
    rates = [column(played(small({"weeks": 2}, missions=m)), "cells.expected_attacks").sum() for m in (
        {"UN": BUNKERED | {"mandate": PROTECT}}, {"UN": BUNKERED | {"mandate": {"tasks": WATCH}}},
        {"UN": TROOPS | {"mandate": PROTECT}},
    )]  # fmt: skip
    assert rates[0] == rates[1] > rates[2]


def test_they_hold_no_ground():
    """Where they stand a group grows as if nobody were there [B-M81]."""
    growth = [column(played(small({"parameters.attacks.base": 0.0, "parameters.recruitment.holding": switch},
              missions={"UN": BUNKERED})), "bands.fighters") for switch in (0, 1)]  # fmt: skip
    assert np.array_equal(*growth)
