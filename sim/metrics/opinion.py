"""What people expect and believe of missions: the gap to what they got, false claims held, misconduct known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import MISCONDUCT
from sim.metrics.counts import by_perpetrator
from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(by="mission", unit="0-1", better="lower", over_run="mean", source="B-M43, S-M22")
def expectation_gap(m: Model) -> np.ndarray:
    """How far what people got falls short of what they expect of the mission: mean over all people of the shortfall."""
    c = m.communities
    return _short(c.expected, c.delivered, c.residents, c.displaced)


@njit(cache=True, nogil=True)
def _short(expected, delivered, residents, displaced):
    """Average max(0, expected - delivered) over people for each mission; missing where there are no people."""
    out = np.full(expected.shape[0], np.nan)
    for k in range(out.size):
        short, people = 0.0, 0
        for i in range(residents.size):
            here = residents[i] + displaced[i]
            people += here
            short += here * max(0.0, expected[k, i] - delivered[k, i])
        if people > 0:
            out[k] = short / people
    return out


@metric(by="mission", unit="share", better="lower", over_run="mean", source="B-M64, Q49")
def rumour_prevalence(m: Model) -> np.ndarray:
    """Share of people who hold a false claim about the mission."""
    c = m.communities
    return _holders(c.rumour, c.residents, c.displaced)


@njit(cache=True, nogil=True)
def _holders(rumour, residents, displaced):
    """Average a share over people for each mission; missing where there are no people."""
    out = np.full(rumour.shape[0], np.nan)
    people = 0.0
    for i in range(residents.size):
        people += residents[i] + displaced[i]
    for k in range(out.size if people > 0 else 0):
        holders = 0.0
        for i in range(residents.size):
            if rumour[k, i] > 0:
                holders += (residents[i] + displaced[i]) * rumour[k, i]
        out[k] = holders / people
    return out


@metric(by="mission", unit="events", better="lower", over_run="sum", source="B-M38, F-M62")
def misconduct(m: Model) -> np.ndarray:
    """Incidents of misconduct by the mission's own people that became known."""
    return by_perpetrator(m, (MISCONDUCT,))[: len(m.actors.missions)]
