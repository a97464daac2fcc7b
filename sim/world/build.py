"""Build a scenario's country, once in a process: from the generator or from a world file."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

from sim.errors import Problem, Problems
from sim.scenario.files import find
from sim.world.files import load_world
from sim.world.generator import country
from sim.world.world import World

_built: dict[tuple, World] = {}
MOST_KEPT = 8


def build(spec, hosts: Sequence[str], run_seed: int, parameters=None) -> World:
    """Return the country that a scenario's world table asks for; the same object again for the same request.

    Parameters: spec, the table `[world]` (generator or file, seed, grid, people, groups, places, side_km); hosts, the
    host states' names in order; run_seed, used where `seed = "run"`; parameters, read as `p.world.name` (default: the
    project's own). Raises SimError where the country cannot be.
    """
    seed = run_seed if spec.seed == "run" else int(spec.seed)
    p = parameters if parameters is not None else default_parameters()
    key = _key(spec, tuple(hosts), seed, p)
    if key not in _built:
        while len(_built) >= MOST_KEPT:
            _built.pop(next(iter(_built)))
        _built[key] = _from_file(spec, tuple(hosts)) if spec.file else country(spec, tuple(hosts), seed, p)
    return _built[key]


def _key(spec, hosts: tuple[str, ...], seed: int, p) -> tuple:
    """Return all that a country depends on."""
    if spec.file:
        path = _path(spec)
        return str(path), path.stat().st_mtime_ns, hosts
    numbers = tuple(float(getattr(p.world, name)) for name in vars(default_parameters().world))
    return tuple(spec.grid), spec.people, spec.groups, spec.places, float(spec.side_km), hosts, seed, numbers


def _from_file(spec, hosts: tuple[str, ...]) -> World:
    """Read a country from its file and give its host states the scenario's names."""
    world = load_world(_path(spec))
    if len(hosts) != len(world.host_names):
        allowed = f"as many as the world file has: {len(world.host_names)}"
        raise Problems([Problem("hosts", ", ".join(hosts) or "none", allowed)])
    return replace(world, host_names=hosts)


def _path(spec) -> Path:
    """Return where a scenario's world file is."""
    found = getattr(spec, "path", None)
    return Path(found) if found else find(spec.file, kind="world.file")


@lru_cache(maxsize=1)
def default_parameters() -> SimpleNamespace:
    """Return the generator's parameters as the project ships them, read as `p.world.name`."""
    text = files("sim.scenario").joinpath("data/parameters/world.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["world"]
    return SimpleNamespace(world=SimpleNamespace(**{name: entry["value"] for name, entry in table.items()}))
