"""Events of the timeline: when each happens, if it does, and for how long the condition of one has held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.mission import NEVER
from sim.actors.table import Table

if TYPE_CHECKING:
    from sim.scenario import Scenario


def happenings(setup: Scenario) -> Table:
    """Lay out a row for each event: its week, NEVER while it waits for a condition; held: weeks that this has held."""
    weeks = [NEVER if event.week is None else event.week for event in setup.timeline]
    return Table(len(weeks), {"week": np.array(weeks, np.int64), "held": np.zeros(len(weeks), np.int64)})
