"""Runs of made-up functions at the points of a design, in the form in which a sweep has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from sim.experiment.sensitivity_designs import scaled

METRIC = "civilians_killed"
CUBE = dict.fromkeys(("parameters.a.one", "parameters.a.two", "parameters.a.three"), (-np.pi, np.pi))


def ishigami(x: np.ndarray) -> np.ndarray:
    """Return the function of Ishigami and Homma (1990) with a = 7, b = 0.1; x: (points, 3), from -pi to pi."""
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def runs(
    design: np.ndarray, unknowns: Mapping[str, tuple[float, float]], *arms: Callable[[np.ndarray], np.ndarray],
    seeds: int = 1, noise: float = 0.0, shared: float = 0.0, luck: int = 5, own: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """Return a row per run of each arm, a function of the points, on each seed.

    noise: sd of what differs from run to run; shared: sd of what a seed adds to both arms at a point.
    own: each point has seeds of its own.
    """
    x, draw = scaled(design, unknowns), np.random.default_rng(luck)
    both = shared * draw.normal(size=(seeds, len(x)))
    parts = [
        x.assign(point=x.index, seed=seed + 1000 * own * x.index, arm=arm, scenario=f"made up[arm={arm}]",
                 **{METRIC: of(x.to_numpy()) + both[seed] + noise * draw.normal(size=len(x))})
        for arm, of in enumerate(arms)
        for seed in range(seeds)
    ]  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(id=np.arange(len(frame)))
