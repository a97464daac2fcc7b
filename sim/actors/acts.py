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
COLUMNS = (*WHOLE, *FLAGS)
_WHOLE = {name: k for k, name in enumerate(WHOLE)}
_UNSAID = np.array([[-1 if name in ("opponent", "community", "source") else 0] for name in WHOLE])


class _Masks(dict):
    """For each choice of kinds, which kinds are among them; worked out at first use."""

    def __missing__(self, kinds: tuple[int, ...]) -> np.ndarray:
        self[kinds] = mask = np.isin(np.arange(len(KINDS)), kinds)
        return mask


_KIND_MASKS = _Masks()


class _Column:
    """A column of acts: a view of this week's acts, kept under its name until more of them come."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, acts: Acts, owner: type | None = None) -> np.ndarray:
        """Return the view: shape (acts,), or (missions, acts) for the flags."""
        whole = _WHOLE.get(self.name)
        view = acts._whole[whole] if whole is not None else acts._flags[FLAGS.index(self.name)]
        shown = acts.__dict__[self.name] = view[..., : acts.size]
        return shown


class Acts:
    """Acts as columns that grow within a week and are emptied for the next.

    kind (of KINDS), perpetrator (of the model's `doers`), opponent (an actor, -1: none), cell, community (row hit, -1:
    none), source (the band or slot it came from), potential (civilian deaths if nobody answers), civilians, deaths
    (all); for each mission: known, in_reach, reported, answered.
    """

    kind = _Column("kind")
    perpetrator = _Column("perpetrator")
    opponent = _Column("opponent")
    cell = _Column("cell")
    community = _Column("community")
    source = _Column("source")
    potential = _Column("potential")
    civilians = _Column("civilians")
    deaths = _Column("deaths")
    known = _Column("known")
    in_reach = _Column("in_reach")
    reported = _Column("reported")
    answered = _Column("answered")

    def __init__(self, missions: int, room: int = 64) -> None:
        self._whole = np.zeros((len(WHOLE), room), np.int64)
        self._flags = np.zeros((len(FLAGS), missions, room), bool)
        self._hold(0)

    def _hold(self, size: int) -> None:
        """Say how many acts there are; each column is cut to them when it is next asked for."""
        self.size, kept = size, self.__dict__
        for name in COLUMNS:
            kept.pop(name, None)

    def clear(self) -> None:
        """Forget the acts of the last week."""
        self._hold(0)

    def add(self, number: int, **columns: np.ndarray | int) -> slice:
        """Append acts; columns not named are zero, opponent, community and source -1. Returns their rows."""
        rows = slice(self.size, self.size + number)
        if number == 0:
            return rows
        while rows.stop > self._whole.shape[1]:
            self._whole = np.concatenate([self._whole, np.zeros_like(self._whole)], axis=1)
            self._flags = np.concatenate([self._flags, np.zeros_like(self._flags)], axis=2)
        new = self._whole[:, rows]
        new[:] = _UNSAID
        for name, values in columns.items():
            new[_WHOLE[name]] = values
        self._flags[:, :, rows] = False
        self._hold(rows.stop)
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
        other._hold(self.size)
        return other
