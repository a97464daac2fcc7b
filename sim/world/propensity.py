"""The lasting disposition to violence: towns, periphery, mines, borders and the state's absence, plus a smooth rest."""

from __future__ import annotations

import numpy as np

from sim.world.land import Land
from sim.world.layers import Floats, Ints, share_of_most, stream, to_points

BORDER_KM = 50.0


def disposition(
    seed: int, land: Land, residents: Ints, capital: Ints, resource: Floats, border: Floats, state: Floats, p
) -> Floats:
    """Return the log rate [C] at which violence comes to each cell, all else equal.

    What geography explains, plus a rest of which a share is smooth; scaled to a total spread of `propensity_sd` over
    populated cells. Basis: calibrated (weak monthly, strong ten-year clustering). Source: model.md 4, S12-S15.
    """
    w, people = p.world, residents.sum(axis=0)
    settled = people > 0
    known = (
        w.propensity_town * np.log(np.maximum(people, 1))
        + w.propensity_periphery * share_of_most(to_points(land.x, land.y, capital).min(axis=0))
        + w.propensity_resource * resource
        + w.propensity_border * np.exp(-border / BORDER_KM)
        + w.propensity_state * (1 - state)
    )
    rest = np.sqrt(w.propensity_smooth) * land.field(stream(seed, "propensity_smooth"), w.smooth_km)
    rest += np.sqrt(1 - w.propensity_smooth) * land.field(stream(seed, "propensity_own"), w.own_km)
    scale = _scale_of_rest(known[settled], rest[settled], w.propensity_sd)
    return normalised(known + scale * rest, settled, w.propensity_empty)


def _scale_of_rest(known: Floats, rest: Floats, sd: float) -> float:
    """Return the factor on the rest that gives known + factor x rest the wanted spread; a fifth of it at least."""
    if len(known) < 3 or not rest.std():
        return sd
    variance, shared = rest.var(), float(np.mean((known - known.mean()) * (rest - rest.mean())))
    room = max(shared**2 + variance * (sd**2 - known.var()), 0.0)
    return max((np.sqrt(room) - shared) / variance, 0.2 * sd)


def normalised(log_rate: Floats, settled: np.ndarray, empty: float) -> Floats:
    """Shift log rates so that their exponential has mean 1 over settled cells; give the others the value for empty."""
    result = np.full(len(log_rate), float(empty))
    if settled.any():
        inside = log_rate[settled] - log_rate[settled].max()
        result[settled] = inside - np.log(np.exp(inside).mean())
    return result
