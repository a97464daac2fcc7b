"""Bases go where violence has been, so presence and later violence go together even where a mission helps.

Evidence: S21 and S23 (siting after violence), E19 (sited at random the correlation is about nil).
"""

from __future__ import annotations

import numpy as np
from helpers import HERE, UN, over_seeds, small

COUNTRY = {"parameters.attacks.base": 0.03, "weeks": 52, "world.grid": [20, 20], "world.places": 80,
           "world.people": 1_500_000, "parameters.record.coded": 1.0}  # fmt: skip
POSTS = UN | HERE | {"troops": 1500, "unit_size": 100, "mobile_share": 0.5}


def correlation(**dials) -> float:
    """Return the correlation of troops with next month's events on half-degree cells, as a mean over luck."""
    setup = small(COUNTRY | {"placebo": dials.pop("placebo", False)}, missions={"UN": POSTS | dials})
    return float(np.mean(over_seeds(setup, "presence_violence_raw", seeds=6)))


def test_hot_spot_siting_gives_a_positive_correlation_and_random_siting_a_smaller_one():
    hot, random = correlation(), correlation(siting="random")
    assert hot > 0.05 and random < 0.8 * hot


def test_a_placebo_shows_it_too():
    assert correlation(placebo=True) > 0.05
