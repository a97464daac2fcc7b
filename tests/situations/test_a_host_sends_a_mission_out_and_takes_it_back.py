"""A host that is offered another force sends a mission out by itself, and takes it back when the offer is gone.

Evidence: B-M45 (anger and a hostile government: consent withdrawn, exit, perhaps a company), B-M104, B-M83. Nothing is
decreed: consent falls by the rules, and rises again by them once the rival has left and security worsens.
"""

from __future__ import annotations

from helpers import HERE, UN, small

from sim.model import Model

WEEKS = 170
OFFER = {"week": 4, "event": "rival_offer", "host": "host", "duration": 50}
HASTY = {"parameters.consent.step": 0.2, "parameters.consent.rival": 0.8}
"""The same drives at a quicker pace, so that the story fits into some three years."""


def story(seed: int, timeline: dict) -> list[bool]:
    """Return for each week whether the UN was at work."""
    lukewarm = HASTY | {"weeks": WEEKS, "hosts.host.consent": 0.65, "hosts.host.dependence": 0.2}
    m = Model(small(lukewarm, missions={"UN": UN | HERE | {"delay": 8}}, timeline=timeline), seed, keep={"weeks"})
    seen = []
    for _ in range(WEEKS):
        m.step()
        seen.append(bool(m.at_work))
    return seen


def test_an_offer_ends_in_expulsion_and_its_end_in_a_return():
    for seed in range(3):
        there = story(seed, {"offer": OFFER})
        assert there[10], "not at once"
        out = there.index(False)
        assert out < OFFER["duration"] + 8
        assert True in there[out:], "it came back"
        assert there[out:].index(True) > 8, "and not before its delay"


def test_without_an_offer_it_stays():
    assert all(all(story(seed, {})) for seed in range(2))
