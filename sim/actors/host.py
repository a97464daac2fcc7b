"""Host governments and their forces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import Roster
from sim.actors.table import Row, Table
from sim.ledger import on_grid

if TYPE_CHECKING:
    from sim.luck import Luck
    from sim.scenario import Scenario
    from sim.world import World


class HostGovernment(Row):
    """A host state.

    abusiveness, capacity, dependence (on outside support): 0-1; tempo: how heated its politics are (log); consent: to
    each mission, 0-1; heard: how far reports on its abuses are heard, 0-1. inclusiveness: how far it serves all groups;
    started: its abusiveness, capacity and inclusiveness at the start; unrest, usual: violence by armed groups of about
    the last quarter and year; rival: weeks that another provider's offer still stands; by mission: discontent of the
    people, anger that protests leave behind, sour (weeks of consent below the floor), ousted (sent out by this host),
    left (unrest at that time), barred (ordered out by the scenario), admits (lets its units stand on this land); feud:
    cell of its communities' present feud.
    """

    kind = "hosts"


class StateForce(Row):
    """A unit of a host's army: cell, people, host; home: the post to which it belongs."""

    kind = "forces"


def hosts(setup: Scenario, roster: Roster, capital: np.ndarray) -> Table:
    """Lay out a row for each host government."""
    specs = [setup.hosts[name] for name in roster.hosts]
    consent = np.array([[on_grid(s.consent.get(m, 0.0)) for s in specs] for m in roster.missions]).reshape(
        -1, len(specs)
    )
    columns = {
        "abusiveness": np.array([float(s.abusiveness) for s in specs]),
        "capacity": np.array([float(s.capacity) for s in specs]),
        "dependence": np.array([float(s.dependence) for s in specs]),
        "tempo": np.zeros(len(specs)),
        "heard": np.zeros(len(specs)),
        "inclusiveness": np.array([float(s.inclusiveness) for s in specs]),
        "unrest": np.zeros(len(specs)),
        "usual": np.zeros(len(specs)),
        "rival": np.zeros(len(specs), np.int64),
        "feud": np.array(capital, np.int64),
    }
    columns["started"] = np.stack([columns[c].copy() for c in ("abusiveness", "capacity", "inclusiveness")])
    columns |= {name: np.zeros(consent.shape) for name in ("discontent", "anger", "left")}
    columns |= {"sour": np.zeros(consent.shape, np.int64), "ousted": np.zeros(consent.shape, bool)}
    columns |= {"barred": np.zeros(consent.shape, bool), "admits": np.ones(consent.shape, bool)}
    return Table(len(specs), columns, {"consent": consent})


def forces(setup: Scenario, world: World, roster: Roster, luck: Luck) -> Table:
    """Lay out each host's units: one in the capital, the others where the state is present."""
    cell, host, people = [], [], []
    for h, name in enumerate(roster.hosts):
        spec = setup.hosts[name]
        own = np.flatnonzero(world.host == h)
        own = own if own.size else np.arange(world.cells)
        weight = np.cumsum(0.02 + world.state_presence[own] * (1 + np.log1p(world.people[own])))
        drawn = np.searchsorted(weight, luck.once("start", f"forces/{name}", spec.forces) * weight[-1])
        posts = own[np.minimum(drawn, own.size - 1)]
        if spec.forces:
            posts[0] = world.capital[h]
        cell.append(posts)
        host += [h] * spec.forces
        people += [spec.force_size] * spec.forces
    where = np.concatenate([*cell, np.zeros(0, np.int64)]).astype(np.int64)
    columns = {
        "cell": where,
        "home": where.copy(),
        "host": np.array(host, np.int64),
        "people": np.array(people, np.int64),
    }
    return Table(where.size, columns)
