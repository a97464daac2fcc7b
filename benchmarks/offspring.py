"""The first-order gain of an attack: how many others it brings by memory and by going on, as the run goes its way.

An average attack of each week, spread over cells as attacks are expected, is remembered as every attack is: in its cell,
less next door, fading. What that memory adds to the attacks expected is read week by week where bands then stand, for
they and their campaigns move on while it fades. Held still, memory would add twice as much as it does. What is left
out is what memory does besides to rates: it draws bands, and harm feeds groups. With the attacks that those bring, and so
on, one attack brings gain / (1 - gain): impulse.py holds that against attacks that are inserted.
"""

from __future__ import annotations

import numpy as np

import sim
from sim.actors.roster import ARMED
from sim.model import Model
from sim.rules import hazards
from sim.rules.movement import guards
from sim.rules.rule import kept

TWO_YEARS, TAIL = 104, 52  # weeks in which attacks are traced, and weeks in which they may still bring others


class Trace:
    """What the average attack of each week so far is still remembered by, and what it has brought."""

    def __init__(self, model: Model) -> None:
        """Begin with nothing to remember."""
        self.model, self.left = model, np.zeros(model.world.cells)
        self.weeks, self.by_memory, self.by_going_on = 0, 0.0, 0.0

    def follow(self, new: bool) -> None:
        """Add what memory brought in the week that has just been played, and that week's attack if it is to be new."""
        model, p = self.model, self.model.p.violence
        here, by_memory = slopes(model)
        self.by_memory += float(by_memory @ self.left)
        self.left *= kept(p.memory_weeks)
        if new:
            where = here / max(here.sum(), 1e-12)
            self.left += where + p.spill * model.space.around(where)
            self.by_going_on += going_on(model, model.bands.expected[0])
            self.weeks += 1

    @property
    def gain(self) -> float:
        """How many attacks each attack has brought."""
        return (self.by_memory + self.by_going_on) / self.weeks


def followed(model: Model, weeks: int = TWO_YEARS) -> float:
    """Play so many weeks, and as many more as memory may need; return the first-order gain of their attacks."""
    trace = Trace(model)
    for week in range(weeks + TAIL):
        model.step()
        trace.follow(new=week < weeks)
    return trace.gain


def gain(job: tuple[sim.Scenario, int]) -> float:
    """Return the first-order gain of attacks in the first two years of a run."""
    scenario, seed = job
    model = Model(scenario.but({"weeks": TWO_YEARS + TAIL}), seed, keep={"summary"})
    found = followed(model)
    model.dispose()
    return found


def chains(gain: np.ndarray) -> np.ndarray:
    """Return how many attacks one attack brings with those that these bring in turn, and so on."""
    return np.where(gain < 1, gain / np.maximum(1 - gain, 1e-12), np.inf)


def slopes(model: Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the attacks expected in each cell in the state as it stands, and how much memory there adds to them."""
    here = rates(model)
    model.cells.memory[ARMED] += 1e-4
    more = (rates(model) - here) / 1e-4
    model.cells.memory[ARMED] -= 1e-4
    return here, more


def going_on(model: Model, expected: np.ndarray) -> float:
    """Return how many attacks next week each attack brings because an attack is an episode, where they are expected."""
    held = hazards.local_restraint(model, guards(model, model.bands.cell)) * hazards.group_restraint(model)
    below_cap = 1 - np.minimum(expected / model.p.violence.cap, 1)  # the slope of saturation
    return float(model.p.attacks.episode * (expected * held * below_cap).sum() / max(expected.sum(), 1e-12))


def rates(model: Model) -> np.ndarray:
    """Return the attacks expected in each cell in the state as it stands."""
    near = guards(model, model.bands.cell)
    raw = hazards.unrestrained(model, near) * hazards.local_restraint(model, near) * hazards.group_restraint(model)
    rate = hazards.saturate(raw, model.p.violence.cap)
    return np.bincount(model.bands.cell, rate, model.world.cells)
