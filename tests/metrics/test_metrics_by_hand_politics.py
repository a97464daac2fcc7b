"""Metrics of consent, hosts and exits in a country of four cells, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand import act, people, put, run_of, square, value

from sim.actors.acts import ATTACK, PROTEST
from sim.metrics import METRICS


def test_state_consent_is_each_host_s_to_each_mission():
    """Over the run its mean: 0.8, 0.2 and 0.2 make 0.4."""
    m = square({"hosts.other": {}})
    put(m, "hosts.consent", [[0.1, 0.2], [0.3, 0.4]])  # AU, UN by host, other
    found = [value(m, "state_consent", f"{h}->{k}") for h in ("host", "other") for k in ("AU", "UN")]
    assert found == [0.1, 0.3, 0.2, 0.4]
    assert run_of(m, "state_consent", [0.8, 0.2, 0.2]) == pytest.approx(0.4)


def test_area_access_is_how_open_places_are_by_people():
    """100 people in a cell that is open, 300 in one half open, 100 in one shut: (100 + 150) / 500."""
    m = square()
    people(m, [60, 300, 100, 0, 40, 0, 0, 0])
    m.open_to[m.actors.index["UN"]] = 1, 0.5, 0, 1
    assert value(m, "area_access", "UN") == pytest.approx(0.5)
    people(m, [0] * 8)
    assert np.isnan(value(m, "area_access", "UN"))  # nobody to go to


def test_event_week_is_that_of_each_event_on_a_condition_and_missing_until_it_comes():
    leave = {"event": "withdrawal", "mission": "UN"}
    waits = leave | {"when": {"measure": "paid", "below": 0.5}}
    m = square({"timeline.soon": waits, "timeline.late": waits, "timeline.dated": leave | {"week": 6}})
    assert METRICS["event_week"].keys(m) == ["late", "soon"]
    m.week, m.happenings.week[m.event_rows["soon"]] = 5, 3
    found = METRICS["event_week"].measure(m)
    assert np.isnan(found[0]) and found[1] == 3


def test_weeks_to_expulsion_is_counted_from_the_mandate():
    """Sent out in week 3 of a run of 5 weeks, the mandate from week 1: 2 weeks. The other stays: all 5 weeks."""
    m = square({"missions.UN.mandated": 1, "missions.UN.arrives": 1})
    m.missions.expelled[m.actors.index["UN"]] = True
    assert [value(m, "weeks_to_expulsion", name) for name in ("AU", "UN")] == [0, 1]
    out = [(0, 0), (0, 0), (0, 0), (0, 1), (0, 1)]
    assert run_of(m, "weeks_to_expulsion", out).tolist() == [5, 2]


def test_the_wait_for_expulsion_ends_when_one_of_two_hosts_sends_it_out():
    m = square({"hosts.other": {}})
    m.hosts.ousted[m.actors.index["UN"], m.actors.hosts.index("other")] = True
    assert [value(m, "weeks_to_expulsion", name) for name in ("AU", "UN")] == [0, 1]


def test_hosted_strength_is_people_of_all_missions_by_whose_land_they_stand_on():
    """600 of the AU and 400 of the UN on the first host's land, 300 of the UN on the other's, 200 nowhere."""
    m = square({"hosts.other": {}})
    first, second = np.flatnonzero(m.world.host == 0)[0], np.flatnonzero(m.world.host == 1)[0]
    au, un = (m.unit_spans[m.actors.index[name]].start for name in ("AU", "UN"))
    m.units.people[:] = 0
    for unit, people_there, cell in ((au, 600, first), (un, 400, first), (un + 1, 300, second), (un + 2, 200, -1)):
        m.units.people[unit], m.units.cell[unit] = people_there, cell
    assert [value(m, "hosted_strength", host) for host in ("host", "other")] == [1000, 300]


def test_protests_are_counted_by_the_mission_they_are_against():
    m = square()
    for against in ("UN", "UN", "AU"):
        act(m, PROTEST, opponent=against)
    act(m, ATTACK, "rebels", opponent="UN")
    assert [value(m, "protests", name) for name in ("AU", "UN")] == [1, 2]


@pytest.mark.parametrize(
    ("name", "column"),
    [("abusiveness", "abusiveness"), ("host_capacity", "capacity"), ("inclusiveness", "inclusiveness")],
)
def test_what_hosts_are_like_is_what_they_become(name, column):
    """Two hosts, each by itself; over the run the last week counts."""
    m = square({"hosts.other": {}})
    put(m, f"hosts.{column}", [0.25, 0.75])
    assert [value(m, name, host) for host in ("host", "other")] == [0.25, 0.75]
    assert run_of(m, name, [(0.9, 0.1), (0.5, 0.5), (0.3, 0.6)]).tolist() == [0.3, 0.6]


def test_local_capacity_at_exit_is_that_of_the_last_week_with_anybody_there():
    """The AU has people in weeks 0-1, the UN in weeks 1-2, then nobody: capacity of week 2."""
    m = square()
    run_of(m, "strength", [(50, 0), (50, 10), (0, 10), (0, 0), (0, 0)])
    run_of(m, "host_capacity", [0.1, 0.2, 0.3, 0.4, 0.5])
    assert value(m, "local_capacity_at_exit", "host") == 0.3


def test_of_two_hosts_each_has_an_exit_of_its_own():
    """People stand on the first's land till week 1, on the other's till week 2."""
    m = square({"hosts.other": {}})
    run_of(m, "hosted_strength", [(50, 0), (50, 10), (0, 10), (0, 0)])
    run_of(m, "host_capacity", [(0.1, 0.5), (0.2, 0.6), (0.3, 0.7), (0.4, 0.8)])
    assert [value(m, "local_capacity_at_exit", host) for host in ("host", "other")] == [0.2, 0.7]


def test_where_nobody_ever_came_there_is_no_exit():
    m = square()
    run_of(m, "strength", [(0, 0), (0, 0)])
    run_of(m, "host_capacity", [0.1, 0.2])
    assert np.isnan(value(m, "local_capacity_at_exit", "host"))


def test_ceasefire_weeks_are_added_up_over_groups():
    """Rebels keep a truce with both hosts, which counts once; zealots with one; a gang with none. Then only zealots."""
    groups = {f"armed_groups.{name}": {"motive": "territorial", "fighters": 40} for name in ("gang", "zealots")}
    m = square({"hosts.other": {}} | groups)
    by_host = np.zeros_like(m.groups.truce)
    by_host[:, m.actors.groups.index("rebels")] = 5, 1
    by_host[0, m.actors.groups.index("zealots")] = 3
    put(m, "groups.truce", by_host)
    assert value(m, "ceasefire_weeks") == 2
    assert run_of(m, "ceasefire_weeks", [2, 1, 0])[0] == 3
