"""A country of four cells in which a test writes the numbers itself, and then asks a metric for its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from helpers import AU, HERE, UN, Model, before, village

from sim.metrics import METRICS
from sim.metrics.metric import share

CELLS, GROUPS = 4, 2
SQUARE = {"spin_up": 0, "world.grid": [2, 3], "world.places": CELLS}
"""Four cells, each with a community of either group: rows 0-3 are of the first group, 4-7 of the second."""


def square(changes: dict | None = None, **dials) -> Model:
    """Return the four cells with two missions, AU and UN, in week 0 before anything is recorded; nobody lives there.

    Nobody has met anybody, nobody stands anywhere, and nothing has happened: the rest is up to the test.
    """
    missions = {"AU": AU | HERE, "UN": UN | HERE | dials}
    m = before("record", village(SQUARE | (changes or {}), missions=missions), 0)
    m.acts.clear()
    m.reach[:], m.cells.threat[:], m.units.cell[:] = 0.0, 0.0, -1
    people(m, np.zeros(m.communities.rows))
    m.communities.ledger["met"][:] = False
    m.bands.ledger["fighters"][:] = 0
    return m


def people(m: Model, home: Sequence[float], displaced: Sequence[float] | float = 0) -> None:
    """Let so many people live in each community, all of them from the start, and so many displaced with them."""
    put(m, "communities.residents", home)
    put(m, "communities.displaced", displaced)
    put(m, "communities.home", home)
    m.ledger.audiences.weight[:], m.ledger.audiences.displaced[:] = home, displaced
    m.recount()


def put(m: Model, name: str, values: object) -> None:
    """Write a column of state, `table.column`, though it may belong to the ledger."""
    table, column = name.split(".")
    held = getattr(m, table)
    held.ledger.get(column, getattr(held, column))[:] = values


def think(m: Model, quantity: int, actor: str, values: Sequence[float | None]) -> None:
    """Let each community think so much of an actor (0: legitimacy, 1: impartiality, 2: credibility); None: not met."""
    a, c = m.actors.index[actor], m.communities.ledger
    c["perceptions"][quantity, a] = [0.0 if level is None else level for level in values]
    c["met"][a] = False
    m.ledger.meet(a, np.array([level is not None for level in values]))


def stand(m: Model, actor: str, armed: Sequence[float]) -> None:
    """Let a mission or host have so many armed people in reach of each cell."""
    m.reach[0, m.actors.index[actor]] = armed


def act(m: Model, kind: int, by: str | None = None, **columns: int) -> None:
    """Let one act happen; `by` may be any actor."""
    if "opponent" in columns:
        columns["opponent"] = m.actors.index[columns["opponent"]]
    m.acts.add(1, kind=kind, perpetrator=m.actors.index[by] if by else 0, **columns)


def flag(m: Model, name: str, mission: str, said: Sequence[int]) -> None:
    """Say of each act whether it was known, in_reach, reported or answered by a mission."""
    getattr(m.acts, name)[m.actors.index[mission]] = said


def layer(m: Model, **layers: Sequence[float]) -> None:
    """Give the world other layers by cell."""
    m.world = replace(m.world, **{name: np.array(values) for name, values in layers.items()})


def value(m: Model, name: str, key: str = "") -> float:
    """Return what a metric says now: of one key (`UN`, `host->UN`), or without one."""
    metric, m._views = METRICS[name], None
    found = metric.measure(m)
    found = np.atleast_1d(share(*found) if metric.over_run == "ratio" else found)
    return float(found[metric.keys(m).index(key) if metric.by else 0])


def run_of(m: Model, name: str, weeks: Sequence[object]) -> np.ndarray:
    """Return a metric over a run that had these values (of ratios: part and whole) week by week, for all keys."""
    m.week = len(weeks) - 1
    for week, values in enumerate(weeks):
        if METRICS[name].over_run == "ratio":
            m.log.ratios[name][:, week] = np.reshape(values, (2, -1))
        else:
            m.log.values.plain[name][week] = values
    return m.log.over_run(METRICS[name], m)
