"""Figures show what the tables say."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import A, B, comparison, several, study, texts
from helpers import UN, village
from matplotlib.patches import Rectangle

import sim
from sim.model import Model
from sim.report.ground import as_grid, world_of
from sim.report.page import off_screen
from sim.report.reach import cells_of, weeks_in_reach
from sim.report.violence import HARM
from sim.report.words import digits, number


@pytest.fixture(autouse=True)
def _for_no_screen():
    with off_screen():
        yield


def killed(label: str, seed: int):
    events = study().events
    mine = (events["scenario"] == label) & (events["seed"] == seed) & events["kind"].isin(HARM)
    return events[mine & (events["civilians"] > 0)]


def marks(ax):
    return [c for c in ax.collections if c.get_zorder() == 6]


def test_the_map_of_violence_has_a_mark_for_each_perpetrator_in_each_deadly_cell():
    shown = study().shown()
    for label, ax in zip((A, B), study().plot.violence(), strict=True):
        deadly = killed(label, shown).groupby(["cell", "perpetrator"], observed=True)["civilians"].sum()
        assert sum(len(c.get_offsets()) for c in marks(ax)) == len(deadly) > 0


def test_the_area_of_a_mark_grows_with_the_dead_and_the_largest_stands_where_most_died():
    shown = study().shown()
    ax = study().plot.violence(A)
    by_cell = killed(A, shown).groupby(["cell", "perpetrator"], observed=True)["civilians"].sum()
    world = world_of(study().setups[A], shown)
    worst = cells_of(by_cell.reset_index()["cell"], world)[by_cell.to_numpy().argmax()]
    x, y = max((c.get_sizes().max(), *c.get_offsets()[c.get_sizes().argmax()]) for c in marks(ax))[1:]
    assert abs(x - world.col[worst]) < 0.5 and abs(y - world.row[worst]) < 0.5


def test_the_shadow_is_attacks_a_year_over_all_seeds():
    ax = study().plot.violence(A)
    setup, events = study().setups[A], study().events
    mine = events[(events["scenario"] == A) & events["kind"].isin(HARM)]
    world = world_of(setup, 0)
    per_year = np.bincount(cells_of(mine["cell"], world), minlength=world.cells) / 4 / (setup.weeks / 52)
    np.testing.assert_allclose(ax.images[0].get_array().filled(-1), as_grid(world, per_year).filled(-1))


def test_weeks_in_reach_are_those_in_which_the_model_had_a_unit_in_reach():
    setup = study().setups[B]
    model, count = Model(setup, 1), 0
    for _ in range(setup.weeks):
        model.step()
        count = count + ((model.reach[0] + model.reach[1])[: len(model.actors.missions)] > 0)
    units = study().units
    mine = units[(units["scenario"] == B) & (units["seed"] == 1)]
    found = weeks_in_reach(mine, setup, model.world)
    for k, name in enumerate(model.actors.missions):
        np.testing.assert_array_equal(found[name], count[k])
    assert found["UN"].max() > 0 and found["AU"].max() > 0


def test_the_map_of_presence_shades_the_share_of_weeks_and_hatches_the_second_mission():
    ax = study().plot.presence(B, seed=1)
    units = study().units
    mine = units[(units["scenario"] == B) & (units["seed"] == 1)]
    world = world_of(study().setups[B], 1)
    reached = weeks_in_reach(mine, study().setups[B], world)
    main = mine["actor"].value_counts().idxmax()
    shade = ax.images[0].get_array()
    lasted = study().setups[B].weeks - mine["week"].min()
    np.testing.assert_allclose(shade.filled(-1), as_grid(world, 100 * reached[main] / lasted).filled(-1))
    (hatched,) = [c for c in ax.collections if c.get_hatch()]
    other = {"UN": "AU", "AU": "UN"}[main]
    assert len(hatched.get_paths()) == ((reached[other] / lasted >= 0.25) & (world.people > 0)).sum() > 0


def test_a_series_is_the_shown_run_over_the_spread_of_seeds():
    ax = study().plot.series("civilians_killed", A)
    weeks = study().weeks
    wide = weeks[weeks["scenario"] == A].pivot(index="seed", columns="week", values="civilians_killed").cumsum(axis=1)
    line = next(line for line in ax.lines if len(line.get_xdata()) == wide.shape[1])
    np.testing.assert_allclose(line.get_ydata(), wide.loc[study().shown()])
    band = ax.collections[0].get_paths()[0].vertices
    low, high = np.percentile(wide.to_numpy(), [10, 90], axis=0)
    assert {*np.round(low, 6), *np.round(high, 6)} <= set(np.round(band[:, 1], 6))


def test_a_series_of_opinions_is_in_points_and_begins_with_first_contact():
    ax = study().plot.series("legitimacy:all->AU", B, seed=2)
    view = study().perceptions
    mine = view[(view["scenario"] == B) & (view["seed"] == 2) & (view["audience"] == "all") & (view["actor"] == "AU")]
    known = mine.dropna(subset="legitimacy")
    line = max(ax.lines, key=lambda line: len(line.get_xdata()))
    seen = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert len(known) < len(mine)
    drawn = {w: 100 * v for w, v in zip(known["week"], known["legitimacy"], strict=True) if w in seen}
    assert drawn and all(np.isclose(seen[w], v) for w, v in drawn.items())
    assert ax.get_ylabel() == "0–100"


@pytest.mark.parametrize("metric", ["civilians_killed:rebels", "legitimacy:all->UN"])
def test_the_forests_dots_are_the_paired_differences(metric):
    ax = comparison().plot(metric)
    times = 100 if metric.startswith("legitimacy") else 1
    (dots,) = [c for c in ax.collections if c.get_gid() == "pairs"]
    summary = study().summary.pivot(index="seed", columns="scenario", values=metric)
    np.testing.assert_allclose(dots.get_offsets()[:, 0], times * (summary[B] - summary[A]))
    mean = ax.collections[-1].get_offsets()[0, 0]
    assert mean == pytest.approx(times * comparison().row(metric)["difference"])
    told = [t.split()[0].replace("\u2212", "-").replace(",", "") for t in texts(ax) if "[" in t and t[0] in "+0\u2212"]
    assert any(float(t) == pytest.approx(mean, rel=0.06, abs=0.006) for t in told)


def test_the_forest_of_many_units_is_in_units_of_the_spread_and_says_each_in_its_own():
    ax = comparison().plot()
    summary = study().summary.pivot(index="seed", columns="scenario", values="civilians_killed")
    spread = np.sqrt((summary[A].var() + summary[B].var()) / 2)
    dots = [c.get_offsets()[:, 0] for c in ax.collections if c.get_gid() == "pairs"]
    assert any(len(d) == 4 and np.allclose(d, (summary[B] - summary[A]) / spread) for d in dots)
    assert "run-to-run spread" in ax.get_xlabel()
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert "civilians killed (people)" in names and "legitimacy of UN, everybody (points)" in names


def test_the_matrix_writes_mean_opinions_of_those_who_have_one():
    axes = study().plot.matrix("impartiality")
    view = study().perceptions
    last = view[view["week"] == view["week"].max()].astype({"audience": object, "actor": object})
    for label, ax in zip((A, B), axes, strict=False):
        mine = last[last["scenario"] == label]
        means = 100 * mine.pivot_table(index="audience", columns="actor", values="impartiality", dropna=False)
        actors = [t.get_text() for t in ax.get_xticklabels()]
        told = [t.get_text() for t in ax.texts[: len(actors)]]
        expected = means.loc["all"].reindex(actors)
        assert told[: expected.notna().sum()] == [number(v) for v in expected.dropna()]
    change = axes[2].images[0].get_array()
    np.testing.assert_allclose(change, axes[1].images[0].get_array() - axes[0].images[0].get_array())


def test_the_matrix_hatches_actors_of_whom_nobody_has_an_opinion():
    ax = study().plot.matrix()[0]
    hatched = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_hatch()]
    column = [t.get_text() for t in ax.get_xticklabels()].index("AU")
    assert hatched and {round(p.get_x() + 0.5) for p in hatched} == {column}


@pytest.mark.parametrize(("quantity", "actor", "times"), [("legitimacy", "UN", 100), ("fighters", "rebels", 1)])
def test_the_waterfalls_bars_add_up_from_opening_to_closing(quantity, actor, times):
    why = study().why(quantity, actor)
    for ax, (_, balance) in zip(several(why.plot()), why.balance.iterrows(), strict=True):
        bars = [p for p in ax.patches if p.get_gid() == "move"]
        ends = [bar.get_x() + bar.get_width() for bar in bars]
        assert bars[0].get_x() == pytest.approx(times * balance["opening"])
        assert [bar.get_x() for bar in bars[1:]] == pytest.approx(ends[:-1])
        assert ends[-1] == pytest.approx(times * balance["closing"], abs=1e-6)
        assert sum(bar.get_width() for bar in bars) == pytest.approx(times * balance["moved"], abs=1e-6)


def test_losses_are_hatched_and_gains_are_not():
    bars = [p for p in study().plot.waterfall(B, actor="UN").patches if p.get_gid() == "move"]
    assert {bool(bar.get_hatch()) for bar in bars} == {True, False}
    assert all(bool(bar.get_hatch()) == (bar.get_width() < 0) for bar in bars)


def test_the_overview_says_the_difference_with_its_interval():
    row = comparison().row("civilians_killed")
    said = " ".join(texts(study().plot.overview())).replace("\n", " ").replace("\xa0", " ")
    values = [row[k] for k in ("difference", "low", "high")]
    mean, low, high = (number(v, sign=True, digits=digits(*values)) for v in values)
    assert f"civilians killed {mean} people [{low}, {high}], {row['verdict']}" in said


def test_a_country_of_one_cell_and_one_week_can_be_drawn():
    runs = sim.run([village(missions={"UN": UN | {"arrives": 0, "ramp": 1}}, weeks=1)], seeds=1, jobs=1, progress=False)
    for name in ("violence", "presence", "series"):
        assert several(getattr(runs.plot, name)())


def test_the_forest_keeps_the_order_in_which_metrics_are_asked_for():
    ax = comparison().plot(["legitimacy:all->UN", "civilians_killed"])
    names = [t.get_text() for t in ax.get_yticklabels()]
    assert names[0].startswith("legitimacy of UN") and names[1] == "civilians killed (people)"
    assert all(name.startswith("civilians killed by") for name in names[2:])
