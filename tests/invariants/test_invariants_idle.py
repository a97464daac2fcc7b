"""A mission without a task changes no other number; one with tasks changes nothing before it comes."""

from __future__ import annotations

import pytest
from helpers import AU, IDLE, LINK, SIX, UN, assert_same, small, tables

OTHERS = ("events", "units", "perceptions", "ledger", "actors")
FEW = {"one": ("UN",), "two": ("AU", "UN"), "six": tuple(SIX)}
TOTALS = ["cost_all", "strength_all"]  # definitions.md 3: the only totals that an idle mission may move


def arms(names: tuple[str, ...], link: bool):
    """Return the tables of some missions at work, without and with the idle AAA beside them."""
    missions = {name: SIX[name] for name in names}
    links = {"partnerships.UN-AU": LINK} if "AU" in names else {}
    idle = {"missions.AAA": IDLE | {"arrives": 0}}
    if link:
        idle["partnerships.AAA-UN"] = LINK | {"between": ["AAA", "UN"], "support_level": 1.0}
    return tables(small(links, missions=missions)), tables(small(links | idle, missions=missions))


@pytest.mark.parametrize("link", [False, True], ids=["alone", "linked"])
@pytest.mark.parametrize("names", FEW.values(), ids=FEW)
def test_an_idle_mission_moves_no_bit_of_others(names, link):
    alone, beside = arms(names, link)
    assert len(alone["events"]) > 10
    assert_same(alone, beside, OTHERS, drop=["AAA"])
    alone["weeks"], beside["weeks"] = (t["weeks"].drop(columns=TOTALS) for t in (alone, beside))
    assert_same(alone, beside, ["weeks"])


@pytest.mark.parametrize("where", [{}, {"hosts": ["host"]}, {"hosts": ["other"], "pursuit": ["host"]}], ids=str)
def test_an_idle_mission_of_one_side_moves_no_bit_of_others(where):
    sides = {"UN": UN | {"hosts": ["host"], "pursuit": ["other"]}, "AU": AU}
    two = small({"hosts.other": {"tolerates": {"rebels": 0.5}}, "hosts.host.pursuit": ["other"]})
    two = two.but({f"missions.{name}": spec for name, spec in sides.items()})
    alone, beside = tables(two), tables(two.but({"missions.AAA": IDLE | {"arrives": 0} | where}))
    assert_same(alone, beside, OTHERS, drop=["AAA"])
    alone["weeks"], beside["weeks"] = (t["weeks"].drop(columns=TOTALS) for t in (alone, beside))
    assert_same(alone, beside, ["weeks"])


def test_an_idle_mission_costs_and_has_staff_and_no_unit():
    found = tables(small({"missions.AAA": IDLE | {"arrives": 0, "ramp": 4}}))
    strength = found["actors"].query("metric == 'strength' and actor == 'AAA'").value
    assert strength.iloc[-1] == 2000 and found["weeks"].cost_all.sum() > 0
    assert len(found["units"]) == 0


def test_a_mission_changes_nothing_before_it_comes_and_much_after():
    weeks = {"weeks": 52}
    late = AU | {"arrives": 40, "troops": 4000}
    alone, joint = tables(small(weeks, missions={"UN": UN})), tables(small(weeks, missions={"UN": UN, "AU": late}))
    assert_same(alone, joint, OTHERS, drop=["AU"], until=40)
    assert not alone["events"].query("week >= 40").equals(joint["events"].query("week >= 40"))


def test_a_mandate_that_begins_later_is_as_good_as_no_mission_till_then():
    late = UN | {"mandated": 6, "arrives": 8}
    none, coming = tables(small()), tables(small(missions={"UN": late}))
    assert_same(none, coming, OTHERS, drop=["UN"], until=8)
    units = coming["units"]
    assert units.week.min() == 8 and set(units.actor.astype(str)) == {"UN"}
