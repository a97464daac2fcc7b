"""What a study of a contrast says: where the two arrangements do equally well, and whether either side can win."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.errors import SimError
from sim.scenario.parameters import declared
from sim.validate import study
from sim.validate.contrast import COUNTRIES, Contrast, contrast

ARM = {"title": "one"}
TOY = Contrast.model_validate({
    "name": "toy", "question": "?", "base": "un_alone", "one": ARM, "other": {"title": "other"}, "outcome": ["killed"],
    "dial": {"meaning": "a dial", "levels": [0, 1, 2, 3, 4]}, "first": "worse", "sources": ["E1", "E4"],
})  # fmt: skip


def told(ratios: list[float], countries: int = 2, signs: tuple[int, int] = (1, -1)) -> pd.DataFrame:
    """Return rows as a study would, with the same ratios in every country, and signs that hold at both ends."""
    sign = [signs[0], 0, 0, 0, signs[1]]
    rows = [{"country": k, "level": x, "ratio": r, "sign": s}
            for k in [*range(countries), "all"] for x, (r, s) in enumerate(zip(ratios, sign, strict=True))]  # fmt: skip
    return pd.DataFrame(rows)


def test_it_flips_if_both_ends_hold_and_there_is_one_crossing():
    found = study.flips(TOY, told([1.5, 1.2, 0.9, 0.8, 0.7]))
    assert found["flips"] and found["crossings"] == 1 and found["countries"] == found["of"] == 2
    assert not study.flips(TOY, told([1.5, 0.9, 1.1, 0.8, 0.7]))["flips"]
    assert not study.flips(TOY, told([1.5, 1.2, 0.9, 0.8, 0.7], signs=(1, 0)))["flips"]


def test_the_crossing_lies_where_straight_lines_between_log_ratios_meet_zero():
    # exp(0.2) at level 1 and exp(-0.1) at level 2: two thirds of the way
    rows = told([1.5, float(np.exp(0.2)), float(np.exp(-0.1)), 0.8, 0.7])
    assert study.crossing(TOY, rows[rows.country == "all"]) == pytest.approx(1 + 2 / 3)
    rows = told([1.5, 1.4, 1.3, 1.2, 1.1])
    assert np.isnan(study.crossing(TOY, rows[rows.country == "all"]))


def hill(means: list[float], noise: float = 0.0) -> pd.DataFrame:
    """Return rows of three countries in which the first arm has these means, over ten pairs that differ by noise."""
    apart = np.random.default_rng(1).normal(0, 1, (5, 10)) * noise
    return pd.DataFrame([{"country": k, "level": x, "one": y, "each": y + apart[x] + np.arange(10)}
                         for k in (7, 11, 23, "all") for x, y in enumerate(means)])  # fmt: skip


def test_a_peak_is_the_best_level_strictly_inside_and_better_than_either_end():
    peaked = TOY.model_copy(update={"shape": "peak"})
    found = study.flips(peaked, hill([50, 40, 30, 45, 60], noise=1))
    assert found["flips"] and found["best"] == 2 and found["countries"] == found["of"] == 3
    assert found["first"] == pytest.approx(54.5 / 34.5, abs=0.05) and found["first_holds"] and found["last_holds"]
    assert not study.flips(peaked, hill([30, 40, 50, 55, 60]))["flips"]
    unsure = study.flips(peaked, hill([31, 40, 30, 45, 60], noise=20))
    assert unsure["last_holds"] and not unsure["first_holds"] and not unsure["flips"]


def test_an_outcome_is_compared_seed_by_seed():
    found = study.compared(np.array([2.0, 4.0, 6.0]), np.array([1.0, 2.0, 3.0]))
    assert found["ratio"] == 2 and found["difference"] == 2 and found["agree"] == 1 and found["n"] == 3


def test_the_better_side_follows_the_direction_of_the_outcome():
    more = TOY.model_copy(update={"better": "higher"})
    assert (study.side(TOY, 0.8), study.side(more, 0.8), study.side(TOY, float("nan"))) == (1, -1, 0)


def test_plausible_worlds_stay_in_their_ranges_and_leave_the_contrast_s_own_numbers_alone():
    held = "parameters.attacks.base"
    for point in study.plausible(5, {held}):
        assert held not in point
        for path, value in point.items():
            low, high = declared()[path.removeprefix("parameters.")].plausible
            assert low <= value <= high


def test_the_same_seeds_give_the_same_rows():
    c = contrast("parallel_partner")
    world, short = {"world.grid": [8, 8], "world.places": 20}, {"weeks": 4, "spin_up": 2}
    one, again = (study.levels(c, [1, 2], COUNTRIES[:1], short, (0, 4), world, jobs=1) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert set(one.country) == {COUNTRIES[0], "all"} and list(one.level.unique()) == [0, 1]


def test_an_unknown_contrast_names_the_nearest():
    with pytest.raises(SimError, match="parallel_partner"):
        contrast("paralel_partner")
