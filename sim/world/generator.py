"""The generator of fictional countries: ground, towns, roads, people, groups, state, mines, areas, disposition."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.errors import Problem, Problems
from sim.world.geography import (
    access,
    areas,
    choose_towns,
    mines,
    name_areas,
    split_groups,
    state_presence,
    town_sizes,
)
from sim.world.land import Land, outline, share_among_hosts
from sim.world.layers import Floats, Ints, apportion, stream
from sim.world.propensity import disposition
from sim.world.world import World


def country(spec, hosts: Sequence[str], seed: int, p) -> World:
    """Draw a fictional country from a seed; `spec` is the scenario's world table, `p` its parameters.

    The same seed gives the same outline, towns and layers at every cell size that spans the same square of km.
    Raises SimError where the country has no room for its places or hosts.
    """
    land = outline(seed, spec.grid, float(spec.side_km), p)
    _check_room(spec, land)
    host = share_among_hosts(seed, land, len(hosts))
    border = land.border_km(host)
    rough, fertile = _terrain(seed, land, p)
    capital, towns = choose_towns(seed, land, host, fertile - rough, border, p)
    reach = access(land, towns, rough, p)
    people = _people(seed, land, towns, fertile + reach, spec, p)
    state = state_presence(land.x, land.y, capital, towns, town_sizes(len(towns), p), land.side_km, p)
    residents = split_groups(seed, land, people, capital, spec.groups, p)
    resource = mines(seed, land, p)
    area, centres = areas(seed, land, host, towns, len(hosts), p)
    return World(
        name="country", side_km=land.side_km, shape=land.mask.shape, row=land.row, col=land.col, x=land.x, y=land.y,
        lon=None, lat=None, host=host, host_names=tuple(hosts), area=area, area_names=name_areas(len(centres)),
        access=reach, wet=_wet(seed, land, p), resource=resource, state_presence=state, border_km=border,
        propensity=disposition(seed, land, residents, capital, resource, border, state, p),
        residents=residents, group_names=tuple(f"group {g + 1}" for g in range(spec.groups)),
        capital=capital, towns=towns, about={"generator": "country", "seed": seed},
    )  # fmt: skip


def _check_room(spec, land: Land) -> None:
    """Refuse more populated places than there are land cells."""
    if spec.places > land.cells:
        allowed = f"0 to {land.cells}, the land cells in a grid of {spec.grid[0]} x {spec.grid[1]}"
        raise Problems([Problem("world.places", spec.places, allowed)])


def _terrain(seed: int, land: Land, p) -> tuple[Floats, Floats]:
    """Draw how rough (0-1) and how fertile (0-1) each cell is."""
    fields = (land.field(stream(seed, layer), p.world.terrain_km) for layer in ("terrain", "fertility"))
    rough, fertile = (1 / (1 + np.exp(-1.7 * f)) for f in fields)
    return rough, fertile


def _wet(seed: int, land: Land, p) -> Floats:
    """Draw the amplitude of the wet season (0-1), smooth over the country."""
    return 0.5 + 0.4 * np.tanh(land.field(stream(seed, "climate"), p.world.climate_km))


def _people(seed: int, land: Land, towns: Ints, suited: Floats, spec, p) -> Ints:
    """Settle `people` in `places` cells: towns first, then wherever land and road suit best with some luck."""
    spread = np.sqrt(0.6) * land.field(stream(seed, "rural_smooth"), p.world.terrain_km)
    spread += np.sqrt(0.4) * land.field(stream(seed, "rural_own"), p.world.own_km)
    rural = np.exp(p.world.rural_sd * spread + suited)
    luck = stream(seed, "places").gumbel(size=land.mask.shape)[land.row, land.col]
    order = np.log(rural) + luck
    order[towns] = 1e9 - np.arange(len(towns))
    settled = np.sort(np.argsort(-order, kind="stable")[: spec.places])
    weights = rural / max(rural[settled].sum(), 1e-300) * (1 - p.world.town_share)
    weights[towns] += p.world.town_share * town_sizes(len(towns), p)
    people = np.zeros(land.cells, dtype=np.int64)
    people[settled] = apportion(spec.people, weights[settled])
    return people
