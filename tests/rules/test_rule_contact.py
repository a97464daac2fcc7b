"""The rule `contact`: meeting a mission's civilian staff raises all three perceptions a little."""

from __future__ import annotations

import pytest
from helpers import HERE, UN, moved, played, village


def gained(quantity: str = "legitimacy", **dials) -> float:
    """Return what the UN gained in a village by meeting its people."""
    return moved(played(village(missions={"UN": UN | HERE | dials}), 5), "contact", quantity, "UN")


@pytest.mark.parametrize("quantity", ["legitimacy", "impartiality", "credibility"])
def test_meeting_people_raises_what_they_think(quantity):
    assert 0 < gained(quantity) < 0.1


def test_it_takes_staff_and_liaison_and_a_task_that_puts_them_to_work():
    none, few, many = (gained(civilians=n, observers=0) for n in (0, 50, 200))
    assert none == 0 < few < many
    assert gained(liaison=0.0) == 0
    assert 0 < gained(mandate={"tasks": ["presence"]}) < gained(mandate={"tasks": ["community_engagement"]})
