"""The rule `expectation`: a mission is measured by what it promised."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, column, moved, played, village

BROAD = {"presence": 1.0, "protect_civilians": 1.0, "good_offices": 0.6, "policing": 0.5, "disarmament": 0.5}
POOR = {"parameters.expectation.presence": 0.05}  # to be there is not much of a help


def stands(changes=None, weeks: int = 20, **dials):
    """Return a village in which the UN has stood for some weeks."""
    return played(village(changes, missions={"UN": UN | HERE | {"mandate": {"tasks": BROAD}} | dials}), weeks)


def mean(m, name: str) -> float:
    """Return a column of communities about the UN, averaged over them."""
    return float(column(m, f"communities.{name}")[0].mean())


@pytest.mark.parametrize("quantity", ["legitimacy", "credibility"])
def test_what_was_promised_and_not_delivered_costs(quantity):
    assert moved(stands(POOR), "expectation", quantity, "UN") < 0
    assert moved(stands(POOR | {"disable": ["expectation"]}), "expectation", quantity, "UN") == 0


def test_it_says_nothing_of_taking_sides():
    assert moved(stands(POOR), "expectation", "impartiality", "UN") == 0


def test_who_delivers_what_he_promised_loses_nothing():
    m = stands({"parameters.expectation.presence": 1.0, "parameters.reports.sight_people": 50}, troops=8000)
    assert mean(m, "delivered") > mean(m, "expected") > 0
    assert moved(m, "expectation", "legitimacy", "UN") == 0


def test_broad_mandates_raise_expectation():
    narrow, broad = stands(mandate={"tasks": {"presence": 1.0}}), stands()
    assert mean(broad, "expected") > 1.5 * mean(narrow, "expected") > 0


def test_strength_in_sight_raises_expectation_and_what_is_delivered():
    weak, strong = stands(troops=50, police=0), stands(troops=4000)
    assert mean(weak, "expected") < mean(strong, "expected")
    assert mean(weak, "delivered") < mean(strong, "delivered")


def test_honest_communication_brings_expectation_to_what_can_be_done():
    tasks = BROAD | {"strategic_communications": 1.0}
    silent, honest = stands(POOR, outreach=0.0, mandate={"tasks": tasks}), stands(POOR, mandate={"tasks": tasks})
    assert mean(honest, "expected") < 0.8 * mean(silent, "expected")
    assert abs(moved(honest, "expectation", "legitimacy", "UN")) < abs(moved(silent, "expectation", "legitimacy", "UN"))


def test_nobody_expects_anything_before_first_contact_and_hope_fades_when_they_leave():
    late = UN | {"arrives": 8, "ramp": 1}
    assert not column(played(village(missions={"UN": late}), 7), "communities.expected").any()
    out = {"timeline.out": {"week": 6, "event": "expulsion", "mission": "UN"}}
    there, gone = stands(weeks=6), stands(out)
    assert 0 < mean(gone, "expected") < mean(there, "expected")
    assert 0 < mean(gone, "delivered") < 0.5 * mean(there, "delivered")


def test_an_answer_is_delivered_and_raises_hope():
    """Half the attacks of a lively village are answered by a mission that always acts."""
    raids = {
        "parameters.attacks.base": 0.2,
        "parameters.expectation.presence": 0.0,
        "parameters.services.kept_word": 0.0,
    }
    act = {"mandate": "poc", "risk_tolerance": 1.0, "troops": 6000, "force_protection": 0.0}
    saw, none = stands(raids, **act), stands(raids | {"parameters.response.base_chance": 0.0}, **act)
    assert mean(saw, "delivered") > 0.05 > mean(none, "delivered") == 0
    assert mean(saw, "expected") > mean(none, "expected")


def test_shares_stay_shares():
    wild = {"parameters.expectation.rate": 0.3, "parameters.expectation.honest": 0.5,
            "parameters.expectation.answered": 0.5}  # fmt: skip
    m = stands(wild | {"parameters.attacks.base": 0.5}, mandate="poc", outreach=1.0)
    for name in ("expected", "delivered"):
        values = column(m, f"communities.{name}")
        assert values.min() >= 0 and values.max() <= 1 and np.ptp(values) >= 0


def test_the_gap_is_what_the_metric_says():
    m = stands(POOR)
    c = m.communities
    people, short = c.residents + c.displaced, np.maximum(0, c.expected[0] - c.delivered[0])
    shown = m.log.values["expectation_gap"][m.week, 0]
    assert shown == pytest.approx((people * short).sum() / people.sum()) and shown > 0


def test_two_missions_are_measured_apart():
    both = {"UN": UN | HERE, "AU": AU | HERE}
    one, two = played(village(missions={"UN": UN | HERE}), 10), played(village(missions=both), 10)
    k = two.actors.index["UN"]
    assert np.array_equal(column(one, "communities.expected")[0], column(two, "communities.expected")[k])
