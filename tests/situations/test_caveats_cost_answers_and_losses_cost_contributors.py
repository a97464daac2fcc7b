"""Two missions of one size: in one of them most soldiers come with caveats and few losses are borne.

Evidence: B-M16, B-M17, F-M135 (a unit with caveats refuses the task), E10 (quality counts at equal size). The number of
people in reach is the same; fewer attacks are answered, and those who bear least are the first to go.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model

SEEDS = 4
BOUND = {"A": {"share": 0.7, "caveats": 0.8}, "B": {"share": 0.3}}
SHY = {"A": {"share": 0.5, "casualty_tolerance": 0.2}, "B": {"share": 0.5}}


@cache
def runs(kind: str) -> list[Model]:
    """Return models after a year and a half."""
    contributors = {"free": {}, "bound": {"contributors": BOUND}, "shy": {"contributors": SHY}}[kind]
    setup = small({"weeks": 80}, missions={"UN": UN | HERE | contributors})
    return [Model(setup, seed, keep={"events", "units"}).run() for seed in range(SEEDS)]


def answered(kind: str) -> int:
    """Return how many attacks were answered over all runs."""
    return sum(int((m.tables()["events"].answered_by != "").sum()) for m in runs(kind))


def test_the_mission_with_caveats_answers_fewer_attacks():
    assert answered("bound") < 0.8 * answered("free")


def test_its_people_are_there_all_the_same():
    there = {kind: np.mean([m.missions.deployed[0, 0] for m in runs(kind)]) for kind in ("free", "bound")}
    assert there["bound"] == there["free"]


def test_who_bears_least_goes_first_and_takes_its_own_units():
    for m in runs("shy"):
        left = m.contingents.left
        assert left[0] >= left[1] == 0
    assert sum(float(m.contingents.left[0]) for m in runs("shy")) > 0.1
    units = runs("shy")[0].tables()["units"]
    people = units.groupby(["week", "contributor"], observed=True).people.sum().unstack()
    assert people["A"].iloc[-1] < people["A"].iloc[4] and people["B"].iloc[-1] == people["B"].iloc[4]
