"""The rule `talk`: neighbours and kin talk, and radio speaks for a mission, as far as it is believed."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, before, column, moved, played, small, village

from sim.ledger import PERCEPTIONS
from sim.rules.talk import persuaded, talk

RADIO = {"mandate": {"tasks": {"presence": 1.0, "strategic_communications": 1.0}}, "outreach": 1.0}


def opinions(week: int, **dials):
    """Return a country with the UN just before its people talk, in a week."""
    return before("talk", small({"world.groups": 2}, missions={"UN": UN | HERE | dials}), week)


def said(m, quantity: int) -> np.ndarray:
    """Let people talk, and return by how much each community's view of the UN moved for what neighbours think."""
    start = column(m, "communities.perceptions")[quantity, 0]
    talk(m)
    return column(m, "communities.perceptions")[quantity, 0] - start


@pytest.mark.parametrize("quantity", range(3), ids=PERCEPTIONS)
def test_neighbours_grow_alike(quantity):
    """Who thinks more of the UN than those around moves down, who thinks less moves up; each perception in its turn."""
    m = opinions(4 + quantity, outreach=0.0)
    c, view = m.communities, m.opinion[quantity, 0].copy()
    moves = said(m, quantity)
    known = c.met[0] & (c.home > 0)
    least, most = np.quantile(view[known], (0.1, 0.9))
    high, low = known & (view > most), known & (view < least)
    assert moves[high].mean() < 0 < moves[low].mean() and np.abs(moves).max() < 0.02


def test_only_those_who_have_met_it_talk_of_it():
    m = opinions(4, outreach=0.0)
    unmet = ~m.communities.met[0]
    moves = said(m, 0)
    assert unmet.any() and not moves[unmet].any() and moves[~unmet].any()


def test_kin_count_more_than_others():
    """With nothing across groups, a village whose two groups differ does not grow alike."""

    def distance(across: float) -> float:
        m = played(village({"parameters.talk.across": across, "parameters.talk.rate": 0.01,
                            "parameters.perceptions.prior_spread": 0.4}, missions={"UN": UN | HERE}), 12)  # fmt: skip
        return (
            abs(moved(m, "talk", "legitimacy", "UN", "neighbours"))
            + np.abs(next((v for k, v in m.ledger.running.items() if m.ledger.keys[k][0] == "talk"), np.zeros(2))).sum()
        )

    assert distance(0.0) == 0 < distance(0.5)


def spoken(quantity: str, harm: int = 6, **changes) -> float:
    """Return what radio restored of the UN's standing in a village after people were killed by its own troops."""
    timeline = {"harm": {"week": 2, "event": "massacre", "by": "UN", "deaths": harm}}
    dials = RADIO | changes
    m = played(village({"parameters.attribution.blur": 0.0}, missions={"UN": UN | HERE | dials}, timeline=timeline), 15)
    return moved(m, "talk", quantity, "UN", "radio")


@pytest.mark.parametrize("quantity", ["legitimacy", "impartiality"])
def test_radio_restores_what_was_lost(quantity):
    assert spoken(quantity) > 0 == spoken(quantity, outreach=0.0)
    assert spoken(quantity, mandate={"tasks": {"presence": 1.0}}) == 0


def test_radio_does_not_make_anybody_able():
    assert spoken("credibility") == 0


def test_who_is_thought_partial_is_not_believed():
    follows = persuaded(np.ones(1), np.array([0.0, 0.3, 0.9]), most=0.01)
    assert follows[0] == 0 < 2 * follows[1] < follows[2] < 0.01


def taken_in(**dials) -> float:
    """Return how far people of a village have taken in what the UN says of itself after a third of a year."""
    m = played(village(missions={"UN": UN | HERE | RADIO | dials}), 16)
    return float(m.communities.told[0].mean())


def test_people_take_in_what_a_mission_says_of_itself():
    assert taken_in() > 2 * taken_in(outreach=0.3) > 0 == taken_in(outreach=0.0)


def test_what_was_taken_in_is_forgotten_when_nobody_speaks_any_more():
    silence = {"event": "mandate_change", "mission": "UN", "mandate": {"tasks": {"presence": 1.0}}, "week": 13}
    m = played(village({"weeks": 30}, missions={"UN": UN | HERE | RADIO}, timeline={"silence": silence}), 16)
    heard = m.communities.told[0].mean()
    for _ in range(12):
        m.step()
    assert heard > m.communities.told[0].mean() > 0.8 * heard > 0


def test_who_holds_a_false_claim_takes_in_less():
    tale = {"tale": {"event": "rumour", "mission": "UN", "share": 1.0, "week": 2}}
    told = [
        played(village(missions={"UN": UN | HERE | RADIO}, timeline=t), 8).communities.told[0].mean()
        for t in ({}, tale)
    ]
    assert told[0] > 1.5 * told[1] > 0


def test_radio_never_lifts_opinion_above_what_people_thought_at_first():
    m = before("talk", village(missions={"UN": UN | HERE | RADIO}), 7)  # a week of radio
    prior, view = m.communities.prior[0, 0], m.opinion[0, 0]
    assert (view > prior).all(), "in sight and calm: opinion has risen by deeds"
    talk(m)
    assert moved(m, "talk", "legitimacy", "UN", "radio") == 0
