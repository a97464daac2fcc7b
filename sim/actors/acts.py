"""The acts of a week: who did what to whom, where, and how it went."""

from __future__ import annotations

import numpy as np

KINDS = (
    "battle", "attack_on_civilians", "state_abuse", "mission_harm", "misconduct", "communal", "crime",
    "attack_on_peacekeepers", "attack_on_aid", "protest",
)  # fmt: skip
BATTLE, ATTACK, ABUSE, MISSION_HARM = range(4)
UCDP = {BATTLE: "state", ATTACK: "onesided", ABUSE: "onesided", MISSION_HARM: "onesided"}

WHOLE = ("kind", "perpetrator", "opponent", "cell", "community", "source", "potential", "civilians", "deaths")

FLAGS = ("known", "in_reach", "reported", "answered")
_WHOLE = {name: k for k, name in enumerate(WHOLE)}
_FLAGS = {name: k for k, name in enumerate(FLAGS)}


class _Masks(dict):
    """For each choice of kinds, which kinds are among them; worked out at first use."""

    def __missing__(self, kinds: tuple[int, ...]) -> np.ndarray:
        self[kinds] = mask = np.isin(np.arange(len(KINDS)), kinds)
        return mask


_KIND_MASKS = _Masks()


class Acts:
    """Acts as columns that grow within a week and are emptied for the next.

    kind (of KINDS), perpetrator and opponent (actors, -1: none), cell, community (row hit, -1: none), source (the
    band or slot it came from), potential (civilian deaths if nobody answers), civilians, deaths (all); for each
    mission: known, in_reach, reported, answered.
    """

    def __init__(self, missions: int, room: int = 64) -> None:
        self.size = 0
        self._whole = np.zeros((len(WHOLE), room), np.int64)
        self._flags = np.zeros((4, missions, room), bool)

    def clear(self) -> None:
        """Forget the acts of the last week."""
        self.size = 0

    def add(self, number: int, **columns: np.ndarray | int) -> slice:
        """Append acts; columns not named are zero, opponent, community and source -1. Returns their rows."""
        while self.size + number > self._whole.shape[1]:
            self._whole = np.concatenate([self._whole, np.zeros_like(self._whole)], axis=1)
            self._flags = np.concatenate([self._flags, np.zeros_like(self._flags)], axis=2)
        rows = slice(self.size, self.size + number)
        for k, name in enumerate(WHOLE):
            self._whole[k, rows] = columns.get(name, -1 if name in ("opponent", "community", "source") else 0)
        self._flags[:, :, rows] = False
        self.size += number
        return rows

    def __getattr__(self, name: str) -> np.ndarray:
        """Return one column of this week's acts: shape (acts,), or (missions, acts) for the flags."""
        if name in _WHOLE:
            return self._whole[_WHOLE[name], : self.size]
        if name in _FLAGS:
            return self._flags[_FLAGS[name], :, : self.size]
        raise AttributeError(name)

    def of(self, *kinds: int) -> np.ndarray:
        """Return the rows of the acts of some kinds."""
        return np.flatnonzero(_KIND_MASKS[kinds][self.kind])

    def copy(self) -> Acts:
        """Return an independent copy."""
        other = Acts(self._flags.shape[1], self._whole.shape[1])
        other.size, other._whole, other._flags = self.size, self._whole.copy(), self._flags.copy()
        return other
