"""The rule `speaking_out`: a mission that hears of harm by a partner or the state and says so gains impartiality."""

from __future__ import annotations

import pytest
from helpers import AU, HERE, UN, moved, played, village

BOTH = {"UN": UN | HERE, "AU": AU | HERE | {"tempo": 0.0}}


def gained(by: str = "host", quantity: str = "impartiality", changes=None, **dials) -> float:
    """Return what the UN gained in a village by saying who killed civilians."""
    harm = {"harm": {"week": 6, "event": "massacre", "by": by, "deaths": 20}}
    missions = BOTH | {"UN": BOTH["UN"] | dials}
    return moved(
        played(village(changes, missions=missions, timeline=harm), 7), "speaking_out", quantity, "UN", cause=by
    )


@pytest.mark.parametrize("doer", ["host", "AU"])
def test_naming_abuse_by_the_state_or_a_partner_raises_impartiality_alone(doer):
    assert gained(doer) > 0 == gained(doer, "legitimacy") == gained(doer, "credibility")


def test_naming_rebels_raises_nothing():
    assert gained("rebels") == 0


def test_it_needs_the_task_and_the_will():
    assert gained(mandate={"tasks": ["presence"]}) == 0 == gained(oversight=0.0)
    assert 0 < gained(oversight=0.3) < gained(oversight=1.0)


def test_it_works_where_people_lay_the_harm_at_the_right_door():
    """The more they confuse, the less there is to gain [S-H5]."""
    assert gained("AU", changes={"parameters.attribution.blur": 3.0}) < gained("AU")


def test_nobody_speaks_out_about_himself():
    harm = {"harm": {"week": 6, "event": "massacre", "by": "UN", "deaths": 20}}
    assert moved(played(village(missions=BOTH, timeline=harm), 7), "speaking_out", "impartiality", "UN") == 0
