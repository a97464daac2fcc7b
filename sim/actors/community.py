"""Communities: one identity group in one populated cell, and what it thinks of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from sim.actors.roster import Roster
from sim.actors.table import Row, Table, guarded
from sim.ledger import PERCEPTIONS, Audiences, on_grid

if TYPE_CHECKING:
    from sim.luck import Luck
    from sim.scenario import Scenario
    from sim.world import World


class Community(Row):
    """One identity group in one populated cell.

    cell, area, group: where it is and who it is; residents, displaced (hosted), dead, recruited: people; refugees,
    demobilised: its people abroad, and fighters who came home; left: its people who fled within the country and have
    not come back (they are hosted elsewhere);
    legitimacy, impartiality, credibility: 0-1 for each actor it has met (`met`); clarity: how well it tells foreign
    actors apart, 0-1;
    expected, delivered, rumour: what it counts on from each mission, what it saw of presence and answers over a quarter
    of a year, the share of its people who hold a false claim about it; told: the share who have taken in its own
    account of itself; each 0-1, zero before first contact.
    """

    kind = "communities"


def communities(setup: Scenario, world: World, roster: Roster, luck: Luck) -> Table:
    """Lay out a row for each identity group in each populated cell, group by group."""
    p, places = setup.parameters, world.places
    groups = len(world.group_names)
    n = groups * places.size
    cell = np.tile(places, groups)
    columns = {
        "cell": cell,
        "area": world.area[cell],
        "group": np.repeat(np.arange(groups), places.size),
        "clarity": np.clip(p.attribution.clarity + p.attribution.clarity_spread * _normal(luck, "clarity", n), 0, 1),
        "prior": priors(setup, world, roster, luck, cell),
        "left": np.zeros(n, np.int64),
        **{name: np.zeros((len(roster.missions), n)) for name in ("expected", "delivered", "rumour", "told")},
        "home": world.residents[:, places].reshape(-1).astype(np.float64),  # residents at week 0: the audience's weight
    }
    people = {
        "residents": world.residents[:, places].reshape(-1).copy(),
        "displaced": np.zeros(n, np.int64),
        "dead": np.zeros(n, np.int64),
        "recruited": np.zeros(n, np.int64),
        "refugees": np.zeros(n, np.int64),
        "demobilised": np.zeros(n, np.int64),
        "met": np.zeros((len(roster.names), n), bool),
        "perceptions": columns["prior"].copy(),
    }
    people["met"][roster.first_host :] = True  # host and armed groups are known from the start
    table = Table(n, columns, people)
    for k, name in enumerate(PERCEPTIONS):
        setattr(table, name, guarded(people["perceptions"][k]))
    table.names = (*table.names, *PERCEPTIONS)
    return table


def priors(setup: Scenario, world: World, roster: Roster, luck: Luck, cell: np.ndarray) -> np.ndarray:
    """Draw what each community thinks of each actor's kind before it does anything; shape (3, actors, communities).

    Half of the spread is shared by the communities of an area, so that regions differ [E36]; an assumption beyond that.
    """
    p = setup.parameters.perceptions
    out = np.empty((len(roster.names), len(PERCEPTIONS), cell.size)).swapaxes(0, 1)  # an actor's three lie together
    area = world.area[cell]
    for a, name in enumerate(roster.names):
        middle = p.armed_prior if a >= roster.first_group else p.prior
        for q, quantity in enumerate(PERCEPTIONS):
            region = _normal(luck, f"{quantity}/area/{name}", len(world.area_names))[area]
            own = _normal(luck, f"{quantity}/{name}", cell.size)
            out[q, a] = middle + p.prior_spread * (np.sqrt(0.5) * region + np.sqrt(0.5) * own)
    return on_grid(np.clip(out, 0.02, 0.98))


def audiences(table: Table, group_names: tuple[str, ...]) -> Audiences:
    """Say who judges: each identity group, the displaced, and all."""
    start = np.searchsorted(table.group, np.arange(len(group_names) + 1))
    hosted = table.ledger["displaced"]
    return Audiences((*group_names, "displaced", "all"), table.home, start, table.cell, hosted.copy(), hosted)


def _normal(luck: Luck, owner: str, n: int) -> np.ndarray:
    """Draw standard normal numbers for one owner's starting values."""
    return ndtri(np.clip(luck.once("start", owner, n), 1e-12, 1 - 1e-12))


def kin(neighbours: np.ndarray, community_of: np.ndarray, table: Table) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return with whom each community talks: first entry of each, rows talked with, and whether they are its own group.

    Its own group in the cells around, and the other groups in its cell; neighbours: (8, cells), community_of: (groups,
    cells), each -1 for none.
    """
    cells = neighbours[:, table.cell]
    own = np.where(cells >= 0, community_of[table.group, cells], -1)
    others = community_of[:, table.cell].copy()
    others[table.group, np.arange(table.rows)] = -1
    rows = np.concatenate([own, others])
    there = rows.T >= 0
    start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    same = np.broadcast_to(np.arange(rows.shape[0]) < own.shape[0], there.shape)
    return start, rows.T[there], same[there]
