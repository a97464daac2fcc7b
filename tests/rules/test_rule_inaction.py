"""The rule `inaction`: an attack that a mission knew of and did not answer is remembered where it happened."""

from __future__ import annotations

import pytest
from helpers import HERE, UN, moved, played, village

BUNKERED = UN | HERE | {"risk_tolerance": 0.0, "liaison": 0.0}


def lost(quantity: str = "legitimacy", by: str = "rebels", changes=None, **dials) -> float:
    """Return what the UN lost in a village for standing by while civilians were attacked."""
    raid = {"raid": {"week": 4, "event": "massacre", "by": by, "deaths": 20}}
    m = played(village(changes, missions={"UN": BUNKERED | dials}, timeline=raid), 5)
    return -moved(m, "inaction", quantity, "UN")


@pytest.mark.parametrize("quantity", ["legitimacy", "impartiality", "credibility"])
@pytest.mark.parametrize("doer", ["rebels", "host"])
def test_standing_by_costs_all_three(quantity, doer):
    assert lost(quantity, doer) > 0


def test_it_costs_more_the_more_the_mandate_had_promised():
    silent = {"tasks": ["presence"]}
    assert lost(mandate="poc") > lost(mandate=silent) > 0


def test_it_costs_more_when_the_mission_had_been_alerted():
    """People who told and were not helped [F-M74]."""
    told = {"parameters.reports.alert": 5.0}
    assert lost(changes=told, liaison=1.0) > 1.2 * lost()


def test_an_answer_costs_nothing():
    bold = {"risk_tolerance": 1.0, "force_protection": 0.0}
    always = {"parameters.response.base_chance": 1.0, "parameters.response.strength_people": 20.0}
    assert lost(changes=always, **bold) == 0


def test_what_a_mission_could_not_know_is_not_held_against_it():
    """Nobody was in reach, and nobody told it."""
    assert lost(arrives=6) == 0
