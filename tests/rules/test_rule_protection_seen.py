"""The rule `protection_seen`: people credit those in sight while it is calm, and those who answered an attack."""

from __future__ import annotations

from helpers import HERE, UN, moved, played, small, village

RAID = {"raid": {"week": 4, "event": "massacre", "by": "rebels", "deaths": 20}}
ALWAYS = {"parameters.response.base_chance": 1.0, "parameters.response.strength_people": 20.0}
BOLD = UN | HERE | {"risk_tolerance": 1.0, "force_protection": 0.0}


def gained(
    quantity: str = "legitimacy", changes=None, timeline=None, actor: str = "UN", weeks: int = 5, **dials
) -> float:
    """Return what an actor gained in a village by being seen to protect."""
    m = played(village(changes, missions={"UN": BOLD | dials}, timeline=timeline or {}), weeks)
    return moved(m, "protection_seen", quantity, actor)


def test_calm_in_sight_of_a_mission_is_credited_to_it_and_to_the_host():
    assert gained() > 0 and gained(actor="host") > 0


def test_there_is_no_credit_for_those_out_of_sight():
    """Communities that no unit reaches gain nothing by it [B-M41]."""
    m = played(small(missions={"UN": UN | {"troops": 600}}), 8)
    un = m.actors.index["UN"]
    met = m.communities.met[un]
    account = next(i for i, k in enumerate(m.ledger.keys) if k[:3] == ("protection_seen", "legitimacy", "UN"))
    assert (m.ledger.running[account][met] > 0).any() and (m.ledger.running[account][~met] == 0).all()


def test_unrest_leaves_less_to_credit():
    """A raid by night that nobody can answer, remembered for some weeks."""
    bunkered = {"risk_tolerance": 0.0, "weeks": 7}
    assert gained(timeline=RAID, **bunkered) < gained(**bunkered)


def test_an_answer_is_credited_most_to_credibility():
    calm, met = ([gained(q, ALWAYS, t) for q in ("legitimacy", "impartiality", "credibility")] for t in ({}, RAID))
    by_answer = [a - b for a, b in zip(met, calm, strict=True)]
    assert 0 < by_answer[1] < by_answer[2]
