"""Make a country of real event data: 0.5-degree cells with what events, a gazetteer and a cell list tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from sim.errors import Problem, Problems
from sim.world.build import default_parameters
from sim.world.events import KINDS, Events, read_events, refuse_recent
from sim.world.gazetteer import Cells, Towns, hull_cells, nearest_cell, read_cells, read_towns, with_resources
from sim.world.geography import access, state_presence, town_sizes
from sim.world.land import Land
from sim.world.layers import Floats, Ints, apportion, split_by_share, spread_out
from sim.world.propensity import normalised
from sim.world.provenance import COARSEST, provenance
from sim.world.world import World

SIDE_KM, MOST_GROUPS = 55.0, 3
DIGITS = 6


def from_ged(
    file: str | Path | Sequence[str | Path], country: str | None = None, *, gazetteer: str | Path | None = None,
    cells: str | Path | None = None, resources: str | Path | None = None, people: int | None = None,
    groups: int | None = None, since: date | None = None, until: date | None = None, allow_recent: bool = False,
    encoding: str = "utf-8", credit: str | None = None,
) -> World:  # fmt: skip
    """Make a country of 0.5-degree cells from UCDP GED events (one file or several); no event is kept, only counts.

    Parameters: country, needed where the files hold several; gazetteer, towns with people (name, lat, lon, population,
    country); cells, centres of the country's cells (default: the events' convex hull and half a degree round it);
    resources, cells with known deposits; people, in all (default: from the towns' share of people); groups, identity
    groups (default: three, or one for each area where there are fewer); since and until, days that bound the events;
    allow_recent, take events of the last 12 months too; credit, to whom the data are owed if not to UCDP, PRIO-GRID
    and Flee.
    Returns the world with `history` per cell and its provenance in `about`. Raises `SimError`, one line each.
    """
    files = [file] if isinstance(file, str | Path) else list(file)
    events = read_events(files, country, since=since, until=until, encoding=encoding)
    refuse_recent(events, date.today(), allow_recent)
    grid = read_cells(cells, encoding) if cells else hull_cells(events)
    grid = with_resources(grid, resources, encoding) if resources else grid
    towns = read_towns(gazetteer, events.country, grid, encoding) if gazetteer else None
    cell = np.where(events.precision <= COARSEST, nearest_cell(grid, events.lat, events.lon), -1)
    given = {"events": files, "gazetteer": gazetteer, "cells": cells, "resources": resources, "people": people}
    about = provenance(events, cell, towns.dropped if towns else {}, given, credit)
    return _assemble(events, cell, grid, towns, people, groups, about)


def _assemble(
    events: Events, cell: Ints, grid: Cells, towns: Towns | None, people: int | None, groups: int | None, about: dict
) -> World:
    """Turn events by cell, cells and towns into a world."""
    p, land = default_parameters(), _land(grid)
    centres, known = _by_cell(towns) if towns else _named_places(events, cell)
    total, townspeople = _townspeople(towns, known, people, p)
    reach = access(land, centres, np.zeros(land.cells), p)
    settled = _settle(total, townspeople, centres, reach)
    area, area_names = _areas(events, cell, land)
    capital, history = centres[:1], _history(events, cell, land.cells)
    residents = _groups(land, settled, area, int(capital[0]), groups, p)
    sizes = townspeople / max(townspeople.sum(), 1)
    return World(
        name=events.country, side_km=SIDE_KM, shape=land.mask.shape, row=land.row, col=land.col, x=land.x, y=land.y,
        lon=grid.lon, lat=grid.lat, host=np.zeros(land.cells, np.int64), host_names=(events.country,),
        area=area, area_names=area_names, access=reach.round(DIGITS),
        wet=np.clip(np.abs(grid.lat) / 15, 0.1, 1).round(DIGITS), resource=grid.resource,
        state_presence=state_presence(land.x, land.y, capital, centres, sizes, SIDE_KM, p).round(DIGITS),
        border_km=land.border_km(np.zeros(land.cells, np.int64)).round(DIGITS),
        propensity=_propensity(land, history["events"], settled > 0, p).round(DIGITS),
        residents=residents, group_names=tuple(f"group {g + 1}" for g in range(len(residents))),
        capital=capital, towns=centres, history=history, about=about,
    )  # fmt: skip


def _land(grid: Cells) -> Land:
    """Return the cells as land of a grid."""
    mask = np.zeros((int(grid.row.max()) + 1, int(grid.col.max()) + 1), dtype=bool)
    mask[grid.row, grid.col] = True
    return Land(mask, SIDE_KM)


def _by_cell(towns: Towns) -> tuple[Ints, Ints]:
    """Add up a gazetteer's towns by cell: cells, largest first, and their known townspeople."""
    cells, where = np.unique(towns.cell, return_inverse=True)
    known = np.bincount(where, np.maximum(towns.people, 0)).astype(np.int64)
    order = np.argsort(-known, kind="stable")
    return cells[order], known[order]


def _named_places(events: Events, cell: Ints, most: int = 60) -> tuple[Ints, Ints]:
    """Let places that events name stand in for towns: cells with most such names first, led by the place named most."""
    exact = [(int(c), n) for c, n, how in zip(cell, events.place, events.precision, strict=True) if c >= 0 and how <= 2]
    named = [at for at in exact if at[1]]
    cells = np.array([c for c, _ in set(named)] or cell[cell >= 0][:1].tolist() or [0], dtype=np.int64)
    towns, number = np.unique(cells, return_counts=True)
    if named:
        number[towns == max(sorted(set(named)), key=named.count)[0]] = len(named) + 1
    order = np.argsort(-number, kind="stable")[:most]
    return towns[order], np.zeros(len(order), np.int64)


def _townspeople(towns: Towns | None, known: Ints, people: int | None, p) -> tuple[int, Ints]:
    """Return the country's people and each town cell's townspeople; what is not given follows from the towns' share."""
    if towns is not None and known.sum():
        total = round(known.sum() / p.world.town_share) if people is None else people
        if known.sum() > total:
            raise Problems([Problem("people", people, f"at least {known.sum():,}, the gazetteer's own townspeople")])
        return total, known
    total = 5_000_000 if people is None else people
    if total < 0:
        raise Problems([Problem("people", people, "a whole number from 0")])
    return total, apportion(round(total * p.world.town_share), town_sizes(len(known), p))


def _settle(total: int, townspeople: Ints, towns: Ints, reach: Floats) -> Ints:
    """Return the people of each cell [C]: townspeople where they are, the rest by access; sums to the total."""
    settled = apportion(total - int(townspeople.sum()), reach)
    settled[towns] += townspeople
    return settled


def _areas(events: Events, cell: Ints, land: Land) -> tuple[Ints, tuple[str, ...]]:
    """Give each cell the first-order division that most of its events name, or that of the nearest cell with one."""
    named = [(int(c), a) for c, a in zip(cell, events.area, strict=True) if c >= 0 and a]
    names = sorted({a for _, a in named}) or [events.country]
    votes = np.zeros((len(names), land.cells))
    for c, a in named:
        votes[names.index(a), c] += 1
    area, at = votes.argmax(axis=0), np.column_stack([land.x, land.y])
    told = votes.sum(axis=0) > 0
    if told.any():
        area = area[np.flatnonzero(told)[cKDTree(at[told]).query(at)[1]]]
    used, position = np.unique(area, return_inverse=True)
    return position.astype(np.int64), tuple(names[a] for a in used)


def _groups(land: Land, people: Ints, area: Ints, capital: int, number: int | None, p) -> Ints:
    """Split people among groups [G, C]: each area to the group whose core area is nearest, blending over margins."""
    areas = int(area.max()) + 1
    number = min(MOST_GROUPS, areas) if number is None else number
    if not 1 <= number <= areas:
        raise Problems([Problem("groups", number, f"1 to {areas}, the areas that the events name")])
    x, y = (np.bincount(area, a) / np.bincount(area) for a in (land.x, land.y))
    cores = spread_out(x, y, [int(area[capital])], number)
    cores = cores[:1] + cores[:0:-1]
    group = np.hypot(x - x[cores][:, None], y - y[cores][:, None]).argmin(axis=0)[area]
    at = np.column_stack([land.x, land.y])
    away = np.array([cKDTree(at[group == g]).query(at)[0] for g in range(number)])
    share = np.exp(-away / p.world.homeland_km)
    return split_by_share(people, share / share.sum(axis=0))


def _history(events: Events, cell: Ints, cells: int) -> dict[str, Ints]:
    """Count events and deaths by cell and kind over the whole window, and the months with any event."""
    used = cell >= 0
    kinds = {"": used} | {f"_{name}": used & (events.kind == k) for k, name in KINDS.items()}
    table = {f"events{n}": np.bincount(cell[of], minlength=cells) for n, of in kinds.items()}
    table |= {f"deaths{n}": np.bincount(cell[of], events.deaths[of], cells) for n, of in kinds.items()}
    table["civilians"] = np.bincount(cell[used], events.civilians[used], cells)
    months = np.unique(np.column_stack([cell[used], events.day[used].astype("datetime64[M]").astype(int)]), axis=0)
    table["active_months"] = np.bincount(months[:, 0], minlength=cells)
    return {name: column.astype(np.int64) for name, column in table.items()}


def _propensity(land: Land, events: Ints, settled: np.ndarray, p) -> Floats:
    """Return the log of each cell's long-run rate of events, drawn towards its neighbours' (mean 1 over settled cells).

    A Poisson count n whose rate has a gamma prior of shape a = 1 about the neighbours' mean m has the expectation
    m (n + a) / (m + a). The mean m is Gaussian over `smooth_km`, with a tenth of the country's mean in it.
    """
    sigma = p.world.smooth_km / np.sqrt(2) / land.side_km
    counts = np.zeros(land.mask.shape)
    counts[land.row, land.col] = events
    seen = ndimage.gaussian_filter(land.mask.astype(float), sigma, mode="constant")
    near = (ndimage.gaussian_filter(counts, sigma, mode="constant") / np.maximum(seen, 1e-12))[land.row, land.col]
    mean = 0.9 * near + 0.1 * max(events.mean(), 1e-9)
    return normalised(np.log(mean * (events + 1) / (mean + 1)), settled, p.world.propensity_empty)
