"""Two host states on one map, `host` and `neighbour`, with rebels at home in the first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from helpers import HERE, UN, small

from sim.model import Model
from sim.scenario import Scenario

BOTH = {
    "weeks": 78, "world.seed": 5, "world.grid": [12, 12], "world.places": 70, "hosts.host.forces": 6,
    "hosts.neighbour": {"forces": 6, "abusiveness": 0.2}, "armed_groups.militia": None,
    "armed_groups.rebels": {"motive": "territorial", "fighters": 400, "host": "host", "sanctuary": 0.0},
}  # fmt: skip
ONE_SIDE = {"hosts": ["host"]}
PURSUIT = ONE_SIDE | {"pursuit": ["neighbour"]}
BRIGADE = UN | HERE | {"mandate": "intervention_brigade", "troops": 4000, "tempo": 3.0, "care": 0.3}
TOLERATED = {"hosts.neighbour.tolerates": {"rebels": 1.0}}


def two_hosts(changes: Mapping[str, Any] | None = None, **missions: Mapping[str, Any]) -> Scenario:
    """Return two host states on one map, with these missions."""
    return small(BOTH).but({f"missions.{name}": spec for name, spec in missions.items()} | dict(changes or {}))


def land(m: Model, host: str) -> np.ndarray:
    """Return which cells are a host's land."""
    return m.world.host == m.actors.hosts.index(host)
