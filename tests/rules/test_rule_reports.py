"""The rule `reports`: communities tell missions where bands are, if they trust them and somebody is near to tell."""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, after, column, village

RAID = {"raid": {"week": 4, "event": "massacre", "by": "rebels", "deaths": 30}}


def told(week: int = 3, changes=None, timeline=None, **dials) -> float:
    """Return how many reports on bands a mission gets in a village in a week, as a mean over luck."""
    setup = village(changes, missions={"UN": UN | HERE | dials}, timeline=timeline or {})
    return np.mean([column(after("reports", setup, week, seed), "missions.heard_of")[0] for seed in range(8)])


def test_people_tell_a_mission_that_listens():
    assert told() > 1 and told(liaison=0.0) == 0


def test_they_tell_less_the_less_they_think_of_it():
    assert told(changes={"parameters.perceptions.prior": 0.2}) < 0.5 * told()


def test_they_tell_less_in_fear_of_reprisal():
    """The week after a raid, against the same week without one [B-M26, F-M72]."""
    fearful = {"parameters.reports.fear_gain": 2.0, "parameters.reports.fear_weight": 1.0}
    assert told(5, fearful, RAID) < 0.5 * told(5, fearful)


def test_an_attack_frightens_and_fear_fades():
    setup = village(missions={"UN": UN | HERE}, timeline=RAID)
    fear = [column(after("reports", setup, week), "cells.fear")[0] for week in (4, 5, 6)]
    assert fear[0] == 0 < fear[2] < fear[1]


def test_some_alerts_are_false():
    setup = village({"parameters.reports.false_alerts": 6.0}, missions={"UN": UN | HERE})
    assert (column(after("reports", setup, 2), "items.false") >= 0).any()
    none = setup.but({"parameters.reports.false_alerts": 0.0})
    assert (column(after("reports", none, 2), "items.false") == -1).all()
