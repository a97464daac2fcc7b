"""The rule `coverage_by_group`: those whose threatened places are in sight less than others' find a mission partial."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, before, column, small

from sim.rules.expectation import coverage_by_group, evenness
from sim.rules.rule import Rule

RULE: Rule = coverage_by_group


def moves(share: list[float], threat: list[float] | None = None) -> np.ndarray:
    """Return what each of three groups was moved by on average, where the UN sees a share of each group's places."""
    setup = small({"world.groups": 3, "world.places": 42}, missions={"UN": UN | HERE})
    m = before("coverage_by_group", setup, 3)
    c, places = m.communities, m.world.places
    group = np.arange(places.size) % 3  # each place is home to one group only
    row = np.tile(group, 3)
    c.ledger["residents"][:] = np.where(row == c.group, 900, 0)
    c.ledger["displaced"][:] = 0
    m.recount()
    m.cells.threat[:] = 0.0
    m.cells.threat[places] = np.array(threat or [1.0, 1.0, 1.0])[group]
    m.near[:] = 0.0
    for g in range(3):
        own = places[group == g]
        m.near[0, 0, own[: round(share[g] * own.size)]] = 1e6
    start = column(m, "communities.impartiality")[0]
    RULE(m)
    change = column(m, "communities.impartiality")[0] - start
    return np.array([change[(c.group == g) & c.met[0]].mean() for g in range(3)])


def test_the_group_left_out_loses_and_the_others_gain_a_little():
    left_out = moves([1.0, 1.0, 0.0])
    assert left_out[2] < 0 < left_out[0] and abs(left_out[2]) > 1.5 * left_out[0]


def test_even_coverage_raises_all_alike():
    even = moves([0.5, 0.5, 0.5])
    assert (even > 0).all() and np.ptp(even) < 0.5 * even.mean()
    assert (moves([1.0, 1.0, 1.0]) > even).all()


def test_a_mission_that_is_nowhere_moves_nobody():
    assert (moves([0.0, 0.0, 0.0]) == 0).all()


def test_places_without_threat_do_not_count():
    """A group that is safe has nothing to compare; it is not made jealous by guards elsewhere."""
    assert moves([1.0, 1.0, 0.0], threat=[1.0, 1.0, 0.0])[2] == 0


def test_what_is_compared_is_the_share_of_each_group_s_own_threat():
    shared, lacking = evenness(np.array([4.0, 1.0]), np.array([2.0, 0.5]))
    assert shared == pytest.approx([0.5, 0.5]) and not lacking.any()
    shared, lacking = evenness(np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    assert shared == pytest.approx([0.5, 0.0]) and lacking == pytest.approx([0.0, 0.5])
    assert not np.concatenate(evenness(np.zeros(2), np.zeros(2))).any()
