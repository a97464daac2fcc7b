"""Ground from which a mission drove a band is lost again sooner where nobody holds it than where troops do.

Evidence: B-M81 (gains without holding are reversed), B-M9, B-M152. Held by the dial `holding` x ready people near. That
a vacuum draws bands is built in; how long ground lasts is not.
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, played, small

STRIKES = {"tasks": ["presence", "offensive_operations"], "use_of_force": "enforcement"}
FORCE = UN | HERE | {
    "mandate": STRIKES, "tempo": 3.0, "liaison": 1.0, "troops": 8000, "unit_size": 200, "care": 1.0, "holding": 0.0,
}  # fmt: skip
WAR = {"weeks": 60, "hosts.host.forces": 0, "parameters.offensives.loss": 0.1, "parameters.picture.sight": 0.1}


def lasting(changes=None, **dials) -> float:
    """Return how long cleared ground lasts, in weeks of a year, from the pooled clearings of a few runs."""
    waits, relapses = np.zeros(52), np.zeros(52)
    for seed in range(8):
        m = played(small(WAR | (changes or {}), missions={"UN": FORCE | dials}), seed=seed)
        waits += (m.missions.open_waits + m.missions.held_waits)[:, 0]
        relapses += (m.missions.open_relapses + m.missions.held_relapses)[:, 0]
    curve = np.cumprod(1 - relapses / np.maximum(waits, 1))
    return float(1 + curve[:-1].sum())


def test_held_ground_lasts_longer():
    assert lasting(holding=1.0, risk_tolerance=1.0) > 1.15 * lasting(holding=0.0, risk_tolerance=1.0)


def test_the_pull_of_the_vacuum_shortens_it():
    assert lasting() < 0.9 * lasting({"parameters.moves.vacuum_weight": 0.0})
