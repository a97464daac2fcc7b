"""The country as a Mesa grid: for those who want cells, neighbourhoods and layers the Mesa way. No rule uses it."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import OrthogonalMooreGrid

if TYPE_CHECKING:
    from sim.model import Model

LAYERS = ("land", "people", "access", "propensity", "resource", "threat")


def mesa_grid(m: Model) -> OrthogonalMooreGrid:
    """Return a Moore grid of (rows, columns) with a property layer for each of LAYERS, as the model stands now.

    An agent's `place` is a coordinate of it: `model.grid[band.place]`. Sea has no people and propensity -6.
    """
    w = m.world
    rows, cols = w.shape
    grid = OrthogonalMooreGrid((rows, cols), torus=False, random=Random(m.run_seed))
    values = {"land": np.ones(w.cells), "people": m.people_in, "threat": m.cells.threat}
    for name in LAYERS:
        layer = grid.create_property_layer(name, default_value=-6.0 if name == "propensity" else 0.0, dtype=float)
        layer.data[w.row, w.col] = values[name] if name in values else getattr(w, name)
    return grid
