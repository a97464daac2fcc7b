"""The ground of all maps: land, borders, towns and a scale, in columns (x) and rows (y) of the world's grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, ListedColormap, Normalize
from matplotlib.image import AxesImage

from sim.report.look import INK, MUTED, PAPER, SURFACE
from sim.report.words import digits, number
from sim.world import build

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world import World

FINE, SMALL = 64, 40
SCALE_KM = (10, 20, 50, 100, 200, 500, 1000, 2000)
MAP_INCHES, TOWNS = 3.7, 12


def world_of(setup: Scenario, seed: int) -> World:
    """Return the country in which a scenario is played with a seed."""
    return build(setup.world, tuple(sorted(setup.hosts)), seed, setup.parameters)


def size_of(world: World) -> tuple[float, float]:
    """Return the width and height of a map in inches, its longer side the same for all countries."""
    rows, cols = world.shape
    return MAP_INCHES * cols / max(world.shape), MAP_INCHES * rows / max(world.shape)


def as_grid(world: World, values: np.ndarray) -> np.ma.MaskedArray:
    """Return values of cells [C] on the grid [rows, cols]; masked where there is no land, no people, or no value."""
    grid = np.full(world.shape, np.nan)
    grid[world.row, world.col] = np.where(world.people > 0, values, np.nan)
    return np.ma.masked_invalid(grid)


def hatched(world: World, hatch: str) -> str:
    """Return a hatching that is dense enough for the size of the cells on the page."""
    return hatch * (2 if max(world.shape) > SMALL else 1)


def shade(ax: Axes, world: World, values: np.ndarray, colours: Colormap, norm: Normalize) -> AxesImage:
    """Shade the populated cells by a value [C]."""
    return ax.imshow(as_grid(world, values), cmap=colours, norm=norm, zorder=1, aspect="equal", interpolation="none")


def ground(ax: Axes, world: World) -> None:
    """Draw land, cells, borders, towns and a scale."""
    rows, cols = world.shape
    land = np.ma.masked_less(world.cell_at, 0) * 0
    ax.imshow(land, cmap=ListedColormap([SURFACE["land"]]), zorder=0.5, aspect="equal", interpolation="none")
    if max(world.shape) <= FINE:
        _cells(ax, rows, cols)
    _borders(ax, world)
    _towns(ax, world)
    ax.set(xlim=(-0.7, cols - 0.3), ylim=(rows - 0.3, -0.7), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    _scale(ax, world)


def _cells(ax: Axes, rows: int, cols: int) -> None:
    """Part the cells by lines of paper."""
    across = [[(-0.5, k - 0.5), (cols - 0.5, k - 0.5)] for k in range(rows + 1)]
    down = [[(k - 0.5, -0.5), (k - 0.5, rows - 0.5)] for k in range(cols + 1)]
    ax.add_collection(LineCollection(across + down, colors=PAPER, linewidths=0.6, zorder=2), autolim=False)


def _borders(ax: Axes, world: World) -> None:
    """Draw the country's outline, and dashed the borders between host states."""
    host = np.full(world.shape, -1)
    host[world.row, world.col] = world.host
    outline, between = _edges(host)
    for lines, dash in ((outline, "solid"), (between, (0, (3, 2)))):
        drawn = LineCollection(lines, colors=SURFACE["border"], linewidths=1, linestyles=[dash], zorder=3)
        drawn.set_capstyle("projecting" if dash == "solid" else "butt")
        ax.add_collection(drawn, autolim=False)


def _edges(host: np.ndarray) -> tuple[list, list]:
    """Return the cell edges at which land ends, and those at which one host ends and another begins."""
    padded = np.pad(host, 1, constant_values=-1)
    outline: list = []
    between: list = []
    for axis in (0, 1):
        one, other = (padded[:-1], padded[1:]) if axis == 0 else (padded[:, :-1], padded[:, 1:])
        for y, x in zip(*np.nonzero(one != other), strict=True):
            edge = [(x - 1.5, y - 0.5), (x - 0.5, y - 0.5)] if axis == 0 else [(x - 0.5, y - 1.5), (x - 0.5, y - 0.5)]
            (between if min(one[y, x], other[y, x]) >= 0 else outline).append(edge)
    return outline, between


def _towns(ax: Axes, world: World) -> None:
    """Mark the largest towns by white squares, capitals by larger ones."""
    for cells, size in ((world.towns[:TOWNS], 8), (world.capital, 26)):
        ax.scatter(world.col[cells], world.row[cells], s=size, marker="s", c="white", ec=INK, lw=0.8, zorder=4)


def _scale(ax: Axes, world: World) -> None:
    """Draw a bar of a round length in km at the lower left, below the land."""
    longest = 0.3 * world.shape[1] * world.side_km
    km = max([k for k in SCALE_KM if k <= longest], default=SCALE_KM[0])
    end = (km / world.side_km) / (world.shape[1] + 0.4)
    ax.plot([0.0, end], [-0.015, -0.015], color=MUTED, lw=1.4, transform=ax.transAxes, clip_on=False, zorder=3)
    ax.text(end + 0.015, -0.015, f"{km:,} km", color=MUTED, fontsize=8, va="center", transform=ax.transAxes)


def ramp(ax: Axes, colours: Colormap, norm: Normalize, told: str) -> None:
    """Draw a small key to the shading below the map, at its right, from its least to its top."""
    inset = ax.inset_axes((0.66, -0.028, 0.34, 0.022))
    least, top = float(norm.vmin or 0.0), float(norm.vmax or 1.0)
    steps = np.linspace(least, top, 128)
    inset.imshow(colours(norm(steps))[None], aspect="auto", extent=(0, 1, 0, 1))
    inset.set(xticks=[0, 1], yticks=[], xticklabels=[number(end, digits=digits(top)) for end in (least, top)])
    inset.tick_params(length=0, pad=2, labelsize=8, labelfontfamily=plt.rcParams["font.family"])
    inset.spines[:].set_visible(False)
    inset.set_xlabel(told, labelpad=-9, fontsize=8)
