"""A mission that stands only in one region is found partial by the groups whose threatened places it leaves out.

Evidence: B-M22 (presence signals worth), B-M20, B-M42 (broad contact makes an impartial image).
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, played, small


def by_group(seed: int, **dials) -> np.ndarray:
    """Return by how much each group's view of the UN's impartiality moved for coverage, in a segregated country."""
    apart = {"weeks": 26, "world.groups": 3, "world.grid": [20, 20], "world.places": 150}
    m = played(small(apart, missions={"UN": UN | HERE | {"troops": 4000} | dials}), seed=seed)
    table = m.tables()["ledger"].query("rule == 'coverage_by_group'")
    moves = table.groupby("audience", observed=True).change.sum()
    return np.array([moves.get(name, 0.0) for name in m.world.group_names]), m


def test_standing_everywhere_is_fairer_than_standing_in_one_region():
    for seed in range(3):
        print(
            by_group(seed)[0],
            by_group(seed, mandate={"tasks": ["presence"], "area": by_group(seed)[1].world.area_names[:1]})[0],
        )
    assert 0
