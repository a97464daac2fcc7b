"""The few errors a user can meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class SimError(Exception):
    """Something the user can mend; its message is one line, or one line for each problem."""


@dataclass(frozen=True)
class Problem:
    """One fault in what a user gave: where it stands, what was given (None: nothing), what is allowed, the nearest."""

    where: str
    given: object
    allowed: str
    nearest: str = ""

    def __str__(self) -> str:
        """Return the one line a user reads."""
        hint = f"; did you mean {self.nearest!r}?" if self.nearest else ""
        given = "nothing" if self.given is None else repr(self.given)
        return f"{self.where}: got {given}; allowed: {self.allowed}{hint}"


class Problems(SimError):
    """All the faults of one file or call at once, a line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple:
        """Pickle by problems, so that the error survives the way back from a worker."""
        return type(self), (self.problems,)


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the allowed name most like the one given, or an empty string."""
    found = get_close_matches(str(name), list(names), n=1, cutoff=0.6)
    return found[0] if found else ""
