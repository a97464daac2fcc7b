"""The event `handover`: people change badge, not habits; they are there at once, and less able for a while."""

from __future__ import annotations

import pytest
from helpers import AU, HERE, LINK, UN, column, played, small

EARLY = {"weeks": 30, "missions.AU.mandate": "enforcement"}
FORCE = AU | HERE | {"casualty_tolerance": 1000.0}
LATE = UN | {"mandated": 8, "arrives": 10, "ramp": 20}
OVER = {"over": {"week": 10, "event": "handover", "mission": "AU", "to": "UN"}}


def handed(weeks: int = 11, link: dict | None = None, over=OVER):
    """Return a model in which the UN takes over what the regional force has."""
    changes = {"weeks": 30} | ({"partnerships.UN-AU": LINK | link} if link else {})
    return played(small(changes, missions={"AU": FORCE, "UN": LATE}, timeline=over), weeks)


def of(m, name: str, mission: str) -> float:
    """Return a mission's value of a column, all components together."""
    values = column(m, f"missions.{name}")[..., m.actors.index[mission]]
    return float(values.sum())


def test_people_stand_in_the_new_mission_at_once():
    alone, over = handed(over={}), handed()
    assert of(over, "deployed", "AU") == 0 and of(alone, "deployed", "AU") == AU["troops"]
    assert of(over, "deployed", "UN") == pytest.approx(of(alone, "deployed", "UN") + AU["troops"], abs=2)


def test_they_keep_their_habits():
    alone, over = handed(over={}), handed()
    assert of(alone, "care", "AU") < of(over, "care", "UN") < of(alone, "care", "UN")


def test_a_handover_that_was_prepared_costs_less_working_time():
    rough, planned = handed(), handed(link={"form": "re_hatted", "coordination": 1.0, "trust": 1.0})
    assert of(rough, "friction", "UN") > 0 == of(planned, "friction", "UN")
    assert of(rough, "delivery", "UN") < of(planned, "delivery", "UN")


def test_friction_passes():
    assert of(handed(28), "friction", "UN") < 0.4 * of(handed(), "friction", "UN")


def test_preparation_counts_by_what_the_two_share_and_not_by_the_name_of_the_form():
    friction = [of(handed(link={"form": f, "prepared": p, "coordination": 1.0, "trust": 1.0}), "friction", "UN")
                for f, p in (("parallel", 0.0), ("parallel", 0.5), ("re_hatted", 0.5), ("re_hatted", 1.0))]  # fmt: skip
    assert friction[0] > friction[1] == friction[2] > friction[3] == 0


def test_vetting_keeps_out_bad_habits_towards_civilians_and_some_of_the_people():
    """F-M93, F-H25: the strictest lets no habit of carelessness pass, and sends some home."""
    lax, strict = (handed(link={"form": "re_hatted", "vetting": v}) for v in (0.0, 1.0))
    assert of(strict, "conduct", "UN") > of(lax, "conduct", "UN") and of(strict, "care", "UN") > of(lax, "care", "UN")
    assert of(strict, "holding", "UN") == pytest.approx(of(lax, "holding", "UN"), abs=0.05)
    assert 0.8 * of(lax, "deployed", "UN") < of(strict, "deployed", "UN") < of(lax, "deployed", "UN")
