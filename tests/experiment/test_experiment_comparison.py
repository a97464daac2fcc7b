"""Comparisons of results made by hand: signs, nulls, ties, several arms, metrics that need two runs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from toy import results_of, scenario, with_mission

from sim.errors import SimError
from sim.experiment.paired import paired_metric
from sim.experiment.paired_metrics import PAIRED

LUCK = np.random.default_rng(0)
KILLED = LUCK.poisson(200, 30).astype(float)


def against(metric="civilians_killed", a=KILLED, **arms):
    arms = {"base": {metric: list(a)}, **{name: {metric: list(b)} for name, b in arms.items()}}
    return results_of(arms).compare("base")


def test_a_clear_difference_is_paired_by_seed():
    b = KILLED - 30 + LUCK.normal(0, 5, 30).round()
    row = against(arm=b).row("civilians_killed")
    assert row["verdict"] == "lower" and row["sign"] == -1 and not row["null"] and row["n"] == 30
    assert (row["low"], row["high"]) == pytest.approx(stats.ttest_rel(b, KILLED).confidence_interval())
    assert row["difference"] == pytest.approx((b - KILLED).mean()) and row["agree"] == 1
    assert row["ratio"] == pytest.approx(b.sum() / KILLED.sum())
    assert row["ratio_low"] < row["ratio"] < row["ratio_high"] < 1
    assert row["median"] == np.median(b - KILLED) and row["p05"] < row["median"] < row["p95"]
    assert row["unit"] == "people" and row["better"] == "lower"


def test_a_difference_that_is_certain_but_small_is_none():
    b = KILLED - 1  # far below 0.2 of the spread between runs
    row = against(arm=b).row("civilians_killed")
    assert row["high"] < 0 and row["agree"] == 1 and row["sign"] == 0 and row["verdict"] == "flat"


def test_a_difference_on_two_seeds_in_three_is_no_sign():
    b = KILLED + np.where(np.arange(30) % 3 == 0, 0, 40)
    row = against(arm=b).row("civilians_killed")
    assert row["low"] > 0 and row["agree"] == pytest.approx(2 / 3) and row["verdict"] == "open"


def test_what_is_lost_in_noise_is_open_and_says_its_power():
    comparison = against(arm=LUCK.permutation(KILLED) * LUCK.choice([0.2, 2], 30))
    row = comparison.row("civilians_killed")
    assert row["verdict"] == "open" and row["detectable"] > abs(row["difference"])
    assert f"below {100 * row['detectable'] / KILLED.mean():.0f} % unseen" in str(comparison)


def test_equal_arms_are_flat():
    row = against(arm=KILLED).row("civilians_killed")
    assert row["verdict"] == "flat" and row["null"] and row["agree"] == 0 and row["effect"] == 0


def test_a_share_is_flat_within_three_points_and_has_no_ratio():
    share = LUCK.uniform(0.3, 0.7, 30)
    near = against("impartiality_min:UN", share, arm=share + LUCK.normal(0, 0.01, 30)).row("impartiality_min:UN")
    far = against("impartiality_min:UN", share, arm=share - 0.1).row("impartiality_min:UN")
    assert near["verdict"] == "flat" and math.isnan(near["ratio"])
    assert far["verdict"] == "lower" and far["difference"] == pytest.approx(-0.1)


def test_a_share_of_attacks_is_a_ratio_of_sums_where_the_sums_are_known():
    known_a, known_b = np.array([10.0, 1000] * 10), np.array([20.0, 900] * 10)
    a, b = np.array([0.5, 0.1] * 10), np.array([0.6, 0.2] * 10)
    name, of = "attacks_answered_share:UN", "attacks_answered_share_of:UN"
    arms = {"base": {name: list(a), of: list(known_a)}, "arm": {name: list(b), of: list(known_b)}}
    comparison = results_of(arms).compare("base")
    row = comparison.row(name)
    assert row["mean_a"] == pytest.approx((a * known_a).sum() / known_a.sum()) != pytest.approx(a.mean())
    assert row["low"] < row["difference"] < row["high"]
    assert list(comparison.table["metric"]) == [name]


def test_several_arms_are_corrected_and_it_says_so():
    arms = {f"arm {k}": KILLED - shift + LUCK.normal(0, 12, 30) for k, shift in enumerate((60, 6, 0))}
    several = against(**arms)
    alone = {name: against(arm=b).row("civilians_killed") for name, b in arms.items()}
    rows = {name: several.row("civilians_killed", name) for name in arms}
    assert 1 - rows["arm 0"]["level"] == pytest.approx(0.05 / 3)
    assert all(rows[name]["high"] - rows[name]["low"] >= alone[name]["high"] - alone[name]["low"] for name in arms)
    assert "Holm" in str(several) and "4 arms run" in str(several) and "Holm" not in str(against(arm=KILLED))


def test_verdicts_rest_on_a_hundred_seeds_at_most():
    first, rest = np.zeros(100), np.full(900, 50.0)
    a = LUCK.poisson(200, 1000).astype(float)
    row = against(a=a, arm=a + np.concatenate([first, rest])).row("civilians_killed")
    assert row["low"] > 0 and row["n"] == 1000 and row["sign"] == 0


def test_an_actor_who_is_not_there_kills_nobody_and_has_no_standing():
    arms = {
        "base": {"civilians_killed": [5, 6, 7]},
        "arm": {"civilians_killed": [7, 9, 9], "civilians_killed:AU": [2, 3, 2], "coverage:AU": [0.4, 0.5, 0.6]},
    }
    comparison = results_of(arms).compare("base")
    assert comparison.row("civilians_killed:AU")["difference"] == pytest.approx(7 / 3)
    row = comparison.row("coverage:AU")
    assert row["verdict"] == "not estimable" and row["n"] == 0 and row["mean_b"] == pytest.approx(0.5)
    assert "in one arm only" in str(comparison)


def test_a_seed_without_a_value_is_left_out():
    row = against("hit_rate:AU", [0.5, math.nan, 0.4, 0.5], arm=[0.6, 0.7, math.nan, 0.7]).row("hit_rate:AU")
    assert row["n"] == 2 and row["difference"] == pytest.approx(0.15)


def test_one_seed_is_not_estimable():
    comparison = against(a=[100.0], arm=[50.0])
    assert comparison.row("civilians_killed")["verdict"] == "not estimable" and "1 paired seed," in str(comparison)


def test_harm_averted_is_what_nobody_would_have_prevented():
    killed = {"nobody": KILLED, "policy": KILLED - 20, "elsewhere": KILLED}
    setups = [scenario("nobody"), with_mission("policy"), with_mission("elsewhere", world={"seed": 8})]
    r = results_of({name: {"civilians_killed": list(k)} for name, k in killed.items()}, setups)
    rows = r.compare("policy").table.query("metric == 'harm_averted'")
    assert list(rows["arm"]) == []  # the policy is the baseline here, and elsewhere lies in another country
    row = r.compare("nobody").row("harm_averted", "policy")
    assert row["baseline"] == "nobody" and row["verdict"] == "higher"
    assert row["difference"] == row["low"] == row["high"] == 20
    with pytest.raises(SimError, match="harm_averted"):
        r.compare("nobody").row("harm_averted", "elsewhere")


def test_a_paired_metric_is_one_function():
    @paired_metric(arms=("no_mission", "policy"), unit="ratio", better="lower", source="test")
    def killed_against_nobody(no_mission, policy):
        """Killed under the policy, of those killed without."""
        return policy["civilians_killed"] / no_mission["civilians_killed"]

    try:
        arms = {"nobody": {"civilians_killed": [10, 20]}, "policy": {"civilians_killed": [5, 5]}}
        comparison = results_of(arms, [scenario("nobody"), with_mission("policy")]).compare("nobody")
        assert comparison.row("killed_against_nobody")["difference"] == pytest.approx(0.375)
    finally:
        del PAIRED["killed_against_nobody"]


def test_metrics_are_chosen_by_name_and_wrong_ones_refused():
    values = {"civilians_killed": [1, 2], "civilians_killed:rebels": [1, 1], "battle_deaths": [3, 4]}
    r = results_of({"base": values, "arm": values})
    found = r.compare("base", "civilians_killed").table["metric"]
    assert list(found) == ["civilians_killed", "civilians_killed:rebels"]
    assert list(r.compare("base", ["civilians_killed:rebels"]).table["metric"]) == ["civilians_killed:rebels"]
    with pytest.raises(SimError, match="did you mean 'battle_deaths'"):
        r.compare("base", "battel_deaths")
    with pytest.raises(SimError, match="did you mean 'base'"):
        r.compare("bas")
    with pytest.raises(SimError, match="nothing to compare"):
        results_of({"base": {"civilians_killed": [1]}}).compare("base")


def test_runs_of_other_length_or_country_are_no_pairs():
    setups = [scenario("base"), scenario("arm", world={"seed": 9})]
    r = results_of({k: {"civilians_killed": [1, 2, 3]} for k in ("base", "arm")}, setups)
    assert str(r.compare("base")).splitlines()[1].startswith("Caution: arm and base differ in world")
    assert "Caution" not in str(against(arm=KILLED))


def test_a_comparison_reads_as_text_and_html():
    comparison = against(arm=KILLED - 30)
    told, page = str(comparison), comparison._repr_html_()
    for words in ("arm against base: 30 paired seeds", "civilians killed (people)", "lower", "not a forecast"):
        assert words in told and words in page
    assert "*" not in told and page.startswith("<p>") and "<table>" in page
    both = comparison.differences("civilians_killed")
    assert list(both.columns) == ["a", "b", "difference"] and both.index.name == "seed"
    assert (both["difference"] == -30).all()
