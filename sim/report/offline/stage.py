"""The stage: the shown run of each arm played once more, for what the maps need of every cell and week."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.model import Model
from sim.report.offline.numbers import KILLED, Two
from sim.report.offline.pack import as_bytes

QUARTER = 13
LARGE = 0.995
"""The quantile of positive values that stands at the top of a map's scale."""
STEPS = 32767


@dataclass
class Scene:
    """What one arm's run showed of every populated cell: arrays [weeks, places], and the moves by quarter."""

    threat: list[np.ndarray] = field(default_factory=list)
    displaced: list[np.ndarray] = field(default_factory=list)
    reach: list[np.ndarray] = field(default_factory=list)
    legitimacy: list[np.ndarray] = field(default_factory=list)
    moved: list[dict[tuple[str, str], np.ndarray]] = field(default_factory=list)


def staged(two: Two, arm: int, missions: list[str], whom: list[str], of: tuple[str, str]) -> Scene:
    """Play the shown run of an arm again and keep what the maps need.

    missions: those that are shown, by number; whom: whose legitimacy; of: quantity and actor whose moves are kept.
    Raises SimError if the run is not the one in the tables.
    """
    m = Model(two.setups[arm], two.shown, keep={"summary", "weeks"})
    scene, places = Scene(), m.world.places
    for week in range(m.setup.weeks):
        m.step()
        scene.threat.append(m.cells.threat[places].astype(np.float32))
        scene.displaced.append(_by_cell(m, m.communities.displaced)[places].astype(np.float32))
        scene.reach.append(_reach(m, missions)[places])
        scene.legitimacy.append(np.stack([_legitimacy(m, name)[places] for name in whom]))
        if week % QUARTER == QUARTER - 1 or week == m.setup.weeks - 1:
            scene.moved.append(_moves(m, of))
    _same(two, arm, m)
    m.dispose()
    return scene


def _by_cell(m: Model, values: np.ndarray) -> np.ndarray:
    """Add up a value of communities by cell [C]."""
    return np.bincount(m.communities.cell, values, m.world.cells)


def _reach(m: Model, missions: list[str]) -> np.ndarray:
    """Return which missions have people within reach of each cell, a bit for each; uint8 [C]."""
    out = np.zeros(m.world.cells, np.uint8)
    for bit, name in enumerate(missions):
        if name in m.actors.missions:
            k = m.actors.missions.index(name)
            out |= ((m.reach[0, k] + m.reach[1, k]) > 0).astype(np.uint8) << bit
    return out


def _legitimacy(m: Model, name: str) -> np.ndarray:
    """Return what residents of each cell who have met an actor think of it [C]; missing where nobody has."""
    c = m.communities
    if name not in m.actors.names:
        return np.full(m.world.cells, np.nan, np.float32)
    k = m.actors.names.index(name)
    known = np.where(c.met[k], c.home, 0)
    people = _by_cell(m, known)
    return np.divide(_by_cell(m, known * c.perceptions[0, k]), people, out=np.full(m.world.cells, np.nan),
                     where=people > 0).astype(np.float32)  # fmt: skip


def _moves(m: Model, of: tuple[str, str]) -> dict[tuple[str, str], np.ndarray]:
    """Return what moved one opinion so far in each place, by rule and cause, in points; residents weigh."""
    c, found = m.communities, {}
    people = np.maximum(_by_cell(m, c.home)[m.world.places], 1)
    for key, sums in m.ledger.running.items():
        rule, quantity, actor, _, cause = m.ledger.keys[key]
        if (quantity, actor) == of:
            found[(rule, cause)] = 100 * _by_cell(m, c.home * sums)[m.world.places] / people
    return found


def _same(two: Two, arm: int, m: Model) -> None:
    """Check that the run that was staged is the one in the tables.

    Raises SimError otherwise.
    """
    told = two.rows("weeks", arm, True).sort_values("week")[KILLED].to_numpy()
    found = m.tables()["weeks"][KILLED].to_numpy()
    if not np.array_equal(told, found):
        raise SimError(
            f"{two.labels[arm]}, seed {two.shown}: the tables are of other code or another machine; run again"
        )


def layers(
    two: Two, missions: list[str], whom: list[str], of: tuple[str, str], rules: list[list[str]]
) -> dict[str, Any]:
    """Return the maps' layers, name -> (bytes, meaning): [arm, week, place], legitimacy one for each actor."""
    both = [staged(two, arm, missions, whom, of) for arm in (0, 1)]
    threat, gone = (np.stack([np.stack(getattr(s, k)) for s in both]) for k in ("threat", "displaced"))
    found = {
        "threat": _layer(threat, 0.45), "displaced": _layer(gone, 0.5),
        "presence": (np.stack([np.stack(s.reach) for s in both]), {"steps": 1}),
    }  # fmt: skip
    seen = np.stack([np.stack(s.legitimacy) for s in both])
    low, top = _range(seen)
    for k, name in enumerate(whom):
        found[f"legitimacy:{name}"] = (as_bytes(seen[:, :, k], low, top), {"steps": 1, "low": low, "top": top})
    moves = np.stack([_ordered(s.moved, rules, seen.shape[-1]) for s in both])
    return found | {"cell_moves": _wide(moves)}


def _layer(values: np.ndarray, power: float) -> tuple[np.ndarray, dict[str, Any]]:
    """Return a layer on a scale from zero to a round number near its largest values."""
    some = values[values > 0]
    top = _round_up(float(np.quantile(some, LARGE)) if some.size else 1.0)
    return as_bytes(values, 0.0, top, power), {"steps": 1, "low": 0, "top": top, "power": power}


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    unit = 10.0 ** np.floor(np.log10(value))
    return float(f"{next(k for k in (1, 2, 5, 10) if k * unit >= value * 0.999) * unit:.3g}")


def _range(seen: np.ndarray) -> tuple[float, float]:
    """Return a range round one half, in steps of a tenth, that holds nearly all opinions."""
    known = seen[~np.isnan(seen)]
    far = float(np.quantile(np.abs(known - 0.5), LARGE)) if known.size else 0.3
    half = min(0.5, max(0.2, np.ceil(far * 10) / 10))
    return round(0.5 - half, 2), round(0.5 + half, 2)


def _ordered(moved: list[dict[tuple[str, str], np.ndarray]], rules: list[list[str]], places: int) -> np.ndarray:
    """Return the moves [quarter, rule, place] in the order of the page's rules, all others as the last one."""
    named = [tuple(rule) for rule in rules]
    out = np.zeros((len(moved), len(named) + 1, places))
    for q, by_rule in enumerate(moved):
        for key, values in by_rule.items():
            out[q, named.index(key) if key in named else len(named)] += values
    return out


def _wide(values: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Return signed values as two bytes each, the last axis twice as long, with what one step is worth."""
    unit = max(float(np.abs(values).max()), 1e-6) / STEPS
    steps = np.round(values / unit).astype("<i2")
    return np.ascontiguousarray(steps).view(np.uint8), {"unit": unit, "wide": True}
