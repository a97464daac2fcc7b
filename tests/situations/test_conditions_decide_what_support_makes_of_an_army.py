"""Unconditional support makes a host's forces more abusive, and they kill more; vetted support does the reverse.

Evidence: F-M5, S-H7 (unconditional), F-M95, B-M89, S-H8 (conditional, vetted), B-H47. The comparison is in one country
with the same luck; only the conditions of the support differ. Fewer killings under vetting are not built in: they come
of abusiveness, which drives the rate of state abuse.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model

CAMP = UN | HERE | {"mandate": {"tasks": ["support_host_forces"]}, "troops": 300, "police": 0}
ARMS = {
    "none": {"support_level": 0.0},
    "unconditional": {"support_level": 0.8, "conditional": False},
    "vetted": {"support_level": 0.8, "conditional": True, "vetting": 0.9},
}


def outcome(arm: str, seed: int) -> tuple[float, float]:
    """Return the host's abusiveness after three years, and the acts of abuse that were to be expected in the third."""
    link = {"partnerships.l": {"between": ["UN", "host"], "form": "support_package"} | ARMS[arm]}
    m = Model(small(link | {"weeks": 156, "hosts.host.abusiveness": 0.4}, missions={"UN": CAMP}), seed, keep={"weeks"})
    expected = 0.0
    for week in range(156):
        m.step()
        expected += m.cells.expected_abuse.sum() * (week >= 104)
    return float(m.hosts.abusiveness[0]), expected


def test_support_without_conditions_feeds_abuse_and_support_with_them_curbs_it():
    found = {arm: np.array([outcome(arm, seed) for seed in range(3)]) for arm in ARMS}
    abusiveness, killing = ({arm: v[:, k] for arm, v in found.items()} for k in (0, 1))
    assert (abusiveness["vetted"] < abusiveness["none"]).all()
    assert (abusiveness["none"] < abusiveness["unconditional"]).all()
    assert killing["vetted"].sum() < 0.9 * killing["none"].sum() < 0.9 * 0.9 * killing["unconditional"].sum()
