"""The figures of a comparison on disk."""

from __future__ import annotations

import time

import matplotlib.pyplot as plt
import pytest
from drawn import B, comparison, study
from helpers import small
from PIL import Image

import sim
from sim.report import save_figures

NAMES = {
    "overview", "violence", "presence", "killed", "legitimacy", "legitimacy_UN", "moved_UN", "differences",
    "tradeoff",
}  # fmt: skip


def test_a_pair_is_drawn_in_seconds_as_png_and_svg_and_nothing_stays_open(tmp_path):
    began = time.perf_counter()
    files = save_figures(study(), comparison(), tmp_path)
    assert time.perf_counter() - began < 15
    assert {(file.stem, file.suffix) for file in files} == {(n, s) for n in NAMES for s in (".png", ".svg")}
    assert {file.parent for file in files} == {tmp_path / "figures"}
    assert all(min(Image.open(file).size) > 300 for file in files if file.suffix == ".png")
    assert not plt.get_fignums()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_results_give_the_same_bytes(kind, tmp_path):
    for name in ("one", "other"):
        study().plot.overview()[0].figure.savefig(tmp_path / f"{name}.{kind}")
    plt.close("all")
    assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"other.{kind}").read_bytes()


def test_figures_of_tables_that_were_not_kept_are_left_out(tmp_path):
    two = [small(weeks=2).named("one"), small(weeks=2, **{"hosts.host.abusiveness": 0.1}).named("two")]
    runs = sim.run(two, seeds=2, jobs=1, keep=["weeks"], progress=False)
    found = {file.stem for file in save_figures(runs, runs.compare("one"), tmp_path)}
    assert found == {"killed", "differences"}


def test_maps_of_people_are_saved_where_their_table_was_kept(tmp_path):
    setup = study().setups[B].but({"weeks": 6})
    two = [setup.named("one"), setup.but({"partnerships.UN-AU.coordination": 0.0}).named("two")]
    runs = sim.run(two, seeds=2, jobs=1, keep=["communities"], progress=False)
    found = {file.stem for file in save_figures(runs, runs.compare("one"), tmp_path)}
    assert {"displaced", "perceptions_AU"} <= found


def test_scenarios_without_missions_and_an_empty_country_can_be_saved(tmp_path):
    empty = small(weeks=2, **{"world.places": 0})
    runs = sim.run([empty.named("one"), empty.named("two")], seeds=2, jobs=1, progress=False)
    found = {file.stem for file in save_figures(runs, runs.compare("one"), tmp_path)}
    assert {"violence", "killed"} <= found and not any("UN" in name for name in found)


def test_a_world_from_data_names_its_sources_on_every_figure():
    setup = sim.load("car_from_events").but({"weeks": 2, "spin_up": 0})
    runs = sim.run([setup], seeds=1, jobs=1, progress=False)
    for name in ("violence", "series", "matrix"):
        ax = getattr(runs.plot, name)()
        assert any("UCDP" in t.get_text() for t in ax.texts)
    plt.close("all")
