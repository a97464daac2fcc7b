"""The rule `decay`: whatever is not renewed fades towards what the community thought at first."""

from __future__ import annotations

import itertools

import numpy as np
from helpers import column, played, village

RAID = {"raid": {"week": 2, "event": "massacre", "by": "rebels", "deaths": 60}}


def distances(setup, weeks: int, actor: str = "rebels") -> list[float]:
    """Return how far a village's view of an actor is from where it began, week by week after a raid."""
    m, found = played(setup, 3), []
    k = m.actors.index[actor]
    for _ in range(weeks):
        m.step()
        found.append(float(np.abs(column(m, "communities.perceptions")[0, k] - m.communities.prior[0, k]).mean()))
    return found


def test_an_old_raid_is_forgotten_within_years():
    left = distances(village({"weeks": 120}, timeline=RAID), 110)
    assert all(later < earlier for earlier, later in itertools.pairwise(left))
    assert 0.35 < left[53] / left[0] < 0.65, "half of it after about a year"


def test_it_fades_the_sooner_the_higher_the_rate():
    slow, fast = (distances(village({"parameters.perceptions.decay": d}, timeline=RAID), 10) for d in (0.005, 0.05))
    assert fast[-1] < slow[-1]


def test_who_thinks_as_at_first_keeps_thinking_so():
    m = played(village({"hosts.host.forces": 0}), 10)
    k = m.actors.index["rebels"]
    assert np.array_equal(column(m, "communities.perceptions")[0, k], m.communities.prior[0, k])
