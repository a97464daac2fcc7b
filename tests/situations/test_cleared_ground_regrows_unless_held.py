"""A group that lost half of its fighters is back within a year, unless somebody holds the ground.

Evidence: B-M81 (gains reversed where ground is not held), B-M9, B-M161. Knocked out by `recruitment.holding`.
"""

from __future__ import annotations

from helpers import HERE, UN, column, played, village

HOLDERS = UN | HERE | {"mandate": "presence", "holding": 1.0, "risk_tolerance": 1.0}


def back_after_a_year(changes=None, **missions) -> float:
    """Return which share of its first strength a halved group has after 50 weeks."""
    m = played(village({"weeks": 60} | (changes or {}), missions=missions), 1)
    fighters = m.bands.ledger["fighters"]
    began = fighters.sum()
    m.ledger.people("test", "fighters", fighters, range(fighters.size), -(fighters // 2))
    for _ in range(50):
        m.step()
    return column(m, "bands.fighters").sum() / began


def test_unheld_it_is_nearly_back():
    assert back_after_a_year() > 0.7


def test_held_it_is_not():
    assert back_after_a_year(UN=HOLDERS) < 0.65 < back_after_a_year(UN=HOLDERS | {"holding": 0.0})


def test_troops_hold_by_holding_and_not_by_being_there():
    assert back_after_a_year({"parameters.recruitment.holding": 0}, UN=HOLDERS) == back_after_a_year(
        UN=HOLDERS | {"holding": 0.0}
    )
