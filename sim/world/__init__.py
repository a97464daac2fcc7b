"""The country: grid and layers, the generator of fictional countries, and worlds from event data."""

from sim.world.build import build, default_parameters
from sim.world.files import load_world, save
from sim.world.ged import from_ged
from sim.world.world import World

__all__ = ["World", "build", "default_parameters", "from_ged", "load_world", "save"]
