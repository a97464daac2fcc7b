"""Harm by an outsider raises support for rebels; harm by rebels does not raise support for the outsider.

Evidence: E26 (asymmetric harm in Afghanistan), S-M8. Two identical acts, laid at two doors.
"""

from __future__ import annotations

from helpers import HERE, UN, played, view, village

QUIET = UN | HERE | {"civilians": 0, "observers": 0, "liaison": 0.0}
CLEAR = {"parameters.attribution.blur": 0.0}


def shift(by: str, of: str) -> float:
    """Return by how much one act of harm shifts what all people think of an actor's right to be there."""
    harm = {"harm": {"week": 4, "event": "massacre", "by": by, "deaths": 10}}
    with_, without = (
        view(played(village(CLEAR, missions={"UN": QUIET | {"mandate": "presence"}}, timeline=t), 5), "legitimacy", of)
        for t in (harm, {})
    )
    return with_ - without


def test_harm_by_the_un_costs_it_and_helps_rebels():
    assert shift(by="UN", of="UN") < -0.01 and shift(by="UN", of="rebels") > 0.001


def test_harm_by_rebels_costs_them_and_helps_nobody():
    assert shift(by="rebels", of="rebels") < -0.01
    assert shift(by="rebels", of="UN") <= 0
