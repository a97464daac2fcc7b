"""How armed groups break up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=("bands.fighters", "bands.lost", "bands.cell", "groups.capacity", "groups.parent", "groups.truce"),
    writes=(
        "bands.fighters", "bands.cell", "bands.lost", "bands.revenge", "bands.belief", "bands.grudge",
        "groups.capacity", "groups.grievance", "groups.focus",
    ),
)  # fmt: skip
def splitting(m: Model) -> None:
    """A group that has lost heavily, or made a truce, may break: a faction takes a third to a half of its fighters.

    Only factions that the scenario names can. The faction takes fighters of some of its parent's bands, drawn by luck,
    where they stand, with their memories, and a like share of the parent's capacity, so that the parts together grow no
    further than the whole; its home range is its parent's, and no truce binds it.
    Source: B-M106. Basis: assumption.
    """
    g = m.groups
    for faction in ((g.parent >= 0) & (g.capacity == 0)).nonzero()[0].tolist():
        parent, u = int(g.parent[faction]), m.luck("splitting", m.actors.groups[faction], 2)
        if u[0] < chance_to_split(m, parent):
            split(m, parent, faction, m.p.splitting.least + (m.p.splitting.most - m.p.splitting.least) * u[1])


def chance_to_split(m: Model, parent: int) -> float:
    """Return the chance that a group breaks this week: by what its bands lost lately, and while a truce is new."""
    p, rows = m.p.splitting, m.band_spans[parent]
    if not m.bands.fighters[rows].any():
        return 0.0
    lost, weeks = float(m.bands.lost[rows].mean()), m.groups.truce[:, parent]
    spoilers = p.after_truce * bool(((weeks > 0) & (weeks <= p.truce_weeks)).any())
    return float(p.after_losses * lost**2 / (lost**2 + p.loss_scale**2)) + spoilers


def split(m: Model, parent: int, faction: int, share: float) -> None:
    """Let part of a group go: fighters band by band at the same places, and capacity."""
    b, g, stock = m.bands, m.groups, m.bands.ledger["fighters"]
    old, new = m.band_rows[parent], m.band_rows[faction]
    old = old[np.argsort(m.luck.once("splitting/who", m.actors.groups[faction], old.size), kind="stable")][: new.size]
    new = new[: old.size]
    number = going(b.fighters[old], share * b.fighters[m.band_spans[parent]].sum())
    m.ledger.people("splitting", "fighters", stock, old, -number, m.actors.groups[parent], cause="split")
    m.ledger.people("splitting", "fighters", stock, new, number, m.actors.groups[faction], cause="split")
    for column in (b.cell, b.lost, b.revenge, b.belief, b.grudge):
        column[..., new] = column[..., old]
    g.capacity[faction] = share * g.capacity[parent]
    g.capacity[parent] -= g.capacity[faction]
    g.grievance[faction], g.focus[faction] = g.grievance[parent], g.focus[parent]


def going(fighters: np.ndarray, wanted: float) -> np.ndarray:
    """Return how many of each band go, in proportion, so that as many as wanted go if there are so many."""
    part = min(1.0, wanted / max(fighters.sum(), 1))
    return np.floor(part * fighters).astype(np.int64)
