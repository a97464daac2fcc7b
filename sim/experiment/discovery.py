"""Scenario discovery: in which region of the unknowns a choice fails, and whether that is better than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from sim.errors import Problem, Problems, SimError
from sim.experiment import statistics as st
from sim.experiment.boxes import SIGNIFICANT, Box, Quality, choose, held_out, path, quality, quasi_p
from sim.experiment.discovery_text import told, told_html
from sim.experiment.points import Unknowns, at_points, check_columns, one_arm, subject, unknown_values

Failing: TypeAlias = np.ndarray | pd.Series | tuple[str, str, float]
LEAST_WORLDS, LEAST_OF_EITHER = 40, 8
SIDES = ("above", "below")


@dataclass(frozen=True, repr=False)
class Discovery:
    """The region of the unknowns in which worlds fail, or that none better than chance was found.

    table: a row per unknown with low and high (its limits in the region; its whole range where it has none), restricted
    (whether it has), kept (share of its range), quasi_p. coverage: share of failures in the region; density: share of
    its worlds that fail; mass: share of worlds in it; held: the same on worlds that took no part in seeking it, from
    both halves; p: the chance of that by luck. boxes: the path from all worlds to the densest box: box, coverage,
    density, mass, restricted, chosen. Where `found` is false, no limits are told.
    """

    table: pd.DataFrame
    boxes: pd.DataFrame
    failing: str
    worlds: pd.DataFrame
    inside: Quality
    held: Quality
    p: float
    path: tuple[Box, ...]

    @property
    def found(self) -> bool:
        """Whether the region holds more failures than chance would put there, judged on worlds held out."""
        return self.p < SIGNIFICANT and bool(self.table["restricted"].any())

    @property
    def coverage(self) -> float:
        """The share of failures that lie in the region."""
        return self.inside.coverage

    @property
    def density(self) -> float:
        """The share of the region's worlds that fail; optimistic, since the region was drawn round them."""
        return self.inside.density

    @property
    def mass(self) -> float:
        """The share of worlds that lie in the region."""
        return self.inside.mass

    @property
    def rate(self) -> float:
        """The share of all worlds that fail."""
        return self.inside.failures / self.inside.points

    @property
    def held_interval(self) -> st.Interval:
        """The 95 % interval (exact) of the density on worlds held out."""
        if not self.held.n:
            return st.NOTHING
        both = binomtest(self.held.k, self.held.n).proportion_ci()
        return st.Interval(float(both.low), float(both.high))

    def limits(self, box: int) -> pd.DataFrame:
        """Return the limits of another box along the path: a row per unknown it restricts, low and high in units.

        Raises Problems for a number that is no box.
        """
        if not 0 <= box < len(self.path):
            raise Problems([Problem("box", box, f"0 to {len(self.path) - 1}")])
        ranges = self.table[["range_low", "range_high"]].to_numpy(float)
        return _limits(self.path[box], list(self.table["parameter"]), ranges).query("restricted").reset_index(drop=True)

    def __repr__(self) -> str:
        """Read as the region's limits, how good it is, and whether it beats chance."""
        return told(self)

    def _repr_html_(self) -> str:
        """Read as a table in a notebook."""
        return told_html(self)


def discover(
    frame: pd.DataFrame, unknowns: Unknowns, failing: Failing, *, arm: int | None = None, against: int | None = None,
    seed: int = 0,
) -> Discovery:  # fmt: skip
    """Say in which region of the unknowns a choice fails, by PRIM.

    frame: a row per run with arm, point, seed, unknowns and metrics. failing: (metric, "above" or "below", threshold),
    held against the mean over seeds of each point (a world); or a boolean for each row of the frame: a world fails if
    more than half of its runs do. arm: which, if there are several; against: the metric is the difference from this arm
    on the same point and seed, so that ("civilians_killed", "above", 0) says where `arm` loses against it. seed: of the
    halves in which the region is tested. Raises Problems for unknown names; SimError where too few worlds fail, or too
    few do not.
    """
    fails, words = _fails(frame, unknowns, failing, arm, against)
    _enough(fails)
    worlds = unknown_values(frame, unknowns).loc[fails.index]
    names, ranges = list(unknowns), np.array(list(unknowns.values()), float)
    x = (worlds.to_numpy(float) - ranges[:, 0]) / (ranges[:, 1] - ranges[:, 0])
    y = fails.to_numpy(bool)
    boxes = path(x, y)
    chosen, box = choose(boxes, x, y)
    halves = held_out(x, y, seed)
    p = min(1.0, len(halves) * min(half.p for half in halves))
    held = Quality(*(sum(part) for part in zip(*(vars(half).values() for half in halves), strict=True)))
    if p >= SIGNIFICANT:
        box = boxes[0]
    table = _limits(box, names, ranges).assign(quasi_p=quasi_p(box, x, y))
    told_worlds = worlds.assign(fails=y, inside=box.inside(x))
    return Discovery(
        table, _tradeoff(boxes, chosen, x, y), words, told_worlds, quality(box, x, y), held, p, tuple(boxes)
    )


def _fails(
    frame: pd.DataFrame, unknowns: Unknowns, failing: Failing, arm: int | None, against: int | None
) -> tuple[pd.Series, str]:
    """Return which worlds fail, by point, and what failing means in words."""
    whose = subject(frame, arm, against)
    if isinstance(failing, tuple):
        metric, side, threshold = failing
        if side not in SIDES:
            raise Problems([Problem("failing", side, "above or below")])
        mean = at_points(frame, unknowns, metric, arm, against).mean(axis=1).dropna()
        return (mean > threshold if side == "above" else mean < threshold), _words(metric, side, threshold, whose)
    if against is not None:
        raise SimError('to set two arms against each other give failing as (metric, "above" or "below", threshold)')
    if len(failing) != len(frame):
        raise Problems([Problem("failing", f"{len(failing)} values", f"one for each of the {len(frame)} runs")])
    check_columns(frame, unknowns)
    mine = frame.assign(fails=np.asarray(failing, bool))[frame["arm"].to_numpy() == one_arm(frame, arm)]
    return mine.groupby("point")["fails"].mean() > 0.5, f"runs said to fail{f', {whose}' if whose else ''}"


def _words(metric: str, side: str, threshold: float, whose: str) -> str:
    """Say what failing means."""
    return f"{metric}{f', {whose},' if whose else ''} {side} {threshold:g} in the mean over seeds"


def _enough(fails: pd.Series) -> None:
    """Raise SimError where there are too few worlds, or too few of a kind, to seek a region and to test it."""
    bad = int(fails.sum())
    if len(fails) < LEAST_WORLDS or min(bad, len(fails) - bad) < LEAST_OF_EITHER:
        raise SimError(
            f"{bad} of {len(fails)} worlds fail: to seek a region takes {LEAST_WORLDS} worlds or more, and "
            f"{LEAST_OF_EITHER} or more that fail and that do not"
        )


def _limits(box: Box, names: list[str], ranges: np.ndarray) -> pd.DataFrame:
    """Return the limits of a box in units: a row per unknown."""
    low, high = np.clip(box.low, 0, 1), np.clip(box.high, 0, 1)
    size = ranges[:, 1] - ranges[:, 0]
    return pd.DataFrame({
        "parameter": names, "low": ranges[:, 0] + low * size, "high": ranges[:, 0] + high * size,
        "range_low": ranges[:, 0], "range_high": ranges[:, 1], "restricted": box.restricted, "kept": high - low,
    })  # fmt: skip


def _tradeoff(boxes: list[Box], chosen: int, x: np.ndarray, y: np.ndarray) -> pd.DataFrame:
    """Return coverage, density, mass and number of limits of every box along the path."""
    found = [quality(box, x, y) for box in boxes]
    return pd.DataFrame({
        "box": range(len(boxes)), "coverage": [q.coverage for q in found], "density": [q.density for q in found],
        "mass": [q.mass for q in found], "restricted": [int(box.restricted.sum()) for box in boxes],
        "chosen": [k == chosen for k in range(len(boxes))],
    })  # fmt: skip
