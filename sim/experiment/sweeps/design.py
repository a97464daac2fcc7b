"""Points in the box of the unknowns: spread evenly, or laid as an analysis of sensitivity asks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import qmc

from sim.errors import Problem, Problems
from sim.experiment.sensitivity_designs import morris_design, sobol_design

LEVELS = 4
"""Values that each unknown takes in a Morris design."""


def unit_points(method: str, names: Sequence[str], samples: int, seed: int) -> np.ndarray:
    """Return points in the unit cube, shape (points, names); without names one empty point.

    Raises Problems for a number of samples that the method cannot take.
    """
    if not names:
        return np.empty((1, 0))
    if method in ("sobol", "saltelli") and samples & (samples - 1):
        raise Problems([Problem("design.samples", samples, f"a power of two for {method}: {_near(samples)}")])
    if method == "latin_hypercube":
        return qmc.LatinHypercube(len(names), rng=seed).random(samples)
    if method == "sobol":
        return qmc.Sobol(len(names), rng=seed).random(samples)
    return morris_design(names, samples, LEVELS, seed) if method == "morris" else sobol_design(names, samples, seed)


def _near(samples: int) -> str:
    """Return the powers of two below and above a number."""
    low = 1 << (samples.bit_length() - 1)
    return f"{low} or {2 * low}"
