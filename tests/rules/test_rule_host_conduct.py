"""The rule `host_conduct`: what support, training and reporting make of a host."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, played, village
from hypothesis import given
from hypothesis import strategies as st

from sim.model import Model
from sim.rules.host_conduct import drift

SHARE = st.floats(0, 1)


def host(tasks=("presence",), weeks: int = 52, abusiveness: float = 0.5, oversight: float = 0.8, **link) -> Model:
    """Return a quiet village after a year with a mission that has some tasks and, if dials are given, a link."""
    mission = UN | HERE | {"mandate": {"tasks": list(tasks)}, "oversight": oversight}
    changes = {"partnerships.l": {"between": ["UN", "host"]} | link} if link else {}
    dials = {"weeks": weeks, "hosts.host.abusiveness": abusiveness}
    return played(village(changes | dials, missions={"UN": mission}), weeks)


def abuse(*args, **dials) -> float:
    """Return the host's abusiveness after a year; it began at 0.5."""
    return float(host(*args, **dials).hosts.abusiveness[0])


def test_without_support_or_training_it_stays():
    assert abuse() == 0.5


def test_unconditional_support_feeds_abuse():
    none, some, much = (abuse(support_level=s, conditional=False) for s in (0.0, 0.5, 1.0))
    assert none == 0.5 < some < much


def test_vetted_support_checks_it_and_conditions_on_paper_do_not():
    strict, lax, paper = (abuse(support_level=1.0, vetting=v) for v in (0.9, 0.3, 0.0))
    assert strict < 0.5 < lax < paper == abuse(support_level=1.0, conditional=False)


def test_training_helps_only_where_it_is_overseen():
    train = ("presence", "train_host_forces")
    overseen, alone = abuse(train, vetting=1.0, oversight=1.0), abuse(train)
    assert overseen < 0.5 < alone
    assert host(train).hosts.capacity[0] > host().hosts.capacity[0]


def test_reporting_that_is_heard_checks_a_host_that_depends():
    m = host(weeks=3)
    m.hosts.heard[:] = 1.0
    for dependence, lower in ((0.0, False), (1.0, True)):
        m.hosts.dependence[:], m.hosts.abusiveness[:], m.week = dependence, 0.5, 3
        next(r for r in m.rules if r.name == "host_conduct")(m)
        assert (m.hosts.abusiveness[0] < 0.5) == lower


def test_courts_and_elections_make_a_host_serve_all():
    none, courts, votes = (
        host(("presence", *more)).hosts.inclusiveness[0] for more in ((), ("rule_of_law",), ("electoral_support",))
    )
    assert courts > none and votes > none


def test_worsening_violence_wears_capacity():
    m = host(weeks=3)
    m.week, m.hosts.unrest[:], m.hosts.usual[:] = 3, 5.0, 1.0
    before = float(m.hosts.capacity[0])
    next(r for r in m.rules if r.name == "host_conduct")(m)
    assert m.hosts.capacity[0] < before


def test_conditional_support_stops_while_abuses_are_high():
    dials = {"support_level": 1.0, "vetting": 1.0}
    assert host(weeks=2, abusiveness=0.9, **dials).links.support_now[0] == 0
    assert host(weeks=2, abusiveness=0.2, **dials).links.support_now[0] == 1
    assert host(weeks=2, abusiveness=0.9, **dials | {"conditional": False}).links.support_now[0] == 1
    assert host(weeks=2, abusiveness=0.9, **dials | {"vetting": 0.0}).links.support_now[0] == 1


def test_what_is_not_renewed_goes_back():
    m = host(weeks=3)
    m.week, m.hosts.abusiveness[:] = 3, 0.9
    next(r for r in m.rules if r.name == "host_conduct")(m)
    assert 0.5 < m.hosts.abusiveness[0] < 0.9


@given(SHARE, st.floats(0, 20), st.floats(0, 20), SHARE, st.floats(0, 0.05), st.floats(0, 0.05))
def test_a_share_stays_a_share(level, up, down, start, step, back):
    assert -1e-12 <= drift(level, up, down, start, step, back) <= 1 + 1e-12


def test_a_stronger_state_kills_more_in_battle():
    """Capacity and support change who dies in battle, not how many fight or die."""
    from helpers import small

    def fell(power: float) -> tuple[int, int]:
        m = Model(small({"parameters.battles.base": 0.05, "disable": ["host_conduct"]}), 1)
        m.hosts.capacity[:] = power * m.hosts.started[1]
        m.step()
        lost = -sum(n for k, n in m.ledger.totals.items() if k[:2] == ("battles", "fighters"))
        return lost, int(m.acts.deaths[m.acts.kind == 0].sum())

    weak, strong = fell(0.5), fell(1.5)
    assert weak[0] < strong[0] and weak[1] == strong[1]


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_no_level_is_final(start):
    """A host that began at an end leaves it when pushed, and returns."""
    dials = {"support_level": 1.0, "conditional": start == 1.0, "vetting": 0.6 if start else 0.0}
    moved = host(weeks=24, abusiveness=start, **dials).hosts.abusiveness[0]
    assert moved != start and np.isfinite(moved)
