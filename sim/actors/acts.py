"""The acts of a week: who did what to whom, where, and how it went."""

from __future__ import annotations

import numpy as np

KINDS = (
    "battle", "attack_on_civilians", "state_abuse", "mission_harm", "misconduct", "communal", "crime",
    "attack_on_peacekeepers", "attack_on_aid", "protest",
)  # fmt: skip
BATTLE, ATTACK, ABUSE, MISSION_HARM, MISCONDUCT, COMMUNAL, CRIME, ON_PEACEKEEPERS, ON_AID, PROTEST = range(len(KINDS))
UCDP = {BATTLE: "state", ATTACK: "onesided", ABUSE: "onesided", MISSION_HARM: "onesided", COMMUNAL: "nonstate"}

WHOLE = ("kind", "perpetrator", "opponent", "cell", "community", "source", "potential", "civilians", "deaths")

FLAGS = ("known", "in_reach", "reported", "answered")
_WHOLE = {name: k for k, name in enumerate(WHOLE)}
_UNSAID = np.array([[-1 if name in ("opponent", "community", "source") else 0] for name in WHOLE])


class _Masks(dict):
    """For each choice of kinds, which kinds are among them; worked out at first use."""

    def __missing__(self, kinds: tuple[int, ...]) -> np.ndarray:
        self[kinds] = mask = np.isin(np.arange(len(KINDS)), kinds)
        return mask


_KIND_MASKS = _Masks()


class Acts:
    """Acts as columns that grow within a week and are emptied for the next.

    kind (of KINDS), perpetrator (of the model's `doers`), opponent (an actor, -1: none), cell, community (row hit, -1:
    none), source (the band or slot it came from), potential (civilian deaths if nobody answers), civilians, deaths
    (all); for each mission: known, in_reach, reported, answered.
    """

    kind: np.ndarray
    perpetrator: np.ndarray
    opponent: np.ndarray
    cell: np.ndarray
    community: np.ndarray
    source: np.ndarray
    potential: np.ndarray
    civilians: np.ndarray
    deaths: np.ndarray
    known: np.ndarray
    in_reach: np.ndarray
    reported: np.ndarray
    answered: np.ndarray

    def __init__(self, missions: int, room: int = 64) -> None:
        self._whole = np.zeros((len(WHOLE), room), np.int64)
        self._flags = np.zeros((len(FLAGS), missions, room), bool)
        self._show(0)

    def _show(self, size: int) -> None:
        """Let each column show this week's acts: shape (acts,), or (missions, acts) for the flags."""
        self.size = size
        self.__dict__.update(zip(WHOLE, self._whole[:, :size], strict=True))
        self.__dict__.update(zip(FLAGS, self._flags[:, :, :size], strict=True))

    def clear(self) -> None:
        """Forget the acts of the last week."""
        self._show(0)

    def add(self, number: int, **columns: np.ndarray | int) -> slice:
        """Append acts; columns not named are zero, opponent, community and source -1. Returns their rows."""
        rows = slice(self.size, self.size + number)
        if number == 0:
            return rows
        while rows.stop > self._whole.shape[1]:
            self._whole = np.concatenate([self._whole, np.zeros_like(self._whole)], axis=1)
            self._flags = np.concatenate([self._flags, np.zeros_like(self._flags)], axis=2)
        self._whole[:, rows] = _UNSAID
        for name, values in columns.items():
            self._whole[_WHOLE[name], rows] = values
        self._flags[:, :, rows] = False
        self._show(rows.stop)
        return rows

    def of(self, *kinds: int) -> np.ndarray:
        """Return the rows of the acts of some kinds."""
        return self.among(*kinds).nonzero()[0]

    def among(self, *kinds: int) -> np.ndarray:
        """Return which acts are of some kinds."""
        return _KIND_MASKS[kinds][self.kind]

    def columns(self) -> dict[str, np.ndarray]:
        """Return copies of all columns that hold whole numbers, by name."""
        return dict(zip(WHOLE, self._whole[:, : self.size].copy(), strict=True))

    def flags(self) -> np.ndarray:
        """Return all flags in the order of FLAGS: shape (flags, missions, acts)."""
        return self._flags[:, :, : self.size]

    def copy(self) -> Acts:
        """Return an independent copy."""
        other = Acts(self._flags.shape[1], self._whole.shape[1])
        other._whole, other._flags = self._whole.copy(), self._flags.copy()
        other._show(self.size)
        return other
