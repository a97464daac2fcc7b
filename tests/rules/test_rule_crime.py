"""The rule `crime`: gangs kill where many people live; police hold it down, soldiers do not."""

from __future__ import annotations

import pytest
from helpers import HERE, UN, after, column, small, tables, village
from test_rule_communal import QUIET

TOWN = {"parameters.crime.base": 5.0}
TASKS = {"policing": 1.0, "rule_of_law": 0.0}
FORCE = UN | HERE | {"troops": 0, "police": 0, "observers": 0, "civilians": 100, "mandate": {"tasks": TASKS}}


def crimes(changes=None, **dials) -> float:
    """Return the crimes expected in a town in a week in which a mission stands there."""
    missions = {"UN": FORCE | dials} if dials else {}
    return float(
        column(after("crime", village(TOWN | (changes or {}), missions=missions), 4), "cells.expected_crimes")[0]
    )


def test_gangs_kill_a_few_at_a_time_and_nobody_knows_who():
    setup = small(QUIET | {"parameters.crime.base": 20.0})
    events = tables(setup)["events"].query("kind == 'crime'")
    assert len(events) > 20 and 0 < events.civilians.mean() < 2
    assert set(events.perpetrator) == {"criminals"} and not events.observed.any()


def test_police_lower_crime_and_soldiers_raise_it():
    alone = crimes()
    assert crimes(police=420) < 0.85 * alone
    assert crimes(troops=4000) > 1.1 * alone


def test_police_achieve_more_with_courts_and_less_without_the_task():
    courts = crimes(police=420, mandate={"tasks": {"policing": 1.0, "rule_of_law": 1.0}}, civilians=2000)
    untasked = crimes(police=420, mandate={"tasks": {"presence": 1.0}})
    assert courts < crimes(police=420) < untasked


def test_the_host_s_police_count_too():
    assert crimes({"hosts.host.capacity": 1.0}) < crimes({"hosts.host.capacity": 0.0})


def test_displaced_people_are_preyed_upon():
    m = after("crime", village(TOWN), 3)
    before, kept = column(m, "cells.expected_crimes")[0], m.communities.ledger
    move = m.communities.residents // 2
    m.ledger.people("test", "residents", kept["residents"], slice(None), -move)
    m.ledger.people("test", "displaced", kept["displaced"], slice(None), move)
    m.step()
    assert column(m, "cells.expected_crimes")[0] > 1.3 * before


@pytest.mark.parametrize("police", [0, 420])
def test_far_from_the_police_nothing_changes(police):
    m = after("crime", small(TOWN, missions={"UN": FORCE | {"police": police, "civilians": 50}}), 4)
    near = column(m, "near")[:2].sum(axis=(0, 1)) > 0
    bare = after("crime", small(TOWN), 4)
    far = ~near & (m.world.people > 0)
    assert far.any()
    assert (column(m, "cells.expected_crimes")[far] == column(bare, "cells.expected_crimes")[far]).all()
