"""One colour, shape and pattern for each actor, readable on paper; text in vector files stays text."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
from drawn import A, B, study
from helpers import SIX, UN, small
from matplotlib.colors import to_hex, to_rgb
from matplotlib.markers import MarkerStyle

import sim
from sim.report import style
from sim.report.look import INK, MUTED, PALETTE, SCALE, Page
from sim.report.look.cast import arms, cast
from sim.report.matrix import _contrast, _ink
from sim.report.page import off_screen
from sim.scenario import catalogue


@pytest.fixture(autouse=True)
def _for_no_screen():
    with off_screen():
        yield


def variants():
    return [(family, one) for family, members in PALETTE["actors"].items() for one in members]


def contrast(colour: str, paper: str = PALETTE["surface"]["paper"]) -> float:
    """Return the contrast of two colours as WCAG defines it, 1 to 21."""

    def light(c):
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in to_rgb(c)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(colour), light(paper)))
    return (high + 0.05) / (low + 0.05)


def test_every_kind_of_organisation_has_its_looks():
    assert set(PALETTE["org_types"]) == set(catalogue.org_types())
    assert set(PALETTE["org_types"].values()) <= set(PALETTE["actors"])


def test_no_two_actors_look_alike_and_each_can_be_read_on_paper():
    looks = [(one["colour"], str(one["marker"])) for _, one in variants()]
    assert len({colour for colour, _ in looks}) == len({marker for _, marker in looks}) == len(looks)
    assert not [(family, one) for family, one in variants() if contrast(one["colour"]) < 3]
    assert all(contrast(arm["text"]) > 4.5 for arm in PALETTE["arms"])


def test_six_missions_four_groups_and_a_host_are_told_apart():
    setup = small(missions=SIX, armed_groups={"a": {"motive": "jihadist"}, "b": {"motive": "criminal"}})
    looks = cast({"x": setup})
    assert len(looks) == 6 + 1 + 4
    pairs = itertools.combinations(looks.values(), 2)
    assert all(one.colour != other.colour and one.marker != other.marker for one, other in pairs)
    assert all(MarkerStyle(one.marker) for one in looks.values())


def test_looks_follow_the_kind_of_organisation_and_vary_within_it():
    two = {"x": small(missions={"UN": UN, "UNB": UN}), "y": small(missions={"UN": UN})}
    looks = cast(two)
    assert looks["UN"] == cast({"y": two["y"]})["UN"]
    assert looks["UN"].colour == PALETTE["actors"]["un"][0]["colour"] != looks["UNB"].colour


def test_numbers_in_a_matrix_are_read_on_every_shade():
    shades = [SCALE["legitimacy"](at / 100) for at in range(101)]
    inks = {sure: [_ink(shade, sure) for shade in shades] for sure in (True, False)}
    assert min(_contrast(ink, shade) for told in inks.values() for ink, shade in zip(told, shades, strict=True)) > 3.8
    assert inks[True][0] == inks[False][0] == "white" and inks[False][50] == MUTED and inks[True][50] == INK


def test_an_actor_has_one_colour_in_all_figures():
    looks = cast(study().setups)
    matrix = study().plot.matrix()[1]
    ticks = {t.get_text(): to_hex(t.get_color()) for t in matrix.get_xticklabels()}
    assert ticks == {name: one.colour for name, one in looks.items()}
    arrival = next(t for t in study().plot.series().texts if t.get_text().startswith("AU arrives"))
    hatching = next(c for c in study().plot.presence(B).collections if c.get_hatch())
    handles = study().plot.violence()[0].get_legend().legend_handles
    key = {h.get_label(): to_hex(h.get_markerfacecolor()) for h in handles}
    assert {to_hex(arrival.get_color()), to_hex(hatching.get_edgecolor()[0])} == {looks["AU"].colour}
    killers = {f"killed by {name}" for name in ("host", "militia", "rebels")} & set(key)
    assert killers and all(key[told] == looks[told.split()[-1]].colour for told in killers)
    assert key["units of UN"] == looks["UN"].colour


def test_arms_are_ink_and_saffron_and_named_by_title_where_titles_tell_them_apart():
    drawn = arms(study().scenarios, study().setups)
    assert [drawn[k].letter for k in (A, B)] == ["A", "B"]
    assert [drawn[k].line for k in (A, B)] == ["#1f2a36", "#c26a00"]
    alike = study().setups[A].but({"title": "One title"})
    same = {"one": alike.named("one"), "two": alike.named("two")}
    assert [arm.name for arm in arms(same, same).values()] == ["one", "two"]
    other = {"one": same["one"], "two": same["two"].but({"title": "Another"}).named("two")}
    assert [arm.name for arm in arms(other, other).values()] == ["One title", "Another"]
    copy = {"one": other["one"], "joint, high": other["two"].named("joint, high")}
    assert [arm.name for arm in arms(copy, copy).values()] == ["One title", "joint, high"]


def test_the_look_is_in_force_only_inside():
    before = plt.rcParams["font.family"]
    with style():
        assert plt.rcParams["svg.fonttype"] == "none" and plt.rcParams["pdf.fonttype"] == 42
        assert "Look Sans" in plt.rcParams["font.family"]
    assert plt.rcParams["font.family"] == before


def test_a_page_saved_as_svg_keeps_its_text_and_takes_its_fonts_along(tmp_path):
    page = study().plot.series().figure
    page.savefig(tmp_path / "a.svg")
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert re.search(r"<text[^>]*>Civilians killed so far</text>", svg)
    assert svg.count("@font-face") == 2 and "font/ttf;base64," in svg


def test_a_page_saved_as_pdf_keeps_its_text_in_true_type(tmp_path):
    study().plot.series().figure.savefig(tmp_path / "a.pdf", metadata={"CreationDate": None})
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert b"/CIDFontType2" in pdf and b"/Type3" not in pdf


def test_an_svg_that_embeds_fonts_is_still_wellformed(tmp_path):
    page: Page = study().plot.violence().tolist()[0].figure
    page.savefig(tmp_path / "a.svg")
    assert ElementTree.parse(tmp_path / "a.svg").getroot().tag.endswith("svg")


def test_names_from_scenario_files_are_shown_as_they_are(tmp_path):
    odd = small(weeks=2, title="<script>alert(1)</script> $x_1$ & more").named("odd")
    page = sim.run([odd], seeds=1, jobs=1, progress=False).plot.violence().figure
    page.savefig(tmp_path / "a.svg")
    told = "".join(ElementTree.parse(tmp_path / "a.svg").getroot().itertext())
    assert "<script>alert(1)</script> $x_1$ & more" in told.replace("\n", " ")
