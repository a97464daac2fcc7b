"""Sensitivity: the known indices of Ishigami, luck kept apart, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from SALib.analyze import sobol as salib_sobol
from swept import CUBE, METRIC, ishigami, runs

import sim
from sim.experiment.extras import need
from sim.experiment.sensitivity_designs import morris_design, scaled, sobol_design
from sim.experiment.sensitivity_morris import morris
from sim.experiment.sensitivity_sobol import sobol

NAMES = list(CUBE)
FIRST, TOTAL = np.array([0.3139, 0.4424, 0]), np.array([0.5576, 0.4424, 0.2437])
VARIANCE = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 0.5
TOLERANCE = 0.03
PROBLEM = {"num_vars": 3, "names": NAMES, "bounds": list(map(list, CUBE.values()))}


@pytest.fixture(scope="module")
def exact():
    return sobol(runs(sobol_design(NAMES, 1024), CUBE, ishigami), CUBE, METRIC)


@pytest.fixture(scope="module")
def noisy():
    return sobol(runs(sobol_design(NAMES, 1024), CUBE, ishigami, seeds=4, noise=3.0), CUBE, METRIC)


@pytest.mark.parametrize("kind", ["exact", "noisy"])
def test_the_indices_of_ishigami_are_found_with_and_without_noise(kind, request):
    found = request.getfixturevalue(kind)
    assert found.converged
    for key, known in (("S1", FIRST), ("ST", TOTAL)):
        rows = found.parameters
        assert rows[key].to_numpy() == pytest.approx(known, abs=TOLERANCE)
        assert (rows[f"{key}_low"] <= known).all() and (known <= rows[f"{key}_high"]).all()


def test_without_noise_the_indices_are_those_of_salib(exact):
    design = sobol_design(NAMES, 1024)
    theirs = salib_sobol.analyze(PROBLEM, ishigami(scaled(design, CUBE).to_numpy()), calc_second_order=False, seed=1)
    assert exact.parameters["ST"].to_numpy() == pytest.approx(theirs["ST"])
    assert exact.parameters["S1"].to_numpy() == pytest.approx(np.maximum(theirs["S1"], 0))


def test_what_luck_leaves_in_means_is_not_laid_at_the_unknowns(noisy):
    """With noise taken for signal, x3 would have .2437 and half the noise besides: 9 / 4 against a variance of 13.8."""
    inflated = (TOTAL[2] * VARIANCE + 9 / 4) / (VARIANCE + 9 / 4)
    third = noisy.parameters.iloc[2]
    assert third["ST_high"] < inflated


def test_the_share_of_the_seeds_is_recovered(noisy, exact):
    known = 9 / (9 + VARIANCE)
    assert noisy.noise == pytest.approx(known, abs=0.02)
    assert noisy.noise_interval.low < known < noisy.noise_interval.high
    assert noisy.table.iloc[-1]["parameter"] == "seed noise" and noisy.table.iloc[-1]["share"] == noisy.noise
    assert noisy.parameters["share"].iloc[1] == pytest.approx(TOTAL[1] * (1 - known), abs=TOLERANCE)
    assert np.isnan(exact.noise)


def test_luck_shared_by_all_points_of_a_seed_moves_no_index():
    frame = runs(sobol_design(NAMES, 1024), CUBE, ishigami, seeds=3)
    frame[METRIC] += frame["seed"].map({0: -4.0, 1: 1.0, 2: 5.0})
    found = sobol(frame, CUBE, METRIC).parameters
    assert found["ST"].to_numpy() == pytest.approx(TOTAL, abs=0.05)


def test_intervals_hold_the_known_indices_about_as_often_as_they_say():
    hits = []
    for seed in range(40):
        frame = runs(sobol_design(NAMES, 128, seed), CUBE, ishigami, seeds=2, noise=3.0, luck=seed)
        rows = sobol(frame, CUBE, METRIC).parameters
        for key, known in (("S1", FIRST), ("ST", TOTAL)):
            hits += ((rows[f"{key}_low"] <= known) & (known <= rows[f"{key}_high"])).tolist()
    assert 0.88 <= np.mean(hits) <= 1.0


def test_a_sample_that_is_too_small_is_refused_and_says_what_would_do():
    found = sobol(runs(sobol_design(NAMES, 64), CUBE, ishigami), CUBE, METRIC)
    first = found.parameters.iloc[0]
    assert not found.converged and np.isnan(first["S1"]) and first["S1_low"] < FIRST[0] < first["S1_high"]
    assert first["verdict"] == "not converged" and "wider than ±0.1" in first["why"]
    assert found.needed in (256, 512, 1024)  # the fixture with 1,024 has converged
    assert "not converged" in str(found) and "about 256 needed" in str(found)


def test_a_handful_of_base_samples_is_never_believed():
    flat = sobol(runs(sobol_design(NAMES, 8), CUBE, lambda x: x[:, 0]), CUBE, METRIC)
    assert not flat.converged and "fewer than 32 base samples" in flat.table["why"].iloc[0] and flat.needed >= 32


def test_no_index_is_told_below_zero(exact, noisy):
    for found in (exact, noisy):
        assert (found.parameters[["S1", "ST"]] >= 0).all(axis=None)


def test_of_two_arms_one_or_their_difference_is_explained():
    frame = runs(sobol_design(NAMES, 1024), CUBE, lambda x: 5 * x[:, 0], lambda x: 5 * x[:, 0] + x[:, 1], seeds=2)
    alone = sobol(frame, CUBE, METRIC, arm=0).parameters
    between = sobol(frame, CUBE, METRIC, arm=1, against=0)
    assert alone["ST"].to_numpy() == pytest.approx([1, 0, 0], abs=0.02)
    assert between.parameters["ST"].to_numpy() == pytest.approx([0, 1, 0], abs=0.02)
    assert between.outputs.subject == "arm 1 against arm 0" and between.noise == 0
    with pytest.raises(sim.SimError, match="one of the arms 0, 1"):
        sobol(frame, CUBE, METRIC)


def test_morris_equals_salib_and_tells_the_idle_from_the_rest():
    unknowns = {**CUBE, "parameters.b.idle": (0.0, 1.0)}
    design = morris_design(list(unknowns), 40)
    found = morris(runs(design, unknowns, ishigami), unknowns, METRIC, width=0.5)
    x = scaled(design, unknowns).to_numpy()
    problem = {"num_vars": 4, "names": list(unknowns), "bounds": [[0, 1]] * 4}
    theirs = salib_morris.analyze(problem, design, ishigami(x), num_levels=4, seed=1)
    for key in ("mu", "mu_star", "sigma"):
        assert found.parameters[key].to_numpy() == pytest.approx(np.asarray(theirs[key]), abs=1e-9)
    stars = found.parameters["mu_star"].to_numpy()
    assert stars[3] == 0 and (stars[:3] > 4).all()


def test_morris_orders_unknowns_by_what_they_move():
    found = morris(runs(morris_design(NAMES, 12), CUBE, lambda x: x @ [1.0, 9.0, 3.0]), CUBE, METRIC)
    assert found.converged and found.table["mu_star"].iloc[:3].rank().tolist() == [1, 3, 2]
    assert found.parameters["mu_star"].to_numpy() == pytest.approx(2 * np.pi * np.array([1, 9, 3]))


def test_morris_says_what_an_unknown_without_effect_would_show_by_luck():
    frame = runs(morris_design(NAMES, 200), CUBE, lambda x: 4 * x[:, 0], seeds=4, noise=2.0)
    found = morris(frame, CUBE, METRIC, width=0.5)
    idle, luck = found.parameters.iloc[2], found.table.iloc[-1]
    assert found.parameters["above_noise"].tolist() == [True, False, False]
    assert idle["mu_star"] == pytest.approx(luck["mu_star"], rel=0.1)
    assert idle["sigma"] == pytest.approx(luck["sigma"], rel=0.1)
    explained = (4 * frame.drop_duplicates("point")[NAMES[0]]).var()
    assert found.noise == pytest.approx(4 / (4 + explained), abs=0.02) and "not told from luck" in str(found)


def test_few_trajectories_are_refused_where_effects_differ():
    found = morris(runs(morris_design(NAMES, 4), CUBE, ishigami), CUBE, METRIC)
    refused = found.parameters[found.parameters["verdict"] == "not converged"]
    assert len(refused) and refused["mu_star"].isna().all() and found.needed > 4


def test_designs_are_the_same_for_a_seed_and_of_the_size_they_say():
    for make, size in ((sobol_design, 64 * 5), (morris_design, 64 * 4)):
        one, same, other = make(NAMES, 64, seed=3), make(NAMES, 64, seed=3), make(NAMES, 64, seed=4)
        assert one.shape == (size, 3) and one.min() >= 0 and one.max() <= 1
        assert (one == same).all() and (one != other).any()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: sobol_design(NAMES, 100), "a power of two"),
        (lambda: morris_design(NAMES, 1), "2 or more"),
        (lambda: morris_design(NAMES, 10, levels=5), "an even number"),
        (lambda: sobol_design([], 64), "one unknown or more"),
    ],
)
def test_a_design_that_is_none_is_an_error(make, message):
    with pytest.raises(sim.SimError, match=message):
        make()


def broken(frame, how):
    if how == "nan":
        frame.loc[7, METRIC] = np.nan
    elif how == "constant":
        frame[METRIC] = 3.0
    elif how == "missing":
        frame = frame[frame["point"] != 9]
    elif how == "shuffled":
        frame["point"] = frame["point"].to_numpy()[::-1]
    elif how == "cut":
        frame = frame[frame["point"] < 100]
    elif how == "twice":
        frame.loc[3, "point"] = 4
    return frame


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("nan", "not defined in 1 of 320 runs, at point 7"),
        ("constant", "3 in every run: there is nothing to explain"),
        ("missing", "no run at point 9"),
        ("shuffled", "not in the order of a Sobol design"),
        ("twice", "are there twice"),
    ],
)
def test_what_cannot_be_analysed_is_an_error_not_a_zero(how, message):
    frame = broken(runs(sobol_design(NAMES, 64), CUBE, ishigami), how)
    with pytest.raises(sim.SimError, match=message):
        sobol(frame, CUBE, METRIC)


def test_runs_of_another_design_are_an_error():
    frame = runs(np.random.default_rng(0).random((40, 3)), CUBE, ishigami)
    with pytest.raises(sim.SimError, match="run a Morris design"):
        morris(frame, CUBE, METRIC)
    with pytest.raises(sim.SimError, match="Sobol design"):
        sobol(frame, CUBE, METRIC)
    with pytest.raises(sim.SimError, match="did you mean 'civilians_killed'"):
        sobol(frame, CUBE, "civilians_kiled")


def test_a_seed_that_failed_somewhere_is_left_out_everywhere_and_that_is_said():
    frame = runs(sobol_design(NAMES, 64), CUBE, ishigami, seeds=3, noise=1.0)
    frame = frame[~((frame["point"] == 17) & (frame["seed"] == 1))]
    found = sobol(frame, CUBE, METRIC)
    assert found.outputs.left_out == (1,) and found.seeds == 2 and "1 seed left out" in str(found)


def test_a_missing_package_says_which_extra_to_install():
    with pytest.raises(sim.SimError, match=r"needs no_such_thing.*partnership-peacekeeping\[sweep\]"):
        need("no_such_thing.inside", "sweep")


def test_it_reads_in_a_notebook(noisy):
    html = noisy._repr_html_()
    assert html.count("<tr>") == 5 and "seed noise" in html and "parameters.a.two" in html
