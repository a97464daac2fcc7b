"""Where a report to a mission is found out, the village is attacked more for some weeks; discretion prevents it.

Evidence: F-M72 (data sharing exposes informants), B-M26, B-H35 (exposure turns on design).
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small

FOUND_OUT = {"parameters.informants.found_out": 0.3, "weeks": 30, "parameters.moves.stay": 0.95}
TASKS = {"presence": 1.0, "early_warning": 0.5}
SHIELDED = TASKS | {"community_engagement": 1.0}


def attacks_expected(changes=None, tasks=None) -> tuple[float, float]:
    """Return attacks expected a week where a band stands: in places found out lately, and in all places, all runs."""
    mandate = {"tasks": tasks or TASKS, "use_of_force": "self_defence"}
    exposed, everywhere = [], []
    for seed in range(5):
        mission = UN | HERE | {"mandate": mandate, "liaison": 0.8}
        m = played(small(FOUND_OUT | (changes or {}), missions={"UN": mission}), 3, seed)
        for _ in range(25):
            m.step()
            rate, level = column(m, "cells.expected_attacks"), column(m, "cells.exposed")
            exposed += rate[(level > 0.5) & (rate > 0)].tolist()
            everywhere += rate[rate > 0].tolist()
    return float(np.median(exposed)) if exposed else 0.0, float(np.mean(everywhere))


def test_places_that_were_found_out_are_attacked_more():
    there, _ = attacks_expected()
    as_elsewhere, _ = attacks_expected({"parameters.informants.reprisal": 0.0})
    assert there > 1.5 * as_elsewhere


def test_discretion_protects_them():
    careful, careless = (
        attacks_expected({"parameters.informants.discretion": level}, SHIELDED)[1] for level in (1.0, 0.0)
    )
    assert careful < 0.95 * careless
