"""The country: grid and layers, the generator of fictional countries, and worlds from event data."""

from sim.world.build import build, default_parameters
from sim.world.world import World

__all__ = ["World", "build", "default_parameters"]
