"""What makes a country of its ground: towns, access, the state's reach, groups' homelands, mines and areas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.world.land import Land
from sim.world.layers import Floats, Ints, split_by_share, spread_out, stream, to_points
from sim.world.roads import distance, link

TRIES = 6000
CANDIDATES = 40


def choose_towns(seed: int, land: Land, host: Ints, suited: Floats, border: Floats, p) -> tuple[Ints, Ints]:
    """Choose each host's capital [H] and all towns, largest first: capitals, then points by suitability, kept apart.

    Points are drawn in km, not in cells, so that towns lie where they lie at every cell size.
    """
    rng = stream(seed, "towns")
    draws, fortune = rng.random((TRIES, 3)), rng.gumbel(size=CANDIDATES)
    col, row = (draws[:, 0] * len(land.east)).astype(int), (draws[:, 1] * len(land.north)).astype(int)
    cell = land.cell_at[row, col]
    capital = _capitals(host, 2 * suited + 2 * np.minimum(border / 100, 1), cell[:CANDIDATES], fortune)
    number = round(min(land.km2 / p.world.town_area_km2, p.world.towns_most))
    apart = p.world.town_spacing * np.sqrt(land.km2 / max(number, 1))
    liked = (cell >= 0) & (draws[:, 2] < 1 / (1 + np.exp(-2 * suited[cell])))
    return np.array(capital, dtype=np.int64), _kept_apart(land, capital, cell[liked], number, apart)


def _capitals(host: Ints, suited: Floats, candidates: Ints, fortune: Floats) -> list[int]:
    """Return each host's capital: of the candidate cells in it, the one most suited and most fortunate."""
    found = []
    for h in range(int(host.max()) + 1):
        own = (candidates >= 0) & (host[candidates] == h)
        score = np.where(own, suited[candidates] + fortune, -np.inf)
        best = candidates[score.argmax()] if own.any() else np.where(host == h, suited, -np.inf).argmax()
        found.append(int(best))
    return found


def _kept_apart(land: Land, first: list[int], candidates: Ints, number: int, apart: float) -> Ints:
    """Add candidates to the first towns, in their order, that are no nearer than so many km to any chosen."""
    chosen = list(first)
    for c in candidates:
        if len(chosen) >= number:
            break
        if np.hypot(land.x[chosen] - land.x[c], land.y[chosen] - land.y[c]).min() > apart:
            chosen.append(int(c))
    return np.array(chosen, dtype=np.int64)


def town_sizes(number: int, p) -> Floats:
    """Return the towns' shares of all townspeople by the rank-size rule, largest first."""
    size = np.arange(1, number + 1, dtype=float) ** -p.world.town_exponent
    return size / size.sum()


def access(land: Land, towns: Ints, rough: Floats, p) -> Floats:
    """Return how easily each cell is reached (0-1): less away from roads and on rough ground (0-1)."""
    off_road = distance(land.x, land.y, link(land.x, land.y, towns, p.world.extra_roads), towns)
    near = p.world.access_floor + (1 - p.world.access_floor) * np.exp(-off_road / p.world.road_km)
    return near * (1 - p.world.terrain_cost * rough)


def state_presence(x: Floats, y: Floats, capital: Ints, towns: Ints, sizes: Floats, side_km: float, p) -> Floats:
    """Return the state's presence (0-1): full in a capital, less in towns, falling with distance from each.

    `sizes` are the towns' sizes in any unit, largest first; half a cell is taken off every distance, so that the cell
    of a town has the town's own presence.
    """
    result = np.exp(-np.maximum(to_points(x, y, capital).min(axis=0) - side_km / 2, 0) / p.world.state_km)
    rank = np.clip((sizes / max(sizes[1:2].sum(), 1e-12)) ** 0.25, 0, 1) * p.world.state_town
    for town, presence in zip(towns, rank, strict=True):
        away = np.maximum(np.hypot(x - x[town], y - y[town]) - side_km / 2, 0)
        result = np.maximum(result, presence * np.exp(-away / p.world.state_town_km))
    return result


def split_groups(seed: int, land: Land, people: Ints, capital: Ints, number: int, p) -> Ints:
    """Split people [C] into identity groups [G, C], each with a homeland that blends into its neighbours'.

    The first groups are at home in the capitals; the last in the land farthest from them.
    """
    cores = spread_out(land.x, land.y, [int(c) for c in capital], number)
    cores = cores[: len(capital)] + cores[: len(capital) - 1 : -1] if number > len(capital) else cores
    rng = stream(seed, "groups")
    noise = np.array([land.field(rng, p.world.terrain_km) for _ in cores])
    weight = p.world.homeland_noise * noise - to_points(land.x, land.y, cores) / p.world.homeland_km
    share = np.exp(weight - weight.max(axis=0))
    return split_by_share(people, share / share.sum(axis=0))


def mines(seed: int, land: Land, p) -> Floats:
    """Draw resource sites and return each cell's resource value (0-1), falling with distance from the best site."""
    rng = stream(seed, "mines")
    number = round(min(max(land.km2 / p.world.mine_area_km2, 1), p.world.towns_most))
    at, value = rng.random((number, 2)), rng.uniform(0.4, 1, number)
    result = np.zeros(land.cells)
    for (u, v), worth in zip(at, value, strict=True):
        cell = np.hypot(land.x - u * land.width_km, land.y - v * land.height_km).argmin()
        away = np.maximum(np.hypot(land.x - land.x[cell], land.y - land.y[cell]) - land.side_km / 2, 0)
        result = np.maximum(result, worth * np.exp(-away / p.world.mine_km))
    return result


def areas(seed: int, land: Land, host: Ints, towns: Ints, hosts: int, p) -> tuple[Ints, list[int]]:
    """Divide the land into areas [C] round larger towns that lie apart, within each host; also return their towns."""
    least, most = p.world.areas_least, max(p.world.areas_least, p.world.areas_most)
    wanted = int(stream(seed, "areas").integers(int(least), int(most), endpoint=True))
    number = max(hosts, min(wanted, len(towns), 1 + land.cells // 6))
    apart, centres = 0.6 * np.sqrt(land.km2 / number), list(map(int, towns[:hosts]))
    while len(centres) < number:
        centres = list(map(int, _kept_apart(land, centres, towns, number, apart)))
        apart = 0.8 * apart if apart > land.side_km / 2 else 0.0
    return _nearest_of_own(land, host, centres), centres


def _nearest_of_own(land: Land, host: Ints, centres: Sequence[int]) -> Ints:
    """Return the nearest centre of each cell among those of its own host, as a position in the list."""
    away = to_points(land.x, land.y, list(centres))
    away[host[list(centres)][:, None] != host] = np.inf
    return away.argmin(axis=0)


def name_areas(number: int) -> tuple[str, ...]:
    """Return neutral names of areas."""
    return tuple(f"area {a + 1}" for a in range(number))
