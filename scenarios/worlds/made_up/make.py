"""Make up a country's event data in the columns of UCDP GED: `python scenarios/worlds/made_up/make.py`.

Nothing in `events.csv` and `towns.csv` happened and nobody in them lives. The country, Imaginia, lies where the ocean
is; its towns are called by what they are. The files show how a world is made from event data (notebook 6) and stay the
same bytes from one making to the next. Their few habits are those of real data: most events fall in few places, some
follow each other closely, deaths are skewed, and some events are only known to a province or the country.
"""

from __future__ import annotations

import csv
import math
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
SEED, EVENTS, FIRST, DAYS = 11, 260, date(2010, 1, 4), 3640
CREDIT = "Events and towns: made up for this project (scenarios/worlds/made_up/make.py); nothing in them happened"
TOWNS = {
    "Harbour town": (-1.10, -21.60, 240_000), "Market town": (0.35, -20.40, 70_000),
    "River town": (-0.45, -19.20, 45_000), "Mine town": (1.60, -19.10, 30_000), "Hill town": (2.35, -20.60, 22_000),
    "Border town": (1.85, -17.90, 12_000), "Forest town": (-1.20, -18.10, None),
}  # fmt: skip
"""Latitude, longitude and people, as a gazetteer has them; of one it is not known how many."""
PROVINCES = {
    "Harbour town": "Coast", "Market town": "Coast", "River town": "River", "Forest town": "River",
    "Mine town": "Hill", "Hill town": "Hill", "Border town": "Border",
}  # fmt: skip
HOT = {"Mine town": 30, "Hill town": 24, "Border town": 22, "River town": 12, "Forest town": 6, "Market town": 4,
       "Harbour town": 2}  # fmt: skip
"""How often an event falls round a town, of a hundred."""
STATE, MOVEMENT, HERDERS, FARMERS = (
    "Government of Imaginia",
    "Movement of the Hills",
    "Herders' league",
    "Farmers' league",
)
KINDS = (
    (1, STATE, MOVEMENT, 42),
    (2, HERDERS, FARMERS, 24),
    (3, MOVEMENT, "Civilians", 24),
    (3, STATE, "Civilians", 10),
)
"""Type of violence, the sides, and how often, of a hundred."""
PRECISION = {1: 44, 2: 26, 3: 12, 4: 10, 5: 3, 6: 4, 7: 1}
SPREAD, FOLLOWS, WITHIN, WORST = 0.34, 0.35, 21, 90
"""Degrees round a town; the chance that an event follows the last one near it, within how many days; most deaths."""
COLUMNS = (
    "id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id",
    "conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a",
    "side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office", "source_date",
    "source_headline", "source_original", "where_prec", "where_coordinates", "where_description", "adm_1", "adm_2",
    "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region", "event_clarity",
    "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "best", "high",
    "low", "gwnoa", "gwnob",
)  # fmt: skip


def events(seed: int = SEED, number: int = EVENTS) -> list[dict[str, Any]]:
    """Return made-up events, a row each in GED's columns, in order of id."""
    luck, rows = Random(seed), []
    town, day = "Mine town", 0
    for k in range(1, number + 1):
        if luck.random() < FOLLOWS:
            day = min(DAYS - 1, day + luck.randint(1, WITHIN))
        else:
            town, day = _one_of(luck, HOT), luck.randrange(DAYS)
        rows.append(_event(luck, k, town, FIRST + timedelta(days=day)))
    return rows


def _one_of(luck: Random, weights: dict[Any, int]) -> Any:
    """Draw one of some names by weight."""
    return luck.choices(list(weights), list(weights.values()))[0]


def _event(luck: Random, k: int, town: str, day: date) -> dict[str, Any]:
    """Return one event near a town."""
    kind, a, b, _ = luck.choices(KINDS, [one[-1] for one in KINDS])[0]
    precision = _one_of(luck, PRECISION)
    lat, lon = (TOWNS[town][i] + (luck.gauss(0, SPREAD) if precision > 1 else 0.0) for i in (0, 1))
    best = min(WORST, int(luck.paretovariate(1.15)))
    civilians = best if kind == 3 else sum(luck.random() < 0.2 for _ in range(best))
    of_a = 0 if kind == 3 else luck.randint(0, best - civilians)
    when, gid = f"{day} 00:00:00.000", math.floor((lat + 90) * 2) * 720 + math.floor((lon + 180) * 2) + 1
    return dict.fromkeys(COLUMNS, "") | {
        "id": k, "relid": f"IMA-{day.year}-{kind}-{k}", "year": day.year, "active_year": 1, "code_status": "Clear",
        "type_of_violence": kind, "conflict_name": f"{a} - {b}", "dyad_name": f"{a} - {b}", "side_a": a, "side_b": b,
        "number_of_sources": 1, "source_article": "made up", "where_prec": precision,
        "where_coordinates": "Imaginia" if precision > 5 else town, "where_description": "made up",
        "adm_1": "" if precision > 5 else f"{PROVINCES[town]} province", "latitude": f"{lat:.4f}",
        "longitude": f"{lon:.4f}", "geom_wkt": f"POINT ({lon:.4f} {lat:.4f})", "priogrid_gid": gid,
        "country": "Imaginia", "country_id": 9902, "region": "Nowhere", "event_clarity": 1, "date_prec": 1,
        "date_start": when, "date_end": when, "deaths_a": of_a, "deaths_b": 0 if kind == 3 else best - civilians - of_a,
        "deaths_civilians": civilians, "deaths_unknown": 0, "best": best, "high": best + luck.randint(0, 3),
        "low": max(0, best - luck.randint(0, 2)),
    }  # fmt: skip


def towns() -> list[dict[str, Any]]:
    """Return the made-up gazetteer, a row per town."""
    return [
        {"name": name, "region": f"{PROVINCES[name]} province", "country": "Imaginia", "lat": lat, "lon": lon,
         "population": "" if people is None else people}
        for name, (lat, lon, people) in TOWNS.items()
    ]  # fmt: skip


def write(folder: Path = HERE) -> list[Path]:
    """Write both files into a folder and return them."""
    files = []
    for name, rows in (("events.csv", events()), ("towns.csv", towns())):
        files.append(folder / name)
        with files[-1].open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(rows)
    return files


if __name__ == "__main__":
    for path in write():
        print(f"{path.name}: {path.stat().st_size:,} bytes")
