"""Metrics of opinion in a country of four cells and two identity groups, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand import act, people, put, run_of, square, think, value

from sim.actors.acts import ATTACK, MISCONDUCT
from sim.rules.blame import Blame

LEGITIMACY, IMPARTIALITY, CREDIBILITY = range(3)
KINDS = {"legitimacy": LEGITIMACY, "impartiality": IMPARTIALITY, "credibility": CREDIBILITY}


def divided(quantity: int):
    """Return 1,000 people of whom the first group thinks 0.8 and 0.4 of the UN, the second 0.2; 250 never met it.

    First group: 100 think 0.8, 300 think 0.4, 200 do not know it. Second group: 350 think 0.2, 50 do not know it.
    """
    m = square()
    people(m, [100, 300, 200, 0, 350, 50, 0, 0], [20, 60, 0, 0, 0, 0, 0, 0])
    think(m, quantity, "UN", [0.8, 0.4, None, None, 0.2, None, None, None])
    return m


@pytest.mark.parametrize("name", KINDS)
def test_what_each_audience_thinks_is_the_mean_of_people_with_an_opinion(name):
    """First group: (100 x 0.8 + 300 x 0.4) / 400 = 0.5. Second: 0.2. All: (80 + 120 + 70) / 750 = 0.36.

    Displaced: the 20 beside those who think 0.8 and the 60 beside those who think 0.4: (16 + 24) / 80 = 0.5.
    """
    m = divided(KINDS[name])
    found = [value(m, name, f"{who}->UN") for who in ("group 1", "group 2", "all", "displaced")]
    assert found == pytest.approx([0.5, 0.2, 0.36, 0.5])
    assert np.isnan(value(m, name, "all->AU"))  # nobody has met it: no opinion is not one half


def test_no_opinion_is_a_share_of_people_and_no_half():
    """200 + 50 of 1,000; nobody knows the AU."""
    m = divided(LEGITIMACY)
    assert value(m, "no_opinion", "UN") == pytest.approx(0.25) and value(m, "no_opinion", "AU") == 1


def test_popular_consent_counts_those_at_one_half_or_more():
    """Of 750 who know the UN 100 think 0.8; with those 300 at exactly one half it is 400."""
    m = divided(LEGITIMACY)
    assert value(m, "popular_consent", "UN") == pytest.approx(100 / 750)
    think(m, LEGITIMACY, "UN", [0.8, 0.5, None, None, 0.2, None, None, None])
    assert value(m, "popular_consent", "UN") == pytest.approx(400 / 750)
    assert np.isnan(value(m, "popular_consent", "AU"))


def test_the_least_that_a_group_thinks_and_how_far_groups_are_apart():
    """Groups think 0.5 and 0.2."""
    m = divided(IMPARTIALITY)
    assert value(m, "impartiality_min", "UN") == pytest.approx(0.2)
    assert value(m, "impartiality_gap", "UN") == pytest.approx(0.3)


def test_how_far_three_groups_are_apart_is_a_mean_over_pairs_of_people():
    """Groups of 100, 200 and 300 people think 0.9, 0.5 and 0.1.

    Pairs: 100 x 200 of 0.4, 100 x 300 of 0.8, 200 x 300 of 0.4: (8 + 24 + 24) / 110 thousand pairs.
    """
    m = square({"world.groups": 3})
    home = [100, 0, 0, 0, 200, 0, 0, 0, 300, 0, 0, 0]
    people(m, home)
    think(m, IMPARTIALITY, "UN", [{100: 0.9, 200: 0.5, 300: 0.1}.get(n) for n in home])
    assert value(m, "impartiality_gap", "UN") == pytest.approx(56 / 110)
    assert value(m, "impartiality_min", "UN") == pytest.approx(0.1)


SPREADS = {"legitimacy_spread": LEGITIMACY, "impartiality_spread": IMPARTIALITY, "credibility_spread": CREDIBILITY}


@pytest.mark.parametrize("name", SPREADS)
def test_spread_is_the_ninth_decile_less_the_first(name):
    """Eleven communities think 0.0, 0.1 ... 1.0: nine tenths of the way up stands 0.9, one tenth up 0.1.

    Size does not count; who has not met the UN, or where nobody lives, is left out (a twelfth and a thirteenth).
    """
    m = square({"world.grid": [3, 4], "world.places": 7})
    told = [0.3, 1.0, 0.7, 0.2, 0.9, 0.0, 0.6, 0.5, 0.1, 0.8, 0.4]
    people(m, [5, 1000, 30, 2, 1, 700, 4, 4, 900, 60, 70, 80, 0, 0])
    think(m, SPREADS[name], "UN", [*told, None, 1.0, 1.0])
    assert value(m, name, "UN") == pytest.approx(0.9 - 0.1)
    assert np.isnan(value(m, name, "AU"))


@pytest.mark.parametrize("name", SPREADS)
def test_those_of_one_mind_are_not_apart(name):
    m = square()
    people(m, [100] * 8)
    think(m, SPREADS[name], "UN", [0.7] * 8)
    assert value(m, name, "UN") == 0


def test_opinion_over_the_run_is_the_last_week_s():
    m = square()
    run = [np.full(len(m.log.keys["impartiality_min"]), x) for x in (0.9, 0.2, 0.6)]
    assert run_of(m, "impartiality_min", run).tolist() == [0.6, 0.6]


def test_contagion():
    """AU did it. 100 people hear of it at 0.6 and lay a third of that, 0.2, at the UN's door; 300 hear at 0.4: none.

    (100 x 0.2) / (100 x 0.6 + 300 x 0.4) = 20 / 180.
    """
    m = square()
    people(m, [100, 300, 0, 0, 0, 0, 0, 0])
    au, un = m.actors.index["AU"], m.actors.index["UN"]
    rows = np.zeros((2, 8))
    rows[:, :2] = (0.6, 0.4), (0.2, 0.0)
    m.blame = Blame(own={au: rows[0] - rows[1]}, heard={au: rows[0]}, mistaken={(au, un): rows[1]})
    assert value(m, "contagion", "AU->UN") == pytest.approx(20 / 180)
    assert value(m, "contagion", "AU->AU") == 0 and np.isnan(value(m, "contagion", "UN->AU"))  # it did nothing


@pytest.mark.parametrize(("name", "rule"), [("complicity_loss", "complicity"), ("contagion_loss", "attribution")])
def test_impartiality_lost_to_another_s_acts(name, rule):
    """100 of 400 people think 0.8 of the UN and go a quarter of the way to 0: 0.2 x 100 / 400 = 0.05."""
    m = square()
    people(m, [100, 300, 0, 0, 0, 0, 0, 0])
    think(m, IMPARTIALITY, "UN", [0.8, 0.8, *[None] * 6])
    m.ledger.opinion[:] = m.communities.perceptions
    rate = np.array([0.25, *[0.0] * 7])
    m.ledger.perceive(rule, (IMPARTIALITY,), m.actors.index["UN"], rate, np.zeros(8), cause="AU")
    assert value(m, name, "AU->UN") == pytest.approx(0.05)
    assert value(m, name, "host->UN") == value(m, name, "UN->AU") == 0
    other = {"complicity_loss": "contagion_loss", "contagion_loss": "complicity_loss"}[name]
    assert value(m, other, "AU->UN") == 0


def test_expectation_gap_is_the_shortfall_and_more_than_expected_fills_no_other_s():
    """60 people, of them 20 displaced, expect 0.5 and got 0.2; 40 expect 0.3 and got 0.9: 60 x 0.3 / 100."""
    m = square()
    people(m, [40, 40, 0, 0, 0, 0, 0, 0], [20, 0, 0, 0, 0, 0, 0, 0])
    un = m.actors.index["UN"]
    m.communities.expected[un, :2], m.communities.delivered[un, :2] = (0.5, 0.3), (0.2, 0.9)
    assert value(m, "expectation_gap", "UN") == pytest.approx(0.18)


def test_rumour_prevalence():
    """A tenth of 300 people and half of 100 hold a false claim: (30 + 50) / 400."""
    m = square()
    people(m, [200, 100, 0, 0, 0, 0, 0, 0], [100, 0, 0, 0, 0, 0, 0, 0])
    put(m, "communities.rumour", 0.0)
    m.communities.rumour[m.actors.index["UN"], :2] = 0.1, 0.5
    assert value(m, "rumour_prevalence", "UN") == pytest.approx(0.2)
    assert value(m, "rumour_prevalence", "AU") == 0


def test_misconduct_is_the_mission_s_own():
    m = square()
    for by in ("UN", "UN", "host"):
        act(m, MISCONDUCT, by)
    act(m, ATTACK, "rebels")
    assert [value(m, "misconduct", name) for name in ("UN", "AU")] == [2, 0]


def towns():
    """Return 400 people asked in two areas; 300 in one are in doubt, of 100 in the other nobody knows the UN.

    In doubt: credibility 0.5, and they got what they expected, so half of them are satisfied.
    """
    m = square({"parameters.survey.respondents": 1_000_000})
    think(m, CREDIBILITY, "UN", [0.5, None, *[None] * 6])
    m.communities.expected[:] = m.communities.delivered[:] = 0.25
    poll = m.log.poll
    poll.rows, poll.weight, poll.area = np.array([0, 1]), np.array([300.0, 100.0]), np.array([0, 1])
    poll.by_area = np.array([300.0, 100.0])
    return m


def test_satisfied_share_and_range():
    """Satisfied are 300 x 0.5 of 400; areas are apart by 0.5 - 0."""
    m = towns()
    assert value(m, "satisfied_share", "UN") == pytest.approx(0.375, abs=1e-3)
    assert value(m, "satisfied_range", "UN") == pytest.approx(0.5)
