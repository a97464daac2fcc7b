"""Screening by Morris: elementary effects with intervals, and what an unknown without effect would show by luck."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import statistics as st
from sim.experiment.points import Outputs, Unknowns, outputs
from sim.experiment.sensitivity import (
    DRAWS,
    NOISE,
    STEP,
    Row,
    Sensitivity,
    check_width,
    judged,
    mean_noise,
    noise_share,
)


def morris(
    frame: pd.DataFrame, unknowns: Unknowns, metric: str, *, arm: int | None = None, against: int | None = None,
    width: float = 0.2, seed: int = 0,
) -> Sensitivity:  # fmt: skip
    """Return the elementary effects of Morris from runs at the points of `morris_design`.

    frame, arm, against and errors as in `sobol`. An effect has converged if the 95 % bootstrap interval of mu_star over
    trajectories is at most +-width of the largest mu_star.
    """
    out = outputs(frame, unknowns, metric, arm, against)
    check_width(width)
    effects, noise = _effects(out, out.unit(unknowns))
    rows = _morris_rows(list(out.x), effects, noise, width, seed)
    share, interval = noise_share(out.y, seed)
    floor = np.sqrt(float(np.mean(noise)))
    idle = {"parameter": NOISE, "mu": 0.0, "mu_star": floor * np.sqrt(2 / np.pi), "sigma": floor}
    table = pd.DataFrame([*rows, idle | {"verdict": "", "why": "", "needed": 0}])
    return Sensitivity("Morris", out, table, len(effects), width, share, interval)


def _effects(out: Outputs, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each trajectory's elementary effects, and what luck adds to their variance, shape (trajectories, D).

    Raises SimError where not exactly one unknown moves at each step and each of them once.
    """
    size = unit.shape[1] + 1
    if len(unit) % size or len(unit) < 2 * size:
        raise SimError(f"{len(unit)} points of {size - 1} unknowns are no trajectories of Morris: run a Morris design")
    steps = np.diff(unit.reshape(-1, size, size - 1), axis=1)
    moved = np.abs(steps) > STEP
    if not ((moved.sum(axis=1) == 1).all() and (moved.sum(axis=2) == 1).all()):
        raise SimError("more than one unknown moves between two points, or none: run a Morris design")
    change = np.diff(out.y.reshape(-1, size, out.y.shape[1]), axis=1) / steps.sum(axis=2)[..., None]
    order = moved.argmax(axis=1)  # the step at which each unknown moves
    by_unknown = np.take_along_axis(change, order[..., None], axis=1)
    return by_unknown.mean(axis=2), mean_noise(by_unknown)


def _morris_rows(
    names: list[str], effects: np.ndarray, noise: np.ndarray, width: float, seed: int
) -> list[Row]:  # fmt: skip
    """Return a row for each unknown."""
    drawn = np.random.default_rng(seed).integers(len(effects), size=(DRAWS, len(effects)))
    stars = np.abs(effects).mean(axis=0)
    rows = []
    for name, some, luck, star in zip(names, effects.T, noise.T, stars, strict=True):
        again = some[drawn]
        row = _measured(name, {"mu": (some.mean(), again.mean(axis=1)),
                               "mu_star": (star, np.abs(again).mean(axis=1)),
                               "sigma": (some.std(ddof=1), again.std(axis=1, ddof=1))})  # fmt: skip
        half = (row["mu_star_high"] - row["mu_star_low"]) / 2
        wide = bool(half > width * stars.max())
        row |= {"above_noise": bool(row["mu_star_low"] > np.sqrt(2 / np.pi * luck.mean()))}
        row |= judged(["wide interval"] if wide else [], len(effects) * (half / (width * stars.max())) ** 2)
        rows.append(row | (dict.fromkeys(("mu", "mu_star", "sigma"), np.nan) if wide else {}))
    return rows


def _measured(name: str, found: Mapping[str, tuple[float, np.ndarray]]) -> Row:
    """Return an unknown's row from values and their bootstrap draws."""
    row: Row = {"parameter": name}
    for key, (value, draws) in found.items():
        interval = st.percentiles(draws)
        row |= {key: float(value), f"{key}_low": interval.low, f"{key}_high": interval.high}
    return row
