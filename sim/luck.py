"""Addressed random numbers: luck is a function of (seed, rule, owner, week, row), and nothing is ever consumed.

Two arrangements of missions can be compared run by run only if everything that did not change keeps its luck. One
shared stream destroys that: a single idle agent shifts every later draw. Here each draw has an address. The first three
parts make the key of a counter-based generator (Philox), the week is its counter, and the row is the place in the
array that comes out: a permanent slot, never a place among the living.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

WEEKS_IN_BLOCK = 16


class Luck:
    """Uniform numbers in [0, 1) by address; the same address gives the same number whatever else is asked.

    Call it for draws of every week: they are made for blocks of 16 weeks, the block being the counter and the week a
    column. Use `once` for large draws that are seldom needed: made for the week alone.
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self.week = 0
        self.era = ""  # "spin_up/" before week 0, so that its length shifts no later luck
        self._generators: dict[tuple[str, str, str], tuple[np.random.Generator, np.random.Philox, Any]] = {}
        self._blocks: dict[tuple[str, str, str, int | tuple[int, ...]], tuple[int, np.ndarray]] = {}
        self._joined: dict[tuple[str, str, str, tuple[int, ...]], tuple[int, np.ndarray]] = {}

    def __call__(self, rule: str, owner: str, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return uniforms of the given shape for one rule and one owner in this week; the first axis is the row.

        More rows begin with the fewer, so new slots change no old slot's luck.
        """
        block, week = divmod(self.week, WEEKS_IN_BLOCK)
        found = self._blocks.get((self.era, rule, owner, shape))
        if found is None or found[0] != block:
            rows, *tail = (shape,) if isinstance(shape, int) else shape
            found = self._blocks[self.era, rule, owner, shape] = (block, self._block(rule, owner, block, rows, tail))
        return found[1][:, week]

    def of_slots(self, rule: str, by: str, slots: Sequence[tuple[str, int]], tail: tuple[int, ...] = ()) -> np.ndarray:
        """Return the uniforms of several owners one below the other, as if each had been asked for its own.

        by: what stands before each owner's name in the address; slots: name and number of rows of each owner.
        """
        block, week = divmod(self.week, WEEKS_IN_BLOCK)
        found = self._joined.get((self.era, rule, by, tail))
        if found is None or found[0] != block:
            parts = [self._block(rule, by + name, block, rows, tail) for name, rows in slots]
            parts.append(np.zeros((0, WEEKS_IN_BLOCK, *tail)))
            found = self._joined[self.era, rule, by, tail] = (block, _kept(np.concatenate(parts)))
        return found[1][:, week]

    def _block(self, rule: str, owner: str, block: int, rows: int, tail: Sequence[int]) -> np.ndarray:
        """Draw an owner's uniforms for a block of weeks; shape (rows, weeks, *tail)."""
        return _kept(self._draw((self.era, rule, owner), block, (rows, WEEKS_IN_BLOCK, *tail)))

    def once(self, rule: str, owner: str, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return uniforms for one rule and one owner in this week, of an address that no other call uses."""
        return self._draw((self.era, rule, owner), self.week, shape)

    def _draw(self, address: tuple[str, str, str], counter: int, shape: int | tuple[int, ...]) -> np.ndarray:
        """Set the generator of an address to a counter and fill an array, first rows first."""
        found = self._generators.get(address)
        if found is None:
            era, rule, owner = address
            found = self._generators[address] = _generator(f"{self.seed}|{era}{rule}|{owner}")
        generator, bits, state = found
        state["state"]["counter"][3] = counter
        bits.state = state
        return generator.random(shape)

    def forget(self) -> None:
        """Drop what is kept for speed; it changes no number."""
        self._generators.clear()
        self._blocks.clear()
        self._joined.clear()


def _kept(block: np.ndarray) -> np.ndarray:
    """Close a block to writing: what one rule does with its draw must not reach the next that asks."""
    block.flags.writeable = False
    return block


def _generator(address: str) -> tuple[np.random.Generator, np.random.Philox, Any]:
    """Make the generator of one address, and the state by which it is set to the start of a week."""
    digest = blake2b(address.encode(), digest_size=16).digest()
    bits = np.random.Philox(key=np.frombuffer(digest, dtype=np.uint64))
    state = bits.state
    state["state"]["counter"] = np.zeros(4, dtype=np.uint64)
    return np.random.Generator(bits), bits, state


def gumbel(uniforms: np.ndarray) -> np.ndarray:
    """Turn uniforms into Gumbel noise: the largest of utility plus noise is a logit choice [Train 2009, ch. 3]."""
    noise = uniforms * (1 - 2e-12)
    noise += 1e-12
    for _ in range(2):
        np.negative(np.log(noise, out=noise), out=noise)
    return noise


def whole(amount: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Round amounts to whole numbers so that the mean is kept: 2.3 is 2, or with chance 0.3 it is 3."""
    return np.floor(amount + uniforms).astype(np.int64)
