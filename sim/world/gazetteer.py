"""Read what goes round the events: towns with their people, and the country's 0.5-degree cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import ConvexHull, QhullError, cKDTree

from sim.errors import SimError
from sim.world.events import Events, simple
from sim.world.layers import Floats, Ints
from sim.world.records import Row, read_rows

DEGREES = 0.5
LAT = ("latitude", "lat", "ycoord", "y")
LON = ("longitude", "lon", "long", "xcoord", "x")
TOWN_COLUMNS = {
    "name": ("name", "place", "asciiname"), "latitude": LAT, "longitude": LON,
    "population": ("population", "pop"), "country": ("country",),
}  # fmt: skip
RESOURCES = ("diamsec_s", "diamprim_s", "goldplacer_s", "goldvein_s", "goldsurface_s")
CELL_COLUMNS = {"gid": ("gid", "priogrid_gid"), "latitude": LAT, "longitude": LON} | {n: (n,) for n in RESOURCES}


@dataclass(frozen=True, eq=False)
class Cells:
    """The country's 0.5-degree cells [C], from north-west to south-east; `resource` 1 where deposits are known."""

    row: Ints  # of the world's grid, 0 northernmost
    col: Ints
    lat: Floats
    lon: Floats
    resource: Floats


def read_cells(path: str | Path, encoding: str = "utf-8") -> Cells:
    """Read a list of 0.5-degree cells by their centres (PRIO-GRID: gid, lat, lon; or xcoord, ycoord)."""
    rows = read_rows(path, CELL_COLUMNS, ("latitude", "longitude"), encoding)
    if not rows:
        raise SimError(f"{Path(path).name}: no cells")
    where = {(_step(row, "latitude", 90), _step(row, "longitude", 180)): _has_deposit(row) for row in rows}
    return _cells(where)


def _step(row: Row, column: str, most: float) -> int:
    """Return a cell centre's position in half degrees; refuse what is no centre of PRIO-GRID."""
    value = (row.number(column, -most, most) - DEGREES / 2) / DEGREES
    if abs(value - round(value)) > 1e-6:
        raise SimError(f"{row.file}, line {row.line}: {column} is {row[column]!r}; allowed: centres x.25 and x.75")
    return round(value)


def _has_deposit(row: Row) -> float:
    """Return 1 where a cell has diamonds or gold."""
    return float(any(row.number(name, 0, 1e9, blank=0) > 0 for name in RESOURCES))


def _cells(where: dict[tuple[int, int], float]) -> Cells:
    """Put cells in order and on a grid of their own."""
    up, across = np.array(sorted(where, key=lambda at: (-at[0], at[1]))).T
    lat, lon = (up + 0.5) * DEGREES, (across + 0.5) * DEGREES
    deposit = np.array([where[int(u), int(a)] for u, a in zip(up, across, strict=True)])
    return Cells((up.max() - up).astype(np.int64), (across - across.min()).astype(np.int64), lat, lon, deposit)


def hull_cells(events: Events, buffer: float = DEGREES) -> Cells:
    """Return the cells whose centre lies in the convex hull of the events or at most `buffer` degrees outside."""
    points = np.column_stack([events.lat, events.lon])
    low, high = np.floor((points.min(0) - buffer) / DEGREES), np.floor((points.max(0) + buffer) / DEGREES)
    steps = [(u, a) for u in range(int(low[0]), int(high[0]) + 1) for a in range(int(low[1]), int(high[1]) + 1)]
    centres = (np.array(steps) + 0.5) * DEGREES
    inside = _beyond_hull(points, centres) <= buffer
    return _cells({at: 0.0 for at, within in zip(steps, inside, strict=True) if within})


def _beyond_hull(points: Floats, centres: Floats) -> Floats:
    """Return how many degrees each centre lies outside the points' convex hull (their box, if they lie in a line)."""
    try:
        faces = ConvexHull(points).equations
        return (centres @ faces[:, :2].T + faces[:, 2]).max(axis=1)
    except (QhullError, ValueError):
        return np.maximum(points.min(0) - centres, centres - points.max(0)).max(axis=1)


def with_resources(cells: Cells, path: str | Path, encoding: str = "utf-8") -> Cells:
    """Add known deposits from a table of cells (PRIO-GRID static: diamonds, gold) to the country's own cells."""
    rows = read_rows(path, CELL_COLUMNS, ("latitude", "longitude"), encoding)
    known = {(_step(row, "latitude", 90), _step(row, "longitude", 180)) for row in rows if _has_deposit(row)}
    found = np.array([float(at in known) for at in _steps(cells.lat, cells.lon)])
    return Cells(cells.row, cells.col, cells.lat, cells.lon, np.maximum(cells.resource, found))


def nearest_cell(cells: Cells, lat: Floats, lon: Floats, reach: float = 0.75) -> Ints:
    """Return the cell [n] that holds each point, or the nearest no farther than `reach` degrees; -1 beyond."""
    own = {at: i for i, at in enumerate(_steps(cells.lat, cells.lon))}
    inside = np.array([own.get(at, -1) for at in _steps(lat, lon)], dtype=np.int64)
    away, near = cKDTree(np.column_stack([cells.lat, cells.lon])).query(np.column_stack([lat, lon]))
    return np.where(inside >= 0, inside, np.where(away <= reach, near, -1)).astype(np.int64)


def _steps(lat: Floats, lon: Floats) -> list[tuple[int, int]]:
    """Return positions in whole half degrees."""
    up, across = (np.floor(np.asarray(d) / DEGREES).astype(int).tolist() for d in (lat, lon))
    return list(zip(up, across, strict=True))


@dataclass(frozen=True, eq=False)
class Towns:
    """Towns of one country [T] by cell; people -1 where the gazetteer leaves them blank. `dropped` counts the rest."""

    cell: Ints
    people: Ints
    dropped: dict[str, int]


def read_towns(path: str | Path, country: str, cells: Cells, encoding: str = "utf-8") -> Towns:
    """Read a gazetteer, such as Flee's locations.csv, keeping the country's towns that lie on its cells.

    The country may go by its full name, with underscores, or by its initials (CAR); failing these, by the name that
    most towns on the country's cells have. Places elsewhere are dropped and counted. No town left is an error.
    """
    rows = read_rows(path, TOWN_COLUMNS, ("name", "latitude", "longitude"), encoding)
    at = np.array([(row.number("latitude", -90, 90), row.number("longitude", -180, 180)) for row in rows])
    cell = nearest_cell(cells, *at.reshape(-1, 2).T)
    ours = _label([row["country"] for row in rows], cell, country)
    home = np.array([row["country"].strip() in ("", ours) for row in rows], dtype=bool)
    kept = [(row, int(c)) for row, c, h in zip(rows, cell, home, strict=True) if h and c >= 0]
    if not kept:
        there = ", ".join(sorted({row["country"].strip() for row in rows})) or "none"
        raise SimError(f"{Path(path).name}: no town on the cells of {country} (countries there: {there})")
    return Towns(
        cell=np.array([c for _, c in kept], dtype=np.int64),
        people=np.array([row.number("population", 0, 1e9, blank=-1) for row, _ in kept]).astype(np.int64),
        dropped={"towns in other countries": int((~home).sum()), "towns off the cells": int((home & (cell < 0)).sum())},
    )


def _label(given: Sequence[str], cell: Ints, country: str) -> str:
    """Return the name under which a gazetteer files the country."""
    initials = "".join(word[0] for word in country.replace("_", " ").split() if word[0].isupper())
    by_name = [name.strip() for name in given if simple(name) in (simple(country), initials.casefold())]
    inside = [name.strip() for name, c in zip(given, cell, strict=True) if c >= 0]
    candidates = by_name or inside or [""]
    return max(sorted(set(candidates)), key=candidates.count)
