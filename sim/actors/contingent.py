"""Contingents: who sends a mission's soldiers and police, on what terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import Roster
from sim.actors.table import Table

if TYPE_CHECKING:
    from sim.scenario import Contributor, Scenario


def contingents(setup: Scenario, roster: Roster) -> Table:
    """Lay out a row for each contributor that a scenario tells apart; a mission of whom none is told has no rows.

    share of its mission's soldiers and police; caveats, quality, conduct, tolerance: as the scenario says; bled: its
    dead per 1,000 lately; left: the share of its own people who are gone home.
    """
    rows = [(k, name, c) for k, mission in enumerate(roster.missions) for name, c in contributors_of(setup, mission)]
    specs = [setup.missions[roster.missions[k]] for k, _, _ in rows]
    told = list(zip([c for _, _, c in rows], specs, strict=True))
    columns = {
        "mission": np.array([k for k, _, _ in rows], np.int64),
        "share": np.array([c.share for c, _ in told], float),
        "caveats": np.array([c.caveats for c, _ in told], float),
        "quality": np.array([c.quality for c, _ in told], float),
        "conduct": np.array([s.conduct if c.conduct is None else c.conduct for c, s in told], float),
        "tolerance": np.array(
            [s.casualty_tolerance if c.casualty_tolerance is None else c.casualty_tolerance for c, s in told], float
        ),
        "bled": np.zeros(len(rows)),
        "left": np.zeros(len(rows)),
    }
    return Table(len(rows), columns)


def contributors_of(setup: Scenario, mission: str) -> list[tuple[str, Contributor]]:
    """Return a mission's contributors in order of name; none if the scenario does not tell them apart."""
    return sorted((setup.missions[mission].contributors or {}).items())
