"""Designs of sensitivity analyses in the unit cube, by SALib; the same seed gives the same points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.errors import Problem, Problems
from sim.experiment.extras import need
from sim.experiment.points import Unknowns

EXTRA = "sweep"


def morris_design(names: Sequence[str], trajectories: int = 20, levels: int = 4, seed: int = 0) -> np.ndarray:
    """Return trajectories in which one unknown moves at a time, shape (trajectories x (D + 1), D), values 0 to 1.

    levels: of the grid, an even number. Raises Problems for numbers that make no design, SimError without SALib.
    """
    _check([("trajectories", trajectories, "2 or more", trajectories >= 2),
            ("levels", levels, "an even number from 4", levels >= 4 and levels % 2 == 0)], names)  # fmt: skip
    sample = need("SALib.sample.morris", EXTRA).sample
    return np.asarray(sample(_problem(names), trajectories, num_levels=levels, seed=np.random.default_rng(seed)))


def sobol_design(names: Sequence[str], base: int = 256, seed: int = 0) -> np.ndarray:
    """Return Saltelli's design on a scrambled Sobol sequence, shape (base x (D + 2), D), values 0 to 1.

    Row by row: a point of the first sample, the same with one coordinate after the other from the second sample, the
    point of the second. base: a power of two. Raises Problems for another number, SimError without SALib.
    """
    _check([("base", base, "a power of two from 2", base >= 2 and base & (base - 1) == 0)], names)
    sample = need("SALib.sample.sobol", EXTRA).sample
    return np.asarray(sample(_problem(names), base, calc_second_order=False, seed=np.random.default_rng(seed)))


def scaled(design: np.ndarray, unknowns: Unknowns) -> pd.DataFrame:
    """Return a design in the units of the unknowns: a row per point, a column per unknown."""
    low, high = np.array(list(unknowns.values()), float).T
    return pd.DataFrame(low + design * (high - low), columns=list(unknowns)).rename_axis("point")


def _problem(names: Sequence[str]) -> dict[str, object]:
    """Return the unit cube as SALib writes it."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _check(given: Sequence[tuple[str, int, str, bool]], names: Sequence[str]) -> None:
    """Raise Problems for every number that is not allowed, and where there is nothing to sample."""
    wrong = [Problem(where, value, allowed) for where, value, allowed, good in given if not good]
    if not names or len(set(names)) < len(names):
        wrong.append(Problem("unknowns", list(names), "one unknown or more, each once"))
    if wrong:
        raise Problems(wrong)
