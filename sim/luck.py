"""Addressed random numbers: luck is a function of (seed, rule, owner, week, row), and nothing is ever consumed.

Two arrangements of missions can be compared run by run only if everything that did not change keeps its luck. One
shared stream destroys that: a single idle agent shifts every later draw. Here each draw has an address. The first three
parts make the key of a counter-based generator (Philox), the week is its counter, and the row is the place in the
array that comes out: a permanent slot, never a place among the living.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

WEEKS_IN_BLOCK = 16


class Luck:
    """Uniform numbers in [0, 1) by address; the same address gives the same number whatever else is asked.

    Call it for draws of every week: they are made for blocks of 16 weeks, the block being the counter and the week a
    column. Use `once` for large draws that are seldom needed: made for the week alone. The `..._at` forms work out some
    rows of a draw and leave the others alone.
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        self.week = 0
        self.era = ""  # "spin_up/" before week 0, so that its length shifts no later luck
        self._keys: dict[tuple[str, str, str], np.ndarray] = {}
        self._blocks: dict[tuple[str, str, str, int | tuple[int, ...]], tuple[int, np.ndarray]] = {}
        self._joined: dict[tuple[str, str, str, tuple[int, ...]], tuple[int, np.ndarray]] = {}
        self._owners: dict[tuple[str, str, str], tuple[np.ndarray, np.ndarray]] = {}

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

    def at(self, rule: str, owner: str, rows: np.ndarray, size: int) -> np.ndarray:
        """Return some rows of what a call would give with rows of so many numbers; (rows, size)."""
        block, week = divmod(self.week, WEEKS_IN_BLOCK)
        return _rows(self._key(rule, owner)[None], np.zeros(1, np.int64), rows, block, WEEKS_IN_BLOCK, week, size, size)

    def of_slots(self, rule: str, by: str, slots: Sequence[tuple[str, int]], tail: tuple[int, ...] = ()) -> np.ndarray:
        """Return the uniforms of several owners one below the other, as if each had been asked for its own.

        by: what stands before each owner's name in the address; slots: name and number of rows of each owner.
        """
        block, week = divmod(self.week, WEEKS_IN_BLOCK)
        found = self._joined.get((self.era, rule, by, tail))
        if found is None or found[0] != block:
            keys, first = self._of_owners(rule, by, slots)
            rows = sum(number for _, number in slots)
            out = np.empty((rows, WEEKS_IN_BLOCK, *tail))
            _fill_each(keys, first, block, out.reshape(rows, prod((WEEKS_IN_BLOCK, *tail))))
            found = self._joined[self.era, rule, by, tail] = (block, _kept(out))
        return found[1][:, week]

    def of_slots_at(
        self, rule: str, by: str, slots: Sequence[tuple[str, int]], rows: np.ndarray, size: int, upto: int | None = None
    ) -> np.ndarray:
        """Return some rows of what `of_slots` would give with rows of so many numbers: all, or the first few."""
        block, week = divmod(self.week, WEEKS_IN_BLOCK)
        wanted = size if upto is None else upto
        return _rows(*self._of_owners(rule, by, slots), rows, block, WEEKS_IN_BLOCK, week, size, wanted)

    def once(self, rule: str, owner: str, shape: int | tuple[int, ...]) -> np.ndarray:
        """Return uniforms for one rule and one owner in this week, of an address that no other call uses."""
        return self._draw(rule, owner, self.week, shape)

    def once_at(self, rule: str, owner: str, rows: np.ndarray) -> np.ndarray:
        """Return some of the numbers that `once` would give; (rows,)."""
        return _rows(self._key(rule, owner)[None], np.zeros(1, np.int64), rows, self.week, 1, 0, 1, 1)[:, 0]

    def _of_owners(self, rule: str, by: str, slots: Sequence[tuple[str, int]]) -> tuple[np.ndarray, np.ndarray]:
        """Return the key of each owner of slots, (owners, 2), and its first row."""
        found = self._owners.get((self.era, rule, by))
        if found is None:
            keys = np.array([self._key(rule, by + name) for name, _ in slots], np.uint64).reshape(-1, 2)
            first = np.cumsum([0, *(number for _, number in slots)])[:-1]
            found = self._owners[self.era, rule, by] = keys, first
        return found

    def _block(self, rule: str, owner: str, block: int, rows: int, tail: Sequence[int]) -> np.ndarray:
        """Draw an owner's uniforms for a block of weeks; shape (rows, weeks, *tail)."""
        return _kept(self._draw(rule, owner, block, (rows, WEEKS_IN_BLOCK, *tail)))

    def _draw(self, rule: str, owner: str, counter: int, shape: int | tuple[int, ...]) -> np.ndarray:
        """Fill an array with the numbers of an address at a counter, first rows first."""
        out = np.empty(shape)
        _fill(self._key(rule, owner), counter, out.reshape(-1))
        return out

    def _key(self, rule: str, owner: str) -> np.ndarray:
        """Return the key of an address: two whole numbers of 64 bits."""
        found = self._keys.get((self.era, rule, owner))
        if found is None:
            digest = blake2b(f"{self.seed}|{self.era}{rule}|{owner}".encode(), digest_size=16).digest()
            found = self._keys[self.era, rule, owner] = np.frombuffer(digest, dtype=np.uint64).copy()
        return found

    def forget(self) -> None:
        """Drop what is kept for speed; it changes no number."""
        self._keys.clear()
        self._blocks.clear()
        self._joined.clear()
        self._owners.clear()


def _kept(block: np.ndarray) -> np.ndarray:
    """Close a block to writing: what one rule does with its draw must not reach the next that asks."""
    block.flags.writeable = False
    return block


# -- Philox 4x64-10 [Salmon et al. 2011], to the bit what NumPy's generator of that name draws --------

FOUR, ROUNDS, UNIT = 4, 10, 2.0**-53
MULTIPLIERS = (np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157))
WEYL = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B))
TO_53_BITS, ZERO = np.uint64(11), np.uint64(0)


def _halves(_, a, b):
    """Multiply two whole numbers of 64 bits; return the upper and the lower half of the product."""
    signature = types.UniTuple(types.uint64, 2)(types.uint64, types.uint64)

    def build(context, builder, signature, args):
        wide, narrow = ir.IntType(128), ir.IntType(64)
        product = builder.mul(*(builder.zext(value, wide) for value in args))
        halves = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), narrow), builder.trunc(product, narrow)
        return context.make_tuple(builder, signature.return_type, halves)

    return signature, build


_product: Any = intrinsic(_halves)


@njit(cache=True, nogil=True)
def _unit(bits):
    """Turn 64 bits into a number in [0, 1): the upper 53 of them."""
    return np.int64(bits >> TO_53_BITS) * UNIT


@njit(cache=True, nogil=True)
def _start(counter, number):
    """Return what the rounds begin with for the four numbers in place `number`, 0 for the first four."""
    return np.uint64(number + 1), ZERO, ZERO, np.uint64(counter)


@njit(cache=True, nogil=True)
def _mixed(state, one, two):
    """Play one round on a state, with the two halves of the key as they stand."""
    a, b, c, d = state
    (high, low), (upper, lower) = _product(MULTIPLIERS[0], a), _product(MULTIPLIERS[1], c)
    return upper ^ b ^ one, lower, high ^ d ^ two, low


@njit(cache=True, nogil=True)
def _four(key, counter, number):
    """Return the four numbers of a key and a counter in place `number`."""
    s, one, two = _start(counter, number), key[0], key[1]
    for _ in range(ROUNDS):
        s, one, two = _mixed(s, one, two), one + WEYL[0], two + WEYL[1]
    return _unit(s[0]), _unit(s[1]), _unit(s[2]), _unit(s[3])


@njit(cache=True, nogil=True)
def _eight(key, counter, number):
    """Return the four numbers in place `number` and the next four, worked out side by side, which is quicker."""
    s, t, one, two = _start(counter, number), _start(counter, number + 1), key[0], key[1]
    for _ in range(ROUNDS):
        s, t, one, two = _mixed(s, one, two), _mixed(t, one, two), one + WEYL[0], two + WEYL[1]
    first = _unit(s[0]), _unit(s[1]), _unit(s[2]), _unit(s[3])
    return first, (_unit(t[0]), _unit(t[1]), _unit(t[2]), _unit(t[3]))


@njit(cache=True, nogil=True)
def _fill(key, counter, out):
    """Fill an array from its start."""
    whole = out.size // (2 * FOUR)
    for n in range(whole):
        i = 2 * FOUR * n
        s, t = _eight(key, counter, 2 * n)
        out[i], out[i + 1], out[i + 2], out[i + 3] = s
        out[i + 4], out[i + 5], out[i + 6], out[i + 7] = t
    if out.size > 2 * FOUR * whole:
        s, t = _eight(key, counter, 2 * whole)
        last = s + t
        for k in range(out.size - 2 * FOUR * whole):
            out[2 * FOUR * whole + k] = last[k]


@njit(cache=True, nogil=True)
def _fill_each(keys, first, counter, out):
    """Fill the rows of several owners, one below the other, each from the start of its own draw."""
    for k in range(first.size):
        end = first[k + 1] if k + 1 < first.size else out.shape[0]
        _fill(keys[k], counter, out[first[k] : end].reshape(-1))


@njit(cache=True, nogil=True)
def _rows(keys, first, rows, counter, columns, column, size, wanted):
    """Return some rows, (rows, wanted), of one column of the draws of several owners, one below the other.

    keys, first: by owner, its key and its first row; each row has so many columns of so many numbers, of which the
    first are wanted.
    """
    out = np.empty((rows.size, wanted))
    for j in range(rows.size):
        owner = np.searchsorted(first, rows[j], side="right") - 1
        start, found = ((rows[j] - first[owner]) * columns + column) * size, (0.0, 0.0, 0.0, 0.0)
        for k in range(wanted):
            if k == 0 or (start + k) % FOUR == 0:
                found = _four(keys[owner], counter, (start + k) // FOUR)
            out[j, k] = found[(start + k) % FOUR]
    return out


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
