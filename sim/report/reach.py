"""Where missions were: from the units table to the weeks in which each cell lay in reach of a mission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.world.space import Space

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world import World

FAR = ("mobile", "observer_team")
YEAR = 52


def cells_of(names: pd.Series, world: World) -> np.ndarray:
    """Return the cells that atlas references such as K14 stand for, an int64 array as long as the names."""
    index = {name: cell for cell, name in enumerate(Space(world).names)}
    return names.astype(object).map(index).to_numpy(np.int64)


def reach_km(units: pd.DataFrame, cells: np.ndarray, setup: Scenario, world: World) -> np.ndarray:
    """Return how far each row of the units table reaches in km: by kind and mobility, half at the wet peak in mud."""
    p = setup.parameters.units
    mobility = units["actor"].astype(object).map({name: m.mobility for name, m in setup.missions.items()})
    base = np.where(units["kind"].isin(FAR), p.mobile_reach_km, p.base_reach_km)
    wetness = np.maximum(0, np.sin(2 * np.pi * units["week"].to_numpy(float) / YEAR))
    mud = wetness * world.wet[cells] * (1 - world.access[cells])
    return base * mobility.to_numpy(float) * (1 - 0.5 * mud)


def weeks_in_reach(units: pd.DataFrame, setup: Scenario, world: World) -> dict[str, np.ndarray]:
    """Return for each mission in how many weeks of one run each cell was in its reach; arrays of length C.

    A cell is in reach if its nearest edge is not farther, in rows or columns, than a unit reaches (definitions 2).
    """
    cells = cells_of(units["cell"], world)
    rings = ((reach_km(units, cells, setup, world) + 0.5 * world.side_km) // world.side_km).astype(np.int64)
    spots = pd.DataFrame({"actor": units["actor"].astype(object), "week": units["week"], "cell": cells, "rings": rings})
    spots = spots[units["people"].to_numpy() > 0].drop_duplicates()
    return {name: _weeks(spots[spots["actor"] == name], world) for name in setup.missions}


def _weeks(spots: pd.DataFrame, world: World) -> np.ndarray:
    """Count the weeks in which each cell lies within the rings of some spot."""
    count = np.zeros(world.shape, np.int64)
    for _, week in spots.groupby("week"):
        seen = np.zeros(world.shape, bool)
        places = zip(world.row[week["cell"]], world.col[week["cell"]], week["rings"], strict=True)
        for row, col, rings in places:
            seen[max(row - rings, 0) : row + rings + 1, max(col - rings, 0) : col + rings + 1] = True
        count += seen
    return count[world.row, world.col]
