"""Maps of people and clouds of trade-offs show what the tables say, and say how sure it is."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from drawn import A, B, comparison, page_of, several, study, texts
from helpers import UN, small, village
from matplotlib.collections import PatchCollection

import sim
from sim.experiment.comparison import Comparison
from sim.experiment.results import Results
from sim.model import Model
from sim.report.ground import as_grid, world_of
from sim.report.page import off_screen
from sim.report.reach import cells_of
from sim.report.words import number


@pytest.fixture(autouse=True)
def _for_no_screen():
    with off_screen():
        yield


def live(label: str, seed: int, week: int | None = None) -> Model:
    """Return the model of a run after a week (the last if not said)."""
    setup = study().setups[label]
    model = Model(setup, seed)
    for _ in range(setup.weeks if week is None else week + 1):
        model.step()
    return model


def said(axes) -> str:
    return " ".join(texts(axes)).replace("\n", " ").replace("\xa0", " ")


def test_the_map_of_the_displaced_shades_those_whom_each_cell_hosts_in_the_model():
    for label, ax in zip((A, B), study().plot.displaced(), strict=True):
        m = live(label, study().shown())
        hosted = np.bincount(m.communities.cell, m.communities.displaced, m.world.cells)
        assert hosted.sum() > 0
        np.testing.assert_array_equal(ax.images[0].get_array().filled(-1), as_grid(m.world, hosted).filled(-1))


def test_the_map_of_the_displaced_says_how_many_there_are_in_all_runs():
    weeks = study().weeks
    last = weeks[weeks["week"] == weeks["week"].max()]
    told = said(study().plot.displaced())
    for letter, label in (("A", A), ("B", B)):
        low, middle, high = np.percentile(last.loc[last["scenario"] == label, "displaced"], (10, 50, 90))
        assert f"{letter} {number(middle)} [{number(low)} to {number(high)}]" in told


def test_badges_stand_where_units_were_in_that_week():
    ax = study().plot.displaced(B, week=12)
    units, world = study().units, world_of(study().setups[B], study().shown())
    mine = units[(units["scenario"] == B) & (units["seed"] == study().shown()) & (units["week"] == 12)]
    cells = mine.groupby("actor", observed=True)["cell"].unique()
    badges = [c.get_offsets() for c in ax.collections if c.get_zorder() == 7]
    assert [len(spots) for spots in badges] == [len(cells[name]) for name in ("AU", "UN")] and len(badges[0]) > 0
    at = cells_of(pd.Series(cells["AU"]), world)
    np.testing.assert_allclose(np.sort(badges[0][:, 0]), np.sort(world.col[at] - 0.3))


def test_the_map_of_perceptions_is_the_mean_of_those_in_a_cell_who_have_met_the_actor():
    ax = study().plot.perceptions(B, actor="AU", quantity="impartiality", week=15)
    m = live(B, study().shown(), 15)
    c, a = m.communities, m.actors.names.index("AU")
    heads = np.where(c.met[a], c.residents + c.displaced, 0)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(c.cell, 100 * heads * c.perceptions[1, a], m.world.cells) / np.bincount(
            c.cell, heads, m.world.cells
        )
    known = ~np.isnan(mean)
    assert known.any() and not known[m.world.people > 0].all()
    np.testing.assert_allclose(ax.images[0].get_array().filled(-1), as_grid(m.world, mean).filled(-1))
    (bare,) = [c for c in ax.collections if isinstance(c, PatchCollection) and c.get_hatch()]
    assert len(bare.get_paths()) == (~known & (m.world.people > 0)).sum()


def test_a_village_of_two_groups_is_shaded_by_its_people():
    runs = sim.run([village(missions={"UN": UN | {"arrives": 0, "ramp": 1}}, weeks=3)], seeds=1, jobs=1, progress=False,
                   keep=["communities", "perceptions"])  # fmt: skip
    rows = runs.communities.query("week == 2")
    met = rows[rows["legitimacy:UN"].notna()]
    people = met["residents"] + met["displaced"]
    by_hand = 100 * (people * met["legitimacy:UN"]).sum() / people.sum()
    assert runs.plot.perceptions().images[0].get_array().compressed().tolist() == pytest.approx([by_hand])


def test_a_map_of_several_actors_has_a_panel_for_each_and_names_it_in_its_colour():
    axes = study().plot.perceptions(actor=["UN", "AU"])
    assert len(axes) == 3  # the first scenario has no AU
    assert [[t.get_text() for t in ax.texts if t.get_text() in ("UN", "AU")] for ax in axes] == [["UN"], ["UN"], ["AU"]]
    told = said(axes)
    assert "on UN A" in told and "on AU B" in told and "percentile of n = 4 seeds" in told


def test_a_table_that_was_kept_is_not_played_again(monkeypatch):
    setup = study().setups[B].but({"weeks": 8}).named(B)
    kept = sim.run([setup], seeds=2, jobs=1, keep=["communities", "perceptions", "weeks"], progress=False)
    plain = sim.run([setup], seeds=2, jobs=1, keep=["perceptions", "weeks"], progress=False)
    again = [plain.plot.displaced(week=5), plain.plot.perceptions(week=5)]
    monkeypatch.setattr("sim.report.people._replayed", None)
    for one, other in zip(again, (kept.plot.displaced(week=5), kept.plot.perceptions(week=5)), strict=True):
        assert texts(one) == texts(other)
        np.testing.assert_array_equal(one.images[0].get_array(), other.images[0].get_array())


def test_a_run_that_comes_out_otherwise_is_not_drawn_and_the_error_says_what_to_keep():
    class Other(Model):
        def tables(self):
            found = super().tables()
            found["summary"] = found["summary"].assign(civilians_killed=-1.0)
            return found

    old = Results(dataclasses.replace(study().study, model=Other), study().scenarios, study().seeds)
    with pytest.raises(sim.SimError, match=r"comes out otherwise .*run again with keep=\[.*'communities'\]"):
        old.plot.displaced()


def test_a_scenario_without_missions_needs_an_actor():
    runs = sim.run([small(weeks=2).named("nobody")], seeds=1, jobs=1, progress=False)
    with pytest.raises(sim.SimError, match="say actor="):
        runs.plot.perceptions()
    assert runs.plot.perceptions(actor="host").get_title(loc="left") == "nobody"


def test_the_cloud_has_a_mark_for_each_pair_and_its_mean_and_intervals_are_the_comparisons():
    c = comparison()
    ax = c.plot.tradeoff()
    summary = study().summary.pivot(index="seed", columns="scenario")
    pairs, mean = (next(s for s in ax.collections if s.get_gid() == gid) for gid in ("pairs", "mean"))
    names, times = ("civilians_killed", "legitimacy:all->UN"), (1, 100)
    for k, (name, by) in enumerate(zip(names, times, strict=True)):
        np.testing.assert_allclose(pairs.get_offsets()[:, k], by * (summary[name][B] - summary[name][A]))
        assert mean.get_offsets()[0, k] == pytest.approx(by * c.row(name)["difference"])
    across, up = [line for line in ax.lines if line.get_zorder() == 4]
    assert list(across.get_xdata()) == pytest.approx([c.row(names[0])[end] for end in ("low", "high")])
    assert list(up.get_ydata()) == pytest.approx([100 * c.row(names[1])[end] for end in ("low", "high")])
    lower = int((summary[names[0]][B] < summary[names[0]][A]).sum())
    assert f"lower in {lower} of 4 pairs" in said(ax) and "n = 4" in said(ax)
    assert ax.get_xlabel().endswith("(people)") and ax.get_ylabel().endswith("(points)")


def test_the_clouds_corners_say_which_side_is_the_better_and_hold_no_other_side():
    ax = comparison().plot.tradeoff()
    corner = {t.get_text(): t.get_position() for t in ax.texts if t.get_text().startswith("protects")}
    assert set(corner) == {f"protects {x}\nstands {y}" for x in ("more", "less") for y in ("lower", "higher")}
    assert corner["protects more\nstands higher"][0] < 0.5 < corner["protects more\nstands higher"][1]
    (left, right), (low, high) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 < right and low < 0 < high


def test_arms_of_one_cloud_are_told_apart_by_shape_and_letter():
    third = study().setups[B].but({"partnerships.UN-AU.coordination": 1.0}).named("third")
    runs = sim.run([study().setups[A], study().setups[B], third], seeds=3, jobs=1, progress=False)
    ax = runs.compare(A).plot.tradeoff()
    shapes = [c.get_paths()[0].vertices.tolist() for c in ax.collections if c.get_gid() == "mean"]
    assert len(shapes) == 2 and shapes[0] != shapes[1]
    assert {"B", "C", "A  un_only", "C  third"} <= set(texts(ax)) and "Holm" in said(ax)


def test_scenarios_that_share_no_mission_need_a_standing():
    one = small(weeks=3, missions={"UN": UN}).named("one")
    runs = sim.run([small(weeks=3).named("nobody"), one], seeds=2, jobs=1, progress=False)
    with pytest.raises(sim.SimError, match="share no mission: say standing="):
        runs.plot.tradeoff()
    assert several(runs.plot.tradeoff(standing="battle_deaths"))


@pytest.mark.parametrize("name", ["displaced", "perceptions", "tradeoff"])
def test_new_figures_are_written_as_vectors_with_their_text(name, tmp_path):
    page_of(getattr(study().plot, name)()).savefig(tmp_path / "a.svg")
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "Exploratory, not a forecast" in svg.replace("\n", " ") and "<text" in svg


def test_the_matrix_puts_differences_in_brackets_whose_interval_holds_zero():
    change = study().plot.matrix("legitimacy")[2]
    view = study().perceptions
    last = view[(view["week"] == view["week"].max()) & (view["audience"] == "all")]
    wide = last.astype({"actor": object}).pivot_table(index="seed", columns=["actor", "scenario"], values="legitimacy",
                                                       observed=True)  # fmt: skip
    actors = [t.get_text() for t in change.get_xticklabels()]
    row = {round(t.get_position()[0]): t.get_text() for t in change.texts if t.get_position()[1] == 0}
    assert set(row) == {k for k, name in enumerate(actors) if name != "AU"}
    for k, told in row.items():
        d = (wide[actors[k]][B] - wide[actors[k]][A]).to_numpy()
        half = 3.182446 * d.std(ddof=1) / 2  # Student's t for 4 pairs
        assert told.startswith("(") == (abs(d.mean()) <= half)


def test_the_waterfalls_strokes_are_the_intervals_of_its_moves():
    why = study().why("legitimacy", "UN", scenario=B)
    ax = why.plot()
    ledger = study().ledger
    rows = ledger[(ledger["scenario"] == B) & (ledger["quantity"] == "legitimacy") & (ledger["actor"] == "UN")]
    first = why.table.iloc[0]
    rows = rows[(rows["audience"] == "all") & (rows["rule"] == first["rule"]) & (rows["cause"] == first["cause"])]
    by_seed = rows.groupby("seed")["change"].sum().reindex(study().seeds, fill_value=0.0)
    half = 3.182446 * by_seed.std(ddof=1) / 2
    assert (first["low"], first["high"]) == pytest.approx((by_seed.mean() - half, by_seed.mean() + half), rel=1e-5)
    stroke = next(line for line in ax.lines if line.get_gid() == "interval")
    opening = 100 * why.balance["opening"].iloc[0]
    assert list(stroke.get_xdata()) == pytest.approx([opening + 100 * first["low"], opening + 100 * first["high"]])


def test_long_names_are_letters_in_the_head_of_a_table():
    long = "a name that nobody would want at the head of a column"
    two = [study().setups[A].but({"weeks": 2}).named("short"), study().setups[B].but({"weeks": 2}).named(long)]
    runs = sim.run(two, seeds=2, jobs=1, progress=False)
    c: Comparison = runs.compare("short")
    for told in (str(runs), str(c)):
        assert told.count(long) == 1 and f"B  {long}" in told
        assert max(map(len, told.splitlines())) <= 160
    assert str(c).startswith("B against A: 2 paired seeds")
    assert f"B  {long}" in runs._repr_html_() and f"B  {long}" in c._repr_html_()
