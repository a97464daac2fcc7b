"""The rule `services`: projects, relief, disarmament, and closing the trade that feeds armed groups."""

from __future__ import annotations

from helpers import HERE, UN, column, moved, played, total, village

LONG = {"weeks": 40, "parameters.recruitment.inflow": 0.0}
STAFF = UN | HERE | {"troops": 0, "police": 0, "observers": 0, "civilians": 300, "liaison": 0.0}
CHOLERA = {"cholera": {"week": 2, "event": "epidemic", "share": 0.4, "duration": 4}}


def doing(*tasks: str, **dials) -> dict:
    """Return a mission of civilians, or as the dials say, whose mandate names some tasks."""
    return STAFF | {"mandate": {"tasks": dict.fromkeys(tasks, 1.0)}} | dials


def thanks(missions: dict, quantity: str = "legitimacy", weeks: int = 12, **rest) -> float:
    """Return by how much services raised what people think of the mission UN."""
    return moved(played(village(LONG, missions=missions, **rest), weeks), "services", quantity, "UN")


def test_projects_raise_legitimacy_more_than_credibility_and_ever_less():
    one = {"UN": doing("quick_impact_projects")}
    few, many = thanks(one, weeks=8), thanks(one, weeks=32)
    assert 0 < thanks(one, "credibility") < thanks(one) and few < many < 3 * few


def test_two_missions_that_do_not_coordinate_spoil_each_other_s_projects():
    pair = {name: doing("quick_impact_projects") for name in ("AU", "UN")}
    link = {"between": ["AU", "UN"], "coordination": 1.0, "trust": 1.0}
    alone, apart = thanks({"UN": pair["UN"]}), thanks(pair)
    together = moved(
        played(village(LONG | {"partnerships.l": link}, missions=pair), 12), "services", "legitimacy", "UN"
    )
    assert apart < 0.05 * alone and together > 0.5 * alone


def test_relief_is_thanked_where_it_is_needed():
    carer = {"UN": doing("health_response")}
    assert thanks(carer) == 0 < thanks(carer, timeline=CHOLERA)


def sick(mission: dict, week: int = 10) -> tuple[float, float]:
    """Return the shares of people and of the mission's staff who are ill."""
    m = played(village(LONG, missions={"UN": mission}, timeline=CHOLERA), week)
    return float(column(m, "cells.sickness")[0]), float(column(m, "missions.sick")[0])


def test_disease_takes_staff_from_work_fades_and_sooner_where_it_is_fought():
    people, staff = sick(doing("community_engagement"))
    assert staff > 0.1 and sick(doing("community_engagement"), 30)[0] < people
    assert sick(doing("health_response"))[0] < 0.7 * people
    busy = {"UN": doing("community_engagement", "early_warning", "electoral_support", "good_offices", "disarmament")}
    healthy, ill = (played(village(LONG, missions=busy, timeline=t), 6) for t in ({}, CHOLERA))
    assert column(ill, "missions.delivery").max() < 0.9 * column(healthy, "missions.delivery").max()


def test_fighters_disarm_and_come_home():
    m = played(village(LONG, missions={"UN": doing("disarmament")}), 0)
    people = column(m, "communities.residents").sum()
    m = played(village(LONG | {"parameters.recruitment.regrowth": 0}, missions={"UN": doing("disarmament")}), 24)
    home = total(m, "services", "demobilised")
    assert home > 5 and total(m, "services", "fighters", "disarmament") == -home
    assert (
        column(m, "communities.residents").sum() == people + home == people + column(m, "communities.demobilised").sum()
    )


def test_more_disarm_where_fighting_gains_them_nothing():
    def home(lost: float) -> float:
        m = played(village(LONG | {"parameters.recruitment.regrowth": 0}, missions={"UN": doing("disarmament")}), 4)
        m.bands.lost[:] = lost
        m.step()
        return total(m, "services", "demobilised")

    assert home(0.5) > home(0.0) + 5


def income(motive: str, mission: dict) -> float:
    """Return what a group's income comes to after half a year beside a mission."""
    m = played(village(LONG | {"armed_groups.rebels.motive": motive}, missions={"UN": mission}), 26)
    return float(column(m, "groups.income")[0])


def test_closing_trade_starves_those_who_live_off_it():
    guards = doing("counter_crime", troops=4000)
    predators = income("predation", guards)
    assert predators < 0.6 and predators < income("territorial", guards) < 1
    assert income("predation", doing("presence", troops=4000)) == 1


def test_a_group_with_less_income_feeds_fewer_fighters():
    def fighters(*tasks: str) -> int:
        setup = village(LONG | {"armed_groups.rebels.motive": "predation", "parameters.recruitment.rate": 0.2},
                        missions={"UN": doing(*tasks, troops=4000, holding=0.0)})  # fmt: skip
        return int(column(played(setup, 40), "bands.fighters").sum())

    assert fighters("counter_crime") < 0.9 * fighters("presence")


def test_without_these_rules_the_country_is_as_if_they_had_never_been():
    names = ["communal", "crime", "services", "mediation"]
    m = played(village(LONG | {"disable": names}, missions={"UN": doing("disarmament", "counter_crime")}), 10)
    layers = ("dispute", "scarcity", "sickness", "projects", "expected_communal", "expected_crimes")
    assert not any(column(m, f"cells.{layer}").any() for layer in layers)
    assert (column(m, "groups.income") == 1).all() and not column(m, "communities.demobilised").any()


def test_what_is_built_counts_as_delivered_and_softens_disappointment():
    def gap(**parameters) -> float:
        m = played(village(LONG | parameters, missions={"UN": doing("quick_impact_projects")}), 20)
        return float((column(m, "communities.expected") - column(m, "communities.delivered"))[0].max())

    assert gap() < gap(**{"parameters.services.kept_word": 0.0}) - 0.01


def test_care_against_disease_earns_the_state_standing_and_projects_do_not():
    def credit(*tasks: str) -> float:
        m = played(village(LONG, missions={"UN": doing(*tasks)}, timeline=CHOLERA), 12)
        return moved(m, "services", "legitimacy", "host")

    assert credit("quick_impact_projects") == 0 < credit("health_response")
