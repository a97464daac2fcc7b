"""The rule `expulsion`: hosts send missions out, take them back, and send for others instead."""

from __future__ import annotations

import pytest
from helpers import HERE, PMC, UN, played, village

from sim.model import Model

OFFER = {"offer": {"event": "rival_offer", "host": "host", "week": 0}}
STILL = {"disable": ["consent", "protest"]}
"""Consent stays where a test puts it."""


def place(consent: float = 0.1, weeks: int = 20, missions=None, timeline=None, changes=None) -> Model:
    """Return a village whose host has so much consent to the UN, after some weeks."""
    dials = {"hosts.host.consent": consent, "parameters.consent.step": 0.0} | dict(changes or {})
    setup = village(dials, missions=missions or {"UN": UN | HERE | {"delay": 3}}, timeline=OFFER | dict(timeline or {}))
    return played(setup, weeks)


def out(m: Model) -> bool:
    """Say whether the first mission (by name) has been sent out."""
    return bool(m.missions.expelled[m.actors.index["UN"]])


def test_a_mission_is_sent_out_after_weeks_without_consent():
    assert not out(place(weeks=7)) and out(place(weeks=8))


def test_its_units_leave():
    m = place(weeks=10)
    assert not m.at_work and not (m.units.cell >= 0).any() and m.hosts.ousted[0, 0]


def test_consent_above_the_floor_keeps_it():
    assert not out(place(0.3))


def test_without_a_rival_or_anger_a_host_grumbles_and_keeps_it():
    late = {"offer": OFFER["offer"] | {"week": 19}}
    assert not out(place(weeks=18, timeline=late))
    hated = {"parameters.perceptions.prior": 0.05}
    assert out(place(weeks=18, timeline=late, changes=hated)), "popular anger will do"


def test_good_weeks_start_the_count_anew():
    m = place(weeks=6)
    m.hosts.ledger["consent"][:] = 0.5
    m.step()
    assert m.hosts.sour[0, 0] == 0


def test_it_may_come_back_once_consent_has():
    m = place(weeks=10)
    m.hosts.ledger["consent"][:] = 0.6
    m.step()
    assert not out(m) and not m.at_work, "but not at once"
    for _ in range(4):
        m.step()
    assert m.at_work == [0]


def test_what_a_scenario_decrees_the_rule_does_not_undo():
    decree = {"out": {"event": "expulsion", "mission": "UN", "week": 2}}
    assert out(place(0.9, timeline=decree))


@pytest.mark.parametrize("decreed", [False, True])
def test_another_comes_for_the_one_that_was_sent_out(decreed):
    both = {
        "UN": UN | HERE,
        "PMC": {k: v for k, v in PMC.items() if k != "arrives"} | {"on_expulsion_of": "UN", "delay": 4},
    }
    decree = {"out": {"event": "expulsion", "mission": "UN", "week": 7}} if decreed else {}
    setting = {"consent": 0.9 if decreed else 0.1, "missions": both, "timeline": decree}
    company = both and 0  # PMC comes before UN by name
    assert company not in place(weeks=11, **setting).at_work
    assert place(weeks=12, **setting).at_work == [company]


def test_it_never_comes_while_the_other_stays():
    both = {"UN": UN | HERE, "PMC": PMC | {"arrives": 0, "on_expulsion_of": "UN"}}
    assert place(0.9, missions=both).at_work == [1]
