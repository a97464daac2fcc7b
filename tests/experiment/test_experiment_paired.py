"""Metrics of several arms, on runs made by hand: cost of harm averted, interaction, displaced violence, exits."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from toy import results_of, scenario

from sim.experiment.about import about
from sim.experiment.exits import cancelled, leaving
from sim.experiment.paired import Arm
from sim.experiment.paired_metrics import relapse_after_exit, violence_displaced
from sim.experiment.pairs import quotient

LUCK = np.random.default_rng(3)
KILLED = LUCK.poisson(200, 20).astype(float)
UN = {"org_type": "un", "profile": "un_multidimensional", "mandate": "poc", "troops": 1000}
AU = UN | {"org_type": "regional", "profile": "regional_enforcement"}


def arms(**killed):
    """Return results of arms named by their missions: `nobody`, `UN`, `AU`, `both`; what all cost is 10 a mission."""
    sent = {"nobody": {}, "UN": {"UN": UN}, "AU": {"AU": AU}, "both": {"UN": UN, "AU": AU}}
    setups = [scenario(name, missions=sent[name]) for name in killed]
    values = {name: {"civilians_killed": list(k), "cost_all": [10.0 * len(sent[name])] * len(k)}
              for name, k in killed.items()}  # fmt: skip
    return results_of(values, setups)


def test_what_an_averted_death_costs_is_a_ratio_of_means():
    averted = LUCK.integers(5, 60, 20).astype(float)
    row = arms(nobody=KILLED, UN=KILLED - averted).compare("nobody").row("cost_per_harm_averted")
    assert row["mean_b"] == pytest.approx(200 / averted.sum()) and row["low"] < row["mean_b"] < row["high"]
    assert row["mean_b"] != pytest.approx(np.mean(10 / averted)) and row["unit"] == "US$ million"


def test_it_is_not_told_where_nothing_may_have_been_averted():
    r = arms(nobody=KILLED, UN=LUCK.permutation(KILLED)).compare("nobody")
    row = r.row("cost_per_harm_averted")
    assert row["verdict"] == "not estimable" and math.isnan(row["mean_b"]) and row["n"] == 20
    assert "Ratios that are not estimable from these runs: cost per harm averted." in str(r)
    assert "cost per harm averted" not in str(r).partition("\n\n")[2].partition("\n\n")[0]


def test_together_more_or_less_than_the_sum():
    r = arms(nobody=KILLED, UN=KILLED - 30, AU=KILLED - 20, both=KILLED - 30 - 20 - 7)
    assert r.compare("nobody").row("interaction:AU+UN", "both")["difference"] == pytest.approx(7)
    worse = arms(nobody=KILLED, UN=KILLED - 30, AU=KILLED - 20, both=KILLED - 10)
    row = worse.compare("nobody").row("interaction:AU+UN", "both")
    assert row["difference"] == pytest.approx(-40) and row["verdict"] == "lower"


def test_a_ratio_is_held_against_what_it_is_if_nothing_differs():
    below = LUCK.poisson(50, 20).astype(float)
    same = quotient(about("relapse_after_exit"), LUCK.permutation(below), below, neutral=1.0)
    more = quotient(about("relapse_after_exit"), 2 * below, below, neutral=1.0)
    assert (more.mean_a, more.mean_b, more.sign()) == (1, 2, 1) and more.interval() == pytest.approx((1, 1))
    low, high = same.interval()
    assert low < 0 < high and same.sign() == 0


def test_without_one_of_the_four_arms_there_is_no_interaction():
    found = arms(nobody=KILLED, UN=KILLED - 30, both=KILLED - 50).compare("nobody").table.metric
    assert not found.str.startswith("interaction").any() and "harm_averted" in set(found)


def events(*rows: tuple[int, str]) -> pd.DataFrame:
    """Return attacks in (week, cell) of a country whose cells are 25 km apart."""
    col = {letter: k for k, letter in enumerate("ABCDEFGHIJKL")}
    columns = {"week": [w for w, _ in rows], "cell": [c for _, c in rows], "kind": ["attack_on_civilians"] * len(rows)}
    columns |= {"x": [25.0 * col[c[0]] for _, c in rows], "y": [-25.0 * int(c[1:]) for _, c in rows]}
    return pd.DataFrame(columns).assign(scenario="arm", seed=0)


def arm(missions: dict, **tables: pd.DataFrame) -> Arm:
    """Return an arm of one seed."""
    setup = scenario("arm", missions=missions)
    return Arm(setup, pd.DataFrame(index=[0]), lambda name: tables[name])


def moved(before: pd.DataFrame, after: pd.DataFrame) -> tuple[float, float]:
    """Return attacks that came up near and attacks averted inside: a base stands in F5 from week 2."""
    units = pd.DataFrame({"week": [2, 3], "cell": ["F5"] * 2, "kind": ["base"] * 2, "actor": ["UN"] * 2})
    policy = arm({"UN": UN}, events=after, units=units.assign(scenario="arm", seed=0))
    up, averted = violence_displaced.compute(arm({}, events=before), policy, mission="UN")
    return up.item(), averted.item()


def test_displaced_violence_is_what_comes_up_beside_what_is_averted():
    """The base reaches one cell round: two of three attacks inside are gone, one of them came up two cells beyond."""
    corners = [(2, "A1"), (2, "L9")]
    before = events(*corners, (2, "F5"), (2, "G6"), (3, "F4"), (2, "B5"))
    after = events(*corners, (2, "F5"), (3, "I5"), (2, "B5"))
    assert moved(before, after) == (1, 2)


def test_what_is_farther_off_or_of_another_week_does_not_count():
    corners = [(2, "A1"), (2, "L9")]
    before = events(*corners, (1, "F5"), (2, "F5"))
    after = events(*corners, (1, "H5"), (2, "J5"), (2, "H5"))
    assert moved(before, after) == (1, 1)


LEAVING = {"gone": {"week": 3, "event": "withdrawal", "mission": "UN"}}


def test_an_exit_is_cancelled_with_all_that_makes_it():
    assert cancelled(scenario("stays", missions={"UN": UN})) is None
    falls = UN | {"troops": [[0, 500], [2, 1000], [4, 0]]}
    stay = cancelled(scenario("leaves", missions={"UN": falls}, timeline=LEAVING))
    assert stay is not None and not stay.timeline
    assert [list(step) for step in stay.missions["UN"].troops] == [[0, 500], [2, 1000]]


def test_relapse_is_the_year_after_the_exit_against_the_same_weeks_with_it_there():
    setup = scenario("arm", missions={"UN": UN}, timeline=LEAVING)
    weeks = pd.DataFrame({"week": range(6), "civilians_killed": [9, 9, 9, 4, 4, 4], "scenario": "arm", "seed": 0})
    units = pd.DataFrame({"week": [0, 1, 2], "scenario": "arm", "seed": 0, "actor": "UN", "kind": "base"})
    tables = {"weeks": weeks, "units": units}
    policy = Arm(setup, pd.DataFrame(index=[0]), lambda name: tables[name])
    staying = Arm(setup, pd.DataFrame(index=[0]), lambda name: weeks.assign(civilians_killed=1))
    after, there = relapse_after_exit.compute(staying, policy)
    assert (after.item(), there.item()) == (12, 3)
    rest = [(3, "UN", "formed_police"), (4, "UN", "base"), (3, "BINUH", "civilian_team")]
    bridged = pd.DataFrame(rest, columns=["week", "actor", "kind"]).assign(scenario="arm", seed=0)
    tables["units"] = pd.concat([units, bridged])
    again, _ = relapse_after_exit.compute(staying, policy)
    assert again.item() == 12, "police who stay, a successor and a return do not put the exit off"


def test_with_an_exit_goes_what_waits_for_it():
    """The mission that comes with the exit and the return that follows it are cancelled with it."""
    back = {
        "event": "reentry",
        "mission": "UN",
        "when": {"follows": "gone", "measure": "civilian_deaths", "above": 9.0},
    }
    successor = UN | {"on_event": "gone"}
    setup = scenario("leaves", missions={"UN": UN, "AU": successor}, timeline=LEAVING | {"back": back})
    stay = cancelled(setup)
    assert stay is not None and not stay.timeline and list(stay.missions) == ["UN"]
    assert leaving(setup) == ["UN"] and not leaving(stay)
