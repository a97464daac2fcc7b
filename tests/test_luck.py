"""Luck is addressed, not consumed: the same address gives the same number whatever else is asked."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from hashlib import blake2b

import numpy as np
import pytest
from helpers import AU, UN, assert_same, played, small, tables
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.luck import Luck, gumbel, whole
from sim.model import Model

NAMES = st.sampled_from(["attacks", "response", "reports", "spin_up", "a|b", ""])
SIZES = st.integers(0, 40)


def at(week: int, seed: int = 3) -> Luck:
    """Return the luck of a week."""
    luck = Luck(seed)
    luck.week = week
    return luck


@given(NAMES, NAMES, st.integers(0, 2000), SIZES, SIZES)
def test_asking_again_or_asking_for_other_things_first_changes_nothing(rule, owner, week, n, other):
    fresh, used = at(week), at(week)
    used("something", "else", other), used(rule, owner, other)
    used.week = week + 1
    used(rule, owner, n)
    used.week = week
    assert np.array_equal(fresh(rule, owner, n), used(rule, owner, n))


def test_what_is_handed_out_cannot_be_changed():
    luck = at(5)
    drawn = luck("attacks", "UN", (4, 2))
    expected = drawn.copy()
    with contextlib.suppress(ValueError):
        drawn[:] = 0.5
    assert np.array_equal(luck("attacks", "UN", (4, 2)), expected)


@given(NAMES, SIZES, SIZES)
def test_a_longer_array_begins_with_the_shorter_one(rule, n, more):
    """New slots change no old slot's luck: rows are filled in order, of one number or of several."""
    assert np.array_equal(at(5)(rule, "UN", n), at(5)(rule, "UN", n + more)[:n])
    assert np.array_equal(at(5)(rule, "UN", (n, 3)), at(5)(rule, "UN", (n + more, 3))[:n])


@pytest.mark.parametrize(
    "other",
    [at(6)("attacks", "UN", 9), at(5, seed=4)("attacks", "UN", 9), at(5)("battles", "UN", 9), at(5)("attacks", "AU", 9),
     at(5)("attacks|U", "N", 9)],
    ids=["week", "seed", "rule", "owner", "border"],
)  # fmt: skip
def test_every_part_of_the_address_matters(other):
    assert not np.isin(other, at(5)("attacks", "UN", 9)).any()


def test_numbers_are_uniform_and_independent_of_the_next_week_and_row():
    draws = np.stack([at(week)("attacks", "rebels", 200) for week in range(200)])
    assert (draws >= 0).all() and (draws < 1).all()
    assert stats.kstest(draws.ravel(), "uniform").pvalue > 0.001
    for one, following in ((draws[:-1], draws[1:]), (draws[:, :-1], draws[:, 1:])):
        assert abs(np.corrcoef(one.ravel(), following.ravel())[0, 1]) < 0.02


@given(NAMES, NAMES, st.integers(0, 2000), st.integers(0, 30))
def test_numbers_are_those_of_philox_with_address_as_key_and_week_as_counter(rule, owner, week, n):
    digest = blake2b(f"3|{rule}|{owner}".encode(), digest_size=16).digest()
    bits = np.random.Philox(key=np.frombuffer(digest, dtype=np.uint64), counter=np.array([0, 0, 0, week], np.uint64))
    assert np.array_equal(at(week).once(rule, owner, n), np.random.Generator(bits).random(n))


@given(st.integers(0, 100), st.integers(1, 6), st.lists(st.integers(0, 19), max_size=8))
def test_some_rows_of_a_draw_are_what_the_whole_has_there(week, size, rows):
    luck, slots, rows = at(week), [("a", 3), ("b", 0), ("c", 15), ("d", 2)], np.array(rows, np.int64)
    assert np.array_equal(luck.at("r", "UN", rows, size), luck("r", "UN", (20, size))[rows])
    assert np.array_equal(
        luck.of_slots_at("r", "by<", slots, rows, size), luck.of_slots("r", "by<", slots, (size,))[rows]
    )
    assert np.array_equal(luck.once_at("r/once", "UN", rows), luck.once("r/once", "UN", 20)[rows])


def test_neighbouring_seeds_are_unrelated():
    first = np.array([[at(w, seed)("attacks", "rebels", 1)[0] for w in range(100)] for seed in range(60)])
    assert abs(np.corrcoef(first[:-1].ravel(), first[1:].ravel())[0, 1]) < 0.05


CODE = "from sim.luck import Luck; l = Luck(3); l.week = 5; print(l('attacks', 'UN', 9).tolist())"


@pytest.mark.parametrize("hash_seed", ["0", "99"])
def test_luck_hangs_on_no_hash_seed_and_no_process(hash_seed):
    env = os.environ | {"PYTHONHASHSEED": hash_seed}
    printed = subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True).stdout
    assert printed.strip() == str(at(5)("attacks", "UN", 9).tolist())


def test_spin_up_has_luck_of_its_own():
    """However long a country lived before week 0, week 0 has the same luck, and other luck than the spin-up had."""
    one, other = Model(small({"spin_up": 3})), Model(small({"spin_up": 9}))
    assert one.run_seed == other.run_seed
    for m in (one, other):
        m.step()
    assert np.array_equal(one.luck("attacks", "rebels", 50), other.luck("attacks", "rebels", 50))
    spinning = at(0, seed=0)
    spinning.era = "spin_up/"
    assert not np.isin(spinning("attacks", "rebels", 50), at(0, seed=0)("attacks", "rebels", 50)).any()


def test_luck_hangs_on_no_scenario_s_name_and_no_mission():
    quiet = {"placebo": True}
    none, placebo = tables(small().named("a")), tables(small(quiet, missions={"UN": UN, "AU": AU}).named("b"))
    for found in (none, placebo):  # rights staff of the placebo are seen by those who record, and by nobody else
        found["events"] = found["events"].drop(columns="observed")
    assert_same(none, placebo, ["events"])


def test_more_hazard_loses_no_event_of_the_week():
    """From one state and the same luck, a higher rate adds events and takes none away."""
    rows = []
    for base in (0.01, 0.03):
        m = played(small({"spin_up": 0, "weeks": 1, "parameters.attacks.base": base}))
        events = m.tables()["events"].query("kind == 'attack_on_civilians'")
        rows.append({(e.perpetrator, e.cell, e.potential_deaths) for e in events.itertuples()})
    assert rows[0] < rows[1]


def test_whole_numbers_keep_the_mean():
    u = (np.arange(10_000) + 0.5) / 10_000
    assert whole(np.full(10_000, 2.3), u).mean() == pytest.approx(2.3, abs=1e-3)
    assert whole(np.full(10_000, -0.7), u).mean() == pytest.approx(-0.7, abs=1e-3)


def test_the_largest_of_utility_and_gumbel_noise_is_a_logit_choice():
    wish = np.log([0.2, 0.3, 0.5])
    chosen = (wish + gumbel(at(0)("choice", "", (40_000, 3)))).argmax(axis=1)
    assert np.bincount(chosen) / 40_000 == pytest.approx([0.2, 0.3, 0.5], abs=0.01)
