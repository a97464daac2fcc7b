"""Shelter at bases saves those inside; whether fewer die in all turns on how safe a site is and what it draws.

Evidence: B-H15 (protection inside rises, risk outside or at the camp rises), B-M15 (safe areas attract displaced people
and attacks), S-M33, F-M29.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import HERE, UN, played, small

TASKS = {"presence": 0.2, "protect_sites": 1.0}
GUARDS = UN | HERE | {"troops": 4000, "police": 0, "civilians": 0, "observers": 0, "mobile_share": 0.0,
                      "risk_tolerance": 1.0,
                      "mandate": {"use_of_force": "self_defence", "covers": [], "tasks": TASKS}}  # fmt: skip
WAR = {"weeks": 78, "parameters.flight.rate": 0.2, "hosts.host.abusiveness": 0.9,
       "parameters.shelter.people_each": 100.0, "parameters.flight.abroad": 0.1}  # fmt: skip
SAFE = {"parameters.shelter.security": 0.95, "parameters.shelter.pull": 0.0}
UNSAFE = {"parameters.shelter.security": 0.1, "parameters.shelter.pull": 5.0}
SEEDS = 8


@cache
def arm(changes: tuple, priority: float) -> np.ndarray:
    """Return for each seed: civilians killed (expected), deaths and person-weeks at home, displaced outside, inside."""
    guards = GUARDS | {"mandate": GUARDS["mandate"] | {"tasks": TASKS | {"protect_sites": priority}}}
    found = []
    for seed in range(SEEDS):
        m = played(small(WAR | dict(changes), missions={"UN": guards}), seed=seed, keep={"weeks"})
        killed = float(m.log.over_run(*measure(m)).sum())
        found.append([killed, *m.log.killed_where, *m.log.weeks_where])
    return np.array(found)


def measure(m):
    """Return what asks a run for civilians killed before luck."""
    return next(metric for metric in m.log.weekly if metric.name == "civilians_killed_expected"), m


def with_sites_against_without(changes: dict) -> np.ndarray:
    """Return the ratio of civilians killed, expected before luck, with sites and without, for each seed."""
    pair = tuple(changes.items())
    return arm(pair, 1.0)[:, 0] / arm(pair, 0.0)[:, 0]


def test_those_inside_a_safe_site_die_less_often_than_the_displaced_outside():
    killed, weeks = np.split(arm(tuple(SAFE.items()), 1.0)[:, 1:].sum(axis=0), 2)
    assert weeks[2] > 0.1 * weeks[1:].sum()
    assert killed[2] / weeks[2] < 0.4 * killed[1] / weeks[1]


def test_safe_sites_lower_deaths_among_all():
    ratio = with_sites_against_without(SAFE)
    assert ratio.mean() < 0.99 and (ratio < 1).mean() >= 0.7


def test_unsafe_sites_that_draw_attacks_raise_deaths_among_all():
    ratio = with_sites_against_without(UNSAFE)
    assert ratio.mean() > 1.01 and (ratio > 1).mean() >= 0.7
