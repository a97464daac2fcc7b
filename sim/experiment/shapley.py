"""Who of several averted how much: shares by Shapley, in whole numbers, so that they add up to the last one.

A share is the mean, over all orders in which missions may come, of what each adds when it comes. Orders are not sampled
for up to four missions; beyond, some are drawn, each with its reverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from math import factorial

import numpy as np

MOST_EXACT = 4
Coalition = frozenset[str]
Killed = Mapping[Coalition, np.ndarray]
Orders = Sequence[tuple[str, ...]]


def coalitions(names: Iterable[str]) -> list[Coalition]:
    """Return every set of missions, the empty one first, smaller before larger."""
    names = sorted(names)
    return [frozenset(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def drawn_orders(names: Iterable[str], number: int, seed: int = 0) -> list[tuple[str, ...]]:
    """Return so many orders of the missions, rounded up to an even number; every other is the reverse of the last."""
    names, rng = sorted(names), np.random.default_rng(seed)
    drawn = [tuple(names[k] for k in rng.permutation(len(names))) for _ in range((number + 1) // 2)]
    return [order for one in drawn for order in (one, one[::-1])]


def prefixes(orders: Orders) -> list[Coalition]:
    """Return every set of missions that stands at the head of an order, each once, smaller before larger."""
    found = {frozenset(order[:size]) for order in orders for size in range(len(order) + 1)}
    return sorted(found, key=lambda some: (len(some), sorted(some)))


def shares(names: Iterable[str], killed: Killed) -> tuple[dict[str, np.ndarray], int]:
    """Return each mission's share of the harm averted by seed, times n!, and n!: whole numbers if those killed are.

    killed: by the set of missions that are there, shape (seeds,).
    """
    names = sorted(names)
    n, out = len(names), {}
    for name in names:
        share = np.zeros_like(killed[frozenset()])
        for some in coalitions(set(names) - {name}):
            weight = factorial(len(some)) * factorial(n - len(some) - 1)
            share = share + weight * (killed[some] - killed[some | {name}])
        out[name] = share
    return out, factorial(n)


def sampled_shares(orders: Orders, killed: Killed) -> tuple[dict[str, np.ndarray], int]:
    """Return the same from some orders alone, times their number; they add up to the whole in each order already."""
    out = {name: np.zeros_like(killed[frozenset()]) for name in sorted(orders[0])}
    for order in orders:
        for k, name in enumerate(order):
            out[name] = out[name] + killed[frozenset(order[:k])] - killed[frozenset(order[: k + 1])]
    return out, len(orders)


def sampling_error(orders: Orders, killed: Killed) -> dict[str, float]:
    """Return the standard error of each mean share from the draw of orders; a pair of reverses is one draw."""
    each: dict[str, list[float]] = {name: [] for name in sorted(orders[0])}
    for one, other in zip(orders[::2], orders[1::2], strict=True):
        pair, _ = sampled_shares([one, other], killed)
        for name, share in pair.items():
            each[name].append(float(share.mean()) / 2)
    draws = len(orders) // 2
    return {name: float(np.std(x, ddof=1) / np.sqrt(draws)) if draws > 1 else float("nan") for name, x in each.items()}
