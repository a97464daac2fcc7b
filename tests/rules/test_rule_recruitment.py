"""The rule `recruitment`: groups regrow towards a capacity that harm raises and that held ground lowers."""

from __future__ import annotations

import pytest
from helpers import HERE, UN, column, played, total, village, without

WEEKS = {"weeks": 60}
HALF = 200  # fighters that the tests' group has left of the 400 that its range feeds
HARM = {f"h{w}": {"week": w, "event": "massacre", "by": "AU", "deaths": 10} for w in range(0, 30, 2)}
BYSTANDER = UN | HERE | {"mandate": "presence", "holding": 0.0}


def weakened(setup, weeks: int = 40, left: float = 0.5) -> int:
    """Return the fighters of a group some weeks after it lost a share of them."""
    m = played(setup, 1)
    fighters = m.bands.ledger["fighters"]
    m.ledger.people("test", "fighters", fighters, range(fighters.size), (-(1 - left) * fighters).astype(int))
    for _ in range(weeks):
        m.step()
    return int(column(m, "bands.fighters").sum())


def test_a_weakened_group_regrows_a_few_per_cent_a_week_and_not_beyond_its_capacity():
    few, many = (weakened(village(WEEKS), weeks) for weeks in (10, 55))
    assert HALF * 1.005**10 < few < HALF * 1.05**10
    assert few < many < 1.2 * 400


def test_recruits_are_people_of_the_country():
    m = played(village(WEEKS | {"armed_groups.rebels.fighters": 400, "parameters.recruitment.rate": 0.4}), 1)
    fighters = m.bands.ledger["fighters"]
    m.ledger.people("test", "fighters", fighters, range(fighters.size), -(fighters // 2))
    before = column(m, "communities.residents").sum()
    m.step()
    recruits = total(m, "recruitment", "fighters", "recruits")
    assert recruits > 0 and column(m, "communities.residents").sum() == before - recruits


def test_harm_by_a_mission_feeds_the_group():
    """Collateral harm raises grievance, and grievance the capacity to which the group grows [E26, E28, F-M184]."""
    calm, harmed = (weakened(village(WEEKS, missions={"AU": BYSTANDER}, timeline=t), 50) for t in ({}, HARM))
    assert harmed > 1.1 * calm


@pytest.mark.parametrize("doer", ["AU", "host"])
def test_grievance_comes_from_harm_and_fades(doer):
    harm = {name: event | {"by": doer} for name, event in HARM.items()}
    m = played(village(WEEKS, missions={"AU": BYSTANDER}, timeline=harm), 30)
    level = column(m, "groups.grievance")
    without(m, "timeline")
    for _ in range(10):
        m.step()
    assert (column(m, "groups.grievance") > 0).all() and (column(m, "groups.grievance") < level).all()


def test_held_ground_stops_regrowth():
    """Troops that hold and take risks; the same troops that do neither change nothing [B-M9, B-M81]."""
    holding = UN | HERE | {"holding": 1.0, "risk_tolerance": 1.0, "mandate": "presence"}
    free, held, bunkered = (
        weakened(village(WEEKS, missions={"UN": mission}))
        for mission in (BYSTANDER, holding, holding | {"risk_tolerance": 0.0})
    )
    assert held < 0.9 * free and bunkered == free


def test_zero_is_not_final():
    assert weakened(village(WEEKS | {"parameters.recruitment.inflow": 0.5}), 40, left=0.0) > 0


def test_strong_bands_send_fighters_to_weak_ones():
    m = played(village({"parameters.recruitment.regrowth": 0, "parameters.recruitment.inflow": 0.0}), 1)
    fighters = m.bands.ledger["fighters"]
    fighters[0], fighters[1] = 0, fighters[0] + fighters[1]
    spread = fighters.std()
    for _ in range(10):
        m.step()
    assert column(m, "bands.fighters").sum() == 400 and column(m, "bands.fighters").std() < 0.5 * spread


def test_who_watches_the_border_keeps_fighters_from_abroad_out():
    """Fighters who come from abroad, over the run [F-M26]; patrols that do not watch it change nothing."""
    open_border = WEEKS | {"parameters.recruitment.inflow": 1.0, "parameters.recruitment.regrowth": 0}
    came = []
    for tasks in (["presence"], ["border_control"]):
        mission = UN | HERE | {"holding": 0.0, "mandate": {"tasks": tasks, "use_of_force": "protection"}}
        came.append(
            total(played(village(open_border, missions={"UN": mission}), 30), "recruitment", "fighters", "abroad")
        )
    assert came[1] < 0.8 * came[0]


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_harm_draws_more_people_to_a_group_that_relies_on_civilians_if_that_counts(strength):
    """E27; contested (E29): by default all groups are alike in this."""
    few, many = (
        weakened(village(WEEKS | {"armed_groups.rebels.reliance": r, "parameters.recruitment.by_reliance": strength,
                                  "missions": {"AU": BYSTANDER}, "timeline": HARM}))
        for r in (0.1, 0.9)
    )  # fmt: skip
    assert (few < many) if strength else (few == many)
