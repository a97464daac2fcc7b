"""Distances, neighbours and moves on the cells of a world, without any table of cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numba import njit
from scipy import ndimage

from sim.errors import Problem, Problems, nearest

if TYPE_CHECKING:
    from sim.world.world import World


@dataclass(frozen=True)
class Hops:
    """The steps that a mover can make: offsets in rows and columns, and their length in km."""

    rows: np.ndarray
    cols: np.ndarray
    km: np.ndarray

    @cached_property
    def size(self) -> int:
        """How many steps there are."""
        return self.km.size


def hops(side_km: float, most_km: float) -> Hops:
    """Return all steps up to a given length (at least to the eight neighbours)."""
    k = max(1, int(most_km // side_km))
    rows, cols = (g.ravel() for g in np.mgrid[-k : k + 1, -k : k + 1])
    km = side_km * np.hypot(rows, cols)
    keep = (km > 0) & (km <= max(most_km, 1.5 * side_km))
    return Hops(rows[keep], cols[keep], km[keep])


class Space:
    """Geometry of a world's land cells (arrays of length C)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._padded = np.pad(world.cell_at, 1, constant_values=-1)
        eight = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
        self.neighbours = np.stack([self._padded[world.row + 1 + r, world.col + 1 + c] for r, c in eight])
        self.count = np.maximum((self.neighbours >= 0).sum(axis=0), 1)
        self.names = [f"{letters(c)}{r + 1}" for r, c in zip(world.row.tolist(), world.col.tolist(), strict=True)]

    def around(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of a layer over each cell's neighbours; shape (C,)."""
        return _around(values, self.neighbours, self.count)

    def neighbour(self, cell: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return one of the eight neighbours of each cell by a uniform number; itself where that is no land."""
        return _neighbour(cell, uniform, self.neighbours)

    def offset(self, cell: np.ndarray, rows: np.ndarray, cols: np.ndarray) -> np.ndarray:
        """Return the cell that lies so many rows and columns from each of some cells; itself where that is no land."""
        w = self.world
        return _offset(cell, rows, cols, w.row, w.col, w.cell_at)

    def distance(self, a: np.ndarray | int, b: np.ndarray | int) -> np.ndarray:
        """Return the distance in km between the centres of cells."""
        w = self.world
        east, north = w.x[a] - w.x[b], w.y[a] - w.y[b]
        return np.sqrt(east * east + north * north)

    def from_land(self, land: np.ndarray) -> np.ndarray:
        """Return each cell's distance in km from the edge of some land (a mask of cells); infinite if there is none."""
        if not land.any():
            return np.full(self.world.cells, np.inf)
        away = np.ones(self.world.shape, bool)
        away[self.world.row[land], self.world.col[land]] = False
        cells = ndimage.distance_transform_edt(away)[self.world.row, self.world.col]
        return np.maximum(cells - 0.5, 0.0) * self.world.side_km

    def named(self, name: str) -> int:
        """Return the cell with an atlas reference such as K14; an unknown one is an error that names the nearest."""
        if name not in self.names:
            raise Problems([Problem("cell", name, "a land cell of this world", nearest(name, self.names))])
        return self.names.index(name)


@njit(cache=True, nogil=True)
def _around(values, neighbours, count):
    """Average a layer over each cell's neighbours on land."""
    out = np.empty(values.size)
    for cell in range(out.size):
        out[cell] = around_cell(cell, values, neighbours, count)
    return out


@njit(cache=True, nogil=True)
def around_cell(cell, values, neighbours, count):
    """Average a layer over one cell's neighbours on land."""
    total = 0.0
    for k in range(neighbours.shape[0]):
        if neighbours[k, cell] >= 0:
            total += values[neighbours[k, cell]]
    return total / count[cell]


@njit(cache=True, nogil=True)
def _neighbour(cell, uniform, neighbours):
    """Choose one of the eight neighbours of each cell."""
    out = cell.copy()
    for j in range(cell.size):
        to = neighbours[int(uniform[j] * 8), cell[j]]
        out[j] = to if to >= 0 else cell[j]
    return out


@njit(cache=True, nogil=True)
def _offset(cell, rows, cols, row, col, cell_at):
    """Find the cell at each offset."""
    out = cell.copy()
    for j in range(cell.size):
        r, c = row[cell[j]] + rows[j], col[cell[j]] + cols[j]
        if 0 <= r < cell_at.shape[0] and 0 <= c < cell_at.shape[1] and cell_at[r, c] >= 0:
            out[j] = cell_at[r, c]
    return out


def letters(column: int) -> str:
    """Return the letters of a column as on a map: A, B ... Z, AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
