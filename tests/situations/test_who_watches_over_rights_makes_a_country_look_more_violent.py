"""A mission whose staff find out who did what makes more of the same violence known: the record rises, not the truth.

Evidence: B-M99, S-M42 (rights staff find out what happened); E35 counts reported attacks. In a placebo run nothing but
the record differs, so the true events are the same to the last one.
"""

from __future__ import annotations

from helpers import HERE, UN, small, tables

LOUD = {"placebo": True, "parameters.attacks.base": 0.1, "parameters.record.by_rights": 3.0}


def events(tasks: list[str], seed: int):
    """Return the events of a run in which missions change nothing but what is recorded."""
    mission = UN | HERE | {"oversight": 1.0, "civilians": 1000, "mandate": {"tasks": tasks}}
    return tables(small(LOUD, missions={"UN": mission}), seed)["events"]


def test_more_is_recorded_and_nothing_more_happens():
    for seed in range(3):
        silent, watching = (events(tasks, seed) for tasks in (["presence"], ["presence", "human_rights_monitoring"]))
        assert silent.deaths.equals(watching.deaths) and silent.cell.equals(watching.cell)
        assert watching.observed.sum() > silent.observed.sum() > 0
