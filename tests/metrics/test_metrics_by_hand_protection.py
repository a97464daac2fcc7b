"""Metrics of protection in a country of four cells, each worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hand import act, flag, layer, people, put, run_of, square, stand, value
from helpers import RULES

from sim.actors.acts import ABUSE, ATTACK, BATTLE, COMMUNAL, CRIME, MISSION_HARM


def violent():
    """Return a week with one act of each kind, but for two attacks by rebels; the dead are all different."""
    m = square()
    act(m, ATTACK, "rebels", civilians=3, deaths=3)
    act(m, ATTACK, "rebels", civilians=2, deaths=2)
    act(m, ABUSE, "host", civilians=4, deaths=4)
    act(m, MISSION_HARM, "UN", civilians=1, deaths=1)
    act(m, BATTLE, "rebels", opponent="host", civilians=5, deaths=14)
    act(m, COMMUNAL, civilians=7, deaths=7)
    act(m, CRIME, civilians=6, deaths=6)
    return m


@pytest.mark.parametrize(("actor", "dead"), [("rebels", 3 + 2), ("host", 4), ("UN", 1), ("AU", 0)])
def test_civilians_killed_by_whom(actor, dead):
    """Neither those between the lines (5), nor those of clashes (7) and crime (6)."""
    assert value(violent(), "civilians_killed", actor) == dead


@pytest.mark.parametrize(("actor", "number"), [("rebels", 2), ("host", 1), ("UN", 0)])
def test_attacks_on_civilians_are_attacks_and_abuse(actor, number):
    assert value(violent(), "attacks_on_civilians", actor) == number


def test_the_dead_of_battles_clashes_and_crime_stand_apart():
    m = violent()
    assert value(m, "battle_deaths") == 14 - 5 and value(m, "crossfire_deaths") == 5
    assert value(m, "communal_deaths") == 7 and value(m, "crime_deaths") == 6


def test_civilian_death_rate():
    """3 + 2 + 4 + 1 = 10 killed in a week among 40,000 residents and 12,000 displaced.

    10 / 52,000 x 52 weeks x 100,000 = 1,000 for 100,000 person-years.
    """
    m = violent()
    people(m, [40_000, *[0] * 7], [0, 12_000, *[0] * 6])
    assert value(m, "civilian_death_rate") == pytest.approx(1000)


def test_civilian_death_rate_over_the_run_is_a_ratio_of_sums():
    """10 dead of 52,000 and then none of 26,000: 10 x 5,200,000 / 78,000, not the mean of 1,000 and 0."""
    weeks = [(10 * 5_200_000, 52_000), (0, 26_000)]
    assert run_of(square(), "civilian_death_rate", weeks)[0] == pytest.approx(52e6 / 78e3)


def test_what_was_expected_before_luck():
    """Two bands expect 0.5 and 0.25 attacks with 1.5 and 2 dead; a host 0.1 + 0.2 abuses with 0.4 + 0.6 dead."""
    m = violent()
    m.bands.expected[:] = 0
    m.bands.expected[0, :2], m.bands.expected[2, :2] = (0.5, 0.25), (1.5, 2)
    m.cells.expected_abuse[:], m.cells.expected_abuse_deaths[:] = (0.1, 0.2, 0, 0), (0.4, 0.6, 0, 0)
    assert value(m, "attacks_expected", "rebels") == 0.75
    assert value(m, "attacks_expected", "host") == pytest.approx(0.3)
    assert value(m, "civilians_killed_expected", "rebels") == 3.5
    assert value(m, "civilians_killed_expected", "host") == 1
    assert value(m, "civilians_killed_expected", "UN") == 1  # harm by operations as it happened


def test_expected_battle_deaths_clashes_and_crimes_are_sums():
    """Battles 0.5 + 1.5, operations of the two missions 2 + 0.25; clashes 0.5 + 0.25; crimes 3 + 4."""
    m = square()
    m.cells.expected_battles[:], m.missions.expected_operations[:] = (0.5, 1.5, 0, 0), (2, 0.25)
    m.cells.expected_communal[:], m.cells.expected_crimes[:] = (0.5, 0.25, 0, 0), (3, 0, 4, 0)
    assert value(m, "battle_deaths_expected") == 4.25
    assert value(m, "communal_expected") == 0.75 and value(m, "crime_expected") == 7


def test_what_a_coder_saw():
    """Of the seven acts he saw the first attack, the mission's harm and the battle: three; of the rebels' 5 dead, 3."""
    m = violent()
    m.log.observed = np.array([1, 0, 0, 1, 1, 0, 0], bool)
    assert value(m, "events_observed") == 3
    seen = [value(m, "civilians_killed_observed", name) for name in ("rebels", "host", "UN")]
    assert seen == [3, 0, 1]


def test_spill_over_is_counted_by_the_host_of_the_cell():
    """The rebels are at home in cell 0, of the first host; of three attacks two fall on cells 2 and 3, of the other."""
    m = square({"hosts.other": {}})
    layer(m, host=[0, 0, 1, 1])
    m.groups.home[:] = 0
    for cell in (1, 2, 3):
        act(m, ATTACK, "rebels", cell=cell)
    act(m, BATTLE, "rebels", cell=3)
    assert value(m, "spill_over", "rebels") == 2


def answers():
    """Return four attacks that could kill 10 each: on the UN's side one answered, two known and in reach, one known."""
    m = square()
    for dead in (4, 10, 7, 10):
        act(m, ATTACK, "rebels", potential=10, civilians=dead, deaths=dead)
    flag(m, "known", "UN", [1, 1, 1, 1])
    flag(m, "in_reach", "UN", [1, 1, 1, 0])
    flag(m, "answered", "UN", [1, 0, 0, 0])
    flag(m, "known", "AU", [1, 0, 1, 0])
    flag(m, "in_reach", "AU", [1, 1, 1, 1])
    flag(m, "answered", "AU", [1, 0, 1, 0])
    return m


def test_deaths_prevented_and_not():
    """UN: 10 - 4 saved, 10 + 7 killed before its eyes. AU: (10 - 4) + (10 - 7) saved, nobody killed that it knew of."""
    m = answers()
    assert [value(m, "deaths_prevented_on_the_spot", name) for name in ("UN", "AU")] == [6, 9]
    assert [value(m, "killed_unanswered", name) for name in ("UN", "AU")] == [17, 0]


def test_answers_are_counted_of_those_known_or_of_all():
    """UN: 1 of 4 known. AU: 2 of 2 known. Anybody: the first and the third, 2 of 4."""
    m = answers()
    assert [value(m, "attacks_answered_share", name) for name in ("UN", "AU")] == [0.25, 1.0]
    assert value(m, "attacks_answered_all") == 0.5
    assert np.isnan(value(square(), "attacks_answered_all"))  # nothing to answer


def test_answers_expected_before_luck():
    """Of 1.5 attacks by bands and 0.5 acts of abuse expected, 0.4 and 0.1 are expected to be answered."""
    m = square()
    m.bands.expected[:] = 0.0
    m.bands.expected[0, :2] = (1.0, 0.5)
    m.cells.expected_abuse[:], m.cells.expected_answers[:] = (0.5, 0, 0, 0), (0.4, 0.1, 0, 0)
    assert value(m, "attacks_answered_expected") == 0.25


def test_protection_gap():
    """After the dead have left: 11 killed + 1 of 989 against 0 + 1 of 2,000; crossfire and clashes are not counted.

    12 / 989 over 1 / 2,000. The 11 dead, 5 between lines and 7 of a clash come from 1,012 of the first group.
    """
    m = square()
    people(m, [1012, 0, 0, 0, 2000, 0, 0, 0])
    for kind, dead in ((ATTACK, 11), (BATTLE, 5), (COMMUNAL, 7)):
        act(m, kind, "rebels", community=0, civilians=dead, deaths=dead)
    RULES["record"](m)
    assert value(m, "protection_gap") == pytest.approx(12 / 989 * 2000)


def test_protection_gap_of_those_who_have_not_been_hit():
    """The smaller group comes off worse by the death added to each: 1 / 500 over 1 / 2,000."""
    m = square()
    people(m, [500, 0, 0, 0, 2000, 0, 0, 0])
    RULES["record"](m)
    assert value(m, "protection_gap") == pytest.approx(4)


def displaced_hit(crossfire: int = 0):
    """Return a week in which 4 of 104 people in a site die, 6 of 206 outside sites, and 1 of 1,001 at home."""
    m = square()
    people(m, [0, 0, 1001 + crossfire, 0, 0, 0, 0, 0], [104, 206, 0, 0, 0, 0, 0, 0])
    m.cells.sheltered[:], m.cells.secured[:] = (104, 0, 0, 0), 0.0
    for row, dead in ((0, 4), (1, 6), (2, 1)):
        act(m, ATTACK, "rebels", cell=row, community=row, civilians=dead, deaths=dead)
    act(m, BATTLE, "rebels", cell=2, community=2, civilians=crossfire, deaths=crossfire)
    RULES["record"](m)
    return m


def test_where_the_dead_were():
    """4 inside and 6 outside."""
    m = displaced_hit()
    assert value(m, "killed_sheltered") == 4 and value(m, "killed_displaced") == 4 + 6


@pytest.mark.parametrize("crossfire", [0, 9])
def test_protection_gap_displaced(crossfire):
    """(10 + 1) / 300 displaced left over (1 + 1) / 1,000 residents left; those between lines are not counted."""
    assert value(displaced_hit(crossfire), "protection_gap_displaced") == pytest.approx(11 / 300 * 1000 / 2)


def test_nobody_displaced_and_there_is_no_gap():
    m = square()
    people(m, [100] * 8)
    RULES["record"](m)
    assert np.isnan(value(m, "protection_gap_displaced"))


def test_displaced_refugees_and_sheltered_are_sums_and_over_the_run_means():
    """100 + 50 displaced, 30 + 7 abroad, 40 + 2 in sites; 100 people in one week of four are 25."""
    m = square()
    people(m, [0] * 8, [100, 0, 0, 0, 50, 0, 0, 0])
    put(m, "communities.refugees", [0, 30, 0, 0, 0, 0, 7, 0])
    m.cells.sheltered[:] = 40, 2, 0, 0
    assert [value(m, name) for name in ("displaced", "refugees", "sheltered")] == [150, 37, 42]
    assert run_of(m, "displaced", [0, 100, 0, 0])[0] == 25


def test_fighters_are_the_sum_of_their_bands():
    m = square()
    m.bands.ledger["fighters"][:3] = 40, 0, 25
    assert value(m, "fighters", "rebels") == 65


def test_control_goes_to_whoever_has_most_armed_people_in_a_cell():
    """Cells of 100, 200, 300 and 400 people: UN 50 > rebels 40; rebels 30 > UN 20; host; nobody, who does not count.

    100, 200 and 300 of 600.
    """
    m = square()
    people(m, [100, 200, 300, 400, 0, 0, 0, 0])
    stand(m, "UN", [50, 20, 0, 0])
    stand(m, "host", [0, 0, 1, 0])
    m.bands.ledger["fighters"][:3], m.bands.cell[:3] = (25, 15, 30), (0, 0, 1)
    shares = [value(m, "control", name) for name in ("UN", "rebels", "host", "AU")]
    assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 0])
