"""What people expect and believe of missions: the gap to what they got, false claims held, misconduct known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import MISCONDUCT
from sim.metrics.counts import by_perpetrator
from sim.metrics.metric import metric, shared

if TYPE_CHECKING:
    from sim.model import Model


@metric(by="mission", unit="0-1", better="lower", over_run="mean", source="B-M43, S-M22")
def expectation_gap(m: Model) -> np.ndarray:
    """How far what people got falls short of what they expect of the mission: mean over all people of the shortfall."""
    return minds(m)[0]


@shared
def minds(m: Model) -> np.ndarray:
    """Return people's mean shortfall, and the share who hold a false claim, for each mission; (2, missions)."""
    c = m.communities
    return _minds(c.expected, c.delivered, c.rumour, c.residents, c.displaced)


@njit(cache=True, nogil=True)
def _minds(expected, delivered, rumour, residents, displaced):
    """Average max(0, expected - delivered) and rumours over people; missing where there are no people."""
    out, here = np.full((2, expected.shape[0]), np.nan), (residents + displaced).astype(np.float64)
    people = here.sum()
    for k in range(out.shape[1] if people > 0 else 0):
        short, holders = 0.0, 0.0
        for i in range(here.size):
            short += here[i] * max(0.0, expected[k, i] - delivered[k, i])
            holders += here[i] * max(0.0, rumour[k, i])
        out[0, k], out[1, k] = short / people, holders / people
    return out


@metric(by="mission", unit="share", better="lower", over_run="mean", source="B-M64, Q49")
def rumour_prevalence(m: Model) -> np.ndarray:
    """Share of people who hold a false claim about the mission."""
    return minds(m)[1]


@metric(by="mission", unit="events", better="lower", over_run="sum", source="B-M38, F-M62")
def misconduct(m: Model) -> np.ndarray:
    """Incidents of misconduct by the mission's own people that became known."""
    return by_perpetrator(m, (MISCONDUCT,))[: len(m.actors.missions)]
