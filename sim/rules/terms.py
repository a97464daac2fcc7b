"""On what terms a host lets a mission be there: what it denies it, what it asks as a price, what the mission grants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import HOST

if TYPE_CHECKING:
    from sim.model import Model


def unwilling(m: Model, mission: int, host: int) -> float:
    """Return how much a host stands in a mission's way, 0-1: its readiness to obstruct x what its consent lacks."""
    ready = m.setup.hosts[m.actors.hosts[host]].obstruction
    return ready * (1 - float(m.hosts.consent[mission, host])) if ready else 0.0


def denied(m: Model, mission: int) -> np.ndarray | None:
    """Return the share of a mission's movements that hosts deny it in each cell; None where none obstructs.

    Most where their own forces have struck civilians of late: obstruction goes with what is to be hidden [F-M1, E39].
    """
    ways = [unwilling(m, mission, h) for h in range(m.hosts.rows)]
    if not any(ways):
        return None
    p, memory = m.p.obstruction, m.cells.memory[HOST]
    hidden = p.anywhere + (1 - p.anywhere) * -np.expm1(-memory / p.memory_scale)
    return np.array(ways)[m.world.host] * hidden


def visas(m: Model, mission: int) -> float:
    """Return by how much denied visas and held-up equipment stretch the ramp to full strength; 1 if none obstructs."""
    most = max([unwilling(m, mission, h) for h in range(m.hosts.rows)], default=0.0)
    return 1 + m.p.obstruction.delay * most


def price(m: Model, host: int) -> float:
    """Return how much a host asks for its consent, 0-1: as far as it bargains, the less it depends on support."""
    asks = m.setup.hosts[m.actors.hosts[host]].bargaining
    return asks * (1 - float(m.hosts.dependence[host])) if asks else 0.0


def granted(m: Model, mission: int, host: int) -> float:
    """Return how far a mission grants a host's price, 0-1."""
    gives = m.setup.missions[m.actors.missions[mission]].accommodation
    return gives * price(m, host) if gives else 0.0


def muted(m: Model, mission: int) -> float:
    """Return how far a mission holds its tongue because of what it grants to hosts, 0-1: the dearest price counts."""
    gives = m.setup.missions[m.actors.missions[mission]].accommodation
    return max([gives * price(m, h) for h in range(m.hosts.rows)], default=0.0) if gives else 0.0


def bargain(m: Model, mission: int, host: int) -> float:
    """Return how a price asked moves consent: up as far as it is granted, down as far as it is refused; -1 to 1."""
    asked = price(m, host)
    return 2 * granted(m, mission, host) - asked if asked else 0.0
