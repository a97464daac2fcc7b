"""Every figure alike: axes in and out, what it says of itself, nothing clipped, no setting changed."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import ROOT
from drawn import A, B, comparison, page_of, several, study, texts
from matplotlib.axes import Axes

import sim
from sim.report import plots, style

FIGURES = plots.__all__
MAPS = ["violence", "presence", "displaced", "perceptions"]


@pytest.fixture(autouse=True)
def _no_page_stays_open():
    yield
    plt.close("all")


def draw(name: str, **how):
    return getattr(study().plot, name)(**how)


def test_every_figure_is_reached_from_results_by_its_name():
    assert set(FIGURES) <= set(dir(study().plot))
    with pytest.raises(AttributeError, match="did you mean 'violence'"):
        study().plot.violense()


def test_a_comparison_draws_the_forest_and_offers_its_figures_by_name():
    assert set(dir(comparison().plot)) == {"differences", "tradeoff"} < set(FIGURES)
    one, other = comparison().plot("civilians_killed"), comparison().plot.differences("civilians_killed")
    assert texts(one) == texts(other)
    with pytest.raises(AttributeError, match="did you mean 'tradeoff'"):
        comparison().plot.tradeof()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_returns_axes_of_a_page_that_a_notebook_shows(name):
    axes = several(draw(name))
    assert all(isinstance(ax, Axes) for ax in axes)
    assert page_of(axes).number in plt.get_fignums()


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_says_what_it_is_not_how_many_seeds_it_shows_and_on_what_it_rests(name):
    said = " ".join(texts(draw(name))).replace("\xa0", " ").replace("\n", " ")
    assert "Exploratory, not a forecast." in said and "on assumption" in said and "n = 4" in said


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_is_clipped_by_the_edge_of_the_page(name):
    page = page_of(draw(name))
    box, (width, height) = page.get_tightbbox(), page.get_size_inches()
    assert box.x0 > 0 and box.y0 > 0 and box.x1 < width and box.y1 < height


@pytest.mark.parametrize("name", FIGURES)
def test_drawing_and_saving_change_no_setting(name, tmp_path):
    before = mpl.rcParams.copy()
    page_of(draw(name)).savefig(tmp_path / "figure.svg")
    assert mpl.rcParams == before


def test_importing_the_figures_changes_no_setting():
    ask = (  # Matplotlib settles the backend by itself when Pyplot is imported
        "import matplotlib as m; m.use('Agg'); old = m.rcParams.copy(); import sim.report;"
        "print([k for k in old if old[k] != m.rcParams[k]])"
    )
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [*MAPS, "waterfall"])
def test_a_figure_draws_on_axes_that_are_given_and_returns_them(name):
    page, given = plt.subplots(1, 2)
    drawn = draw(name, ax=given)
    assert list(drawn) == list(given) and tuple(page.get_size_inches()) == tuple(plt.rcParams["figure.figsize"])
    _, alone = plt.subplots()
    assert draw(name, scenario=B, ax=alone) is alone


@pytest.mark.parametrize("name", [*MAPS, "waterfall"])
def test_another_number_of_axes_than_panels_is_an_error(name):
    with pytest.raises(sim.SimError, match=r"got '3 axes'; allowed: 2 axes"):
        draw(name, ax=plt.subplots(1, 3)[1])


def test_series_and_forest_draw_on_one_axes():
    for draw_on in (study().plot.series, study().plot.tradeoff, comparison().plot, comparison().plot.tradeoff):
        _, ax = plt.subplots()
        assert draw_on(ax=ax) is ax


@pytest.mark.parametrize("name", [*MAPS, "series", "matrix", "waterfall"])
def test_an_unknown_scenario_is_an_error_that_names_the_nearest(name):
    with pytest.raises(sim.SimError, match=f"did you mean '{A}'"):
        draw(name, scenario="un_onli")


@pytest.mark.parametrize(
    ("name", "how", "message"),
    [
        ("violence", {"seed": 99}, "one of the 4 seeds"),
        ("violence", {"shadow": "gloom"}, "attacks or disposition"),
        ("presence", {"mission": "AUU"}, "did you mean 'AU'"),
        ("series", {"metric": "civilians_kiled"}, "did you mean 'civilians_killed'"),
        ("matrix", {"quantity": "legitmacy"}, "did you mean 'legitimacy'"),
        ("matrix", {"week": 20}, "0 to 19"),
        ("waterfall", {"actor": "UNN"}, "did you mean 'UN'"),
        ("perceptions", {"actor": "UNN"}, "did you mean 'UN'"),
        ("perceptions", {"quantity": "legitmacy"}, "did you mean 'legitimacy'"),
        ("perceptions", {"week": 20}, "0 to 19"),
        ("displaced", {"week": -1}, "0 to 19"),
        ("displaced", {"seed": 99}, "one of the 4 seeds"),
        ("tradeoff", {"standing": "legitimacy:all->AU"}, "no pair of seeds has both"),
        ("tradeoff", {"protection": "civilians_kiled"}, "civilians_kiled"),
    ],
)
def test_what_a_figure_cannot_show_is_an_error_in_one_line(name, how, message):
    with pytest.raises(sim.SimError, match=message):
        draw(name, **how)


def test_texts_of_ticks_made_later_keep_the_look():
    ax = study().plot.series()
    ax.set_xlim(0, 400)
    ax.figure.canvas.draw()
    with style():
        family = mpl.rcParams["font.family"]
    assert {tuple(t.get_fontfamily()) for t in [*ax.get_xticklabels(), *ax.get_yticklabels()]} == {tuple(family)}


def test_labels_at_the_ends_of_lines_lie_apart():
    ax = study().plot.series("legitimacy:all->UN")
    ends = [t for t in ax.texts if t.get_text()[:2] in ("A ", "B ") and t.get_fontsize() == 10]
    boxes = sorted((t.get_window_extent() for t in ends), key=lambda box: box.y0)
    assert len(boxes) == 2 and boxes[0].y1 <= boxes[1].y0 + 1


def test_a_scenario_keeps_its_letter_and_colour_when_it_is_drawn_alone():
    both, alone = study().plot.violence(), study().plot.violence(B)
    assert both[1].get_title(loc="left") == alone.get_title(loc="left") == f"B  {B}"
    ink = [ax.title.get_color() for ax in (both[1], alone)]
    assert len(set(ink)) == 1


def test_seeds_of_different_countries_are_not_laid_over_each_other():
    setup = study().setups[B].but({"world.seed": "run", "weeks": 3})
    runs = sim.run([setup], seeds=2, jobs=1, progress=False)
    ax = runs.plot.violence(seed=1)
    land = np.ma.getmaskarray(ax.images[0].get_array())
    assert land.shape == setup.world.grid and land.any()
