"""The rule `campaigns`: each armed group has one campaign at a time, which moves on after some two months."""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, after, column, played, small

RAID = {"raid": {"week": 5, "event": "massacre", "by": "rebels", "deaths": 30}}
QUIET = {f"parameters.{rate}": 0.0 for rate in ("attacks.base", "battles.base", "state_abuse.base")}


def foci(setup, weeks: int) -> np.ndarray:
    """Return the focus of each group, week by week."""
    m, found = played(setup, 0), []
    for _ in range(weeks):
        m.step()
        found.append(column(m, "groups.focus"))
    return np.array(found)


def test_a_campaign_moves_on_after_some_two_months():
    focus = foci(small({"weeks": 160, "world.places": 20}), 160)
    moves = (np.diff(focus, axis=0) != 0).mean(axis=0)
    assert ((moves > 1 / 16) & (moves < 1 / 5)).all()


def test_a_campaign_is_where_missions_are_not():
    """One week from one state: a group that chooses anew avoids ground where it expects to be met [B-M15]."""
    now = {"parameters.campaigns.weeks": 1.0, "parameters.campaigns.cost_weight": 6.0}
    force = {"UN": UN | HERE | {"arrives": 3, "troops": 30_000}}
    guarded = []
    for weight in (0.0, 6.0):
        setup = small(now | {"parameters.campaigns.cost_weight": weight}, missions=force)
        states = [after("campaigns", setup, 3, seed) for seed in range(12)]
        guarded.append(np.mean([column(m, "near")[2, 0, column(m, "groups.focus")].mean() for m in states]))
    assert guarded[1] < guarded[0]


def test_violence_lingers_where_it_was_and_next_door():
    setup = small(QUIET, timeline=RAID)
    (cell,) = np.flatnonzero(column(after("campaigns", setup, 6), "cells.memory")[0] >= 1)
    memory = [column(after("campaigns", setup, week), "cells.memory")[0] for week in (5, 6, 7, 12)]
    neighbours = played(setup, 1).space.around(np.eye(memory[0].size)[cell]) > 0
    assert memory[0].max() == 0 and memory[1][cell] > memory[2][cell] > memory[3][cell] > 0
    assert (memory[1][neighbours] > 0).all() and memory[1][neighbours].max() < memory[1][cell]


def test_each_class_of_perpetrator_has_its_own_memory():
    by_host = {"raid": RAID["raid"] | {"by": "host"}}
    armed, state, _ = column(after("campaigns", small(QUIET, timeline=by_host), 6), "cells.memory")
    assert armed.max() == 0 < state.max()
