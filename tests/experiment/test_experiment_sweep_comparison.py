"""Arms over a sweep: worlds are the observations, pairing's worth is measured, replications are judged."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from swept import METRIC, runs

import sim
from sim.experiment.adequacy import adequacy, adequacy_table
from sim.experiment.sweep_comparison import arm_names, compare_arms

UNKNOWNS = {"parameters.g.one": (0.0, 10.0), "parameters.g.two": (0.0, 10.0)}
CHOICE = "partnerships.UN-AU.coordination"


def base(x):
    return 100 + x[:, 0]


def better(x):
    """Save 10 lives, in every world."""
    return base(x) - 10


def either(x):
    """Help or hurt, as the second unknown lies below or above 7.5."""
    return base(x) + np.where(x[:, 1] < 7.5, -8.0, 8.0)


def swept(*arms, points=64, seeds=4, noise=4.0, shared=0.0, luck=3):
    design = np.random.default_rng(luck).random((points, 2))
    frame = runs(design, UNKNOWNS, base, *arms, seeds=seeds, noise=noise, shared=shared, luck=luck, own=True)
    return frame.assign(**{CHOICE: frame["arm"] / 10})


def compared(*arms, **how):
    return compare_arms(swept(*arms, **how), 0, choices=[CHOICE], unknowns=UNKNOWNS)


def test_worlds_and_not_runs_are_the_observations():
    frame, row = swept(either), compared(either).row(METRIC)
    mean = frame.pivot_table(index="point", columns="arm", values=METRIC)
    known = stats.ttest_1samp(mean[1] - mean[0], 0)
    assert (row["points"], row["pairs"]) == (64, 256)
    assert (row["low"], row["high"]) == pytest.approx(tuple(known.confidence_interval()))
    assert row["p"] == row["p_holm"] == pytest.approx(known.pvalue)
    assert compared(either, seeds=40).row(METRIC)["high"] == pytest.approx(
        row["high"], abs=1.0
    )  # seeds narrow it little


def test_worlds_that_share_their_seeds_are_not_independent():
    """A difference that is luck of six shared seeds and little else: the interval holds zero as often as it says."""
    held = []
    for k in range(200):
        draw = np.random.default_rng(k)
        seeds, worlds = draw.normal(size=6), 0.3 * draw.normal(size=40)
        frame = swept(base, points=40, seeds=6, luck=k)
        frame["seed"] %= 1000
        second = frame["arm"] == 1
        frame[METRIC] = np.where(second, seeds[frame["seed"]] + worlds[frame["point"]], 0.0)
        row = compare_arms(frame, 0, [METRIC], choices=[CHOICE], unknowns=UNKNOWNS).row(METRIC)
        held.append(row["low"] <= 0 <= row["high"])
    assert np.mean(held) >= 0.93


def test_one_seed_that_all_worlds_share_leaves_no_interval():
    frame = swept(either, seeds=1).assign(seed=0)
    row = compare_arms(frame, 0, [METRIC], choices=[CHOICE], unknowns=UNKNOWNS).row(METRIC)
    assert np.isnan(row["low"]) and row["p"] == 1


def test_it_says_in_which_share_of_worlds_either_side_wins():
    row = compared(either, noise=1.0).row(METRIC)
    helps = (np.random.default_rng(3).random((64, 2))[:, 1] < 0.75).mean()
    assert row["lower"] == pytest.approx(helps) and row["higher"] == pytest.approx(1 - helps) and row["tied"] == 0
    assert row["verdict"] == "slightly lower"  # 4 in 105: a null holds as well
    assert compared(better).row(METRIC)["lower"] == 1.0


def test_arms_that_are_alike_are_flat():
    frame = swept(better, shared=5.0)
    frame.loc[frame["arm"] == 1, METRIC] = frame.loc[frame["arm"] == 0, METRIC].to_numpy()
    row = compare_arms(frame, metrics=METRIC).row(METRIC)
    assert (row["verdict"], row["tied"], row["difference"]) == ("flat", 1.0, 0.0)
    assert "all alike" in str(compare_arms(frame, metrics=METRIC))


def test_the_share_of_the_spread_over_worlds_that_is_luck_is_told():
    assert compared(better).row(METRIC)["luck"] == pytest.approx(1, abs=0.25)
    assert compared(either, noise=0.5).row(METRIC)["luck"] < 0.02


@pytest.mark.parametrize(("shared", "known"), [(0.0, 1.0), (4.0, 2.0), (12.0, 10.0)])
def test_what_the_pairing_of_seeds_saves_is_measured_with_its_interval(shared, known):
    """Variance apart: 2 x (16 + shared^2); paired: 2 x 16."""
    row = compared(better, shared=shared, points=150).row(METRIC)
    assert row["vrf_low"] < known < row["vrf_high"] and row["vrf"] == pytest.approx(known, rel=0.2)
    few = compared(better, shared=shared, points=2, seeds=200).row(METRIC)
    assert few["vrf_low"] < known < few["vrf_high"]


def test_with_one_seed_a_point_nothing_is_said_of_pairing():
    row = compared(better, seeds=1).row(METRIC)
    assert np.isnan([row["vrf"], row["luck"]]).all() and row["low"] < -10 < row["high"]


def test_several_arms_are_corrected_by_holm():
    c = compared(better, either, base)
    assert c.corrected and c.arms == (1, 2, 3)
    p = c.table["p"].to_numpy()
    order = np.argsort(p)
    stepped = np.minimum(np.maximum.accumulate(p[order] * [3, 2, 1]), 1)
    assert c.table["p_holm"].to_numpy()[order] == pytest.approx(stepped)
    excluded = (c.table["low"] > 0) | (c.table["high"] < 0)
    assert (excluded == (c.table["p_holm"] <= 0.05)).all() and excluded.tolist() == [True, True, False]
    assert "Holm" in str(c)


def test_with_one_point_it_is_the_plain_comparison_over_seeds():
    frame = swept(better, points=1, seeds=20)
    row = compare_arms(frame, unknowns=UNKNOWNS, choices=[CHOICE]).row(METRIC)
    wide = frame.pivot(index="seed", columns="arm", values=METRIC)
    known = stats.ttest_1samp(wide[1] - wide[0], 0).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx(tuple(known))
    assert row["points"] == 1 and "a seed is one observation" in str(compare_arms(frame, unknowns=UNKNOWNS))


def test_a_ratio_is_pooled_over_the_seeds_of_a_world():
    """One answered of one and none of nine are 1 of 10, not a half."""
    share, whole = "attacks_answered_share:UN", "attacks_answered_share_of:UN"
    rows = [(0, 0, 1.0, 1), (1, 0, 0.0, 9), (0, 1, 1.0, 5), (1, 1, 1.0, 5)]
    frame = pd.DataFrame(rows, columns=["seed", "arm", share, whole]).assign(point=0)
    both = pd.concat([frame, frame.assign(point=1)])
    c = compare_arms(both)
    assert list(c.table["metric"]) == [share]
    assert (c.row(share)["mean_a"], c.row(share)["mean_b"]) == pytest.approx((0.1, 1.0))


def test_an_actor_who_is_in_one_arm_only_has_none_of_what_is_counted_in_the_other():
    frame = swept(better, noise=0.0).assign(**{"civilians_killed:AU": lambda f: np.where(f["arm"] == 1, 5.0, np.nan)})
    row = compare_arms(frame, metrics=["civilians_killed:AU"]).row("civilians_killed:AU")
    assert (row["mean_a"], row["mean_b"], row["higher"]) == (0, 5, 1)


def test_pairs_of_which_one_run_failed_are_left_out():
    frame = swept(better, noise=0.0)
    c = compare_arms(frame.drop(frame.index[[0, 5]]), metrics=METRIC)
    assert c.row(METRIC)["pairs"] == 254 and c.row(METRIC)["difference"] == pytest.approx(-10)


def test_arms_are_named_by_what_was_chosen():
    frame = pd.DataFrame({"arm": [0, 1], "a.b.care": [0.5, 1.0], "x.care": ["low", "high"], "x.lead": [True, False]})
    assert arm_names(frame, ["x.lead"]) == {0: "lead=True", 1: "lead=False"}
    assert arm_names(frame, ["a.b.care", "x.care"])[1] == "a.b.care=1, x.care=high"
    assert arm_names(frame, []) == {0: "arm 0", 1: "arm 1"}


def test_it_reads_by_arm_with_shares_of_worlds_and_in_a_notebook():
    c = compared(better, shared=8.0)
    told = str(c)
    assert (
        "Against coordination=0: 2 arms, 64 worlds, 256 pairs" in told
        and "100 %" in told
        and "coordination=0.1" in told
    )
    assert "civilians killed" in told and "Exploratory" in told and "<table>" in c._repr_html_()


def test_what_cannot_be_compared_is_an_error():
    for how, message in (({"baseline": 7}, "one of the arms 0, 1"), ({"metrics": "civilians_kiled"}, "did you mean")):
        with pytest.raises(sim.SimError, match=message):
            compare_arms(swept(better), **how)
    with pytest.raises(sim.SimError, match="the sweep has no other"):
        compare_arms(swept())
    frame = swept(better)
    with pytest.raises(sim.SimError, match="there twice"):
        compare_arms(pd.concat([frame, frame.tail(1)]), metrics=METRIC)
    with pytest.raises(sim.SimError, match="no comparison of"):
        compared(better).row(METRIC, 5)


def values(n: int, share: float) -> np.ndarray:
    """Return n values of mean 100 whose standard deviation is a share of it."""
    x = stats.norm.ppf((np.arange(n) + 0.5) / n)
    return 100 + 100 * share * (x - x.mean()) / x.std(ddof=1)


def test_replications_say_how_far_off_they_are_and_how_many_would_do():
    """By hand: t(29) = 2.045, 2.045 x .375 / sqrt(30) = 14 %; t(56) x .375 / sqrt(57) = 9.95 %, 56 are too few."""
    told = adequacy(values(30, 0.375))
    assert str(told) == "30 runs: ±14 %; about 57 needed for ±10 %"
    for n, within in ((57, True), (56, False)):
        half = stats.t.ppf(0.975, n - 1) * 0.375 / np.sqrt(n)
        assert (half <= 0.10) == within
    assert adequacy(values(told.needed, 0.375)).enough and not adequacy(values(told.needed - 1, 0.375)).enough


def test_replications_that_are_enough_or_too_few_or_about_nothing_say_so():
    assert str(adequacy(values(30, 0.1))) == "30 runs: ±4 %; enough for ±10 %"
    assert str(adequacy([5.0])) == "1 run: too few to tell how far off"
    assert "the mean is zero" in str(adequacy([1.0, -1.0])) and adequacy([0.0, 0.0]).enough
    assert adequacy([3.0, 3.0, np.nan]).runs == 2 and adequacy([3.0, 3.0]).half == 0
    with pytest.raises(sim.SimError, match="a share above 0"):
        adequacy([1.0, 2.0], target=10)


def test_over_points_the_spread_between_seeds_is_pooled_and_that_between_worlds_left_out():
    frame = swept(better, points=50, seeds=8, noise=30.0)
    table = adequacy_table(frame, [METRIC], target=0.1).set_index("arm")
    known = stats.t.ppf(0.975, 50 * 7) * 30 / np.sqrt(8) / frame[frame["arm"] == 0][METRIC].mean()
    assert table.loc[0, "half"] == pytest.approx(known, rel=0.1) and table.loc[0, "worst"] > table.loc[0, "half"]
    assert table["points"].tolist() == [50, 50] and table["seeds"].tolist() == [8, 8]
    assert 25 < table.loc[0, "needed"] < 45 and table.loc[0, "told"].startswith("8 runs: ±")
