"""The rule `siting`: units move to where their mission expects violence, and people there meet them."""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, LINK, RULES, UN, before, column, played, small, tables

from sim.actors.presence import ARMED
from sim.rules.siting import beside_partners, risk_seen

ROAMING = UN | HERE | {"mobile_share": 1.0, "unit_size": 50, "troops": 3000}


def share_in(area: str, setup) -> float:
    """Return the share of the mission's troops that stand in an area in the last week."""
    m = played(setup)
    mobile = (column(m, "units.kind") == 1) & (column(m, "units.cell") >= 0)
    where = m.world.area[column(m, "units.cell")[mobile]]
    return float((where == m.world.area_names.index(area)).mean())


def test_units_go_where_attacks_have_been():
    quiet = small({"parameters.attacks.base": 0.0, "parameters.state_abuse.base": 0.0}, missions={"UN": ROAMING})
    area = played(quiet, 1).world.area_names[-1]
    raids = {f"r{w}": {"week": w, "event": "massacre", "by": "rebels", "deaths": 9, "area": area} for w in range(1, 18)}
    violent = quiet.but({"timeline": raids})
    assert share_in(area, violent) > share_in(area, quiet) + 0.15


def test_violence_by_the_state_draws_them_less():
    quiet = small({"parameters.attacks.base": 0.0, "parameters.state_abuse.base": 0.0}, missions={"UN": ROAMING})
    area = played(quiet, 1).world.area_names[-1]
    shares = [share_in(area, quiet.but({"timeline": {
        f"r{w}": {"week": w, "event": "massacre", "by": doer, "deaths": 9, "area": area} for w in range(1, 18)
    }})) for doer in ("rebels", "host")]  # fmt: skip
    assert shares[1] < shares[0]


def remembered(covers: list[str], kind: str) -> float:
    """Return what a mission whose mandate covers some classes remembers of a country where one kind is all there is."""
    rates = dict.fromkeys(("attacks.base", "state_abuse.base", "battles.base", "communal.base", "crime.base"), 0.0)
    rates |= {f"{kind}.base": {"communal": 0.2, "crime": 20.0}[kind]}
    mandate = {"use_of_force": "protection", "covers": covers, "tasks": {"protect_civilians": 1.0}}
    quiet = small({f"parameters.{rate}": value for rate, value in rates.items()})
    return float(column(played(quiet.but({"missions.UN": UN | HERE | {"mandate": mandate}})), "missions.risk").sum())


def test_communal_violence_draws_them_as_far_as_the_mandate_covers_it_and_crime_not_at_all():
    assert remembered(["armed_groups", "communal"], "communal") > 0.1
    assert remembered(["armed_groups"], "communal") < 0.01
    assert remembered(["armed_groups", "communal"], "crime") == 0


def test_bases_stay_and_mobile_units_move_on():
    units = tables(small({"weeks": 40}, missions={"UN": UN | HERE | {"mobile_share": 0.5, "unit_size": 50}}))["units"]
    places = units.groupby(["kind", "unit"], observed=True).cell.nunique()
    assert places["mobile"].mean() > 1.5 * places["base"].mean()


def test_people_meet_a_mission_that_stands_near_them():
    setup = small(missions={"UN": UN})
    before, since = played(setup, UN["arrives"]), played(setup, UN["arrives"] + 1)
    un = before.actors.index["UN"]
    assert not column(before, "communities.met")[un].any()
    met = column(since, "communities.met")[un]
    assert met.any() and not met.all()
    near = column(since, "near")[:2, un].sum(axis=0)[since.communities.cell] > 0
    assert np.array_equal(met, near)


PAIR = {"UN": ROAMING, "AU": AU | HERE | {"unit_size": 50}}


def linked(**link):
    """Return a country in which two missions have been for a while, under a link with given dials."""
    return played(small({"partnerships.l": LINK | {"trust": 1.0, "coordination": 0.0} | link}, missions=PAIR), 12)


def test_partners_who_analyse_together_go_by_one_map_and_by_the_lead_s_if_one_leads():
    """S-M104: joint analysis aligns where they see danger; the memories themselves stay two."""
    m, apart = linked(joint_analysis=True), linked()
    au, un = (m.actors.index[name] for name in ("AU", "UN"))
    assert np.array_equal(risk_seen(apart, au), apart.missions.risk[:, au])
    assert np.array_equal(risk_seen(m, au), risk_seen(m, un)) and not np.array_equal(*m.missions.risk.T)
    m.links.lead[:] = un
    assert np.array_equal(risk_seen(m, un), m.missions.risk[:, un])
    assert np.allclose(risk_seen(m, au), m.missions.risk[:, un])


def test_shared_posts_draw_partners_to_where_the_other_stands_and_joint_planning_alone_keeps_them_off():
    """F-M104 against B-M70: whether two forces go together or share the country out is for them to choose."""
    for coordination, shared, sign in ((0.0, 0.0, 0), (1.0, 0.0, -1), (1.0, 1.0, 1), (0.0, 1.0, 1)):
        m = linked(delineation=0.0, coordination=coordination, shared_posts=shared)
        un, au = (m.actors.index[name] for name in ("UN", "AU"))
        assert np.sign(beside_partners(m, au, (m.reach[ARMED, un] > 0).nonzero()[0]).mean()) == sign


def test_orders_that_wait_for_another_headquarters_move_fewer_units():
    moves, busy = [], {"parameters.siting.move_mobile": 0.8}
    for unity in (1.0, 0.2):
        m = before("siting", small(busy | {"partnerships.l": LINK | {"chains": 2}}, missions=PAIR), 8)
        m.missions.unity[:] = unity
        was = column(m, "units.cell")
        RULES["siting"](m)
        moves.append(int((was != column(m, "units.cell")).sum()))
    assert 0 < moves[1] < 0.6 * moves[0]
