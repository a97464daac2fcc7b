"""A force that hears little strikes at shadows; what a partner who listens passes on makes it meet bands.

Evidence: B-M92 and B-M35 (information between partners), B-H40, E13. Knocked out by `picture.share`.
"""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, LINK, UN, over_seeds, small

DEAF = AU | HERE | {"liaison": 0.0}


def hit_rate(coordination: float, share: int = 1) -> float:
    """Return the share of the deaf partner's operations that meet a band, as a mean over luck."""
    link = LINK | {"coordination": coordination, "trust": 1.0, "delineation": 0.0}
    setup = small({"partnerships.l": link, "parameters.picture.share": share}, missions={"UN": UN | HERE, "AU": DEAF})
    return float(np.nanmean(over_seeds(setup, "hit_rate:AU", seeds=6)))


def test_coordination_raises_the_share_of_operations_that_meet_a_band():
    assert hit_rate(1.0) > 1.4 * hit_rate(0.0)


def test_without_sharing_coordination_does_nothing_for_it():
    assert hit_rate(1.0, share=0) < 1.25 * hit_rate(0.0)


def test_distrust_stops_sharing():
    link = LINK | {"coordination": 1.0, "trust": 0.0, "delineation": 0.0}
    setup = small({"partnerships.l": link}, missions={"UN": UN | HERE, "AU": DEAF})
    assert np.nanmean(over_seeds(setup, "hit_rate:AU", seeds=6)) < 0.75 * hit_rate(1.0)
