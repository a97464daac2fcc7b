"""The survey operator: legitimacy is not satisfaction, and a poll hears towns only."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, played, small, tables

from sim.metrics.satisfaction import sampled, satisfied, survey

ONE = np.ones(1)


def happy(credibility: float, delivered: float = 0.0, expected: float = 0.0) -> float:
    """Return the share of one community that is satisfied, with the thresholds of the survey."""
    return float(satisfied(credibility * ONE, delivered * ONE, expected * ONE, 0.5, 0.2)[0])


def test_half_are_satisfied_at_the_threshold_and_more_with_what_they_get_above_what_they_expect():
    assert happy(0.5) == pytest.approx(0.5)
    assert happy(0.5, delivered=0.3) > 0.9 > happy(0.5) > 0.1 > happy(0.5, expected=0.3)
    assert happy(0.5, delivered=0.4, expected=0.4) == pytest.approx(0.5)


def test_one_standard_deviation_above_is_what_a_normal_says():
    assert happy(0.7) == pytest.approx(0.8413, abs=1e-4)


def test_respondents_weigh_and_those_who_never_met_it_are_not_satisfied():
    content = np.array([0.9, 0.1, 0.9])
    assert survey(content, np.array([True, True, True]), np.array([1.0, 3.0, 0.0])) == pytest.approx(0.3)
    assert survey(content, np.array([True, False, True]), np.array([1.0, 1.0, 2.0])) == pytest.approx(2.7 / 4)
    assert np.isnan(survey(content, np.ones(3, bool), np.zeros(3)))


def test_a_poll_scatters_as_so_many_respondents_do():
    luck = (np.arange(2000) + 0.5) / 2000
    found = [sampled(0.2, 2000, u) for u in luck]
    assert np.mean(found) == pytest.approx(0.2, abs=1e-4) and np.std(found) == pytest.approx(0.00894, rel=0.01)
    assert sampled(0.0, 2000, 0.99) == 0 and sampled(1.0, 2000, 0.01) == 1


def test_a_run_is_polled_in_towns():
    m = played(small({"parameters.survey.respondents": 1_000_000}, missions={"UN": UN | HERE}))
    c, poll = m.communities, m.log.poll
    assert set(c.cell[poll.rows]) == set(m.world.towns) < set(c.cell)
    p = m.p.survey
    content = (satisfied(c.perceptions[2, 0], c.delivered[0], c.expected[0], p.threshold, p.spread) * c.met[0])[
        poll.rows
    ]
    row = m.tables()["summary"].iloc[0]
    assert row["satisfied_share:UN"] == pytest.approx(np.average(content, weights=poll.weight), abs=0.003)
    areas = [area for area in set(poll.area.tolist()) if poll.weight[poll.area == area].sum()]
    means = [np.average(content[poll.area == a], weights=poll.weight[poll.area == a]) for a in areas]
    assert row["satisfied_range:UN"] == pytest.approx(max(means) - min(means)) and len(means) > 1


def test_nobody_is_satisfied_with_a_mission_that_never_came():
    row = tables(small(missions={"UN": UN | {"arrives": 900}}))["summary"].iloc[0]
    assert row["satisfied_share:UN"] == row["satisfied_range:UN"] == 0
