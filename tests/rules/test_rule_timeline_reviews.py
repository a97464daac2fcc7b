"""The rule `timeline`: mandates are reviewed when their term is over, and renewed, narrowed or not renewed."""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, column, played, small, village

from sim.scenario import catalogue

TASKS = dict.fromkeys(sorted(catalogue.tasks()), 0.5) | {"presence": 1.0, "good_offices": 0.9, "rule_of_law": 0.2}
MANDATE = {"tasks": TASKS, "use_of_force": "protection", "review": 8}


def reviewed(weeks: int, seed: int = 0, host: dict | None = None, **mandate):
    """Return a village after some weeks under a mandate with a term of eight weeks."""
    changes = {"weeks": 80} | {f"hosts.host.{key}": value for key, value in (host or {}).items()}
    return played(village(changes, missions={"UN": UN | HERE | {"mandate": MANDATE | mandate}}), weeks, seed)


def people(m) -> int:
    """Return how many people the UN has."""
    return int(column(m, "missions.deployed").sum())


def test_a_united_council_renews_in_agreed_language():
    m = reviewed(40)
    assert dict(m.mandates[0].tasks) == TASKS and people(m) == people(reviewed(4))


def test_one_that_follows_the_field_narrows_the_mandate_from_below_when_its_term_is_over():
    before, after, later = (dict(reviewed(w, adapts=1.0).mandates[0].tasks) for w in (8, 9, 30))
    assert before == TASKS
    assert after["presence"] == 1.0 and after["rule_of_law"] / 0.2 < after["good_offices"] / 0.9 < 1
    assert later["rule_of_law"] < after["rule_of_law"]


def test_a_narrower_mandate_is_delivered_better_after_a_dip():
    plain, narrow, soon = reviewed(60), reviewed(60, adapts=1.0), reviewed(9, adapts=1.0)
    assert column(soon, "missions.friction")[0] > 0
    assert column(narrow, "missions.delivery").mean() > column(plain, "missions.delivery").mean()


def test_a_divided_council_may_let_go_of_what_is_not_wanted():
    away = {"consent": 0.0}
    kept = [people(reviewed(60, seed, away, unity=0.0)) for seed in range(3)]
    assert kept == [0, 0, 0]
    assert people(reviewed(60, 0, away)) > 2000


def test_it_is_likelier_to_keep_what_delivers_and_is_wanted():
    """Over seeds, at the same unity: a mission with few tasks and full consent against one that is not wanted."""
    few = {"tasks": {"presence": 0.2, "good_offices": 0.2}}
    stays = [people(reviewed(16 + 26, s, {"consent": 1.0}, unity=0.5, **few)) > 0 for s in range(6)]
    goes = [people(reviewed(16 + 26, s, {"consent": 0.0}, unity=0.5, **few)) > 0 for s in range(6)]
    assert np.mean(stays) > np.mean(goes)


def test_nobody_reviews_a_mission_that_is_not_there_yet():
    late = UN | {"arrives": 30, "mandate": MANDATE | {"unity": 0.0}}
    m = played(small({"weeks": 40, "hosts.host.consent": 0.0}, missions={"UN": late}), 29)
    assert m.strengths[0][0] == [(0, UN["troops"])]
