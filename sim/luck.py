"""Addressed random numbers: luck is a function of (seed, rule, owner, week, row), and nothing is ever consumed.

Two arrangements of missions can be compared run by run only if everything that did not change keeps its luck. One
shared stream destroys that: a single idle agent shifts every later draw. Here each draw has an address. The first three
parts make the key of a counter-based generator (Philox), the week is its counter, and the row is the place in the
array that comes out: a permanent slot, never a place among the living.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


class Luck:
    """Uniform numbers in [0, 1) by address; the same address gives the same number whatever else is asked."""

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self.week = 0
        self.era = ""  # "spin_up/" before week 0, so that its length shifts no later luck
        self._generators: dict[tuple[str, str, str], tuple] = {}

    def __call__(self, rule: str, owner: str, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return uniforms of the given shape for one rule and one owner in this week.

        A longer array begins with the shorter one (rows are filled in order), so new slots change no old slot's luck.
        """
        address = (self.era, rule, owner)
        found = self._generators.get(address)
        if found is None:
            found = self._generators[address] = _generator(f"{self.seed}|{self.era}{rule}|{owner}")
        generator, bits, state = found
        state["state"]["counter"][3] = self.week
        bits.state = state
        return generator.random(shape)


def _generator(address: str) -> tuple[np.random.Generator, np.random.Philox, dict]:
    """Make the generator of one address, and the state by which it is set to the start of a week."""
    digest = blake2b(address.encode(), digest_size=16).digest()
    bits = np.random.Philox(key=np.frombuffer(digest, dtype=np.uint64))
    state = bits.state
    state["state"]["counter"] = np.zeros(4, dtype=np.uint64)
    return np.random.Generator(bits), bits, state


def gumbel(uniforms: np.ndarray) -> np.ndarray:
    """Turn uniforms into Gumbel noise: the largest of utility plus noise is a logit choice [Train 2009, ch. 3]."""
    return -np.log(-np.log(uniforms * (1 - 2e-12) + 1e-12))


def whole(amount: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Round amounts to whole numbers so that the mean is kept: 2.3 is 2, or with chance 0.3 it is 3."""
    return np.floor(amount + uniforms).astype(np.int64)
