"""The same seed gives the same bytes: on any number of processes, for any hash seed, in any order of the file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
from helpers import BASE, LINK, SIX, fingerprint, plain, small, tables

import sim
from sim.scenario import Scenario

CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from helpers import LINK, SIX, fingerprint, small, tables
print(fingerprint(tables(small({"partnerships.UN-AU": LINK}, missions=SIX), seed=3)))
"""


def fresh(hash_seed: str) -> subprocess.Popen:
    """Start a new interpreter that plays six missions and prints the hash of all tables."""
    tests = str(Path(__file__).parents[1])
    env = os.environ | {"PYTHONHASHSEED": hash_seed}
    return subprocess.Popen([sys.executable, "-c", CODE, tests], env=env, stdout=subprocess.PIPE, text=True)


def test_two_fresh_processes_with_two_hash_seeds_give_these_bytes():
    started = [fresh(seed) for seed in ("0", "4711")]
    here = fingerprint(tables(small({"partnerships.UN-AU": LINK}, missions=SIX), seed=3))
    assert [p.communicate()[0].strip() for p in started] == [here, here]


def test_one_and_two_processes_give_the_same_tables():
    arms = [small(missions=SIX).named("six"), small().named("none")]
    one, two = (sim.run(arms, seeds=2, jobs=jobs) for jobs in (1, 2))
    for name in ("weeks", "actors", "perceptions", "summary", "events", "units", "ledger"):
        a, b = plain(getattr(one, name)), plain(getattr(two, name))
        pd.testing.assert_frame_equal(a, b, check_exact=True, obj=name)
    assert set(one.weeks.scenario.astype(str)) == {"six", "none"} and len(one.summary) == 4


def test_the_order_of_a_file_moves_nothing():
    tree = BASE | {"missions": SIX, "partnerships": {"b": LINK, "a": LINK | {"between": ["EU", "UN"]}}}
    turned = {key: dict(reversed(v.items())) if isinstance(v, dict) else v for key, v in tree.items()}
    one, other = (fingerprint(tables(Scenario.from_dict(t, "x"))) for t in (tree, turned))
    assert one == other


def test_a_scenario_s_name_and_words_move_nothing():
    plainly = small(missions=SIX)
    told = plainly.but({"title": "Words", "question": "Which?", "armed_groups.rebels.title": "Front"}).named("other")
    assert fingerprint(tables(plainly)) == fingerprint(tables(told))


def test_playing_another_model_in_between_moves_nothing():
    one = sim.Model(small(missions=SIX), 0)
    for _ in range(4):
        one.step()
    tables(small(), seed=5)
    assert fingerprint(one.run().tables()) == fingerprint(tables(small(missions=SIX)))
