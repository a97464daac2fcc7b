"""Sobol indices from the values at Saltelli's points: SALib's estimators, with what luck adds to them taken out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import statistics as st
from sim.experiment.extras import need
from sim.experiment.points import Outputs, Unknowns, outputs
from sim.experiment.sensitivity import DRAWS, NOISE, STEP, Row, Sensitivity, check_width, judged, mean_noise
from sim.experiment.sensitivity_designs import EXTRA

LEAST_BASE = 32
"""Base samples below which a bootstrap interval is not believed."""


@dataclass(frozen=True)
class _Samples:
    """Values at Saltelli's points, seed by seed: a and b, shape (base, seeds), and mixed, shape (D, base, seeds)."""

    a: np.ndarray
    b: np.ndarray
    mixed: np.ndarray

    @property
    def means(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The means over seeds, standardised together."""
        every = np.concatenate([self.a[None], self.b[None], self.mixed]).mean(axis=-1)
        every = (every - every.mean()) / every.std()
        return every[0], every[1], every[2:]


def sobol(
    frame: pd.DataFrame, unknowns: Unknowns, metric: str, *, arm: int | None = None, against: int | None = None,
    width: float = 0.1, seed: int = 0,
) -> Sensitivity:  # fmt: skip
    """Return first-order and total Sobol indices of a metric from runs at the points of `sobol_design`.

    frame: a row per run with arm, point (row of the design), seed, unknowns and metric. arm, against: which arm, or
    which difference of two, is explained. An index has converged if its 95 % bootstrap interval is at most +-width, it
    is not below zero beyond that interval, and ST is not below S1 beyond theirs. What luck leaves in a point's mean is
    estimated from the spread over seeds and taken out; with one seed a point it can't be. Raises SimError for values
    that are missing, not finite or constant, and for runs of another design.
    """
    out = outputs(frame, unknowns, metric, arm, against)
    check_width(width)
    samples = _samples(out, out.unit(unknowns))
    base = len(samples.a)
    drawn = np.random.default_rng(seed).integers(base, size=(base, DRAWS))
    now, again = (_indices(samples, rows) for rows in (np.arange(base)[:, None], drawn))
    rows = [_row(name, base, width, *(part[j] for part in (*now[:2], *again[:2]))) for j, name in enumerate(out.x)]
    share, shares = float(now[2][0]), again[2]
    for j, row in enumerate(rows):
        low, high = st.percentiles(again[1][j] * (1 - shares))
        row |= {"share": row["ST"] * (1 - share), "share_low": low, "share_high": high}
    interval = st.percentiles(shares) if out.y.shape[1] > 1 else st.NOTHING
    last = {"parameter": NOISE, "share": share, "share_low": interval.low, "share_high": interval.high}
    table = pd.DataFrame([*rows, last | {"verdict": "", "why": "", "needed": 0}])
    return Sensitivity("Sobol", out, table, base, width, share, interval)


def _samples(out: Outputs, unit: np.ndarray) -> _Samples:
    """Return the values in Saltelli's order.

    Raises SimError where the points are not those of the design.
    """
    dims = unit.shape[1]
    if len(unit) % (dims + 2) or len(unit) < 2 * (dims + 2):
        raise SimError(f"{len(unit)} points of {dims} unknowns are no Sobol design: run one, with all its points")
    blocks = unit.reshape(-1, dims + 2, dims)
    expected = np.repeat(blocks[:, :1], dims, axis=1)
    expected[:, range(dims), range(dims)] = blocks[:, -1]
    if np.abs(blocks[:, 1:-1] - expected).max() > STEP:
        raise SimError("the points are not in the order of a Sobol design: run one, with all its points")
    y = out.y.reshape(len(blocks), dims + 2, -1)
    return _Samples(y[:, 0], y[:, -1], np.moveaxis(y[:, 1:-1], 1, 0))


def _indices(s: _Samples, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return S1 and ST, shape (D, draws), and the seeds' share of the variance of single runs, shape (draws,).

    rows: of the base sample, shape (base, draws). Luck that differs between two points adds the spread over seeds of
    their difference to the square of it: exactly that is taken out, whether seeds are shared by points or not.
    """
    salib: Any = need("SALib.analyze.sobol", EXTRA)
    a, b, mixed = s.means
    scale = np.concatenate([s.a[None], s.b[None], s.mixed]).mean(axis=-1).var()
    variance = np.var(np.concatenate([a[rows], b[rows]]), axis=0)
    one_seed = s.a.shape[1] == 1
    luck = 0.0 if one_seed else (mean_noise(s.a - s.b) / 2 / scale)[rows].mean(axis=0)
    kept = 1 - luck / variance
    first, total = [], []
    for j in range(len(mixed)):
        known = 0.0 if one_seed else (mean_noise(s.a - s.mixed[j]) / 2 / scale)[rows].mean(axis=0) / variance
        first.append(salib.first_order(a[rows], mixed[j][rows], b[rows]) / kept)
        total.append((salib.total_order(a[rows], mixed[j][rows], b[rows]) - known) / kept)
    return np.array(first), np.array(total), _noise(s, rows, scale, variance * kept)


def _noise(s: _Samples, rows: np.ndarray, scale: float, explained: np.ndarray) -> np.ndarray:
    """Return the seeds' share of the variance of single runs, NaN with one seed a point."""
    if s.a.shape[1] == 1:
        return np.full(rows.shape[1], np.nan)
    within = (s.a.var(axis=1, ddof=1) + s.b.var(axis=1, ddof=1)) / 2 / scale
    luck = within[rows].mean(axis=0)
    return luck / (luck + np.maximum(explained, 0))


def _row(
    name: str, base: int, width: float, s1: np.ndarray, st_: np.ndarray, s1_draws: np.ndarray, st_draws: np.ndarray
) -> Row:
    """Return the row of one unknown; an index that has not converged is NaN, one that is zero within luck is 0."""
    found = {"S1": (float(s1[0]), st.percentiles(s1_draws)), "ST": (float(st_[0]), st.percentiles(st_draws))}
    row: Row = {"parameter": name}
    faults, wanted = [], 0.0
    below = st.percentiles(st_draws - s1_draws).high < 0
    for key, (value, interval) in found.items():
        half = (interval.high - interval.low) / 2
        wrong = _faults(key, interval, half, width, base) + (["ST below S1"] if below else [])
        faults += [fault for fault in wrong if fault not in faults]
        wanted = max(wanted, base * (half / width) ** 2) if wrong else wanted
        row |= {key: np.nan if wrong else max(value, 0.0), f"{key}_low": interval.low, f"{key}_high": interval.high}
    return row | judged(faults, _power_of_two(max(wanted, 2 * base, LEAST_BASE)))


def _faults(key: str, interval: st.Interval, half: float, width: float, base: int) -> list[str]:
    """Return why one index has not converged."""
    found = {f"{key} interval wider than ±{width:g}": not half <= width, f"{key} below zero": interval.high < 0,
             f"fewer than {LEAST_BASE} base samples": base < LEAST_BASE}  # fmt: skip
    return [fault for fault, there in found.items() if there]


def _power_of_two(least: float) -> float:
    """Return the next power of two."""
    return float(2 ** np.ceil(np.log2(least)))
