"""A mission that stands in one region only is found partial by the groups whose threatened places lie elsewhere.

Evidence: B-M22 (presence signals worth), B-M20, B-M42 (broad contact makes an impartial image). The group at home in
that region finds the mission a little fairer, all others find it less fair; move the mission, and the roles change.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, played, small

APART = small({"weeks": 26, "world.groups": 3, "world.grid": [20, 20], "world.places": 150})


def at_home(m) -> np.ndarray:
    """Return the share of each group that lives in each area; (groups, areas)."""
    c = m.communities
    people = np.zeros((len(m.world.group_names), len(m.world.area_names)))
    np.add.at(people, (c.group, c.area), c.home)
    return people / people.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("group", [0, 2], ids=["the first group's home", "the third group's home"])
def test_those_left_out_find_it_partial(group):
    share = at_home(played(APART, 0))
    others = np.delete(share, group, axis=0).max(axis=0)
    region = int(np.argmax(share[group] - others))
    only = {"tasks": ["presence"], "area": [played(APART, 0).world.area_names[region]]}
    m = played(APART.but({"missions.UN": UN | HERE | {"troops": 4000, "mandate": only}}))
    table = m.tables()["ledger"].query("rule == 'coverage_by_group'")
    moves = table.groupby("audience", observed=True).change.sum()
    found = np.array([moves.get(name, 0.0) for name in m.world.group_names])
    assert found[group] > 0 > np.delete(found, group).max()
