"""The rule `consent`: capitals and area authorities let a mission be there, or slowly do not."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, played, village

from sim.model import Model
from sim.rules.consent import discontent, drives, opinions, security

START = 0.8
UNMOVED = {"disable": ["protection_seen", "contact", "decay"]}
"""What people think stays what they thought at first."""
OFFER = {"offer": {"event": "rival_offer", "host": "host", "week": 1}}


def after_weeks(weeks: int = 16, changes=None, missions=None, **top) -> Model:
    """Return a quiet village with the UN (or others) in it after some weeks."""
    return played(village(changes, missions=missions or {"UN": UN | HERE}, **top), weeks)


def capital(m: Model, mission: str = "UN") -> float:
    """Return the host's consent to a mission now."""
    return float(m.hosts.consent[m.actors.index[mission], 0])


def area(m: Model) -> float:
    """Return the consent of the only area's authorities to the only mission."""
    return float(m.missions.area_consent[0, 0])


def test_nothing_in_particular_moves_it_little():
    assert abs(capital(after_weeks()) - START) < 0.02


def test_a_rival_s_offer_costs_a_force_that_does_not_fight_and_not_one_that_does():
    both = {"UN": UN | HERE, "AU": AU | HERE | {"tempo": 1.0}}
    tempted, not_tempted = after_weeks(missions=both, timeline=OFFER), after_weeks(missions=both)
    assert capital(tempted) < capital(not_tempted) - 0.02
    assert capital(tempted, "AU") == pytest.approx(capital(not_tempted, "AU"), abs=0.005)


def test_an_offer_runs_out():
    short = {"offer": OFFER["offer"] | {"duration": 3}}
    assert capital(after_weeks(timeline=short)) > capital(after_weeks(timeline=OFFER))
    assert after_weeks(timeline=short).hosts.rival[0] == 0


def test_support_to_the_host_is_thanked():
    link = {"between": ["UN", "host"], "support_level": 1.0, "vetting": 0.0}
    assert capital(after_weeks(changes={"partnerships.l": link})) > capital(after_weeks()) + 0.005


def test_a_host_that_hardly_wants_a_mission_is_hardly_won_by_its_support():
    """Help works as far as the host lets itself be helped [S-M126]."""
    link = {"partnerships.l": {"between": ["UN", "host"], "support_level": 1.0, "vetting": 0.0}}
    willing, unwilling = (after_weeks(changes=link | {"hosts.host.consent.UN": level}) for level in (0.8, 0.2))
    gained = [drives(m, 0, 0, 0.0)["support"] for m in (willing, unwilling)]
    assert gained[0] > 3 * gained[1] > 0


def test_people_s_anger_reaches_the_capital():
    angry, content = (after_weeks(changes=UNMOVED | {"parameters.perceptions.prior": prior}) for prior in (0.2, 0.6))
    assert angry.hosts.discontent[0, 0] > 0.3 > content.hosts.discontent[0, 0]
    assert capital(angry) < capital(content)


def told(m: Model, trend: float = 0.0) -> dict[str, float]:
    """Return what drives the host's consent to the first mission."""
    return drives(m, 0, 0, trend)


def test_reporting_on_abuses_costs_consent_the_less_the_host_depends():
    def cost(abusiveness: float, dependence: float) -> float:
        host = {"hosts.host.abusiveness": abusiveness, "hosts.host.dependence": dependence}
        m = after_weeks(4, host | {"disable": ["host_conduct"]})
        m.missions.informed[:] = 1.0
        return -told(m)["reporting"]

    assert cost(1.0, 0.0) > cost(0.3, 0.0) > 0 == cost(0.0, 0.0)
    assert cost(1.0, 0.5) < cost(1.0, 0.0) and cost(1.0, 1.0) == 0


def test_where_security_worsens_a_host_wants_a_force_that_fights():
    quiet, fighter = after_weeks(4), after_weeks(4, missions={"AU": AU | HERE | {"tempo": 1.0}})
    assert told(quiet, -0.5)["fighting"] < 0 == told(fighter, -0.5)["fighting"] == told(quiet, 0.5)["fighting"]
    assert told(quiet, 0.5)["security"] > 0 > told(quiet, -0.5)["security"]


def test_a_mission_that_was_sent_out_is_wanted_back_as_security_worsens():
    m = after_weeks(4)
    m.missions.expelled[:], m.hosts.ousted[:], m.at_work = True, True, []
    m.hosts.left[:], m.hosts.unrest[:] = 1.0, 3.0
    assert told(m)["security"] > 0
    m.hosts.unrest[:] = 0.5
    assert told(m)["security"] == 0


def test_security_is_judged_against_the_last_year():
    m = after_weeks(4)
    m.hosts.unrest[:], m.hosts.usual[:] = 1.0, 4.0
    assert security(m)[0] > 0
    m.hosts.unrest[:], m.hosts.usual[:] = 0.0, 0.0
    assert security(m)[0] == 0


def test_protests_are_felt_besides_opinion():
    m = after_weeks(4)
    before = discontent(m, 0, 0, opinions(m, 0))
    m.hosts.anger[:] = 0.4
    assert discontent(m, 0, 0, opinions(m, 0)) == pytest.approx(before + 0.4)


def test_area_authorities_go_by_what_their_people_think():
    stays = {"UN": UN | HERE | {"mandate": "presence"}}
    liked, hated = (
        area(after_weeks(changes=UNMOVED | {"parameters.perceptions.prior": prior}, missions=stays))
        for prior in (0.8, 0.2)
    )
    assert liked > START > hated


def test_engagement_wins_area_authorities():
    talks = UN | HERE | {"mandate": {"tasks": ["presence", "community_engagement"]}}
    stays = UN | HERE | {"mandate": {"tasks": ["presence"]}}
    assert area(after_weeks(missions={"UN": talks})) > area(after_weeks(missions={"UN": stays})) + 0.01


def test_area_authorities_follow_their_capital_partly():
    weight = "parameters.consent.opinion"
    loved, left = (after_weeks(17, {weight: 0.0}, timeline=t, missions={"UN": UN | HERE | {"mandate": "presence"}})
                   for t in ({}, OFFER))  # fmt: skip
    assert capital(left) < area(left) < START and area(loved) > area(left)


def test_consent_to_a_mission_that_is_not_there_does_not_move():
    m = after_weeks(missions={"UN": UN | {"arrives": 30}}, timeline=OFFER, changes={"weeks": 40})
    assert capital(m) == area(m) == pytest.approx(START)


def test_consent_stays_a_share_under_the_strongest_drives():
    strong = {f"parameters.consent.{name}": top for name, top in
              (("step", 0.2), ("rival", 1.0), ("anger", 1.0), ("fighting", 0.5), ("reporting", 2.0))}  # fmt: skip
    m = after_weeks(
        60,
        strong | {"disable": [*UNMOVED["disable"], "expulsion"], "weeks": 60, "parameters.perceptions.prior": 0.05},
        timeline=OFFER,
    )
    for stock in (m.hosts.consent, m.missions.area_consent):
        assert np.all((stock >= 0) & (stock <= 1)) and stock.max() < 0.2
