"""The ledger: the only writer of perceptions, consent, trust, fighters and people, and the memory of who moved what.

Shares move in multiples of 2^-32: every contribution is rounded before it is applied, so sums are exact in any order
and a community's opening value plus its entries equals its closing value to the last bit. People and fighters are
whole numbers. No entry is a remainder, and entries of zero are not written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.ledger.steps import (
    apply_each,
    enter,
    enter_sums,
    first_contact,
    on_grid,
    people,
    people_each,
    recomposed_each,
)  # fmt: skip

NOTHING, ALL = np.zeros(1), np.ones(1)  # the targets of losses and gains
PERCEPTIONS = ("legitimacy", "impartiality", "credibility")

Key = tuple[str, str, str, str, str]  # rule, quantity, actor, audience ("" where it has several), cause


@dataclass
class Audiences:
    """Who judges: identity groups (rows of communities lie group by group), the displaced, and everybody.

    weight: residents at week 0, shape (communities,), so that flight does not move the means; start: first row of each
    group and the end, shape (groups + 1,); cell: cell of each community; displaced: people hosted there when they were
    last counted (`Ledger.recompose`), hosted: now; same shape.
    """

    names: tuple[str, ...]
    weight: np.ndarray
    start: np.ndarray
    cell: np.ndarray
    displaced: np.ndarray
    hosted: np.ndarray

    def totals(self, met: np.ndarray) -> np.ndarray:
        """Return the people behind each audience's mean among those who have met the actor, shape (audiences,)."""
        return people(self.weight, self.displaced, met, self.start)

    def totals_each(self, met: np.ndarray) -> np.ndarray:
        """Return the same for each actor; met: (actors, communities); shape (actors, audiences)."""
        return people_each(self.weight, self.displaced, met, self.start)


@dataclass
class Entries:
    """Weekly entries in growing arrays: key, week, change by audience, the three cells that contributed most."""

    audiences: int
    size: int = 0
    key: np.ndarray = field(init=False)
    week: np.ndarray = field(init=False)
    change: np.ndarray = field(init=False)
    cells: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Reserve room for the first entries."""
        self.key, self.week = np.zeros(256, np.int32), np.zeros(256, np.int32)
        self.change = np.zeros((256, self.audiences))
        self.cells = np.full((256, self.audiences, 3), -1, np.int32)

    def make_room(self, rows: int = 1) -> None:
        """Double the room when it would not hold so many rows more."""
        if self.size + rows > self.key.size:
            for name in ("key", "week", "change", "cells"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.zeros_like(old)]))

    def next_row(self) -> int:
        """Return the next free row."""
        self.make_room()
        self.size += 1
        return self.size - 1


class Ledger:
    """Moves stocks and remembers each move as (week, rule, quantity, actor, audience, cause) -> change."""

    def __init__(self, perceptions: np.ndarray, met: np.ndarray, actors: Sequence[str], audiences: Audiences) -> None:
        """Take charge of perceptions (quantities x actors x communities) and of who has met whom."""
        self.actors, self.audiences = tuple(actors), audiences
        self._perceptions, self._met = perceptions, met
        self.opinion = perceptions.copy()  # as the week began
        self.week, self.keep = -1, True
        self.keys: list[Key] = []
        self._index: dict[Key, int] = {}
        self._moves: list[tuple[str, int, int]] = []  # this week's moves of perceptions: rule, first entry, last + 1
        self._row: dict[int, int] = {}  # by key: its row in the sums by community of what perceptions were moved by
        self._sums = np.zeros((16, perceptions.shape[-1]))
        self._moving: dict[tuple[str, tuple[int, ...], tuple[int, ...], str], tuple[np.ndarray, ...]] = {}
        self._accounts: dict[tuple, np.ndarray] = {}  # keys of what is booked for several owners at once
        self._totals = np.zeros(256)  # by key: what each stock but perceptions was moved by
        self.entries = Entries(len(audiences.names))
        self._count_audiences()

    def key(self, rule: str, quantity: str, actor: str, audience: str = "", cause: str = "") -> int:
        """Return the number of an account, opening it at its first use."""
        name = (rule, quantity, actor, audience, cause)
        number = self._index.get(name)
        if number is None:
            number = self._index[name] = len(self.keys)
            self.keys.append(name)
            if len(self.keys) > self._totals.size:
                self._totals = np.concatenate([self._totals, np.zeros_like(self._totals)])
        return number

    def perceive(self, rule: str, quantities: tuple[int, ...], actor: int, rate: np.ndarray, target: np.ndarray,
                 cause: str = "") -> None:  # fmt: skip
        """Move perceptions of one actor by rate x (target - what was thought as the week began), where it is known.

        rate, target: shape (communities,), (places,) or (1,), or a row of these for each quantity; rates of all rules
        add up to less than 1, so that with targets in 0-1 perceptions stay there.
        """
        rate, target = rate if rate.ndim == 2 else rate[None], target if target.ndim == 2 else target[None]
        self.perceive_each(rule, quantities, (actor,), rate[None], target[None], cause)

    def perceive_each(self, rule: str, quantities: tuple[int, ...], actors: tuple[int, ...], rate: np.ndarray,
                      target: np.ndarray, cause: str = "") -> None:  # fmt: skip
        """Move the same perceptions of several actors at once, one actor after the other.

        rate, target: shape (actors, quantities, x), one row serving all along the first two axes; x as in `perceive`.
        """
        name = (rule, quantities, actors, cause)
        if name not in self._moving:
            self._moving[name] = self._open(rule, quantities, actors, cause)
        whom, numbers, keys, rows = self._moving[name]
        book, a = self.entries, self.audiences
        book.make_room(keys.size)
        first = book.size
        book.size = apply_each(
            self._perceptions, self.opinion, whom, numbers, rate, target, self._met, self._sums, rows,
            (a.weight, a.displaced, a.start, a.cell), self._total, keys, self.week, book.size,
            (book.key, book.week, book.change, book.cells),
        )  # fmt: skip
        self._moves.append((rule, first, book.size))

    def _open(self, rule: str, quantities: tuple[int, ...], actors: tuple[int, ...], cause: str) -> tuple:
        """Open the accounts of perceptions that a rule moves together: actors, quantities, keys, rows of sums."""
        keys = [self.key(rule, PERCEPTIONS[q], self.actors[a], cause=cause) for a in actors for q in quantities]
        rows = [self._row.setdefault(key, len(self._row)) for key in keys]
        while len(self._row) > len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
        shape = (len(actors), len(quantities))
        places = (np.array(found, np.int64).reshape(shape) for found in (keys, rows))
        return np.array(actors, np.int64), np.array(quantities), *places

    @property
    def running(self) -> dict[int, np.ndarray]:
        """What each perception was moved by, over communities, by key."""
        return {key: self._sums[row] for key, row in self._row.items()}

    def meet(self, actor: int, newly: np.ndarray) -> None:
        """Let communities form an opinion at first contact: no value moves, but the audience's mean changes."""
        a, met, first = self.audiences, self._met[actor], newly & ~self._met[actor]
        if not np.count_nonzero(first):
            return
        values = self._perceptions[:, actor]
        change, self._total[actor] = first_contact(values, a.weight, a.displaced, met, first, a.start)
        met |= first
        for q, name in enumerate(PERCEPTIONS):
            self._shift(self.key("first_contact", name, self.actors[actor]), change[q])

    def recompose(self, judged: int) -> None:
        """Count anew who is displaced where: no value moves, but what the displaced think on average changes.

        Once a week; until then that audience is who it was. judged: the first actors, judged by all three perceptions.
        """
        who = self.audiences
        if np.array_equal(who.displaced, who.hosted):
            return
        if self.keep:
            change = recomposed_each(self._perceptions, self._met, who.displaced, who.hosted, judged)
            for actor, q in zip(*(at.tolist() for at in change.nonzero()), strict=True):
                key = self.key("composition", PERCEPTIONS[q], self.actors[actor])
                self._shift(key, self._only_displaced(change[actor, q]))
        who.displaced[:] = who.hosted
        self._count_audiences()

    def _count_audiences(self) -> None:
        """Count the people of each audience: those who have met each actor (its means are theirs), and all of them."""
        self._total = self.audiences.totals_each(self._met)
        self.audience_people = self.audiences.totals(np.ones(self._met.shape[1], bool))

    def _only_displaced(self, change: float) -> np.ndarray:
        """Return a change by audience that is one of the displaced alone."""
        by_audience = np.zeros(len(self.audiences.names))
        by_audience[-2] = change
        return by_audience

    def _shift(self, key: int, change: np.ndarray) -> None:
        """Write an entry that changes audience means without moving any community's value."""
        row = self.entries.next_row()
        self.entries.change[row] = change
        self.entries.cells[row] = -1
        self._close(row, key, bool(np.any(change != 0)))

    def share(self, rule: str, quantity: str, stock: np.ndarray, at: tuple[int, ...], delta: float,
              actor: str, audience: str = "", cause: str = "") -> None:  # fmt: skip
        """Move one share (consent, trust) by a rounded step; stock is the ledger's own writable array."""
        step = float(on_grid(delta))
        if step:
            stock[at] += step
            self._number((rule, quantity, actor, audience, cause), step)

    def people(self, rule: str, quantity: str, stock: np.ndarray, at: np.ndarray | slice, number: np.ndarray,
               actor: str = "", audience: str = "", cause: str = "") -> None:  # fmt: skip
        """Add whole people or fighters to rows of a stock (at: rows, each once; number: int64 of the same length)."""
        total = sum(number.tolist())
        stock[at] += number
        if total:
            self._number((rule, quantity, actor, audience, cause), total)

    def people_by_cause(self, rule: str, quantity: str, stock: np.ndarray, start: np.ndarray, owners: tuple[str, ...],
                        causes: tuple[str, ...], moves: np.ndarray) -> None:  # fmt: skip
        """Add whole people or fighters to all rows of a stock for several causes, booked by owner and cause.

        start: first row of each owner and the end; moves: what each row gains; shape (causes, rows).
        """
        name = (rule, quantity, owners, causes)
        if name not in self._accounts:
            self._accounts[name] = self._open_each([(rule, quantity, a, "", c) for a in owners for c in causes], owners)
        self._enter_sums((stock,) * len(causes), tuple(moves), start, self._accounts[name])

    def people_by_group(self, rule: str, stocks: dict[str, tuple[np.ndarray, np.ndarray]]) -> None:
        """Add whole people to stocks of all communities, booked by identity group; by stock: its array and numbers."""
        name, who = (rule, *stocks), self.audiences
        if name not in self._accounts:
            groups = who.names[: who.start.size - 1]
            self._accounts[name] = self._open_each([(rule, q, "", g, "") for g in groups for q in stocks], groups)
        arrays, numbers = zip(*stocks.values(), strict=True)
        self._enter_sums(arrays, numbers, who.start, self._accounts[name])

    def _open_each(self, names: list[Key], owners: Sequence[str]) -> np.ndarray:
        """Open the accounts of several owners; return their numbers, a row for each owner."""
        shape = len(owners), len(names) // max(len(owners), 1)
        return np.array([self.key(*name) for name in names], np.int64).reshape(shape)

    def _enter_sums(self, stocks: tuple[np.ndarray, ...], numbers: tuple[np.ndarray, ...], start: np.ndarray,
                    keys: np.ndarray) -> None:  # fmt: skip
        """Add numbers to stocks and book the sums of each owner; keys: the account of each owner and stock."""
        book = self.entries
        book.make_room(keys.size)
        book.size = enter_sums(
            stocks, numbers, start, keys, self._totals, self.keep, self.week, book.size,
            (book.key, book.week, book.change, book.cells),
        )  # fmt: skip

    def _number(self, name: Key, step: float | int) -> None:
        """Book a change of a stock that is one number: in its total, and on the week's page if that is kept."""
        key, book = self._index.get(name), self.entries
        if key is None:
            key = self.key(*name)
        self._totals[key] += step
        if self.keep:
            row = book.next_row()  # before its columns are named, for they may be moved to larger ones
            enter(book.key, book.week, book.change, book.cells, row, key, self.week, step)

    @property
    def totals(self) -> dict[Key, float]:
        """What each stock but perceptions was moved by, by account."""
        return {self.keys[k]: float(self._totals[k]) for k in self._totals.nonzero()[0].tolist()}

    def _close(self, row: int, key: int, moved: bool) -> None:
        """Date an entry, or take it back where nothing moved or nothing is kept."""
        if not moved:
            self.entries.size -= 1
            return
        self.entries.key[row], self.entries.week[row] = key, self.week

    def begin(self, week: int) -> None:
        """Start a week's page; where weekly entries are not kept, the last page is dropped."""
        self.week = week
        self.opinion[:] = self._perceptions
        if not self.keep:
            self.entries.size = 0
        self._moves = []

    def this_week(self, rule: str, quantity: str) -> list[tuple[Key, float]]:
        """Return this week's moves of a perception by one rule so far, as everybody's mean, by account."""
        book = self.entries
        rows = [row for name, first, end in self._moves if name == rule for row in range(first, end)]
        found = [(self.keys[book.key[row]], float(book.change[row, -1])) for row in rows]
        return [(key, change) for key, change in found if key[1] == quantity]

    def open_books(self) -> None:
        """Forget all entries and running sums: what happened before week 0 is the opening state."""
        self.entries.size, self._moves = 0, []
        self._sums[:] = 0.0
        self._totals[:] = 0.0
        self.audiences.displaced[:] = self.audiences.hosted
        self._count_audiences()

    def weekly(self, names: Sequence[str]) -> dict[str, list | np.ndarray]:
        """Return the entries as columns of the ledger table, a row for each audience; names: of the cells."""
        book, n = self.entries, self.entries.size
        wide = np.array([bool(self.keys[k][1] in PERCEPTIONS) for k in range(len(self.keys))], dtype=bool)
        change = book.change[:n].copy()
        narrow = ~wide[book.key[:n]] if n else np.zeros(0, bool)
        change[narrow, 1:] = 0.0
        row, audience = np.nonzero(change)
        key = book.key[row]
        fields = list(zip(*self.keys, strict=True)) if self.keys else [()] * 5
        columns: dict[str, list | np.ndarray] = {"week": book.week[row].astype(np.int64)}
        for name, values in zip(("rule", "quantity", "actor", "audience", "cause"), fields, strict=True):
            columns[name] = np.array(values, dtype=object)[key] if len(key) else np.array([], dtype=object)
        by_audience = np.array(self.audiences.names, dtype=object)[audience]
        columns["audience"] = np.where(wide[key], by_audience, columns["audience"]) if len(key) else columns["audience"]
        columns["change"] = change[row, audience]
        columns["cells"] = _cell_names(book.cells[row, audience], names)
        return columns


def _cell_names(cells: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Join the top cells of each entry into one word such as `K14;K15` (empty where the move has no place)."""
    lookup = np.array([*names, ""], dtype=object)
    parts = lookup[cells]
    return np.array([";".join(filter(None, row)) for row in parts], dtype=object)
