"""The rule `funding`: what is not paid for is not done, and arrears that last cost strength."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, column, played, small

from sim.rules.money import expected_income, keep_strength, pay

CUT = {"cut": {"week": 4, "event": "funding_cut", "mission": "M", "share": 0.5}}


def money(weeks: int, timeline: dict | None = None, seed: int = 0, **dials):
    """Return a model of one mission after some weeks."""
    mission = UN | HERE | {"conduct": 1.0} | dials
    return played(small({"weeks": 130}, missions={"M": mission}, timeline=timeline or {}), weeks, seed)


def test_assured_money_comes_whatever_donors_feel():
    m = money(40, assured=1.0)
    assert column(m, "missions.paid")[0] == column(m, "missions.afford")[0] == 1


def test_voluntary_money_falls_short_once_cash_is_gone():
    """A quarter assured, no cash: over seeds some weeks are not paid in full [F-M91]."""
    paid = [column(money(20, assured=0.25, reserve=0.0, seed=seed), "missions.paid")[0] for seed in range(8)]
    assert 0.4 < min(paid) < 1
    assert np.mean([column(money(20, assured=0.75, reserve=0.0, seed=s), "missions.paid")[0] for s in range(8)]) > (
        np.mean(paid)
    )


@pytest.mark.parametrize(("reserve", "covered"), [(0.0, False), (20.0, True)])
def test_a_cut_bites_when_the_reserve_is_used_up(reserve, covered):
    m = money(10, CUT, reserve=reserve)
    assert (column(m, "missions.paid")[0] == 1) == covered


def test_a_cut_first_stops_work_and_later_costs_strength():
    before, soon, late = (money(weeks, CUT, reserve=0.0) for weeks in (4, 6, 50))
    delivery = [column(m, "missions.delivery").max() for m in (before, soon)]
    assert delivery[1] < 0.6 < delivery[0]
    people = [int(column(m, "missions.deployed").sum()) for m in (before, soon, late)]
    assert people[2] < 0.7 * people[0] and people[1] > 0.9 * people[0]
    assert column(late, "missions.paid")[0] > 0.9


def test_a_cut_for_some_weeks_ends():
    short = {"cut": CUT["cut"] | {"duration": 3}}
    assert [column(money(w, short, reserve=0.0), "missions.paid")[0] < 1 for w in (5, 7, 8)] == [True, True, False]


def test_a_cut_of_one_changes_no_other_mission_s_money():
    two = small(missions={"M": UN | HERE, "N": AU | HERE}, timeline=CUT)
    one = small(missions={"M": UN | HERE, "N": AU | HERE})
    assert [column(played(s, 12), "missions.paid")[1] for s in (one, two)] == [1.0, 1.0]


def parts(weeks: int = 30, timeline: dict | None = None, seed: int = 0, reserve: float = 0.0, **funding: float):
    """Return a model of one mission whose money is told by its parts, without luck in what donors feel."""
    return money(weeks, timeline, seed, funding=funding, reserve=reserve)


def paid(m) -> float:
    """Return the share of its needs that is paid for now."""
    return float(column(m, "missions.paid")[0])


def covered(m) -> float:
    """Return the share of the whole mission's needs that is paid for now."""
    return paid(m) * float(column(m, "missions.afford")[0])


def test_assessed_dues_come_in_the_end_and_a_reserve_bridges_the_wait():
    assert paid(parts(2, assessed=1.0)) < 0.5
    assert paid(parts(50, assessed=1.0)) > 0.95
    assert min(paid(parts(w, assessed=1.0, reserve=10.0)) for w in (1, 4, 12)) == 1


def test_pledges_are_kept_in_part_so_half_pledged_is_worth_less_than_half_assessed():
    rich = {"reserve": 9.0, "weeks": 128}
    pledged = np.mean([covered(parts(seed=s, assessed=0.5, voluntary=0.5, **rich)) for s in range(4)])
    assert covered(parts(assessed=0.5, **rich)) < pledged < covered(parts(assessed=1.0, **rich)) == 1


def test_what_the_parts_leave_is_not_paid_and_costs_strength():
    whole, most = (column(parts(59, **part), "missions.afford")[0] for part in ({"assessed": 1.0}, {"assessed": 0.6}))
    assert most < 0.75 < whole


SCANDAL = {"known": {"week": 3, "event": "scandal", "mission": "M"}}


def test_donors_draw_back_from_a_force_with_a_scandal_and_a_fund_does_not():
    clean, stained = (covered(parts(6, timeline, donor=1.0)) for timeline in ({}, SCANDAL))
    assert stained < 0.95 * clean
    clean, stained = (covered(parts(6, timeline, voluntary=1.0)) for timeline in ({}, SCANDAL))
    assert stained == pytest.approx(clean, abs=1e-12)


def test_the_stain_fades():
    soon, late = (column(parts(w, SCANDAL, donor=1.0), "missions.stain")[0] for w in (4, 59))
    assert soon > 0.2 and late < soon


def test_the_arithmetic():
    assert expected_income(0.25, 0.8, 0.0) == pytest.approx(0.25 + 0.75 * 0.8)
    assert pay(1.0, 3.0, 1.0, 8.0) == (1.0, 3.0) and pay(0.5, 0.2, 1.0, 8.0) == (pytest.approx(0.7), 0.0)
    assert pay(1.0, 8.0, 0.5, 8.0) == (1.0, 8.0) and pay(0.35, 0.0, 0.7, 8.0) == (pytest.approx(0.5), 0.0)
    assert keep_strength(1.0, 0.5, 10.0, 52.0) == pytest.approx(0.95) and keep_strength(1.0, 1.0, 10.0, 52.0) == 1.0
