"""The figures of a sweep: what they show is what the runs hold, with intervals, and they read alike."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from drawn import page_of, several, texts
from matplotlib.axes import Axes
from scipy import stats

import sim
from sim.experiment.drawing import SWEEP, Figures
from sim.experiment.points import Outputs
from sim.experiment.sensitivity import Sensitivity
from sim.experiment.statistics import NOTHING, Interval
from sim.report import sweep_plots
from sim.report.frontier import BEATEN, BEST, OPEN, crosses, standing
from sim.report.sweep_plots import tradeoff

KILLED, LEGITIMACY = "civilians_killed", "legitimacy:all->UN"
COORDINATION, VETTING, MANDATE = "partnerships.UN-AU.coordination", "partnerships.UN-AU.vetting", "missions.AU.mandate"
HARM = "parameters.recruitment.by_harm"
CHOICES = {COORDINATION: (0.0, 0.5, 1.0), VETTING: (0, 1), MANDATE: ("enforcement", "support")}


@dataclass(frozen=True)
class Swept:
    runs: pd.DataFrame
    choices: dict[str, tuple[Any, ...]] = field(default_factory=lambda: CHOICES)
    unknowns: dict[str, tuple[float, float]] = field(default_factory=lambda: {HARM: (0.0, 1.0)})


@cache
def swept(points: int = 40) -> Swept:
    """Return a sweep in which coordination saves 40 lives, vetting none, and harm costs 200 over its range."""
    draw, parts = np.random.default_rng(4), []
    harm = (np.arange(points) + 0.5) / points
    for arm, (coordination, vetting, mandate) in enumerate(itertools.product(*CHOICES.values())):
        for seed in range(3):
            killed = 300 + 200 * harm - 40 * coordination + draw.normal(0, 10, points)
            opinion = 0.5 + 0.1 * vetting + draw.normal(0, 0.02, points)
            parts.append(pd.DataFrame({
                "point": range(points), "seed": seed, "arm": arm, HARM: harm, KILLED: killed, LEGITIMACY: opinion,
                f"{KILLED}:rebels": 7.0,
                COORDINATION: coordination, VETTING: vetting, MANDATE: mandate,
            }))  # fmt: skip
    return Swept(pd.concat(parts, ignore_index=True))


@cache
def sensitivity() -> Sensitivity:
    """Return indices of three unknowns, of which one has not converged."""

    def row(name, s1, st):
        told = {"parameter": name, "S1": s1, "S1_low": 0.3, "S1_high": 0.4, "ST": st, "ST_low": 0.4, "ST_high": 0.5}
        return told | {"verdict": "converged", "why": "", "needed": 0}

    refused = row("parameters.harm.news", np.nan, np.nan) | {"verdict": "not converged"}
    noise = {"parameter": "seed noise", "share": 0.25, "verdict": "", "needed": 0}
    rows = [row("parameters.harm.loss", 0.35, 0.45), refused, noise]
    out = Outputs(KILLED, "", pd.DataFrame(), np.zeros((320, 4)), (0, 1, 2, 3), ())
    return Sensitivity("Sobol", out, pd.DataFrame(rows), 80, 0.1, 0.25, Interval(0.2, 0.3))


DRAWN = {
    "response": lambda **how: figures().response(KILLED, COORDINATION, **how),
    "response of an unknown": lambda **how: figures().response(KILLED, HARM, MANDATE, **how),
    "response of words": lambda **how: figures().response(LEGITIMACY, MANDATE, VETTING, **how),
    "heat": lambda **how: figures().heat(KILLED, COORDINATION, VETTING, **how),
    "tradeoff": lambda **how: figures().tradeoff(**how),
    "tornado": lambda **how: sensitivity().plot(**how),
}


def figures() -> Figures:
    return Figures(swept(), SWEEP)


@pytest.fixture(autouse=True)
def _no_page_stays_open():
    yield
    plt.close("all")


def parts(ax: Axes, gid: str) -> list[Any]:
    """Return what is drawn under a name."""
    return [artist for artist in ax.findobj() if artist.get_gid() == gid]


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_says_on_how_many_runs_it_rests_and_that_it_is_no_forecast(name):
    said = " ".join(texts(DRAWN[name]())).replace("\xa0", " ").replace("\n", " ")
    assert "Exploratory, not a forecast." in said and "n = " in said and "95 %" in said


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_is_clipped_and_no_setting_changes(name, tmp_path):
    before = mpl.rcParams.copy()
    page = page_of(DRAWN[name]())
    box, (width, height) = page.get_tightbbox(), page.get_size_inches()
    assert box.x0 > 0 and box.y0 > 0 and box.x1 < width and box.y1 < height
    page.savefig(tmp_path / "figure.svg")
    assert mpl.rcParams == before


@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_draws_on_axes_that_are_given_and_returns_them(name):
    _, ax = plt.subplots()
    assert DRAWN[name](ax=ax, caption=False) is ax


def test_figures_of_sweeps_are_reached_by_name():
    assert set(sweep_plots.__all__) <= set(dir(figures()))
    with pytest.raises(AttributeError, match="did you mean 'tornado'"):
        figures().tornadoo()


def test_a_response_shows_means_over_worlds_with_their_intervals():
    ax = figures().response(KILLED, COORDINATION)
    runs = swept().runs
    for k, value in enumerate(CHOICES[COORDINATION]):
        worlds = runs[runs[COORDINATION] == value].groupby("point")[KILLED].mean()
        low, high = stats.ttest_1samp(worlds, 0).confidence_interval()
        assert ax.lines[0].get_xydata()[k] == pytest.approx([value, worlds.mean()])
        band = parts(ax, "band")[0].get_paths()[0].vertices
        ends = np.unique(np.round(band[np.isclose(band[:, 0], value)][:, 1], 6))
        assert (ends[0], ends[-1]) == pytest.approx((low, high))
    assert len(parts(ax, "worlds")[0].get_offsets()) == 3 * 40


def test_a_response_to_an_unknown_sorts_worlds_into_bins_of_equal_number():
    ax = figures().response(KILLED, HARM)
    x, mean = ax.lines[0].get_xydata().T
    assert len(x) == 8 and np.diff(x) == pytest.approx(1 / 8)
    assert mean == pytest.approx(280 + 200 * x, abs=8)


def test_lines_are_named_and_an_opinion_runs_from_0_to_100():
    ax = figures().response(LEGITIMACY, MANDATE, VETTING)
    assert {"vetting 0", "vetting 1", "enforcement", "support", "0–100"} <= set(texts(ax))
    assert 45 < ax.lines[0].get_ydata()[0] < 65 and ax.get_title(loc="left").startswith("Legitimacy of UN")


def test_a_heat_map_writes_differences_with_intervals_and_hatches_where_no_sign_holds():
    ax = figures().heat(KILLED, COORDINATION, VETTING)
    said = texts(ax)
    assert sum(t.startswith("−") and "[" not in t for t in said) >= 4  # coordination helps, at either vetting
    assert len(parts(ax, "open")) == 1 and len(parts(ax, "baseline")) == 1  # vetting alone changes nothing
    wide = swept().runs.pivot_table(index="point", columns=[COORDINATION, VETTING], values=KILLED)
    assert f"−{abs((wide[(1.0, 0)] - wide[(0.0, 0)]).mean()):.0f}" in said
    assert len([t for t in said if t.startswith("[")]) == 6


def test_a_heat_map_takes_another_baseline_or_says_that_there_is_none():
    ax = figures().heat(KILLED, COORDINATION, VETTING, baseline=(1.0, 0))
    assert sum(t.startswith("+") for t in texts(ax)) >= 4
    with pytest.raises(sim.SimError, match="values of the two choices"):
        figures().heat(KILLED, COORDINATION, VETTING, baseline=(0.7, 0))


def test_arms_that_others_beat_in_both_are_told_from_those_not_beaten():
    world, luck = np.arange(30.0), np.random.default_rng(0).normal(0, 1, (30, 2))
    first = pd.DataFrame({0: world, 1: world + 5 + luck[:, 0], 2: world + luck[:, 1] - luck[:, 1].mean(), 3: world + 9})
    other = pd.DataFrame({0: world, 1: world + 5 + luck[:, 1], 2: world + 2 + luck[:, 0], 3: world - 9})
    assert standing([first[[0, 2]], other[[0, 2]]]) == {0: OPEN, 2: BEST}
    assert standing([first, other]) == {0: BEATEN, 1: BEST, 2: BEATEN, 3: BEST}
    assert standing([first[[0, 2]], first[[0, 2]]]) == {0: BEST, 2: BEST}  # not told apart


def test_crosses_leave_out_what_all_arms_share_in_a_world():
    world = np.random.default_rng(1).normal(0, 100, 50)
    luck = np.random.default_rng(2).normal(0, 1, (50, 3))
    found = crosses(pd.DataFrame({k: world + 10 * k + luck[:, k] for k in range(3)}))
    half = [(high - low) / 2 for _, low, high in found.values()]
    assert max(half) < 0.5 and found[2][0] - found[0][0] == pytest.approx(20, abs=1)
    assert np.mean(half) == pytest.approx(stats.t.ppf(0.975, 49) / np.sqrt(50), rel=0.2)


def test_the_tradeoff_marks_the_best_and_names_what_they_chose():
    ax = tradeoff(swept())
    best = [tuple(p) for c in parts(ax, BEST) for p in c.get_offsets()]
    assert len(best) + len(parts(ax, OPEN)) + len(parts(ax, BEATEN)) == 12
    assert len(best) == 2 and all(x < 370 and y > 57 for x, y in best)  # either mandate
    assert any("coordination=1, vetting=1" in t.replace("\n", " ") for t in texts(ax))
    assert len(parts(ax, "interval")) == 24


def test_a_tornado_has_no_bar_for_what_has_not_converged_and_the_seeds_apart():
    ax = sensitivity().plot()
    (bar,), (refused,), (noise,) = (parts(ax, gid) for gid in ("bar", "not converged", "noise"))
    assert bar.get_width() == pytest.approx(45) and refused.get_hatch() and noise.get_width() == pytest.approx(25)
    said = texts(ax)
    assert "not converged" in said and "45 [40, 50]" in said and "harm loss" in said
    several_lines = [t.replace("\n", " ") for t in said]
    assert any("80 base samples" in t for t in several_lines)
    assert not any("weaker" in t for t in several_lines)


def test_a_tornado_of_one_seed_says_that_luck_counts_as_the_unknowns():
    one = sensitivity()
    alone = Sensitivity("Sobol", Outputs(KILLED, "", pd.DataFrame(), np.zeros((320, 1)), (0,), ()), one.table, 80, 0.1,
                        float("nan"), NOTHING)  # fmt: skip
    ax = alone.plot(most=1)
    assert not parts(ax, "noise")
    said = " ".join(texts(ax)).replace("\n", " ")
    assert "luck counts as the unknowns'" in said and "1 weaker unknown not drawn" in said


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: figures().response("civilians_kiled", HARM), "did you mean 'civilians_killed'"),
        (lambda: figures().response(KILLED, "partnerships.UN-AU.cordination"), "did you mean"),
        (lambda: figures().response(KILLED, HARM, HARM), "by: got"),
        (lambda: figures().heat(KILLED, COORDINATION, COORDINATION), "another choice"),
        (lambda: figures().tradeoff(KILLED, HARM), "lower or higher"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_in_one_line(draw, message):
    with pytest.raises(sim.SimError, match=message):
        draw()


def test_one_setting_of_the_unknowns_shows_seeds():
    one = Swept(swept().runs[swept().runs["point"] == 3])
    said = " ".join(texts(Figures(one, SWEEP).response(KILLED, COORDINATION))).replace("\xa0", " ").replace("\n", " ")
    assert "n = 3 seeds, one setting of the unknowns" in said
    assert len(several(Figures(one, SWEEP).heat(KILLED, COORDINATION, VETTING))) == 1
