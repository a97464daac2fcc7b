"""A support office stops supplying a force that kills civilians, and resumes; the force does less, trust is hurt.

Evidence: F-M95, B-M89, S-M134 (due diligence), S-H8 (less abuse at less effect), F-M96 (conditions slow support),
S-M114 (terms felt as imposed). All arms live through the same massacre; they differ in the terms of support.
"""

from __future__ import annotations

import pytest
from helpers import AU, HERE, QUIET, UN, small

from sim.model import Model

OFFICE = UN | HERE | {"mandate": {"tasks": {"logistics_support": 1.0}}}
MISSIONS = {"UN": OFFICE, "AU": AU | HERE | {"tempo": 1.0, "conduct": 1.0}}
KILLING = {"week": 10, "event": "massacre", "by": "AU", "deaths": 12, "title": "A patrol fires into a market"}
WEEKS = 80


def weekly(killing: bool = True, **link) -> dict[str, list[float]]:
    """Return by week what support flows, how often the force may strike, and how far the two trust each other."""
    package = {"between": ["UN", "AU"], "form": "support_package", "support_level": 1.0, "vetting": 0.8} | link
    still = QUIET | {"partnerships.P": package, "weeks": WEEKS, "parameters.offensives.harm": 0}
    m = Model(small(still, missions=MISSIONS, timeline={"k": KILLING} if killing else {}), keep={"weeks"})
    au, found = m.actors.index["AU"], {"support": [], "strikes": [], "trust": []}
    for _ in range(WEEKS):
        m.step()
        found["support"].append(float(m.links.support_now[0]))
        found["strikes"].append(float(m.missions.strikes[au]))
        found["trust"].append(float(m.links.trust[0]))
    return found


@pytest.fixture(scope="module")
def strict():
    """Return what happened under strict conditions."""
    return weekly()


def test_support_stops_when_the_force_kills_and_resumes_when_it_has_not_for_long(strict):
    assert strict["support"][9] == 1 and strict["support"][10] == 0
    assert 0 in strict["support"][11:20] and strict["support"][-1] == 1
    assert weekly(killing=False)["support"] == [1.0] * WEEKS


def test_without_conditions_or_on_paper_it_goes_on(strict):
    assert weekly(conditional=False)["support"] == weekly(vetting=0.0)["support"] == [1.0] * WEEKS
    assert sum(weekly(vetting=1.0)["support"]) < sum(strict["support"]) < WEEKS


def test_withdrawal_costs_what_the_force_does_and_trust(strict):
    going_on = weekly(conditional=False)
    assert strict["strikes"][12] < going_on["strikes"][12] and strict["strikes"][-1] == going_on["strikes"][-1]
    assert strict["trust"][30] < going_on["trust"][30]
