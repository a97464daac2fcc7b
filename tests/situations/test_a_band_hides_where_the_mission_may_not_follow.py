"""A band hides where the mission may not follow, and comes back; a right of pursuit shortens its rest, at a price.

Evidence: F-M26 and F-H38 (a group pressed in one state goes over the border, and strikes there), F-M27 and F-H39 (less
so where somebody stands on the other side), B-H63 (a force that crosses borders against a mission that may not).
Nothing is decreed: bands weigh what they expect to be met with, and over the border they expect nothing.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from borders import BRIGADE, ONE_SIDE, PURSUIT, TOLERATED, land, two_hosts

from sim.actors.acts import ATTACK, MISSION_HARM
from sim.model import Model

SEEDS = range(6)
SETTLED = 12
"""Weeks until the mission has arrived and the bands know it."""
ARMS = {
    "nobody": two_hosts(),
    "one side": two_hosts(UN=BRIGADE | ONE_SIDE),
    "both sides": two_hosts(UN=BRIGADE),
    "one side, tolerant neighbour": two_hosts(TOLERATED, UN=BRIGADE | ONE_SIDE),
    "pursuit, tolerant neighbour": two_hosts(TOLERATED, UN=BRIGADE | PURSUIT),
}


def weeks_of(arm: str, seed: int) -> dict[str, float]:
    """Play one run; return what bands did beyond the border, and what was done there."""
    m = Model(ARMS[arm], seed, keep={"weeks"})
    over, rests = land(m, "neighbour"), []
    resting, away = np.zeros(m.bands.rows, int), np.zeros(m.bands.rows, bool)
    seen = dict.fromkeys(("share beyond", "returns", "attacks", "attacks beyond", "harm beyond"), 0.0)
    for week in range(m.setup.weeks):
        m.step()
        if week < SETTLED:
            continue
        there = over[m.bands.cell] & (m.bands.fighters > 0)
        seen["share beyond"] += m.bands.fighters[there].sum() / max(m.bands.fighters.sum(), 1) / (78 - SETTLED)
        seen["returns"] += np.count_nonzero(away & ~there)
        attack, harm = m.acts.kind == ATTACK, m.acts.kind == MISSION_HARM
        seen["attacks"] += np.count_nonzero(attack)
        seen["attacks beyond"] += np.count_nonzero(attack & over[m.acts.cell])
        seen["harm beyond"] += m.acts.civilians[harm & over[m.acts.cell]].sum()
        ended = (resting > 0) & (~there | m.bands.scattered)
        rests += resting[ended].tolist()
        resting, away = np.where(there & ~m.bands.scattered, resting + 1, 0), there
    seen |= {"rest": float(np.mean(rests)), "fighters": float(m.bands.fighters.sum())}
    return seen | {"neighbour's consent": float(m.hosts.consent[:, 1].sum())}


@cache
def mean(arm: str) -> dict[str, float]:
    """Return the means over seeds of what happened in an arm."""
    runs = [weeks_of(arm, seed) for seed in SEEDS]
    return {key: float(np.mean([run[key] for run in runs])) for key in runs[0]}


def test_pressed_on_one_side_bands_go_to_the_other():
    assert mean("one side")["share beyond"] > 1.4 * mean("nobody")["share beyond"]
    assert mean("both sides")["share beyond"] < mean("one side")["share beyond"]


def test_and_come_back():
    assert mean("one side")["returns"] >= 5


def test_where_the_neighbour_leaves_them_alone_more_of_them_hide():
    assert mean("one side, tolerant neighbour")["share beyond"] > 1.2 * mean("one side")["share beyond"]


def test_the_neighbour_pays_with_a_larger_part_of_the_attacks():
    part = {arm: mean(arm)["attacks beyond"] / mean(arm)["attacks"] for arm in ("nobody", "one side")}
    assert part["one side"] > part["nobody"]


def test_a_right_of_pursuit_shortens_their_rest():
    held, free = mean("pursuit, tolerant neighbour"), mean("one side, tolerant neighbour")
    assert held["rest"] < free["rest"] and held["share beyond"] < free["share beyond"]
    assert held["fighters"] < free["fighters"]


def test_and_costs_people_beyond_the_border_whom_no_mission_had_harmed():
    assert mean("one side, tolerant neighbour")["harm beyond"] == 0 < mean("pursuit, tolerant neighbour")["harm beyond"]


def test_and_it_is_one_more_host_s_consent_to_lose():
    start = ARMS["pursuit, tolerant neighbour"].hosts["neighbour"].consent_to("UN")
    assert mean("one side, tolerant neighbour")["neighbour's consent"] == 0
    assert 0 < mean("pursuit, tolerant neighbour")["neighbour's consent"] < start
