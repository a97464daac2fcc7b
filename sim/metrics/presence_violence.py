"""Does violence follow presence? The usual estimators of the literature, on half-degree cells and calendar months.

They are measured, not believed: a mission without any effect also shows a raw correlation, since bases go where
violence has just peaked (scenario key `placebo`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(unit="correlation", better="neither", over_run="run", source="S21")
def presence_violence_raw(m: Model) -> float:
    """Correlation of log(1 + troops) with log(1 + recorded events in the next month).

    Over 0.5-degree cells and months.
    """
    troops, events = m.log.monthly(m)
    if troops.shape[0] < 2:
        return float("nan")
    x, y = np.log1p(troops[:-1]).ravel(), np.log1p(events[1:]).ravel()
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else float("nan")


@metric(unit="probability", better="neither", over_run="run", source="S22")
def presence_violence_fe(m: Model) -> float:
    """Change in the chance of any recorded event next month where troops stand, cell and month effects taken out.

    Two-way fixed effects on 0.5-degree cells; read it against the same of a placebo run.
    """
    return _next_month(m)[0]


@metric(unit="probability", better="neither", over_run="run", source="S22")
def presence_violence_fe_se(m: Model) -> float:
    """Standard error of the same, clustered by cell."""
    return _next_month(m)[1]


def _next_month(m: Model) -> tuple[float, float]:
    """Return the coefficient of troops on any event in the next month, with its standard error."""
    troops, events = m.log.monthly(m)
    return fixed_effects(troops[:-1] > 0, events[1:] > 0)


def fixed_effects(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the two-way fixed effects coefficient of x on y and its standard error clustered by cell.

    x, y: months x cells. In a panel without gaps both effects are taken out by subtracting row and column means.
    Both NaN where x does not vary within cells and months.
    """
    if min(x.shape) < 2:
        return float("nan"), float("nan")
    x, y = _demeaned(x), _demeaned(y)
    spread = float((x * x).sum())
    if spread < 1e-9:
        return float("nan"), float("nan")
    b, cells = float((x * y).sum()) / spread, x.shape[1]
    by_cell = (x * (y - b * x)).sum(axis=0)
    return b, float(np.sqrt((by_cell**2).sum() * cells / (cells - 1))) / spread


def _demeaned(values: np.ndarray) -> np.ndarray:
    """Subtract the means of each month and of each cell, and add the mean of all."""
    v = values.astype(float)
    return v - v.mean(axis=0) - v.mean(axis=1, keepdims=True) + v.mean()
