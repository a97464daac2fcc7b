"""Arithmetic that layers of a country share: streams of luck, smooth fields, distances, exact apportionment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]

LAYERS = (
    "land", "terrain", "fertility", "climate", "hosts", "towns", "rural_smooth", "rural_own", "places",
    "mines", "groups", "areas", "propensity_smooth", "propensity_own",
)  # fmt: skip
WAVES = 192


def stream(seed: int, layer: str) -> np.random.Generator:
    """Return the layer's own random numbers, so that changing one layer reshuffles no other."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(LAYERS.index(layer),)))


def smooth_field(rng: np.random.Generator, x: Floats, y: Floats, km: float) -> Floats:
    """Draw a smooth field of unit variance on the axes x [cols] and y [rows] in km, as [rows, cols].

    A sum of random waves whose correlation at distance d is exp(-(d / km)^2) (Rahimi & Recht 2007). It is a function of
    place, not of cells, so that the same seed gives the same landscape at every cell size.
    """
    kx, ky = rng.standard_normal((2, WAVES)) * (np.sqrt(2) / km)
    across = np.multiply.outer(x, kx) + rng.uniform(0, 2 * np.pi, WAVES)
    up = np.multiply.outer(y, ky)
    waves = np.einsum("rk,ck->rc", np.cos(up), np.cos(across)) - np.einsum("rk,ck->rc", np.sin(up), np.sin(across))
    return waves * np.sqrt(2 / WAVES)


def apportion(total: int, weights: Floats) -> Ints:
    """Share out a whole number by weights [n] in whole numbers that sum to it exactly; one each while it lasts."""
    result = np.zeros(len(weights), np.int64)
    if total >= len(weights):
        result += 1
    rest = total - int(result.sum())
    if rest <= 0 or not len(weights):
        return result
    quota = rest * (weights / weights.sum())
    result += np.floor(quota).astype(np.int64)
    missing = total - int(result.sum())
    result[np.argsort(np.floor(quota) - quota, kind="stable")[:missing]] += 1
    return result


def split_by_share(people: Ints, shares: Floats) -> Ints:
    """Split people [C] among groups by shares [G, C] (columns sum to one) in whole numbers [G, C], exactly."""
    quota = people * shares
    whole = np.floor(quota).astype(np.int64)
    order = np.argsort(whole - quota, axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable")
    return whole + (rank < people - whole.sum(axis=0))


def to_points(x: Floats, y: Floats, points: Sequence[int] | Ints) -> Floats:
    """Return the distance in km of every cell [C] from each of a few cells, as [points, C]."""
    at = np.asarray(points, dtype=np.int64)
    return np.hypot(x - x[at, None], y - y[at, None])


def spread_out(x: Floats, y: Floats, first: Sequence[int], number: int) -> list[int]:
    """Extend a list of cells to the number wanted, each time by the cell farthest from all before it."""
    chosen = list(first)[:number]
    away = to_points(x, y, chosen).min(axis=0)
    while len(chosen) < number:
        chosen.append(int(away.argmax()))
        away = np.minimum(away, np.hypot(x - x[chosen[-1]], y - y[chosen[-1]]))
    return chosen


def share_of_most(values: Floats) -> Floats:
    """Scale values from zero up to a largest of one; all zero stays so."""
    most = values.max(initial=0.0)
    return values / most if most > 0 else values
