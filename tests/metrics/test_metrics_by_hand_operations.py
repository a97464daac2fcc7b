"""Metrics of presence, operations and means in a country of four cells, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand import act, flag, layer, people, put, run_of, square, stand, value

from sim.actors.acts import ATTACK, BATTLE, ON_AID, ON_PEACEKEEPERS

THREAT = [1, 2, 3, 4]


def covered():
    """Return threat of 1, 2, 3 and 4; the UN is in reach of cells 1 and 2, the AU of cell 2."""
    m = square()
    m.cells.threat[:] = THREAT
    stand(m, "UN", [0, 30, 9, 0])
    stand(m, "AU", [0, 0, 1, 0])
    return m


def test_coverage_is_threat_in_reach_of_all_threat():
    """UN: (2 + 3) / 10; AU: 3 / 10; however many people are there."""
    m = covered()
    assert [value(m, "coverage", name) for name in ("UN", "AU")] == [0.5, 0.3]
    m.reach[1, m.actors.index["AU"], 3] = 1  # one who bears no arms is in reach too
    assert value(m, "coverage", "AU") == 0.7


def test_coverage_all_and_gaps_make_up_all_threat():
    """Either is in reach of 2 + 3 of 10; state forces close no gap."""
    m = covered()
    stand(m, "host", [500] * 4)
    assert value(m, "coverage_all") == 0.5 and value(m, "gaps") == 0.5
    m.cells.threat[:] = 0
    assert np.isnan(value(m, "gaps"))  # a share of nothing is not 0


def test_coverage_over_the_run_is_a_ratio_of_sums():
    """1 of 2 in one week and 0 of 8 in the other: 1 / 10, not the mean of 0.5 and 0."""
    assert run_of(square(), "gaps", [(1, 2), (0, 8)])[0] == pytest.approx(0.1)


def test_overlap_is_people_in_reach_of_two_of_those_in_reach_of_one():
    """100, 200, 300 and 400 people: cell 2 is in reach of both, cells 1 and 2 of one: 300 / 500."""
    m = covered()
    people(m, [50, 200, 300, 400, 50, 0, 0, 0])
    assert value(m, "overlap") == pytest.approx(0.6)


def test_risk_presence_mismatch():
    """Shares of threat 0.1, 0.2, 0.3, 0.4; the UN has 30 of 40 people in cell 0 and 10 in cell 3: 0.75, 0, 0, 0.25.

    Half of 0.65 + 0.2 + 0.3 + 0.15 = 0.65.
    """
    m = covered()
    mine = np.flatnonzero(m.units.mission == m.actors.index["UN"])[:3]
    m.units.cell[mine], m.units.people[mine] = (0, 0, 3), (20, 10, 10)
    assert value(m, "risk_presence_mismatch", "UN") == pytest.approx(0.65)
    assert np.isnan(value(m, "risk_presence_mismatch", "AU"))  # nobody is anywhere


@pytest.mark.parametrize(("where", "misfit"), [([1, 2, 3, 4], 0.0), ([0, 0, 0, 8], 0.6), ([10, 10, 10, 10], 0.2)])
def test_picture_error(where, misfit):
    """Shares of threat 0.1, 0.2, 0.3, 0.4. A map that sees cell 3 alone errs by half of 0.1 + 0.2 + 0.3 + 0.6.

    One that sees the same everywhere by half of 0.15 + 0.05 + 0.05 + 0.15.
    """
    m = covered()
    m.missions.picture[:, m.actors.index["UN"]] = where
    assert value(m, "picture_error", "UN") == pytest.approx(misfit)


def test_reports_are_those_on_bands_and_alerts_of_attacks():
    """3 on bands; of two attacks one was reported to the UN, both to the AU, which hears of no band."""
    m = square()
    m.missions.heard_of[:] = 0, 3  # AU, UN
    for _ in range(2):
        act(m, ATTACK, "rebels")
    flag(m, "reported", "UN", [0, 1])
    flag(m, "reported", "AU", [1, 1])
    assert [value(m, "reports", name) for name in ("AU", "UN")] == [2, 4]


@pytest.mark.parametrize("name", ["informed", "guarding"])
def test_informed_and_guarding_are_shares_of_each_mission_and_over_the_run_means(name):
    m = square()
    put(m, f"missions.{name}", [0.1, 0.7])
    assert [value(m, name, mission) for mission in ("AU", "UN")] == [0.1, 0.7]
    assert run_of(m, name, [(0, 0.2), (0, 0.4)]) == pytest.approx([0, 0.3])


def test_hit_rate_is_hits_of_operations():
    """3 of 4; without operations there is none. Over the run 3 + 0 of 4 + 2."""
    m = square()
    put(m, "missions.operations", [0, 4])
    put(m, "missions.hits", [0, 3])
    assert value(m, "operations", "UN") == 4 and value(m, "hit_rate", "UN") == 0.75
    assert np.isnan(value(m, "hit_rate", "AU"))
    assert run_of(m, "hit_rate", [((0, 3), (0, 4)), ((0, 0), (0, 2))])[1] == 0.5


def test_belief_is_the_mean_over_bands():
    """Of all bands two believe 0.9 and 0.3, the rest nothing."""
    m = square()
    m.bands.belief[:] = 0
    m.bands.belief[m.actors.index["UN"], :2] = 0.9, 0.3
    assert value(m, "belief", "UN") == pytest.approx(1.2 / m.bands.rows) and value(m, "belief", "AU") == 0


def paid():
    """Return the UN with 520 troops, 52 police, 104 civilians and 26 observers; the AU with 100 troops, half paid."""
    m = square({"parameters.cost.uniformed": 0.1, "parameters.cost.civilian": 0.2})
    put(m, "missions.deployed", [[100, 520], [0, 52], [0, 104], [0, 26]])
    put(m, "missions.paid", [0.5, 1.0])
    return m


def test_cost_is_for_a_week_and_as_far_as_it_is_paid():
    """UN: (520 + 52 + 26) x 0.1 + 104 x 0.2 = 80.6 million a year, 1.55 a week. AU: 100 x 0.1 / 52 x 0.5."""
    m = paid()
    assert value(m, "cost", "UN") == pytest.approx(1.55)
    assert value(m, "cost", "AU") == pytest.approx(5 / 52)
    assert value(m, "cost_all") == pytest.approx(1.55 + 5 / 52)


def test_paid_share_and_its_mean_over_the_run():
    assert value(paid(), "paid_share", "AU") == 0.5
    assert run_of(paid(), "paid_share", [(1, 1), (0.5, 1), (0.6, 1)]) == pytest.approx([0.7, 1])


def test_strength_and_its_share_of_what_is_authorised():
    """520 + 52 + 104 + 26 = 702 of 1,404; the AU 100 of 400. Over the run (702 + 0) of 2 x 1,404."""
    m = paid()
    put(m, "missions.authorised", [[400, 1000], [0, 200], [0, 200], [0, 4]])
    assert value(m, "strength", "UN") == 702 and value(m, "strength_all") == 802
    assert [value(m, "strength_share", name) for name in ("AU", "UN")] == [0.25, 0.5]
    run = [((100, 702), (400, 1404)), ((100, 0), (400, 1404))]
    assert run_of(m, "strength_share", run).tolist() == [0.25, 0.25]


def test_weeks_to_first_presence_are_counted_from_the_mandate():
    """The UN's first unit is in reach in week 3, its mandate is of week 1; the AU never comes in 4 weeks."""
    m = square({"missions.UN.mandated": 1, "missions.UN.arrives": 1})
    stand(m, "UN", [0, 0, 0, 1])
    assert [value(m, "weeks_to_first_presence", name) for name in ("AU", "UN")] == [0, 1]
    there = [(0, 0), (0, 0), (0, 0), (0, 1)]
    assert run_of(m, "weeks_to_first_presence", there).tolist() == [4, 2]


def test_attacks_on_missions_and_on_aid():
    """Three on the UN with 2 + 0 + 4 dead, one on the AU with 1; on aid, 2 by rebels and 1 by the host."""
    m = square()
    for on, dead in (("UN", 2), ("UN", 0), ("AU", 1), ("UN", 4)):
        act(m, ON_PEACEKEEPERS, "rebels", opponent=on, deaths=dead)
    for by in ("rebels", "host", "rebels"):
        act(m, ON_AID, by, deaths=1)
    assert [value(m, "attacks_on_peacekeepers", name) for name in ("AU", "UN")] == [1, 3]
    assert [value(m, "peacekeepers_killed", name) for name in ("AU", "UN")] == [1, 6]
    assert [value(m, "attacks_on_aid", name) for name in ("rebels", "host", "UN")] == [2, 1, 0]


def reachable():
    """Return 100, 200, 300 and 400 people on roads of 0.5, 1, 0.8 and 0.5; half of the last cell's are escorted."""
    m = square()
    people(m, [100, 200, 300, 400, 0, 0, 0, 0])
    layer(m, access=[0.5, 1.0, 0.8, 0.5])
    m.cells.escorted[:], m.cells.fought[:] = (0, 0, 0, 0.5), 0
    return m


def test_humanitarian_access_by_open_or_escorted_roads():
    """100 x 0.5 + 200 x 1 + 300 x 0.8 + 400 x (1 - 0.5 x 0.5) = 50 + 200 + 240 + 300 of 1,000."""
    assert value(reachable(), "humanitarian_access") == pytest.approx(0.79)


def test_no_aid_where_a_battle_was_near():
    """A battle of the last weeks still shuts cell 1. One in cell 1 now shuts it and 0 and 3 beside it: 240 of 1,000."""
    m = reachable()
    m.cells.fought[1] = 2
    assert value(m, "humanitarian_access") == pytest.approx(0.59)
    m = reachable()
    act(m, BATTLE, "rebels", cell=1)
    assert set(m.space.neighbours[:, 1]) - {-1} == {0, 3}
    assert value(m, "humanitarian_access") == pytest.approx(0.24)


def relapsed():
    """Return ten clearings by the UN, all watched for a week: four on ground held, six on open ground.

    Of those held one relapses in its second week; of the open ones three in their first week, one in its second.
    """
    m = square()
    un, t = m.actors.index["UN"], m.missions
    t.held_waits[:2, un], t.held_relapses[:2, un] = (4, 4), (0, 1)
    t.open_waits[:2, un], t.open_relapses[:2, un] = (6, 2), (3, 1)
    return m


def test_relapse_after_clearing_held():
    """Nobody relapses in week 0, one of four in week 1: all last 2 weeks, three quarters the other 50 of 52."""
    assert value(relapsed(), "relapse_after_clearing_held", "UN") == pytest.approx(2 + 0.75 * 50)


def test_relapse_after_clearing_unheld():
    """Half relapse in week 0; one was last seen then; of two left one in week 1: 1 + 0.5 + 0.25 x 50."""
    assert value(relapsed(), "relapse_after_clearing_unheld", "UN") == pytest.approx(1 + 0.5 + 0.25 * 50)


def test_relapse_after_clearing():
    """Together 3 of 10 and then 2 of 6: 1 + 7/10 + 7/10 x 2/3 for 50 weeks. Who cleared nothing has no value."""
    m = relapsed()
    assert value(m, "relapse_after_clearing", "UN") == pytest.approx(1 + 0.7 + 0.7 * 2 / 3 * 50)
    assert np.isnan(value(m, "relapse_after_clearing", "AU"))
