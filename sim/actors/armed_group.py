"""Armed groups and their bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import Roster
from sim.actors.table import Row, Table
from sim.luck import gumbel

if TYPE_CHECKING:
    from sim.luck import Luck
    from sim.scenario import Scenario
    from sim.world import World

ELSEWHERE = 1e6  # log weight against a home outside the land that the scenario names, if there are people in that


class ArmedGroup(Row):
    """An organisation of fighters.

    home: core cell of its range; focus: cell of its present campaign; tempo: how active it is (log); grievance: what
    the harm done to its people adds to its appeal, 0-1; capacity: fighters its range feeds in quiet times (0 while it
    has not split from its parent, by number; -1: none); sanctuary: its access to safe ground abroad, 0-1;
    willingness to bargain, 0-1; by host: truce (weeks it has lasted, 0 none), agreed (weeks left of a truce with a
    fixed term); trade: how far it lives off trade and trafficking, by its motive; income: what is left of that, 0-1.
    """

    kind = "groups"


class Band(Row):
    """A mobile unit of an armed group.

    cell, fighters, group; lost: share of fighters lost lately; revenge: memory of being struck; scattered: must move;
    belief: for each mission, the chance that an attack in its reach is met, as the band sees it; grudge: memory of
    being struck, by mission; abroad: rests beyond the map's edge this week, where it neither strikes nor can be struck.
    """

    kind = "bands"


def armed_groups(setup: Scenario, world: World, roster: Roster, luck: Luck) -> Table:
    """Lay out a row for each armed group, each with a home range drawn from the dangerous parts of its country."""
    specs = [setup.armed_groups[name] for name in roster.groups]
    # a faction's home is its parent's
    origin = [s.splits_from or name for name, s in zip(roster.groups, specs, strict=True)]
    home = np.array([home_cell(setup, world, luck, name) for name in origin], dtype=np.int64)
    number = {name: k for k, name in enumerate(roster.groups)}
    columns = {
        "home": home,
        "parent": np.array([number[s.splits_from] if s.splits_from else -1 for s in specs], np.int64),
        "sanctuary": np.array([float(s.sanctuary) for s in specs]),
        "focus": home.copy(),
        "tempo": np.zeros(len(specs)),
        "grievance": np.zeros(len(specs)),
        "income": np.ones(len(specs)),
        "trade": np.array([_trade(setup, s.motive) for s in specs]),
        "capacity": np.array([float(s.fighters) for s in specs]),
        "reliance": np.array([float(s.reliance) for s in specs]),
        "abroad": np.zeros(len(specs), np.int64),
        "willingness": np.array([float(s.willingness) for s in specs]),
        "truce": np.zeros((len(roster.hosts), len(specs)), np.int64),
        "agreed": np.zeros((len(roster.hosts), len(specs)), np.int64),
    }
    return Table(len(specs), columns)


def _trade(setup: Scenario, motive: str) -> float:
    """Return how far a group lives off trade and trafficking: wholly if that is its motive [B-M145]."""
    return 1.0 if motive in ("predation", "criminal") else float(setup.parameters.counter_crime.other_motives)


def home_cell(setup: Scenario, world: World, luck: Luck, name: str) -> int:
    """Draw the core of a group's range.

    Any populated cell, of the host's land in which the scenario puts it, likelier where the lasting disposition to
    violence is high.
    """
    places, host = world.places, setup.armed_groups[name].host
    if places.size == 0:
        return 0
    noise = gumbel(luck.once("start", f"home/{name}", places.size))
    wish = setup.parameters.campaigns.home_weight * world.propensity[places] + noise
    if host is not None:
        wish[world.host[places] != world.host_names.index(host)] -= ELSEWHERE
    return int(places[np.argmax(wish)])


def range_log_weight(world: World, groups: Table, length_km: float) -> np.ndarray:
    """Return the log weight of each cell in each group's range: it falls with distance from home; (groups, cells)."""
    dx = world.x[None, :] - world.x[groups.home][:, None]
    dy = world.y[None, :] - world.y[groups.home][:, None]
    return -np.hypot(dx, dy) / length_km


def border_share(range_share: np.ndarray, border_near: np.ndarray) -> np.ndarray:
    """Return how a group's way in from abroad spreads over cells: where its range meets the border; (groups, cells)."""
    near = range_share * border_near
    return near / np.maximum(near.sum(axis=1, keepdims=True), 1e-300)


def bands(setup: Scenario, roster: Roster, groups: Table) -> Table:
    """Lay out the bands of each group, group by group, its fighters spread evenly over them."""
    specs = [setup.armed_groups[name] for name in roster.groups]
    counts = np.array([s.bands for s in specs], dtype=np.int64)
    group = np.repeat(np.arange(len(specs)), counts)
    fighters = [_shares(s.fighters, s.bands) for s in specs]
    n = int(counts.sum())
    columns = {
        "group": group,
        "cell": groups.home[group].copy() if n else np.zeros(0, np.int64),
        "lost": np.zeros(n),
        "revenge": np.zeros(n),
        "expected": np.zeros((3, n)),  # attacks, deaths, deaths given answers, expected this week
        "struck": np.zeros(n, bool),
        "scattered": np.zeros(n, bool),
        "abroad": np.zeros(n, bool),
        "grudge": np.zeros((len(roster.missions), n)),
        "belief": np.zeros((len(roster.missions), n)),
    }
    return Table(n, columns, {"fighters": np.concatenate([*fighters, np.zeros(0, np.int64)]).astype(np.int64)})


def _shares(total: int, parts: int) -> np.ndarray:
    """Divide a whole number into nearly equal whole parts."""
    return np.array([total // parts + (k < total % parts) for k in range(parts)], dtype=np.int64)
