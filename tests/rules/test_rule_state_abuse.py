"""The rule `state_abuse`: state forces harm civilians, hardly less where missions are near."""

from __future__ import annotations

import pytest
from helpers import AMONG_PEOPLE, HERE, UN, column, played, small, tables

ALONE = {"parameters.attacks_on_aid.base": 0.0, "parameters.attacks.base": 0.0, "parameters.battles.base": 0.0}
ALONE |= {f"parameters.{rate}": 0.0 for rate in AMONG_PEOPLE}
FORCE = UN | HERE | {"arrives": 3, "troops": 20_000}


def expected(changes, week: int = 4, **missions) -> float:
    """Return the acts of abuse expected in a week, before luck."""
    return float(column(played(small(ALONE | changes, missions=missions), week), "cells.expected_abuse").sum())


def test_a_host_s_forces_kill_civilians():
    found = tables(small(ALONE | {"hosts.host.abusiveness": 1.0}))["events"]
    assert set(found.kind) == {"state_abuse"} and set(found.perpetrator) == {"host"} and found.civilians.sum() > 0


def test_the_more_abusive_the_host_the_more_they_do():
    forgetful = {"parameters.violence.near_repeat": 0.0}
    mild, harsh = (expected(forgetful | {"hosts.host.abusiveness": a}) for a in (0.2, 0.8))
    assert harsh == pytest.approx(4 * mild)


def test_presence_alone_hardly_restrains_a_state():
    """At most by the few per cent that local studies leave possible [E4, E19]."""
    silent = FORCE | {"oversight": 0.0}
    assert 0.9 * expected({}) < expected({}, UN=silent) <= expected({})


def test_reporting_that_is_heard_restrains_a_host_that_depends_on_support():
    """Leverage: dependence x reporting, whoever gives it [E12, S-H94]."""
    watched = FORCE | {"oversight": 1.0}
    depends, does_not = (expected({"hosts.host.dependence": d}, 6, UN=watched) for d in (1.0, 0.0))
    assert depends < 0.97 * does_not
    assert expected({"hosts.host.dependence": 1.0}, 6) == expected({"hosts.host.dependence": 0.0}, 6)
