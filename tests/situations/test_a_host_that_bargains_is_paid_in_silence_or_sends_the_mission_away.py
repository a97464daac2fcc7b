"""An abusive host asks for silence and support as the price of its consent; the mission grants it or does not.

Evidence: F-M2, F-M15, B-M6, B-M99, S-M83. Both ways cost somebody. A mission that grants the price stays, but names no
abuse; one that refuses names it, loses consent, and where it is sent out those whom it held off come back.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model

SEEDS = 4
HOST = {"bargaining": 1.0, "dependence": 0.4, "abusiveness": 0.7, "consent": 0.6}
HASTY = {"weeks": 130, "parameters.consent.step": 0.2}
"""The same drives at a quicker pace, so that the story fits into less than three years."""


@cache
def mean(accommodation: float, metric: str) -> float:
    """Return the mean of a metric over runs of a mission that grants so much of the price."""
    return float(np.mean([row[metric] for row in rows(accommodation)]))


@cache
def rows(accommodation: float) -> list[dict[str, float]]:
    """Return the summaries of a few runs, with how loud the mission was in its tenth week."""
    changes = HASTY | {f"hosts.host.{key}": value for key, value in HOST.items()}
    setup, out = small(changes, missions={"UN": UN | HERE | {"accommodation": accommodation}}), []
    for seed in range(SEEDS):
        m = Model(setup, seed, keep={"summary"})
        for _ in range(10):
            m.step()
        voice = float(m.missions.voice[0])
        out.append(m.run().tables()["summary"].iloc[0].to_dict() | {"voice": voice})
    return out


def test_who_grants_the_price_is_silent():
    assert mean(1.0, "voice") < 0.5 * mean(0.0, "voice")


def test_and_keeps_the_host_s_consent():
    assert mean(1.0, "state_consent:host->UN") > mean(0.0, "state_consent:host->UN") + 0.2
    assert mean(1.0, "weeks_to_expulsion:UN") > mean(0.0, "weeks_to_expulsion:UN")


def test_refusing_costs_those_whom_the_mission_held_off_rebels_from():
    assert mean(0.0, "civilians_killed:rebels") > mean(1.0, "civilians_killed:rebels")


def test_the_host_s_own_violence_is_not_lower_for_being_left_unnamed():
    assert mean(1.0, "civilians_killed:host") > 0.9 * mean(0.0, "civilians_killed:host")
