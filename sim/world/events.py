"""Read event data of the UCDP Georeferenced Event Dataset (GED): global file or a country extract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from sim.errors import Problem, Problems, SimError, nearest
from sim.world.layers import Floats, Ints
from sim.world.records import Row, read_rows

COLUMNS = {
    "id": ("id",), "type_of_violence": ("type_of_violence",), "where_prec": ("where_prec",),
    "where_coordinates": ("where_coordinates",), "adm_1": ("adm_1",), "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon"), "country": ("country",), "iso3": ("iso3",), "country_id": ("country_id",),
    "date_start": ("date_start",), "deaths_civilians": ("deaths_civilians",), "best": ("best", "best_est"),
}  # fmt: skip
NEEDED = ("type_of_violence", "where_prec", "latitude", "longitude", "country", "date_start", "best")
KINDS = {1: "state", 2: "nonstate", 3: "onesided"}
MOST = 1e7


@dataclass(frozen=True, eq=False)
class Events:
    """Recorded events of one country, a row each [E], in order of date."""

    country: str
    day: np.ndarray  # datetime64[D]
    kind: Ints  # 1 state-based, 2 non-state, 3 one-sided
    deaths: Ints  # best estimate
    civilians: Ints
    lat: Floats
    lon: Floats
    precision: Ints  # 1 exact .. 7 international
    area: tuple[str, ...]  # first-order division, may be empty
    place: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.day)


def read_events(
    paths: Sequence[str | Path], country: str | None = None, *, since: date | None = None, until: date | None = None,
    encoding: str = "utf-8",
) -> Events:  # fmt: skip
    """Read the events of one country from GED files, each event once.

    `country` is a name, ISO 3 or country_id as the file has it; it may be left out where the file has a single country.
    Raises `SimError` in one line for missing columns, bad values, an unknown country, several countries, no rows.
    """
    rows = [row for path in paths for row in read_rows(path, COLUMNS, NEEDED, encoding)]
    files = ", ".join(Path(path).name for path in paths)
    if not rows:
        raise SimError(f"{files}: no events")
    name, rows = _of_country(files, rows, country)
    rows = list({row["id"] or f"{row.file}:{row.line}": row for row in rows}.values())
    dated = sorted(((_day(row), i) for i, row in enumerate(rows)), key=lambda pair: pair)
    kept = [(d, rows[i]) for d, i in dated if (since is None or d >= since) and (until is None or d <= until)]
    if not kept:
        span = f"{dated[0][0]} to {dated[-1][0]}"
        raise SimError(f"{files}: no events of {name} between {since or 'the start'} and {until or 'the end'} ({span})")
    return _table(name, [d for d, _ in kept], [row for _, row in kept])


def _of_country(files: str, rows: list[Row], wanted: str | None) -> tuple[str, list[Row]]:
    """Keep the rows of the country wanted, or of the only one there is."""
    names = sorted({row["country"].strip() for row in rows})
    if wanted is None:
        if len(names) > 1:
            raise SimError(f"{files}: {len(names)} countries ({_some(names)}); say which with --country")
        return names[0], rows
    plain = simple(wanted)
    kept = [r for r in rows if plain in (simple(r["country"]), simple(r["iso3"]), r["country_id"].strip())]
    if not kept:
        raise Problems([Problem("country", wanted, _some(names), nearest(wanted, names))])
    return kept[0]["country"].strip(), kept


def _some(names: Sequence[str], most: int = 8) -> str:
    """List names, the first few of many."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def simple(name: str) -> str:
    """Return a name without case, blanks and underscores, for comparing."""
    return "".join(name.replace("_", " ").split()).casefold()


def _day(row: Row) -> date:
    """Return the day on which an event began."""
    try:
        return date.fromisoformat(row["date_start"].strip()[:10])
    except ValueError:
        given = row["date_start"]
        raise SimError(f"{row.file}, line {row.line}: date_start is {given!r}; allowed: YYYY-MM-DD") from None


def _table(country: str, days: list[date], rows: list[Row]) -> Events:
    """Turn rows into columns, checking every value."""

    def whole(column: str, least: int, most: float, blank: int | None = None) -> Ints:
        return np.array([row.number(column, least, most, blank=blank) for row in rows]).astype(np.int64)

    return Events(
        country=country, day=np.array(days, dtype="datetime64[D]"), kind=whole("type_of_violence", 1, 3),
        deaths=whole("best", 0, MOST), civilians=whole("deaths_civilians", 0, MOST, blank=0),
        lat=np.array([row.number("latitude", -90, 90) for row in rows]),
        lon=np.array([row.number("longitude", -180, 180) for row in rows]),
        precision=whole("where_prec", 1, 7),
        area=tuple(row["adm_1"].strip() for row in rows), place=tuple(row["where_coordinates"].strip() for row in rows),
    )  # fmt: skip


def refuse_recent(events: Events, today: date, allow: bool) -> None:
    """Refuse events of the last 12 months unless asked for: the simulation is no tool for a war going on."""
    oldest = today - timedelta(days=365)
    last = events.day.max().astype(date)
    if last > oldest and not allow:
        raise SimError(
            f"events up to {last} are newer than 12 months; leave them out with --until {oldest} or say --allow-recent"
        )
