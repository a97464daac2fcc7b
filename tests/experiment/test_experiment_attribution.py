"""Who averted how much: shares add up to the last death, whatever the arms did."""

from __future__ import annotations

import json
from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from toy import Toy, results_of, scenario, with_mission
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.errors import SimError
from sim.experiment import shapley
from sim.experiment.attribution import arms, attribute, share_out

NAMES = ("AU", "EU", "PMC", "UN")
LUCK = np.random.default_rng(5)
MISSION = {"org_type": "un", "profile": "un_multidimensional", "mandate": "poc", "troops": 500}


def killed_in(names: tuple[str, ...], draw) -> dict:
    """Return those killed on a few seeds for every set of missions, by a function that draws a number."""
    return {c: np.array([draw() for _ in range(3)]) for c in shapley.coalitions(names)}


@given(some.integers(1, 4), some.randoms(use_true_random=False))
def test_shares_add_up_to_the_whole_in_whole_numbers(n, random):
    names = NAMES[:n]
    killed = killed_in(names, lambda: random.randint(0, 10**6))
    shares, unit = shapley.shares(names, killed)
    assert unit == factorial(n) and all(s.dtype.kind == "i" for s in shares.values())
    assert (sum(shares.values()) == unit * (killed[frozenset()] - killed[frozenset(names)])).all()


def test_a_share_is_the_mean_over_all_orders_of_arrival():
    killed = killed_in(NAMES, lambda: int(LUCK.integers(0, 500)))
    shares, unit = shapley.shares(NAMES, killed)
    over_orders, number = shapley.sampled_shares(list(permutations(NAMES)), killed)
    assert number == unit and all((shares[m] == over_orders[m]).all() for m in NAMES)


def test_who_changes_nothing_gets_nothing_and_equals_get_the_same():
    killed = {c: np.array([100 - 30 * len(c & {"AU", "EU"})]) for c in shapley.coalitions(NAMES)}
    shares, unit = shapley.shares(NAMES, killed)
    assert shares["UN"] == shares["PMC"] == 0 and shares["AU"] == shares["EU"] == 30 * unit


def test_what_two_do_only_together_is_halved_between_them():
    killed = {c: np.array([100 - 20 * (len(c) == 2)]) for c in shapley.coalitions(("AU", "UN"))}
    shares, unit = shapley.shares(("AU", "UN"), killed)
    assert shares["AU"] / unit == shares["UN"] / unit == 10


def test_drawn_orders_come_with_their_reverses_and_add_up_too():
    names = tuple("ABCDEFG")
    orders = shapley.drawn_orders(names, 8)
    assert all(one == other[::-1] for one, other in zip(orders[::2], orders[1::2], strict=True))
    assert orders == shapley.drawn_orders(names, 8) and len(orders) == 8
    killed = {c: LUCK.integers(0, 500, 3) for c in shapley.prefixes(orders)}
    shares, unit = shapley.sampled_shares(orders, killed)
    assert (sum(shares.values()) == unit * (killed[frozenset()] - killed[frozenset(names)])).all()
    assert len(killed) < 2**7


def test_the_error_of_drawing_orders_covers_the_truth():
    """Harm averted by pairs, unequal: the estimate over many draws scatters by about the error that is told."""
    names = tuple("ABCDE")
    weight = {pair: int(LUCK.integers(0, 40)) for pair in permutations(names, 2)}
    killed = {c: np.array([10_000 - sum(weight[p] for p in permutations(sorted(c), 2)) - 300 * ({"A", "B", "C"} <= c)])
              for c in shapley.coalitions(names)}  # fmt: skip
    truth, whole = shapley.shares(names, killed)
    found, told = [], []
    for seed in range(60):
        orders = shapley.drawn_orders(names, 12, seed)
        shares, unit = shapley.sampled_shares(orders, killed)
        found.append(shares["A"].item() / unit), told.append(shapley.sampling_error(orders, killed)["A"])
    assert np.mean(found) == pytest.approx(truth["A"].item() / whole, abs=3 * np.std(found) / np.sqrt(60))
    assert np.std(found) == pytest.approx(np.mean(told), rel=0.35)


def three(name: str = "three"):
    """Return a country with three missions."""
    return scenario(name, missions=dict.fromkeys(("AU", "EU", "UN"), MISSION))


def test_every_set_of_missions_is_an_arm_and_differs_in_nothing_else():
    found = arms(three())
    assert len(found) == 8 and {frozenset(arm.missions) for arm in found.values()} == set(found)
    assert found[frozenset()].name == "nobody" and found[frozenset(("UN", "AU"))].name == "AU+UN"
    assert found[frozenset(("AU", "EU", "UN"))].digest == three().digest


def test_attribution_of_a_toy_adds_up_and_shares_equally():
    """Each of the toy's missions halves the killing."""
    a = attribute(three(), seeds=40, jobs=1, progress=False, _model=Toy)
    assert a.exact and (a.shares.sum(axis=1) == 6 * a.averted).all() and len(a.killed) == 40
    means = a.table.set_index("mission")["averted"]
    assert means["AU"] == pytest.approx(means["all"] / 3, rel=0.05) and means["all"] > 150
    row = a.table.set_index("mission").loc["UN"]
    assert row["alone"] > row["averted"] > row["last"] > 0 and row["low"] < row["averted"] < row["high"]
    pair = a.interactions.set_index("pair").loc["AU+UN"]
    assert pair["verdict"] == "less than the sum" and pair["ratio"] == pytest.approx(1, abs=0.05)
    told = str(a)
    for words in (
        "add up exactly",
        "8 arms run",
        "all orders of arrival",
        "ratio of ratios",
        "AU+EU",
        "not a forecast",
    ):
        assert words in told
    assert a._repr_html_().startswith("<pre>")


def test_more_than_four_missions_are_sampled_and_it_says_so():
    six = scenario("six", missions={f"M{k}": MISSION for k in range(6)})
    a = attribute(six, seeds=2, jobs=1, progress=False, orders=4, _model=Toy)
    assert a.exact and len(a.killed.columns) < 64 and len(a.orders) == 4
    assert "4 orders of arrival drawn" in str(a) and "error of sampling" in str(a)
    assert len(a.interactions) == 15 and (a.table["sampling_error"].iloc[:6] > 0).any()


def test_one_mission_gets_it_all():
    a = attribute(with_mission(), seeds=3, jobs=1, progress=False, _model=Toy)
    assert (a.shares["UN"] == a.averted).all() and a.interactions.empty and "together" not in str(a)


def test_nobody_sent_and_nothing_to_share():
    with pytest.raises(SimError, match="sends no mission"):
        attribute(scenario(), seeds=1, jobs=1, progress=False, _model=Toy)
    with pytest.raises(SimError, match="sends a mission"):
        results_of({"nobody": {"civilians_killed": [1, 2]}}).attribute()


def test_results_share_out_their_own_arms_and_play_only_what_is_missing(monkeypatch):
    played = []

    class Counting(Toy):
        def run(self):
            played.append(self.setup.name)
            super().run()

    pair = scenario("pair", missions={"AU": MISSION, "UN": MISSION})
    runs = sim.run([pair.without("AU").named("only UN"), pair], seeds=3, jobs=1, progress=False, _model=Counting)
    played.clear()
    a = runs.attribute(jobs=1, progress=False)
    assert sorted(set(played)) == ["AU", "nobody"] and a.exact and a.scenario == "pair"
    fresh = attribute(pair, seeds=3, jobs=1, progress=False, _model=Toy)
    pd.testing.assert_frame_equal(a.killed, fresh.killed, check_names=False)


def test_a_seed_that_one_arm_lacks_is_left_out():
    killed = {"nobody": pd.Series([9, 8, 7]), "UN": pd.Series([5, 5], index=[0, 2])}
    a = share_out(with_mission(), killed)
    assert a.killed.index.tolist() == [0, 2] and a.shares["UN"].tolist() == [4, 2]


SMALL = ["--seeds", "2", "--jobs", "1", "--weeks", "3", "--set", "spin_up=1", "--set", "world.places=40",
         "--set", "world.grid=[8, 8]", "--set", "missions.UN.arrives=0"]  # fmt: skip


def test_the_command_line_shares_out_and_keeps_tables(workplace):
    """The real model, few weeks."""
    call = CliRunner().invoke(app, ["compare", "un_alone", "un_au_parallel", *SMALL, "--attribute", "--out", "here"])
    assert call.exit_code == 0, call.output
    assert "Shares add up exactly" in call.stdout and "paired seeds" in call.stdout and "AU+UN" in call.stdout
    table = pd.read_csv(next((workplace / "here" / "attribution").glob("un_au*/attribution.csv")))
    assert table["mission"].tolist() == ["AU", "UN", "all"]
    alone = CliRunner().invoke(app, ["compare", "un_alone", *SMALL, "--attribute", "--json"])
    rows = json.loads(alone.stdout)
    assert [row["name"] for row in rows] == ["UN", "all"] and rows[0]["averted"] == rows[1]["averted"]
