"""Futures of one and the same state: a model is forked, each branch lives on with luck of its own or with given luck."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence

import numpy as np

from sim.actors.acts import ATTACK
from sim.model import Model
from sim.rules import hazards
from sim.rules.rule import Rule
from sim.rules.violence import at_most, victims


def in_child(work: Callable[[], np.ndarray]) -> np.ndarray:
    """Do work in a forked copy of this process and return its result; nothing here is changed by it.

    A fork copies a model exactly. `copy.deepcopy` does not: columns that share memory (views) come apart in it.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(write, work)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    good, result = pickle.loads(told)
    if not good:
        raise RuntimeError(result)
    return result


def _answer(pipe: int, work: Callable[[], np.ndarray]) -> None:
    """Write to the pipe what the work gives, or what went wrong, and end this process."""
    try:
        told = (True, work())
    except BaseException as error:
        told = (False, repr(error))
    with os.fdopen(pipe, "wb") as out:
        pickle.dump(told, out)
    os._exit(0)


def more_attacks(number: int, draw: str) -> Rule:
    """Return a rule that adds attacks to those of the week, as usual ones where attacks are expected.

    Bands are drawn in proportion to the attacks expected of each this week, by luck of the draw's own address; place,
    victims and size are those of the band's next free slot, as if that slot had fired.
    """

    def act(m: Model) -> None:
        upto = np.cumsum(m.bands.expected[0])
        for u in m.luck.once("impulse", draw, number) if upto[-1] > 0 else ():
            strike(m, int(np.searchsorted(upto, u * upto[-1], side="right")))

    return Rule("more_attacks", act, (), ("acts",))


def strike(m: Model, band: int) -> None:
    """Let a band attack once more this week, by the luck of its first slot that has not fired (else of its last)."""
    p, slots = m.p.attacks, int(m.p.violence.slots)
    fired = m.acts.source[m.acts.of(ATTACK)] - band * slots
    slot = next((k for k in range(slots) if k not in fired), slots - 1)
    u = m.band_luck("attacks", "", slots, 3)[[band], slot]
    mu = p.mu + m.p.violence.size_by_fighters * np.log(np.maximum(m.bands.fighters[[band]], 1) / 30)
    cell = m.bands.cell[[band]]
    community = victims(m, cell, u[:, 2])
    dead = at_most(m, hazards.sizes(u[:, 1], mu, p.none, p.sigma), community)
    m.acts.add(
        1, kind=ATTACK, perpetrator=m.actors.first_group + int(m.bands.group[band]), cell=cell, community=community,
        source=band * slots + slot, potential=dead, civilians=dead, deaths=dead,
    )  # fmt: skip


def attacks_by_groups(m: Model) -> float:
    """Return the attacks on civilians that armed groups were expected to make this week, before luck."""
    return float(m.bands.expected[0].sum())


def lived_on(
    m: Model,
    luck: str,
    struck: Rule | None = None,
    after: str = "attacks",
    read: Callable[[Model], float | Sequence[float]] = attacks_by_groups,
) -> np.ndarray:
    """Play a model to its end and return what is read at the end of each week from now on (default: attacks expected).

    struck: a rule to play once, in the first week, just after the one named. From the second week on luck has addresses
    of its own, named by `luck`, so that branches of one state are independent where their names differ.
    """
    whole = m.rules
    if struck is not None:
        at = [rule.name for rule in whole].index(after) + 1
        m.rules = (*whole[:at], struck, *whole[at:])
    m.step()
    told = [read(m)]
    m.rules, m.luck.era = whole, f"{luck}/"
    while m.week + 1 < m.setup.weeks:
        m.step()
        told.append(read(m))
    return np.array(told, float)


def response(m: Model, branches: int, number: int = 1) -> np.ndarray:
    """Return the attacks that one more attack in the coming week causes each week from then on; (branches, weeks).

    Each branch is a pair of futures with the same luck, without and with `number` attacks inserted; the difference is
    shared out among those.
    """
    out = []
    for k in range(branches):
        plain = in_child(lambda k=k: lived_on(m, f"branch {k}"))
        more = in_child(lambda k=k: lived_on(m, f"branch {k}", more_attacks(number, str(k))))
        out.append((more - plain) / number)
    return np.array(out)
