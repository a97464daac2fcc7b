"""The odd ends: each runs, or says in one line why it can't; and nothing is ever not a number."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, BASE, COUNTRY, LINK, SIX, UN, VILLAGE, column, played, small, tables

from sim.errors import SimError
from sim.model import Model
from sim.scenario import Scenario

BOTH = {"missions": {"UN": UN, "AU": AU}}
HUGE = COUNTRY | {"grid": [150, 150], "places": 3000, "people": 5_000_000}
NOBODY_ARMED = {"armed_groups.militia": None, "armed_groups.rebels": None}

AT_WAR = {"arrives": 0, "tempo": 5.0, "care": 0.0}

EXTREMES = {
    "nothing is said": Scenario.from_dict({"weeks": 3, "spin_up": 2}, "empty"),
    "one week": small({"weeks": 1}, **BOTH),
    "no spin-up": small({"spin_up": 0}, **BOTH),
    "no people": small({"world.people": 0}, **BOTH),
    "no places": small({"world.places": 0}, **BOTH),
    "a war without people": small({"world.people": 0, "parameters.battles.base": 0.5}, missions={"AU": AU | AT_WAR}),
    "ten people": small({"world.people": 10}, **BOTH),
    "no armed group": small(NOBODY_ARMED, **BOTH),
    "armed groups without fighters": small({"armed_groups.rebels.fighters": 0}, **BOTH),
    "one band": small(NOBODY_ARMED | {"armed_groups.gang": {"motive": "criminal", "fighters": 30, "bands": 1}}, **BOTH),
    "no state forces": small({"hosts.host.forces": 0}, **BOTH),
    "three hosts": small({"hosts.b": {}, "hosts.c": {"abusiveness": 1.0}}, **BOTH),
    "six missions": small({"partnerships.UN-AU": LINK}, missions=SIX),
    "nobody and nothing": Scenario.from_dict(BASE | {"armed_groups": {}, "world": COUNTRY | {"people": 0}}, "bare"),
    "a mission of nobody": small(missions={"UN": UN | {"troops": 0, "police": 0, "civilians": 0, "observers": 0}}),
    "a mission without ramp": small(missions={"UN": UN | {"ramp": 0}, "AU": AU}),
    "a mission that never comes": small(missions={"UN": UN | {"arrives": 1000}}),
    "a grid of one cell": small({"world": VILLAGE}, **BOTH),
    "a grid of one row": small({"world.grid": [1, 12], "world.places": 6}, **BOTH),
    "cells of 60 km": small({"world.side_km": 60.0}, **BOTH),
    "cells of 10 km": small({"world.side_km": 10.0}, **BOTH),
    "twelve identity groups": small({"world.groups": 12}, **BOTH),
    "150 x 150 cells": small({"world": HUGE, "weeks": 2, "spin_up": 1}, **BOTH),
    "ten years": small({"weeks": 520, "world.grid": [5, 5], "world.places": 8}, **BOTH),
}  # fmt: skip


def assert_finite(m: Model) -> None:
    """Fail if any number of a model's state is none."""
    for name, values in m.state().items():
        assert np.isfinite(values.astype(float)).all(), name


@pytest.mark.parametrize("case", EXTREMES)
def test_it_runs_or_says_in_one_line_why_not(case):
    try:
        m = played(EXTREMES[case])
    except SimError as error:
        assert len(str(error).splitlines()) == 1, error
        return
    assert_finite(m)
    found = m.tables()
    assert len(found["weeks"]) == m.setup.weeks
    for name, table in found.items():
        numbers = table.select_dtypes("number").to_numpy(float)
        assert not np.isinf(numbers).any(), name


def test_more_places_than_land_is_refused_in_one_line():
    with pytest.raises(SimError) as error:
        Model(small({"world.grid": [2, 2], "world.places": 90}))
    assert len(str(error.value).splitlines()) == 1 and "world.places" in str(error.value)


ATLANTIS = {"tasks": ["presence"], "area": ["Atlantis"]}
MISTAKES = {
    "a massacre by nobody": small(NOBODY_ARMED | {"timeline.m": {"week": 2, "event": "massacre", "deaths": 5}}),
    "a massacre nowhere": small(timeline={"m": {"week": 2, "event": "massacre", "deaths": 5, "area": "Atlantis"}}),
    "a mandate for nowhere": small(missions={"UN": UN | {"mandate": ATLANTIS}}),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_cannot_be_played_is_refused_in_one_line(case):
    with pytest.raises(SimError) as error:
        played(MISTAKES[case])
    assert len(str(error.value).splitlines()) == 1


def test_there_is_no_week_after_the_last():
    m = played(small({"weeks": 2}))
    with pytest.raises(SimError, match="no week 2"):
        m.step()


def test_state_that_is_no_number_fails_the_run():
    m = played(small(missions={"UN": UN}), 6)
    m.cells.memory[:] = np.nan
    with pytest.raises(SimError, match=r"week 6.*NaN"):
        m.step()


def test_what_is_not_defined_is_missing_and_never_zero():
    """Shares of nothing: no attack to answer, no mission met, nobody displaced [definitions 2: null]."""
    found = tables(small({"weeks": 3, "parameters.attacks.base": 0.0, "parameters.state_abuse.base": 0.0}))
    assert found["summary"].attacks_answered_all.isna().all()
    before = tables(small({"weeks": 2, "disable": ["flight"]}, missions={"UN": UN}))["perceptions"]
    unmet = before.query("actor == 'UN' and audience == 'all'")
    assert unmet.legitimacy.isna().all() and (unmet.no_opinion == 1).all()
    assert before.query("audience == 'displaced'").impartiality.isna().all()


def test_nobody_and_nothing_stays_at_zero():
    m = played(EXTREMES["nobody and nothing"])
    assert len(m.tables()["events"]) == 0
    assert column(m, "bands.fighters").size == 0 and m.residents_at_start == 0
