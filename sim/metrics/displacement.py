"""Who had to leave, and how safe they are where they went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.counts import DISPLACED, REFUGEES, SHELTERED, layers, living
from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(unit="people", better="lower", over_run="mean", source="S35, E42")
def displaced(m: Model) -> float:
    """People displaced within the country; over a run its mean, so that long displacement weighs more than short."""
    return float(living(m)[DISPLACED, -1])


@metric(unit="people", better="lower", over_run="mean", source="S35, E42")
def refugees(m: Model) -> float:
    """People who fled abroad and have not come back; over a run its mean."""
    return float(living(m)[REFUGEES, -1])


@metric(unit="people", better="higher", over_run="mean", source="S-M33, B-M15")
def sheltered(m: Model) -> float:
    """Displaced people inside sites that missions guard; over a run its mean."""
    return layers(m)[SHELTERED]


@metric(unit="deaths", better="lower", over_run="run", source="B-H15")
def killed_displaced(m: Model) -> float:
    """Displaced civilians killed by somebody, inside sites and outside, over the run (those between lines too)."""
    return float(m.log.killed_where[1:].sum())


@metric(unit="deaths", better="lower", over_run="run", source="B-H15")
def killed_sheltered(m: Model) -> float:
    """Civilians killed inside sites that missions guard, over the run."""
    return float(m.log.killed_where[2])


@metric(unit="ratio", better="lower", over_run="run", source="B-M20")
def protection_gap_displaced(m: Model) -> float:
    """Death rate of displaced people over that of residents, one death added to each; missing if none is.

    Of civilians killed in attacks, abuse and operations; not of those between lines, in clashes and by crime.
    """
    killed, weeks = m.log.harmed_where, m.log.weeks_where
    if weeks[0] <= 0 or weeks[1:].sum() <= 0:
        return np.nan
    return float((killed[1:].sum() + 1) / weeks[1:].sum() / ((killed[0] + 1) / weeks[0]))
