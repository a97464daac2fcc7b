"""Roads between towns, and how far every cell is from one."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import minimum_spanning_tree, shortest_path

from sim.world.layers import Floats, Ints


def link(x: Floats, y: Floats, towns: Ints, extra: float) -> Ints:
    """Choose the roads [n, 2] (cells): all towns connected as cheaply as can be, plus the links that save most detour.

    `extra` is the number of further links as a share of the tree's; x and y are all cells' centres in km.
    """
    dx, dy = (np.subtract.outer(a[towns], a[towns]) for a in (x, y))
    apart = np.hypot(dx, dy)
    tree = minimum_spanning_tree(apart).tocoo()
    pairs = [(int(a), int(b)) for a, b in zip(tree.row, tree.col, strict=True)]
    pairs += _shortcuts(apart, tree.tocsr(), round(extra * len(pairs)))
    return towns[np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)]


def _shortcuts(apart: Floats, tree: object, number: int) -> list[tuple[int, int]]:
    """Return the pairs of towns whose way by the tree is longest against the straight line."""
    if not number:
        return []
    by_road = shortest_path(tree, directed=False)
    a, b = np.triu_indices(len(apart), 1)
    gain = np.round(by_road[a, b] / np.maximum(apart[a, b], 1e-9), 9)
    best = np.argsort(-gain, kind="stable")[:number]
    return [(int(a[i]), int(b[i])) for i in best if gain[i] > 1]


def distance(x: Floats, y: Floats, roads: Ints, towns: Ints) -> Floats:
    """Return how far each cell's centre [C] is from the nearest road or town, in km."""
    ends = np.vstack([roads, np.column_stack([towns, towns])])
    nearest = np.full(len(x), np.inf)
    for a, b in ends:
        nearest = np.minimum(nearest, _to_segment(x, y, int(a), int(b)))
    return nearest


def _to_segment(x: Floats, y: Floats, a: int, b: int) -> Floats:
    """Return each cell's distance from the straight line between cells a and b, in km."""
    dx, dy = x[b] - x[a], y[b] - y[a]
    length2 = dx * dx + dy * dy
    along = np.clip(((x - x[a]) * dx + (y - y[a]) * dy) / length2, 0, 1) if length2 > 0 else 0.0
    return np.hypot(x - x[a] - along * dx, y - y[a] - along * dy)
