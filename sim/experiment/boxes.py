"""Boxes in the unit cube for scenario discovery: PRIM's path of them, how good each is, and which to take."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binom, hypergeom

from sim.experiment.extras import need

EXTRA = "sweep"
SIGNIFICANT = 0.05
PEELS = (0.05, 0.1, 0.2)
"""Shares of a box's points that are peeled off at a time."""


@dataclass(frozen=True)
class Box:
    """Limits of every unknown, shape (D,), infinite where it has none; in the unit cube or in units."""

    low: np.ndarray
    high: np.ndarray

    @property
    def restricted(self) -> np.ndarray:
        """Which unknowns the box limits."""
        return np.isfinite(self.low) | np.isfinite(self.high)

    def inside(self, x: np.ndarray) -> np.ndarray:
        """Say which points, shape (points, D), lie in the box, edges included."""
        return np.all((x >= self.low) & (x <= self.high), axis=1)

    def free(self, unknown: int) -> Box:
        """Return the box without its limits of one unknown."""
        low, high = self.low.copy(), self.high.copy()
        low[unknown], high[unknown] = -np.inf, np.inf
        return Box(low, high)


@dataclass(frozen=True)
class Quality:
    """How well a box tells failures apart: points in it, failures in it, and both altogether."""

    n: int
    k: int
    points: int
    failures: int

    @property
    def coverage(self) -> float:
        """The share of all failures that lie in the box."""
        return self.k / self.failures

    @property
    def density(self) -> float:
        """The share of the box's points that fail."""
        return self.k / self.n if self.n else float("nan")

    @property
    def mass(self) -> float:
        """The share of all points that lie in the box."""
        return self.n / self.points

    @property
    def balance(self) -> float:
        """The harmonic mean of coverage and density, by which a box is chosen."""
        return 2 * self.k / (self.n + self.failures)

    @property
    def p(self) -> float:
        """The chance of so many failures in so many points drawn blindly."""
        return float(hypergeom.sf(self.k - 1, self.points, self.failures, self.n))


def quality(box: Box, x: np.ndarray, failing: np.ndarray) -> Quality:
    """Return how well a box tells the failures among points, shape (points, D) and (points,)."""
    inside = box.inside(x)
    return Quality(int(inside.sum()), int((inside & failing).sum()), len(x), int(failing.sum()))


def path(x: np.ndarray, failing: np.ndarray) -> list[Box]:
    """Return the boxes along PRIM's path of peeling and pasting (Friedman and Fisher 1999), from the whole cube on.

    By the EMA workbench, with the original objective: its own stops where no slab of the box fails less than the box,
    which a slab of few points often does by luck. Slabs of several widths are tried, and the path with the best box is
    taken. Raises SimError where the workbench is not installed.
    """
    paths = [_peeled(x, failing, share) for share in PEELS]
    return max(paths, key=lambda boxes: max(quality(box, x, failing).balance for box in boxes))


def _peeled(x: np.ndarray, failing: np.ndarray, share: float) -> list[Box]:
    """Return one path that peels off a share of the box's points at a time."""
    library: Any = need("ema_workbench.analysis.prim", EXTRA)
    old = {"threshold": 0.0} if "threshold" in inspect.signature(library.Prim).parameters else {}
    frame = pd.DataFrame(x, columns=[f"u{k}" for k in range(x.shape[1])])
    objective = library.PRIMObjectiveFunctions.ORIGINAL
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = library.Prim(frame, failing, obj_function=objective, peel_alpha=share, **old).find_box()
    limits = [some.to_numpy(float) for some in found.box_lims]
    whole = limits[0]
    return [
        Box(np.where(low > whole[0], low, -np.inf), np.where(high < whole[1], high, np.inf)) for low, high in limits
    ]


def quasi_p(box: Box, x: np.ndarray, failing: np.ndarray) -> np.ndarray:
    """Return the quasi-p-value of each unknown's limits (Bryant and Lempert 2010), shape (D,); 1 where there are none.

    The chance of so many failures in the box if its points were drawn from the box without those limits. It is a
    quasi-p because the limits were chosen on the same points.
    """
    inside, found = quality(box, x, failing), np.ones(x.shape[1])
    for unknown in np.flatnonzero(box.restricted).tolist():
        wider = quality(box.free(unknown), x, failing)
        found[unknown] = binom.sf(inside.k - 1, inside.n, wider.density)
    return found


def choose(boxes: list[Box], x: np.ndarray, failing: np.ndarray) -> tuple[int, Box]:
    """Return the number of the box with the best balance of coverage and density, and it without idle limits.

    Limits whose quasi-p is above 0.05 are taken off, the idlest first.
    """
    best = int(np.argmax([quality(box, x, failing).balance for box in boxes]))
    box = boxes[best]
    while (p := quasi_p(box, x, failing))[box.restricted].max(initial=0) > SIGNIFICANT:
        box = box.free(int(np.argmax(np.where(box.restricted, p, -1))))
    return best, box


def held_out(x: np.ndarray, failing: np.ndarray, seed: int) -> list[Quality]:
    """Return how good the chosen box is on points that it was not sought on: either half judges that of the other.

    Both halves have the same share of failures.
    """
    half = np.zeros(len(x), int)
    order = np.random.default_rng(seed).permutation(len(x))
    order = order[np.argsort(failing[order], kind="stable")]
    half[order[::2]] = 1
    found = []
    for part in (0, 1):
        seek, judge = half == part, half != part
        _, box = choose(path(x[seek], failing[seek]), x[seek], failing[seek])
        found.append(quality(box, x[judge], failing[judge]))
    return found
