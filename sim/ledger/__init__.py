"""The ledger: who moved what, and by how much."""

from sim.ledger.ledger import ALL, NOTHING, PERCEPTIONS, Audiences, Ledger
from sim.ledger.steps import GRAIN, on_grid

__all__ = ["ALL", "GRAIN", "NOTHING", "PERCEPTIONS", "Audiences", "Ledger", "on_grid"]
