"""The rule `attribution`: harm is laid at the door of whoever is thought to have done it, in part the wrong one."""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, LINK, UN, moved, played, village

BOTH = {"UN": UN | HERE, "AU": AU | HERE | {"tempo": 0.0}}
HARM = {"harm": {"week": 4, "event": "massacre", "by": "AU", "deaths": 20}}


def lost(changes=None, missions=None, quantity: str = "impartiality") -> float:
    """Return what the UN lost in a village to an act of the AU, because people took it for its own."""
    m = played(village(changes, missions=missions or BOTH, timeline=HARM), 5)
    return -moved(m, "attribution", quantity, "UN", cause="AU")


def apart(**dials: float) -> dict[str, dict]:
    """Return a partnership with dials that keep the two apart in people's eyes."""
    none = {"coordination": 0.0, "delineation": 0.0, "shared_communications": 0.0}
    return {"partnerships.l": LINK | none | dials}


def test_a_bystander_loses_for_what_another_did():
    assert lost() > 0 and lost(quantity="legitimacy") > 0 and lost(quantity="credibility") == 0


def test_blur_scales_it_and_no_blur_ends_it():
    none, little, much = (lost({"parameters.attribution.blur": b}) for b in (0.0, 0.5, 2.0))
    assert none == 0 < little < much


def test_people_tell_apart_those_who_are_told_apart():
    assert lost(apart(delineation=1.0)) == 0 < lost(apart(delineation=0.5)) < lost(apart())
    assert 0 < lost(apart(shared_communications=1.0)) < lost(apart())


def test_people_confuse_those_who_look_alike():
    alike, family, apart_ = (
        lost(missions=BOTH | {"AU": BOTH["AU"] | {"badge": b}}) for b in ("un", "au", "contractor")
    )
    assert alike > family >= apart_ > 0


def test_clear_eyed_people_confuse_nobody():
    assert lost({"parameters.attribution.clarity": 1.0, "parameters.attribution.clarity_spread": 0.0}) == 0


def test_a_mission_far_away_is_confused_less():
    nowhere = {"parameters.attribution.nearness": 1.0}
    small_one = BOTH | {"UN": UN | HERE | {"troops": 0, "police": 0, "observers": 0, "civilians": 50}}
    assert lost(nowhere, small_one) < 0.5 * lost(nowhere)


def test_shares_of_blame_add_to_one():
    """What is laid at the doer's door and what is laid at others' is all the harm that people heard of."""
    m = played(village({"parameters.attribution.blur": 3.0}, missions=BOTH, timeline=HARM), 5)
    au = m.actors.index["AU"]
    mistaken = sum(felt for (doer, _), felt in m.blame.mistaken.items() if doer == au)
    assert mistaken.max() > 0
    assert np.allclose(m.blame.own[au] + mistaken, m.blame.heard[au], rtol=0, atol=1e-12)


def test_a_village_takes_the_act_for_whoever_most_people_blame():
    twin = BOTH | {"AU": BOTH["AU"] | {"badge": "un"}}
    bright, blurred = (
        played(village({"parameters.attribution.blur": b}, missions=twin, timeline=HARM), 5).tables()["events"]
        for b in (0.0, 3.0)
    )
    assert bright.query("kind == 'mission_harm'").taken_for.tolist() == ["AU"]
    assert blurred.query("kind == 'mission_harm'").taken_for.tolist() == ["UN"]
