"""The trainer's page in Python: what it packs is what the tables say, and no text can break out of it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from drawn import A, B, study
from helpers import HERE, UN, small

import sim
from sim.errors import Problems
from sim.report.look.cast import cast
from sim.report.offline import Page, build, index, numbers, pack, page
from sim.report.offline.numbers import Two
from sim.report.offline.shapes import outline
from sim.report.offline.worlds import unusual


@cache
def made() -> Page:
    """Return the page of the small study, without other worlds."""
    return page(study(), worlds=0)


def unpacked(text: str) -> dict[str, Any]:
    """Return the header of a page's data."""
    data = re.search(r'<script id="data" type="application/octet-stream">(.*?)</script>', text, re.S)
    raw = gzip.decompress(base64.b64decode(data[1]))
    size = int.from_bytes(raw[:4], "little")
    return json.loads(raw[4 : 4 + size]) | {"body": raw[4 + size :]}


@cache
def tables() -> dict[str, Any]:
    return unpacked(made().html)["tables"]


def layer(name: str) -> np.ndarray:
    """Return a layer's bytes as the page sees them, steps added up again."""
    packed = unpacked(made().html)
    told = packed["layers"][name]
    flat = np.frombuffer(packed["body"], np.uint8, int(np.prod(told["shape"])), told["offset"])
    found = flat.reshape(told["shape"])
    return np.cumsum(found, axis=told["steps"], dtype=np.uint8) if "steps" in told else found


def test_it_is_one_small_file_that_may_ask_for_nothing():
    assert made().size < 6_000_000 and "default-src 'none'" in made().html
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]', made().html) and "{{" not in made().html


@pytest.mark.parametrize("arm", [0, 1])
def test_the_shown_run_s_deaths_end_at_the_summary_s(arm):
    shown = study().summary.set_index(["scenario", "seed"]).loc[((A, B)[arm], study().shown())]
    assert tables()["series"][arm]["civilians_killed"][0][-1] == shown["civilians_killed"]
    assert tables()["whole"][arm]["civilians_killed"][0] == shown["civilians_killed"]


def test_differences_and_pairs_are_those_of_compare():
    row = study().compare(A).row("civilians_killed")
    told = tables()["differences"][0]
    assert told["difference"] == pytest.approx(row["difference"], rel=1e-5) and told["verdict"] == row["verdict"]
    assert np.mean(tables()["pairs"]) == pytest.approx(row["difference"])


@pytest.mark.parametrize("arm", [0, 1])
def test_harm_by_perpetrator_adds_up_to_all(arm):
    ends = [rows[0][-1] for rows in tables()["harm"]["arms"][arm]]
    assert sum(ends) == tables()["series"][arm]["civilians_killed"][0][-1]


@pytest.mark.parametrize("arm", [0, 1])
def test_moves_and_first_impressions_add_up_to_the_opinion(arm):
    moved = tables()["moved"]
    rows = study().perceptions
    mine = (rows["scenario"] == (A, B)[arm]) & (rows["seed"] == study().shown()) & (rows["actor"] == moved["actor"])
    level = rows[mine & (rows["audience"] == moved["audience"])].set_index("week")[moved["quantity"]]
    found = np.sum(moved["arms"][arm][-1]) + moved["opening"][arm][-1]
    assert found == pytest.approx(100 * level.iloc[-1], abs=0.01)


def test_answers_so_far_end_at_the_summary_s():
    two = Two(study(), (A, B), study().shown())
    for arm, column in ((0, "attacks_answered_all"), (1, "attacks_answered_share:UN")):
        told = study().summary[study().summary["scenario"] == (A, B)[arm]].set_index("seed")[column]
        assert numbers.weekly(two, arm, column)[:, -1] == pytest.approx(told.to_numpy(), nan_ok=True)


def test_the_matrix_holds_the_perceptions():
    told, view = tables(), layer("views")
    rows = study().perceptions
    one = rows[(rows["scenario"] == B) & (rows["seed"] == study().shown()) & (rows["week"] == told["weeks"] - 1)]
    value = one[(one["audience"] == "all") & (one["actor"] == "host")]["legitimacy"].iloc[0]
    assert view[1, -1, told["audiences"].index("all"), told["judged"].index("host"), 0] == round(100 * value)


def test_presence_is_where_units_have_people_in_reach():
    told, near = tables(), layer("presence")
    assert not near[0, 0].any() or told["moments"][0]["week"] == 0
    bits = {name: 1 << k for k, name in enumerate(told["missions"])}
    assert (near[0] & bits["UN"]).any() and not (near[0] & bits["AU"]).any() and (near[1] & bits["AU"]).any()


def test_no_text_of_a_scenario_stands_in_the_file_as_it_is():
    nasty = "</script><script>alert(1)</script><!--"
    one = small(missions={"UN": UN | HERE}, question=nasty).named("a")
    runs = sim.run([one, one.but({"missions.UN.care": 0.1}).named("b")], seeds=1, jobs=1, progress=False)
    told = page(runs, worlds=0)
    assert nasty not in told.html and unpacked(told.html)["tables"]["scene"]["question"] == nasty
    assert nasty not in index([("x.html", told)])


def test_two_that_share_no_clock_are_refused():
    other = study().setups[A].but({"weeks": study().setups[A].weeks - 1}).named("shorter")
    runs = sim.run([study().setups[A], other], seeds=1, jobs=1, progress=False)
    with pytest.raises(Problems, match="the same weeks"):
        page(runs, worlds=0)


def test_a_world_in_which_the_other_side_wins_wins_again_or_is_not_told():
    told = build.worlds(tuple(study().setups.values()), -1.0, 2, jobs=1)
    assert told["n"] == 2 and told["fewerA"] + told["fewerB"] <= 2 and told["side"] == 1
    assert told["found"] is None or (told["found"]["mean"] > 0 and 2 * told["found"]["wins"] > told["found"]["of"])


def test_what_is_unusual_of_a_world_comes_first():
    rows = unusual({"parameters.attribution.blur": 3.0, "parameters.response.base_chance": 0.3})
    assert rows[0]["path"] == "attribution.blur" and rows[0]["meaning"]


def test_steps_add_up_again_after_packing():
    values = np.random.default_rng(1).integers(0, 256, (2, 5, 3), dtype=np.uint8)
    raw = gzip.decompress(base64.b64decode(pack.pack({}, {"x": (values, {"steps": 1})})))
    size = int.from_bytes(raw[:4], "little")
    body = np.frombuffer(raw[4 + size :], np.uint8).reshape(values.shape)
    assert (np.cumsum(body, axis=1, dtype=np.uint8) == values).all()


def test_shapes_are_paths_of_svg():
    drawn = {name: outline(looks) for name, looks in cast(study().setups).items()}
    assert all(re.fullmatch(r"(?:[MLQC][-\d. e]+|Z)+", path) for path in drawn.values())
    assert len(set(drawn.values())) == len(drawn)


def test_every_word_is_there_in_both_languages():
    text = (build.HERE / "src" / "strings.js").read_text(encoding="utf-8")
    english, french = text.split("\n};")[0].split("  fr: {")
    keys = [set(re.findall(r'(?:^|[,{]\s)\s*(\w+|"[^"]+"): ["\[]', part, re.M)) for part in (english, french)]
    assert keys[0] == keys[1] and len(keys[0]) > 100
