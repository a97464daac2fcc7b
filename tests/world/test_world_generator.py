"""Fictional countries: the same seed the same bytes, exact sums, any size, and a texture worth simulating."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from sim.errors import SimError
from sim.world import World, build, default_parameters
from sim.world.generator import country

LAYERS = [f.name for f in fields(World) if f.type in ("Ints", "Floats", "Floats | None")]


def spec(**changes):
    given = {"generator": "country", "file": None, "seed": 7, "grid": (32, 32), "people": 5_000_000, "groups": 3,
             "places": 600, "side_km": 25}  # fmt: skip
    return SimpleNamespace(**(given | changes))


def fresh(hosts=("host",), seed=7, **changes) -> World:
    """Draw a world that no cache has seen."""
    return country(spec(**changes), hosts, seed, default_parameters())


def same(a: World, b: World) -> bool:
    return all(np.array_equal(getattr(a, name), getattr(b, name)) for name in LAYERS if getattr(a, name) is not None)


def changed(a: World, b: World) -> set[str]:
    return {
        name
        for name in LAYERS
        if getattr(a, name) is not None and not np.array_equal(getattr(a, name), getattr(b, name))
    }


def correlation(world: World, least: float, most: float) -> float:
    """Return the correlation of propensity between populated cells so many km apart."""
    at = world.places
    z = (world.propensity[at] - world.propensity[at].mean()) / world.propensity[at].std()
    km = np.hypot(np.subtract.outer(world.x[at], world.x[at]), np.subtract.outer(world.y[at], world.y[at]))
    pair = (km >= least) & (km < most) & (km > 0)
    return float(np.multiply.outer(z, z)[pair].mean())


# ---------------------------------------------------------------- the same seed


def test_one_seed_gives_one_country_to_the_last_bit():
    assert same(fresh(), fresh())


def test_another_seed_gives_another_country():
    assert not np.array_equal(fresh().row, fresh(seed=8).row)


def test_build_gives_the_same_object_again_and_run_means_the_runs_own_seed():
    assert build(spec(), ["host"], 1) is build(spec(), ("host",), 2)
    assert build(spec(seed="run"), ["host"], 1) is build(spec(seed=1), ["host"], 99)
    assert build(spec(seed="run"), ["host"], 2) is not build(spec(seed="run"), ["host"], 1)


def test_changed_parameters_give_another_country():
    p = default_parameters()
    other = SimpleNamespace(world=SimpleNamespace(**(vars(p.world) | {"propensity_sd": 0.5})))
    thin = build(spec(), ["host"], 0, other)
    assert thin.propensity[thin.places].std() < 1 < build(spec(), ["host"], 0, p).propensity[thin.places].std()


def test_layers_have_luck_of_their_own():
    base = fresh()
    assert changed(base, fresh(groups=5)) == {"residents"}
    assert changed(base, fresh(people=1_000_000)) == {"residents", "propensity"}
    assert changed(base, fresh(places=500)) == {"residents", "propensity"}


def test_a_world_cannot_be_changed():
    world = fresh()
    with pytest.raises(ValueError, match="read-only"):
        world.propensity[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        world.people[0] = 1


# ---------------------------------------------------------------- whole numbers


@pytest.mark.parametrize("people", [0, 1, 50, 599, 600, 4_999_999, 1_000_000_007])
def test_people_add_up_exactly(people):
    world = fresh(people=people)
    assert world.residents.dtype == np.int64 and world.residents.min() >= 0
    assert int(world.residents.sum()) == people
    assert len(world.places) == 600 if people >= 600 else len(world.places) <= people
    assert bool(len(world.places)) == bool(people)


def test_every_group_has_people_and_the_first_is_strongest_in_the_capital():
    for seed in range(6):
        world = fresh(seed=seed)
        assert world.residents.sum(axis=1).min() > 0.03 * world.people.sum()
        assert world.residents[:, world.capital[0]].argmax() == 0


def test_the_last_group_lives_farther_from_the_capital_than_the_first():
    world = fresh()
    away = np.hypot(world.x - world.x[world.capital[0]], world.y - world.y[world.capital[0]])
    first, last = (np.average(away, weights=world.residents[g]) for g in (0, -1))
    assert last > 1.5 * first


# ---------------------------------------------------------------- any size


@pytest.mark.parametrize(
    ("grid", "places"), [((1, 1), 1), ((1, 1), 0), ((1, 2), 1), ((2, 2), 2), ((1, 9), 4), ((3, 3), 5)]
)
def test_tiny_countries_are_whole(grid, places):
    world = fresh(grid=grid, places=places)
    assert world.cells >= 1 and len(world.places) == places
    assert int(world.people.sum()) == (5_000_000 if places else 0)
    assert world.area.max() < len(world.area_names) and len(world.capital) == 1
    assert np.isfinite(world.propensity).all() and (world.border_km > 0).all()


def test_few_places_are_the_largest_towns():
    world = fresh(places=4)
    assert set(world.places) == set(world.towns[:4])


def test_more_groups_than_cells_still_add_up():
    assert int(fresh(grid=(1, 1), places=1, groups=12).residents.sum()) == 5_000_000


def test_a_country_without_people_has_nowhere_to_attack():
    world = fresh(people=0)
    assert (world.propensity == -6).all() and not len(world.places)


def test_a_large_country_is_quick_and_small_in_memory():
    tracemalloc.start()
    began = time.process_time()
    world = fresh(grid=(300, 300), places=20_000)
    seconds, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(world.places) == 20_000
    assert seconds < 10 and peak < 400e6


def test_more_places_than_land_is_refused_by_name():
    with pytest.raises(SimError, match=r"world\.places: got 1024; allowed: 0 to \d+"):
        fresh(places=1024)


def test_more_hosts_than_land_is_refused():
    with pytest.raises(SimError, match="hosts: got 2"):
        fresh(hosts=("a", "b"), grid=(1, 1), places=1)


def test_several_hosts_share_the_land_and_each_has_its_capital_and_areas():
    world = fresh(hosts=("a", "b", "c"), grid=(40, 40), places=700)
    assert set(world.host) == {0, 1, 2}
    assert world.host[world.capital].tolist() == [0, 1, 2]
    hosts_of_area = [set(world.host[world.area == a]) for a in range(len(world.area_names))]
    assert all(len(hosts) == 1 for hosts in hosts_of_area)


# ---------------------------------------------------------------- texture


@pytest.mark.parametrize("seed", range(5))
def test_a_country_of_default_size_has_8_to_12_areas_and_a_tenth_of_its_townspeople_or_more_in_the_capital(seed):
    world = fresh(seed=seed)
    assert 8 <= len(world.area_names) <= 12
    assert np.bincount(world.area).min() > 0
    assert world.people[world.towns[0]] == world.people.max()


def test_towns_follow_the_rank_size_rule():
    world = fresh()
    size = world.people[world.towns[:25]].astype(float)
    slope = np.polyfit(np.log(np.arange(1, 26)), np.log(size), 1)[0]
    assert -1.25 < slope < -0.75


@pytest.mark.parametrize("seed", range(5))
def test_propensity_has_the_spread_and_mean_that_it_should(seed):
    world = fresh(seed=seed)
    inside = world.propensity[world.places]
    assert inside.std() == pytest.approx(1.5, abs=0.05)
    assert np.exp(inside).mean() == pytest.approx(1)
    assert (np.delete(world.propensity, world.places) == -6).all()


def test_propensity_is_alike_nearby_and_unlike_far_off():
    near, middle, far = (
        np.mean([correlation(fresh(seed=s), a, b) for s in range(6)]) for a, b in ((0, 36), (60, 90), (250, 350))
    )
    assert near > middle + 0.05 > far + 0.05
    assert 0.3 < near < 0.8 and abs(far) < 0.15


def test_the_state_is_strong_in_the_capital_and_violence_where_it_is_not():
    low, high = [], []
    for seed in range(6):
        world = fresh(seed=seed)
        assert world.state_presence[world.capital[0]] == 1
        order = world.places[np.argsort(world.state_presence[world.places])]
        rural = order[~np.isin(order, world.towns)]
        low.append(world.propensity[rural[:150]].mean())
        high.append(world.propensity[rural[-150:]].mean())
    assert np.mean(low) > np.mean(high) + 0.3


@pytest.mark.parametrize("layer", ["access", "wet", "resource", "state_presence"])
def test_layers_lie_between_nought_and_one_and_vary(layer):
    values = getattr(fresh(), layer)
    assert values.min() >= 0 and values.max() <= 1 and values.std() > 0.03


def test_mines_are_few():
    assert 0 < (fresh().resource > 0.3).mean() < 0.15


def test_roads_reach_towns():
    world = fresh()
    assert world.access[world.towns].mean() > 1.5 * world.access.mean()


# ---------------------------------------------------------------- the same country at other cell sizes


def coarse(world: World, values: np.ndarray, km: float = 110) -> np.ndarray:
    """Add a cell layer up over squares of so many km."""
    side = 8
    at = (world.y // km).astype(int).clip(0, side - 1) * side + (world.x // km).astype(int).clip(0, side - 1)
    return np.bincount(at, values, minlength=side * side)


@pytest.mark.parametrize(("side", "cells", "places"), [(14, 63, 1900), (55, 16, 130)])
def test_the_country_is_the_same_in_outline_at_every_cell_size(side, cells, places):
    base = fresh(side_km=27.5, grid=(32, 32), places=500)
    other = fresh(side_km=side, grid=(cells, cells), places=places)
    land = [w.cells * w.side_km**2 for w in (base, other)]
    assert land[1] == pytest.approx(land[0], rel=0.08)
    assert np.hypot(*(getattr(base, a)[base.capital] - getattr(other, a)[other.capital] for a in "xy"))[0] < 80
    people = [coarse(w, w.people) for w in (base, other)]
    assert np.corrcoef(*people)[0, 1] > 0.8
    rate = [coarse(w, np.where(w.people > 0, np.exp(w.propensity), 0)) / len(w.places) for w in (base, other)]
    assert np.corrcoef(*rate)[0, 1] > 0.4
    assert other.access.mean() == pytest.approx(base.access.mean(), rel=0.2)
    assert other.state_presence.mean() == pytest.approx(base.state_presence.mean(), rel=0.3)


@pytest.mark.parametrize("number", [2, 3, 4])
@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("seed", [1, 5])
def test_each_of_several_hosts_has_people_a_town_and_an_area_of_its_own(number, groups, seed):
    names = tuple("abcd"[:number])
    world = fresh(hosts=names, seed=seed, grid=(14, 14), places=120, groups=groups, people=1_000_000)
    for h in range(number):
        own = world.host == h
        assert world.people[own].sum() > 0 and own[world.towns].any() and own[world.capital[h]]
        assert np.unique(world.area[own]).size >= 1
    assert world.residents.shape == (groups, world.cells) and world.people.sum() == 1_000_000


def test_land_and_towns_do_not_depend_on_how_many_hosts_share_them():
    one, two = fresh(), fresh(hosts=("a", "b"))
    assert np.array_equal(one.row, two.row) and np.array_equal(one.col, two.col)


def test_a_border_on_the_map_is_no_edge_of_the_map():
    one, two = fresh(), fresh(hosts=("a", "b"))
    assert np.array_equal(one.edge_km, one.border_km) and np.array_equal(two.edge_km, one.edge_km)
    assert (two.border_km <= two.edge_km).all() and (two.border_km < two.edge_km).any()
