"""The ground of a country: its outline, and measures over it that need nothing but the outline."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import ndimage

from sim.errors import Problem, Problems
from sim.world.layers import Floats, Ints, smooth_field, spread_out, stream, to_points


class Land:
    """The land cells of a grid, row by row from the north, with their centres in km."""

    def __init__(self, mask: np.ndarray, side_km: float) -> None:
        """Take the grid [rows, cols], true on land, and the side of a cell."""
        rows, cols = mask.shape
        self.mask, self.side_km = mask, side_km
        self.east = (np.arange(cols) + 0.5) * side_km
        self.north = (rows - np.arange(rows) - 0.5) * side_km
        row, col = np.nonzero(mask)
        self.row, self.col = row.astype(np.int64), col.astype(np.int64)
        self.x, self.y = self.east[self.col], self.north[self.row]

    @property
    def cells(self) -> int:
        """Number of land cells."""
        return len(self.row)

    @property
    def width_km(self) -> float:
        """Extent of the grid from west to east."""
        return len(self.east) * self.side_km

    @property
    def height_km(self) -> float:
        """Extent of the grid from south to north."""
        return len(self.north) * self.side_km

    @property
    def km2(self) -> float:
        """Land area."""
        return self.cells * self.side_km**2

    @cached_property
    def cell_at(self) -> Ints:
        """Cell at each row and column of the grid; -1 where there is no land."""
        grid = np.full(self.mask.shape, -1, dtype=np.int64)
        grid[self.row, self.col] = np.arange(self.cells)
        return grid

    def field(self, rng: np.random.Generator, km: float) -> Floats:
        """Draw a smooth field of unit variance over the land cells, correlated by 1/e at so many km."""
        return smooth_field(rng, self.east, self.north, km)[self.row, self.col]

    def border_km(self, host: Ints) -> Floats:
        """Return each cell's distance in km to the nearest edge of its host's land, half a cell at least."""
        away = np.zeros(self.cells)
        for h in np.unique(host):
            own = np.zeros(self.mask.shape, dtype=bool)
            own[self.row[host == h], self.col[host == h]] = True
            cells = ndimage.distance_transform_edt(np.pad(own, 1))[1:-1, 1:-1]
            away[host == h] = (cells[own] - 0.5) * self.side_km
        return away


def outline(seed: int, shape: tuple[int, int], side_km: float, p) -> Land:
    """Draw the outline of a country in a grid: a rounded square with a rough coast, in one piece and without holes."""
    rows, cols = shape
    across, up = (np.arange(cols) + 0.5) / cols * 2 - 1, 1 - (np.arange(rows) + 0.5) / rows * 2
    inside = np.log(1.3 - np.cbrt(np.abs(up[:, None]) ** 3 + np.abs(across) ** 3))
    inside += p.world.coast_roughness * smooth_field(stream(seed, "land"), across, up, 0.55)
    number = max(1, round(p.world.land_share * rows * cols))
    mask = np.zeros(rows * cols, dtype=bool)
    mask[np.argsort(-inside, axis=None, kind="stable")[:number]] = True
    return Land(_one_piece(mask.reshape(shape)), side_km)


def _one_piece(mask: np.ndarray) -> np.ndarray:
    """Keep the largest connected piece of land and fill its lakes."""
    pieces, number = ndimage.label(mask)
    sizes = ndimage.sum_labels(mask, pieces, np.arange(1, number + 1))
    return ndimage.binary_fill_holes(pieces == 1 + int(np.argmax(sizes)))


def share_among_hosts(seed: int, land: Land, number: int) -> Ints:
    """Give each cell [C] to the nearest of as many centres as there are host states, far from one another."""
    if number > land.cells:
        raise Problems([Problem("hosts", number, f"at most one host for each of the {land.cells} land cells")])
    rng = stream(seed, "hosts")
    u, v = rng.random(2)
    first = int(np.hypot(land.x - u * land.width_km, land.y - v * land.height_km).argmin())
    return to_points(land.x, land.y, spread_out(land.x, land.y, [first], number)).argmin(axis=0)
