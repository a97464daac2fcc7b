"""The rule `complicity`: a mission bears part of what its partner did though everyone knows who did it."""

from __future__ import annotations

import pytest
from helpers import AU, HERE, LINK, UN, moved, played, village

BOTH = {"UN": UN | HERE | {"oversight": 0.0}, "AU": AU | HERE | {"tempo": 0.0}}
CLEAR = {"parameters.attribution.blur": 0.0}


def lost(by: str = "AU", quantity: str = "impartiality", partner: bool = True, missions=None, **dials) -> float:
    """Return what the UN lost in a village for what its partner did."""
    harm = {"harm": {"week": 4, "event": "massacre", "by": by, "deaths": 20}}
    link = {"partnerships.l": LINK | {"between": ["UN", by]} | dials} if partner else {}
    m = played(village(CLEAR | link, missions=missions or BOTH, timeline=harm), 5)
    return -moved(m, "complicity", quantity, "UN", cause=by)


@pytest.mark.parametrize("partner", ["AU", "host"])
def test_a_partner_s_harm_costs_impartiality_alone(partner):
    assert lost(partner) > 0 == lost(partner, "legitimacy") == lost(partner, "credibility")


def test_without_a_partnership_there_is_none():
    assert lost(partner=False) == 0


def test_it_grows_with_support():
    """Far from each other, as a support office is, support is what people see [B-M73, S-H7]."""
    apart = {"visible": 0.3}
    none, some, much = (lost("host", support_level=s, **apart) for s in (0.0, 0.5, 1.0))
    assert none < some < much


def test_it_grows_with_work_for_the_host_s_forces():
    """B-M73, F-M5: the task counts as support does; towards a partner that is no host it is nothing."""
    apart = {"visible": 0.3, "support_level": 0.0}
    helping = BOTH | {"UN": BOTH["UN"] | {"mandate": {"tasks": {"support_host_forces": 1.0}}}}
    idle = BOTH | {"UN": BOTH["UN"] | {"mandate": {"tasks": {"train_host_forces": 1.0}}}}
    assert lost("host", missions=helping, **apart) > lost("host", missions=idle, **apart)
    assert lost("host", missions=helping, partner=False) == 0
    assert lost("AU", missions=helping, **apart) == pytest.approx(lost("AU", missions=idle, **apart))


def test_the_form_says_how_closely_they_are_seen_together():
    assert lost(form="sequential") < lost(form="re_hatted") < lost(form="joint")


def test_a_mission_that_speaks_out_bears_less():
    outspoken = BOTH | {"UN": UN | HERE | {"oversight": 1.0}}
    assert lost("host", missions=outspoken) < lost("host")


def test_it_is_no_mistake_for_blame_may_be_perfectly_clear():
    """Contagion and complicity are told apart: without blur there is the one and not the other [S-H5]."""
    harm = {"harm": {"week": 4, "event": "massacre", "by": "AU", "deaths": 20}}
    m = played(village(CLEAR | {"partnerships.l": LINK}, missions=BOTH, timeline=harm), 5)
    found = m.tables()["summary"]
    assert found["complicity_loss:AU->UN"].item() > 0 == found["contagion_loss:AU->UN"].item()
