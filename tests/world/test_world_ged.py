"""Worlds from event data: an invented country in GED's columns, every way of getting it wrong, and the real files."""

from __future__ import annotations

import csv
import importlib.util
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from sim.cli_world import register
from sim.errors import SimError
from sim.world import build, from_ged, load_world, save
from sim.world.events import NEEDED

DATA = Path(__file__).parent / "data"
GED, TOWNS, CELLS = DATA / "arandia_ged.csv", DATA / "arandia_towns.csv", DATA / "arandia_cells.csv"
MADE_UP = Path(__file__).parents[2] / "scenarios" / "worlds" / "made_up"
SHARED = Path(__file__).parents[3] / "shared" / "data"
REAL = {
    "car": ("GEDEvent_v23_1_central_african_republic_1991_2018", "cells_CAF.csv", 1458, 205, 24),
    "ssudan": ("GEDEvent_v22_1_south_sudan_2011_2016", "cells_SSD.csv", 482, 201, 13),
}  # fmt: skip


def arandia(**changes):
    return from_ged(**({"file": GED, "gazetteer": TOWNS, "cells": CELLS, "people": 1_000_000} | changes))


def rows() -> list[dict[str, str]]:
    with GED.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, table: list[dict[str, str]], columns: list[str] | None = None, second: str = "") -> Path:
    """Write a table, with its columns in an order of one's own and perhaps a second head line."""
    columns = columns or list(table[0])
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, columns, extrasaction="ignore")
        out.writeheader()
        file.write(second)
        out.writerows(table)
    return path


def altered(path: Path, **values: str) -> Path:
    """Write the invented events with some values of the first one changed."""
    table = rows()
    table[0] |= values
    return write(path, table)


def files(path: Path) -> tuple[bytes, bytes]:
    return path.read_bytes(), path.with_suffix(".cells.csv").read_bytes()


# ---------------------------------------------------------------- what comes out


def test_every_cell_of_the_list_is_there_and_people_add_up():
    world = arandia()
    assert world.cells == 37 and len(world.places) == 37
    assert int(world.people.sum()) == 1_000_000
    assert world.people.argmax() == world.capital[0] == world.towns[0]
    assert world.lat[world.capital[0]] == 0.75 and world.lon[world.capital[0]] == 0.75


def test_no_event_is_lost_without_being_counted():
    counts = arandia().about["counts"]
    assert counts["events"] == 58
    assert counts["events used"] + counts["events off the cells"] == 58 - 2
    assert counts["events without a cell (where_prec above 4)"] == 2
    assert counts["towns in other countries"] == 2


def test_history_counts_the_events_of_each_cell_by_kind():
    world, table = arandia(), [r for r in rows() if int(r["where_prec"]) <= 4]
    assert world.history["events"].sum() == len(table)
    assert world.history["deaths"].sum() == sum(int(r["best"]) for r in table)
    assert world.history["events_onesided"].sum() == sum(r["type_of_violence"] == "3" for r in table)
    kinds = ("state", "nonstate", "onesided")
    assert np.array_equal(world.history["events"], sum(world.history[f"events_{k}"] for k in kinds))


def test_propensity_follows_events_and_leans_on_neighbours():
    world = arandia()
    events = world.history["events"]
    assert np.exp(world.propensity).mean() == pytest.approx(1, abs=1e-5)
    assert np.corrcoef(world.propensity, np.log1p(events))[0, 1] > 0.9
    quiet = np.flatnonzero(events == 0)
    busy = np.flatnonzero(events > 4)
    away = np.hypot(*(np.subtract.outer(a[quiet], a[busy]) for a in (world.x, world.y))).min(axis=1)
    assert world.propensity[quiet[away < 60]].mean() > world.propensity[quiet[away > 100]].mean() + 0.3


def test_areas_come_from_the_events_and_groups_from_areas():
    world = arandia()
    assert world.area_names == ("Coast province", "East province", "Hills province", "North province")
    assert world.residents.shape[0] == 3 and world.residents.sum(axis=1).min() > 0
    assert world.residents[:, world.capital[0]].argmax() == 0


def test_fewer_areas_than_three_have_a_group_each_unless_said(tmp_path):
    one_area = write(tmp_path / "a.csv", [{**row, "adm_1": "Coast province"} for row in rows()])
    assert from_ged(one_area).group_names == ("group 1",)
    assert "groups: got 2; allowed: 1 to 1" in refusal(lambda: from_ged(one_area, groups=2))


def test_without_a_cell_list_the_events_hull_and_a_margin_hold_all_events():
    world = arandia(cells=None)
    assert world.about["counts"]["events off the cells"] == 0
    assert 36 <= world.cells <= 80


def test_without_a_gazetteer_places_that_events_name_are_the_towns():
    world = from_ged(GED, cells=CELLS)
    assert int(world.people.sum()) == 5_000_000
    assert (world.lat[world.capital[0]], world.lon[world.capital[0]]) == (1.25, 1.75)  # Millford, named most
    assert any("places that events name" in line for line in world.about["assumptions"])


def test_people_not_given_follow_from_the_towns():
    world = arandia(people=None)
    assert int(world.people.sum()) == round(194_000 / 0.35)


def test_one_event_far_from_all_makes_a_country_of_a_line():
    world = from_ged(GED, cells=None, since=date(2010, 1, 1), until=date(2010, 2, 1), groups=1)
    assert world.cells >= 1 and np.isfinite(world.propensity).all()


def test_days_bound_the_events():
    world = arandia(since=date(2012, 1, 1), until=date(2013, 12, 31))
    window = world.about["window"]
    assert "2012-01-01" <= window["first"] <= window["last"] <= "2013-12-31"
    assert world.about["counts"]["events"] == sum(r["year"] in ("2012", "2013") for r in rows())


def test_an_event_in_two_files_counts_once():
    assert np.array_equal(arandia(file=[GED, GED]).residents, arandia().residents)
    assert arandia(file=[GED, GED]).about["counts"] == arandia().about["counts"]


def test_columns_in_another_order_hxl_tags_and_other_dates_give_the_same_world(tmp_path):
    table = [r | {"date_start": r["date_start"][:10] + "T00:00:00"} for r in rows()]
    columns = [c for c in reversed(list(table[0])) if c not in ("geom_wkt", "relid")]
    tags = ",".join(f"#x+{c}" for c in columns) + "\r\n"
    world = arandia(file=write(tmp_path / "a.csv", table, columns, tags))
    assert np.array_equal(world.propensity, arandia().propensity)
    assert world.history.keys() == arandia().history.keys()


def test_a_gazetteer_may_call_the_country_by_its_initials(tmp_path):
    table = [r | {"country": "United Provinces of Arandia"} for r in rows()]
    events = write(tmp_path / "a.csv", table)
    towns = tmp_path / "t.csv"
    towns.write_text(
        "#name,latitude,longitude,country,population\nPortovale,0.62,0.71,UPA,5000\nFar,0.6,0.7,Elsewhere,9\n"
    )
    assert from_ged(events, gazetteer=towns, cells=CELLS).about["counts"]["towns in other countries"] == 1


# ---------------------------------------------------------------- files


def test_a_world_reads_back_and_writes_the_same_bytes(tmp_path):
    first = save(arandia(), tmp_path / "one" / "arandia.toml")
    again = save(load_world(first), tmp_path / "two" / "arandia.toml")
    assert files(first) == files(again)
    assert np.array_equal(load_world(first).residents, arandia().residents)


def test_a_fictional_country_can_be_kept_too(tmp_path):
    spec = SimpleNamespace(
        generator="country", file=None, seed=3, grid=(9, 9), people=9000, groups=2, places=20, side_km=25
    )
    world = build(spec, ("a", "b"), 0)
    path = save(world, tmp_path / "w.toml")
    back = load_world(path)
    assert back.lon is None and back.host_names == ("a", "b")
    for name in ("row", "x", "y", "propensity", "residents", "towns", "capital", "access", "border_km", "area"):
        assert np.array_equal(getattr(back, name), getattr(world, name)), name
    assert files(save(back, tmp_path / "v" / "w.toml")) == files(path)


def test_a_scenario_names_the_hosts_of_a_world_from_a_file(tmp_path):
    path = save(arandia(), tmp_path / "a.toml")
    spec = SimpleNamespace(file=str(path), path=str(path), seed=7)
    assert build(spec, ("government",), 0).host_names == ("government",)
    assert build(spec, ("government",), 0) is build(spec, ("government",), 1)
    with pytest.raises(SimError, match="hosts: got 'a, b'; allowed: as many as the world file has: 1"):
        build(spec, ("a", "b"), 0)


def test_no_event_is_kept(tmp_path):
    text = b"".join(files(save(arandia(), tmp_path / "a.toml"))).decode()
    assert "Millford" not in text and "Front of the East" not in text and "ARA-20" not in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t, c: (t.replace("side_km = 55.0", "side_km = 55.0 km"), c), "not a TOML file"),
        (lambda t, c: (t.replace("shape", "shapes", 1), c), "not a world file: shape missing"),
        (lambda t, c: (t, c + "1,1\n"), "not the table that a.toml was written with"),
        (lambda t, c: (unsigned(t), c.replace("propensity", "disposition", 1)), "columns are missing: propensity"),
        (lambda t, c: (unsigned(t), c.replace("\n0,", "\n99,", 1)), "line 2: row is '99'; allowed: 0 to 6"),
        (lambda t, c: (unsigned(t).replace("capital = [", "capital = [99, "), c), "capital is"),
        (lambda t, c: (unsigned(t), c.splitlines()[0] + "\n"), "no cells"),
    ],
)
def test_a_damaged_world_file_is_refused_in_one_line(tmp_path, change, message):
    path = save(arandia(), tmp_path / "a.toml")
    head, cells = change(*(text.decode() for text in files(path)))
    path.write_text(head, encoding="utf-8")
    path.with_suffix(".cells.csv").write_text(cells, encoding="utf-8")
    assert message in refusal(lambda: load_world(path))


def unsigned(head: str) -> str:
    return "\n".join(line for line in head.splitlines() if not line.startswith("cells_sha256"))


# ---------------------------------------------------------------- what is refused


def refusal(call) -> str:
    """Return what the error says with which a call is refused; it is one line."""
    with pytest.raises(SimError) as caught:
        call()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_columns_are_named(tmp_path):
    columns = [c for c in rows()[0] if c not in ("latitude", "best")]
    path = write(tmp_path / "a.csv", rows(), columns)
    assert "a.csv: columns are missing: latitude, best" in refusal(lambda: from_ged(path))
    path.write_text(path.read_text().replace(",", ";"))
    assert "columns must be parted by commas, here it is by ';'" in refusal(lambda: from_ged(path))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"latitude": "north"}, "line 2: latitude is 'north'; allowed: -90 to 90"),
        ({"latitude": "120"}, "line 2: latitude is '120'"),
        ({"longitude": ""}, "line 2: longitude is ''; allowed: -180 to 180"),
        ({"best": "-3"}, "line 2: best is '-3'"),
        ({"best": "nan"}, "line 2: best is 'nan'"),
        ({"type_of_violence": "7"}, "line 2: type_of_violence is '7'; allowed: 1 to 3"),
        ({"date_start": "last May"}, "line 2: date_start is 'last May'; allowed: YYYY-MM-DD"),
    ],
)
def test_bad_values_are_named_with_their_line(tmp_path, values, message):
    path = altered(tmp_path / "a.csv", **values)
    assert message in refusal(lambda: from_ged(path))


def test_countries_are_asked_for_and_checked(tmp_path):
    path = altered(tmp_path / "a.csv", country="Borduria")
    assert "2 countries (Arandia, Borduria); say which with --country" in refusal(lambda: from_ged(path))
    told = "country: got 'Arandis'; allowed: Arandia, Borduria; did you mean 'Arandia'?"
    assert told in refusal(lambda: from_ged(path, "Arandis"))
    assert from_ged(path, "arandia").about["counts"]["events"] == 57
    assert from_ged(path, "9901").about["counts"]["events"] == 58


def test_files_without_events_are_refused(tmp_path):
    assert "a.csv: no events" in refusal(lambda: from_ged(write(tmp_path / "a.csv", [], list(rows()[0]))))
    assert "no events of Arandia between 2020-01-01 and the end" in refusal(
        lambda: from_ged(GED, since=date(2020, 1, 1))
    )
    assert "cannot be read" in refusal(lambda: from_ged(tmp_path / "none.csv"))


def test_an_unreadable_encoding_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(GED.read_text(encoding="utf-8").replace("Hills", "Höhen"), encoding="latin-1")
    assert "not text in utf-8" in refusal(lambda: from_ged(path))
    assert "not text in klingon" in refusal(lambda: from_ged(path, encoding="klingon"))
    assert "Höhen province" in from_ged(path, encoding="latin-1").area_names


def test_recent_events_are_refused_unless_asked_for(tmp_path):
    lately = date.today() - timedelta(days=30)
    path = altered(tmp_path / "a.csv", date_start=str(lately))
    assert "newer than 12 months" in refusal(lambda: from_ged(path))
    assert from_ged(path, until=date(2019, 1, 1)).about["counts"]["events"] == 57
    assert from_ged(path, allow_recent=True).about["counts"]["events"] == 58


def test_gazetteers_and_cells_that_do_not_fit_are_refused(tmp_path):
    elsewhere = tmp_path / "t.csv"
    elsewhere.write_text("name,lat,lon,country,population\nFar,40,40,Borduria,10\n")
    assert "no town on the cells of Arandia (countries there: Borduria)" in refusal(
        lambda: arandia(gazetteer=elsewhere)
    )
    odd = tmp_path / "c.csv"
    odd.write_text("gid,lat,lon\n1,0.3,0.25\n")
    assert "line 2: latitude is '0.3'; allowed: centres x.25 and x.75" in refusal(lambda: arandia(cells=odd))
    assert "people: got 1000; allowed: at least 194,000" in refusal(lambda: arandia(people=1000))
    assert "groups: got 9; allowed: 1 to 4" in refusal(lambda: arandia(groups=9))


# ---------------------------------------------------------------- the command


def run(*arguments: object):
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, ["world", "from-ged", *map(str, arguments)])


def test_the_command_writes_a_world_and_says_what_it_assumed(tmp_path):
    out = tmp_path / "w.toml"
    result = run(GED, "--gazetteer", TOWNS, "--cells", CELLS, "--people", 1_000_000, "--out", out)
    assert result.exit_code == 0, result.output
    assert "2  towns in other countries" in result.output and "assumed:" in result.output
    assert int(load_world(out).people.sum()) == 1_000_000


def test_the_command_leaves_errors_to_the_command_line(tmp_path):
    assert isinstance(run(tmp_path / "none.csv").exception, SimError)


# ---------------------------------------------------------------- real files


@pytest.mark.parametrize("name", REAL)
def test_real_files_make_worlds(name, tmp_path):
    events, cells, number, size, foreign = REAL[name]
    if not SHARED.is_dir():
        pytest.skip("no ../shared/data: the real event files are not part of the project")
    towns, grid = SHARED / "flee" / name / "locations.csv", SHARED / "prio_grid" / cells
    world = from_ged(SHARED / "ucdp_ged" / f"{events}.csv", gazetteer=towns, cells=grid, people=12_000_000)
    counts = world.about["counts"]
    assert world.cells == size and counts["events"] == number
    assert counts["towns in other countries"] == foreign and counts["events off the cells"] < 0.05 * number
    assert int(world.people.sum()) == 12_000_000
    assert 0.9 < world.propensity.std() < 1.9
    share = np.sort(world.history["deaths"])[::-1].cumsum() / world.history["deaths"].sum()
    assert 0.45 < share[size // 10] < 0.85  # the worst tenth of cells has about two thirds of all deaths (S9)
    first = save(world, tmp_path / "a" / "w.toml")
    assert files(first) == files(save(load_world(first), tmp_path / "b" / "w.toml"))


# ---------------------------------------------------------------- what ships


def made_up():
    """Return the script that makes up the events that ship, as a module."""
    spec = importlib.util.spec_from_file_location("made_up", MADE_UP / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_made_up_events_that_ship_are_those_of_their_script_in_ged_columns(tmp_path):
    for path in made_up().write(tmp_path):
        assert path.read_bytes() == (MADE_UP / path.name).read_bytes()
    with (MADE_UP / "events.csv").open(newline="", encoding="utf-8") as file:
        table = csv.DictReader(file)
        assert {"id", *NEEDED, "adm_1", "where_coordinates"} <= set(table.fieldnames)
        assert {row["source_article"] for row in table} == {"made up"}


def test_a_world_of_made_up_events_says_so_and_claims_no_other_source(tmp_path):
    out = tmp_path / "w.toml"
    asked = [str(MADE_UP / "events.csv"), "--gazetteer", str(MADE_UP / "towns.csv"), "--credit", made_up().CREDIT]
    app = typer.Typer()
    register(app)
    assert CliRunner().invoke(app, ["world", "from-ged", *asked, "--out", str(out)]).exit_code == 0
    world = load_world(out)
    assert list(world.about["attribution"]) == [made_up().CREDIT] and "UCDP" not in out.read_text(encoding="utf-8")
    assert world.about["counts"]["events"] == 260 and world.about["counts"]["events off the cells"] == 0
    assert world.lat[world.capital[0]] == -1.25 and world.lon[world.capital[0]] == -21.75  # Harbour town


def test_the_world_that_ships_loads_and_names_its_sources():
    world = load_world(Path(__file__).parents[2] / "scenarios" / "worlds" / "car.toml")
    assert world.cells == 205 and int(world.people.sum()) == 4_700_000
    credit = " ".join(world.about["attribution"])
    assert "UCDP" in credit and "CC BY 4.0" in credit and "PRIO-GRID" in credit and "Flee" in credit


def test_the_scenario_on_it_loads():
    from sim.scenario import load

    scenario = load("car_from_events")
    assert build(scenario.world, tuple(scenario.hosts), 0).cells == 205
