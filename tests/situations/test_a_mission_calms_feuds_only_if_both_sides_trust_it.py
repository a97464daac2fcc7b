"""A patrol or a mediator lowers communal violence if both groups find it impartial; if one does not, it does not.

Evidence: E32 (patrols seen as impartial lower expected escalation, others do nothing), E20 and E22 (local mediation).
Clashes expected, before luck; the same seeds and the same strength in all arms, which differ in what one of the two
groups thinks of the mission's impartiality at first and for good. Battles go on as before [E20].
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from helpers import COUNTRY, HERE, UN, small

from sim.ledger import PERCEPTIONS
from sim.model import Model

SEEDS = 12
WEEKS = {"weeks": 30, "world": COUNTRY | {"places": 20}, "parameters.attacks.base": 0.0}
PATROL = UN | HERE | {"mandate": "presence", "troops": 1500, "unit_size": 100, "civilians": 0}
MEDIATOR = UN | HERE | {"mandate": {"tasks": {"local_mediation": 1.0}}, "troops": 0, "police": 0, "civilians": 600}
NOBODY: dict = {}


@cache
def seen(arm: str, impartial: tuple[float, float] = (0.5, 0.5)) -> np.ndarray:
    """Return clashes and battle deaths expected over the run by seed, if two groups think so of the mission."""
    mission = {"patrol": PATROL, "mediator": MEDIATOR, "nobody": NOBODY}[arm]
    found = []
    for seed in range(SEEDS):
        m = Model(small(WEEKS, missions={"UN": mission} if mission else {}), seed, keep={"summary"})
        for group, level in enumerate(impartial) if mission else ():
            mine = np.flatnonzero(m.communities.group == group)
            m.communities.prior[PERCEPTIONS.index("impartiality"), 0, mine] = level
            m.communities.ledger["perceptions"][PERCEPTIONS.index("impartiality"), 0, mine] = level
        row = m.run().tables()["summary"].iloc[0]
        found.append((row.communal_expected, row.battle_deaths_expected))
    return np.array(found).T


def ratio(arm: str, *impartial: float) -> tuple[float, float]:
    """Return clashes with a mission over clashes without, as a ratio of sums, and the share of seeds with fewer."""
    with_it, without = seen(arm, impartial)[0], seen("nobody")[0]
    return float(with_it.sum() / without.sum()), float((with_it < without).mean())


@pytest.mark.parametrize("arm", ["patrol", "mediator"])
def test_one_that_both_sides_trust_calms_feuds(arm):
    fewer, seeds = ratio(arm, 0.75, 0.75)
    assert fewer < 0.85 and seeds >= 0.9


@pytest.mark.parametrize("arm", ["patrol", "mediator"])
def test_one_that_either_side_finds_partial_does_not(arm):
    assert 0.95 < ratio(arm, 0.9, 0.1)[0] < 1.05
    assert 0.95 < ratio(arm, 0.1, 0.9)[0] < 1.05


def test_mediation_between_neighbours_does_not_end_the_war():
    war, alone = seen("mediator", (0.75, 0.75))[1].sum(), seen("nobody")[1].sum()
    assert 0.95 < war / alone < 1.05
