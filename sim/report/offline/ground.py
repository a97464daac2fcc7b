"""What of the country the page draws: land, places, towns, roads; and units and events of the shown run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.offline.numbers import Two
from sim.report.reach import cells_of
from sim.world.roads import link

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world import World

TOWNS, MINE = 12, 0.6
FIELDS, MINES, TOWN, CAPITAL = range(4)
NOWHERE = 65535
DRAWN = ("attack_on_civilians", "state_abuse", "mission_harm")
COUNTED = (*DRAWN, "battle", "communal", "attack_on_peacekeepers", "attack_on_aid", "protest")
"""Kinds of events that the story counts; the first three are drawn, and their dead are civilians killed."""


def country(world: World, setup: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a country's tables and layers: cells are numbered by row and column, places are those with people."""
    rows, cols = world.shape
    at = world.row * cols + world.col
    land = np.zeros(rows * cols, np.uint8)
    land[at] = 1 + world.host % 200
    tables = {
        "rows": rows, "cols": cols, "sideKm": world.side_km, "places": at[world.places].tolist(),
        "groups": list(world.group_names), "people": world.residents[:, world.places].tolist(),
        "kinds": _kinds(world).tolist(), "towns": at[world.towns[:TOWNS]].tolist(),
        "capitals": at[world.capital].tolist(), "roads": _roads(world, setup, at),
    }  # fmt: skip
    return tables, {"land": (land, {})}


def _kinds(world: World) -> np.ndarray:
    """Return what kind of place each place is: fields, mines, a town, a capital."""
    kind = np.where(world.resource > MINE, MINES, FIELDS)
    kind[world.towns[:TOWNS]], kind[world.capital] = TOWN, CAPITAL
    return kind[world.places]


def _roads(world: World, setup: Scenario, at: np.ndarray) -> list[list[int]]:
    """Return the roads that link all towns, without short cuts, as pairs of cells; none where a file made the land."""
    if setup.world.file or len(world.towns) < 2:
        return []
    return at[link(world.x, world.y, world.towns, 0.0)].tolist()


def units(two: Two, missions: list[str], world: World) -> tuple[list[int], tuple[np.ndarray, dict[str, Any]]]:
    """Return the mission (its number) of each unit, and where it stood: cells [arm, week, unit], two bytes each."""
    rows = [_numbered(two.rows("units", arm, True), world) for arm in (0, 1)]
    names = sorted({(str(m), str(u)) for table in rows for m, u in zip(table["actor"], table["unit"], strict=True)})
    order = {name: k for k, name in enumerate(names)}
    out = np.full((2, two.setups[0].weeks, len(names)), NOWHERE, "<u2")
    for arm, table in enumerate(rows):
        who = [order[str(m), str(u)] for m, u in zip(table["actor"], table["unit"], strict=True)]
        out[arm, table["week"].to_numpy(), who] = table["at"].to_numpy()
    return [missions.index(m) for m, _ in names], (out.view(np.uint8), {"wide": True, "unsigned": True})


def _numbered(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Return rows with the number of the grid's cell in which each stands, as `at`."""
    cells = cells_of(rows["cell"], world)
    return rows.assign(at=world.row[cells] * world.shape[1] + world.col[cells])


def events(two: Two, missions: list[str], world: World) -> dict[str, Any]:
    """Return the shown run's events: names, kinds, and for each arm rows of numbers.

    A row is week, cell, who, kind, civilians killed, bits of the missions that answered, bits of those in reach, and
    who is blamed most nearby.
    """
    tables = [_numbered(two.rows("events", arm, True), world) for arm in (0, 1)]
    tables = [table[table["kind"].isin(COUNTED)] for table in tables]
    names = sorted({str(n) for table in tables for key in ("perpetrator", "taken_for") for n in table[key].unique()})
    who, kind = ({name: k for k, name in enumerate(among)} for among in (names, COUNTED))
    arms = [
        [
            [int(e.week), int(e.at), who[str(e.perpetrator)], kind[str(e.kind)], int(e.civilians),
             _bits(e.answered_by, missions), _bits(e.in_reach, missions), who[str(e.taken_for)]]
            for e in table.itertuples()
        ]
        for table in tables
    ]  # fmt: skip
    return {"names": names, "kinds": list(COUNTED), "drawn": len(DRAWN), "arms": arms}


def _bits(told: str, missions: list[str]) -> int:
    """Return names joined by `;` as bits, by the missions' numbers."""
    return sum(1 << missions.index(name) for name in str(told).split(";") if name)


def moments(two: Two) -> list[dict[str, Any]]:
    """Return what happens when: missions whose first unit comes, and what the timeline brings; with the arms."""
    found: dict[tuple[int, str, str], list[int]] = {}
    for arm in (0, 1):
        units = two.rows("units", arm, True)
        for name, week in units.groupby("actor", observed=True)["week"].min().items():
            found.setdefault((int(week), "arrives", str(name)), []).append(arm)
        for event in two.setups[arm].timeline:
            if event.week is not None:
                found.setdefault((int(event.week), event.event, event.mission or ""), []).append(arm)
    return [{"week": w, "what": what, "who": who, "arms": arms} for (w, what, who), arms in sorted(found.items())]
