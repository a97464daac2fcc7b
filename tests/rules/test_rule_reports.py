"""The rule `reports`: communities tell missions where bands are, if they trust them and somebody is near to tell."""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, after, column, small, village

RAID = {"raid": {"week": 4, "event": "massacre", "by": "rebels", "deaths": 30}}


def told(week: int = 3, changes=None, timeline=None, **dials) -> float:
    """Return how many reports on bands a mission gets in a village in a week, as a mean over luck."""
    setup = village(changes, missions={"UN": UN | HERE | dials}, timeline=timeline or {})
    return np.mean([column(after("reports", setup, week, seed), "missions.heard_of")[0] for seed in range(8)])


def test_people_tell_a_mission_that_listens():
    assert told() > 1 and told(liaison=0.0) == 0


def test_they_tell_less_the_less_they_think_of_it():
    assert told(changes={"parameters.perceptions.prior": 0.2}) < 0.5 * told()


def test_they_tell_less_in_fear_of_reprisal():
    """The week after a raid, against the same week without one [B-M26, F-M72]."""
    fearful = {"parameters.reports.fear_gain": 2.0, "parameters.reports.fear_weight": 1.0}
    assert told(5, fearful, RAID) < 0.5 * told(5, fearful)


def test_an_attack_frightens_and_fear_fades():
    setup = village(missions={"UN": UN | HERE}, timeline=RAID)
    fear = [column(after("reports", setup, week), "cells.fear")[0] for week in (4, 5, 6)]
    assert fear[0] == 0 < fear[2] < fear[1]


def test_some_alerts_are_false():
    setup = village({"parameters.reports.false_alerts": 6.0}, missions={"UN": UN | HERE})
    assert (column(after("reports", setup, 2), "items.false") >= 0).any()
    none = setup.but({"parameters.reports.false_alerts": 0.0})
    assert (column(after("reports", none, 2), "items.false") == -1).all()


FOUND_OUT = {"parameters.informants.found_out": 1.0}


def exposed(changes=None, week: int = 3, **dials) -> float:
    """Return how far a village is known to have informed, as a mean over luck."""
    setup = village(changes, missions={"UN": UN | HERE | dials})
    return np.mean([column(after("reports", setup, week, seed), "cells.exposed")[0] for seed in range(8)])


def test_a_report_that_is_found_out_exposes_the_place_and_frightens_it():
    assert exposed({"parameters.informants.found_out": 0.0}) == 0 < exposed(FOUND_OUT)
    calm, afraid = (
        column(after("reports", village(changes, missions={"UN": UN | HERE}), 3), "cells.fear")[0]
        for changes in ({"parameters.informants.found_out": 0.0}, FOUND_OUT)
    )
    assert calm == 0 < afraid


def test_work_with_communities_shields_the_sources():
    found = {"parameters.informants.found_out": 0.3, "parameters.informants.discretion": 1.0}
    tasks = {"presence": 1.0, "early_warning": 1.0}
    careless, careful = ({"mandate": {"tasks": t, "use_of_force": "protection"}} for t in (
        tasks, tasks | {"community_engagement": 1.0}))  # fmt: skip
    assert exposed(found, **careful) < 0.8 * exposed(found, **careless)


def test_early_warning_sifts_out_false_alerts_and_puts_places_right():
    many = {"parameters.reports.false_alerts": 6.0, "parameters.reports.location_error": 0.9, "spin_up": 0}

    def false_and_wrong(tasks) -> tuple[float, float]:
        mission = UN | {
            "arrives": 1,
            "ramp": 1,
            "mandate": {"tasks": tasks, "use_of_force": "protection"},
            "troops": 9000,
        }
        false, wrong = [], []
        for seed in range(12):
            m = after("reports", small(many, missions={"UN": mission}), 3, seed)
            false.append((column(m, "items.false") >= 0).sum())
            told = column(m, "items.told")[0]
            wrong.append((column(m, "items.place")[0] != column(m, "bands.cell"))[told])
        return float(np.mean(false)), float(np.concatenate(wrong).mean())

    plain, checked = (false_and_wrong(t) for t in (["presence", "community_engagement"], ["presence", "early_warning"]))
    assert checked[0] < 0.8 * plain[0] and checked[1] < 0.8 * plain[1]
