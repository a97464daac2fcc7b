"""The rule `record`: the dead are counted, and everything is written down."""

from __future__ import annotations

from helpers import UN, column, played, small, tables, village

RAID = {"raid": {"week": 2, "event": "massacre", "by": "rebels", "deaths": 40}}


KILLINGS = ("attack_on_civilians", "state_abuse", "mission_harm")


def test_the_dead_leave_the_living():
    m = played(village(timeline=RAID), 4)
    lost = m.opening["residents"] - column(m, "communities.residents")
    assert lost.sum() == column(m, "communities.dead").sum() == 40


def test_each_week_has_its_row_and_each_act_its_event():
    found = tables(small(missions={"UN": UN}))
    assert found["weeks"].week.tolist() == list(range(20))
    assert found["events"].week.is_monotonic_increasing and len(found["events"]) > 10
    assert found["perceptions"].groupby("week").size().nunique() == 1


def test_an_event_has_a_day_of_its_week():
    setup = small()
    found = tables(setup)["events"]
    days = (found.date.dt.date - setup.start).map(lambda gap: gap.days)
    assert (days // 7 == found.week).all() and days.mod(7).nunique() > 1


def test_only_deadly_acts_are_observed_and_the_deadlier_the_surer():
    deadly = {"parameters.attacks.base": 0.1}
    found = tables(small(deadly), seed=1)["events"]
    assert not found.observed[found.deaths == 0].any()
    small_, large = found.observed[found.deaths.between(1, 2)].mean(), found.observed[found.deaths > 10].mean()
    assert small_ < large


def test_totals_are_the_sums_of_their_parts():
    found = tables(small({"parameters.attacks.base": 0.1}, missions={"UN": UN}), seed=1)
    row, events = found["summary"].iloc[0], found["events"]
    parts = [row[name] for name in row.index if name.startswith("civilians_killed:")]
    assert row.civilians_killed == sum(parts) == events.civilians[events.kind.isin(KILLINGS)].sum() > 0
    assert found["weeks"].civilians_killed.sum() == row.civilians_killed
