"""A country as the simulation sees it: land cells and their layers, which nothing may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from scipy import ndimage

from sim.world.layers import Floats, Ints


@dataclass(frozen=True, eq=False, repr=False)
class World:
    """A country's land cells and their layers; arrays have length C (cells) unless said, and are read-only.

    Coordinates are in km, x to the east and y to the north; row 0 is the northernmost. Layers `access`, `wet` (the wet
    season's amplitude), `resource` and `state_presence` run from 0 to 1. `propensity` is a log rate whose exponential
    has mean 1 over populated cells. The first group is at home in the (first) capital, the last farthest from it.
    """

    name: str
    side_km: float
    shape: tuple[int, int]
    row: Ints
    col: Ints
    x: Floats
    y: Floats
    lon: Floats | None
    lat: Floats | None
    host: Ints
    host_names: tuple[str, ...]
    area: Ints
    area_names: tuple[str, ...]
    access: Floats
    wet: Floats
    resource: Floats
    state_presence: Floats
    border_km: Floats
    propensity: Floats
    residents: Ints  # [G, C]
    group_names: tuple[str, ...]
    capital: Ints  # [H], a cell for each host
    towns: Ints  # cells, largest first
    history: Mapping[str, Ints] = field(default_factory=dict)  # [C] each: recorded events and deaths, if real
    about: Mapping[str, Any] = field(default_factory=dict)  # where it comes from

    def __post_init__(self) -> None:
        """Make every array read-only."""
        arrays = [getattr(self, f.name) for f in fields(self)] + list(self.history.values())
        for array in arrays:
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    def __repr__(self) -> str:
        """Say in a line what kind of country this is."""
        return (
            f"World {self.name!r}: {self.cells} cells of {self.side_km:g} km, {len(self.places)} of them populated, "
            f"{int(self.people.sum()):,} people in {len(self.group_names)} groups and {len(self.area_names)} areas"
        )

    @cached_property
    def cells(self) -> int:
        """Number of land cells, C."""
        return len(self.row)

    @cached_property
    def people(self) -> Ints:
        """People living in each cell [C]."""
        return _fixed(self.residents.sum(axis=0))

    @cached_property
    def places(self) -> Ints:
        """Cells with people, in order of their number."""
        return _fixed(np.flatnonzero(self.people > 0))

    @cached_property
    def cell_at(self) -> Ints:
        """Cell at each row and column [rows, cols]; -1 where there is no land."""
        grid = np.full(self.shape, -1, dtype=np.int64)
        grid[self.row, self.col] = np.arange(self.cells)
        return _fixed(grid)

    @cached_property
    def edge_km(self) -> Floats:
        """Distance in km to the nearest edge of the whole map, beyond which is abroad [C]; half a cell at least.

        `border_km` ends at the neighbour on the map too; with one host the two are the same.
        """
        if len(self.host_names) == 1:
            return self.border_km
        cells = ndimage.distance_transform_edt(np.pad(self.cell_at >= 0, 1))[1:-1, 1:-1]
        away: Floats = (cells[self.row, self.col] - 0.5) * self.side_km
        away.flags.writeable = False
        return away


def _fixed(array: Ints) -> Ints:
    """Return the array, read-only."""
    array.flags.writeable = False
    return array
