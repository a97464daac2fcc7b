"""What a rule is: a function of the model that says what it reads and writes, and on what evidence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.model import Model


@dataclass(frozen=True)
class Rule:
    """One rule of the week.

    reads, writes: columns as `table.column`; the conformance test holds a rule to what it writes. source and basis are
    taken from the docstring's line "Source: ... Basis: ...".
    """

    name: str
    act: Callable[[Model], None]
    reads: tuple[str, ...]
    writes: tuple[str, ...]

    def __call__(self, m: Model) -> None:
        """Play the rule for one week."""
        self.act(m)

    @property
    def doc(self) -> str:
        """The rule in one plain sentence, then how it works."""
        return (self.act.__doc__ or "").strip()

    @property
    def source(self) -> str:
        """The evidence entries that the docstring names."""
        return self._after("Source")

    @property
    def basis(self) -> str:
        """On what its form and sizes rest: literature, calibrated or assumption."""
        return self._after("Basis")

    def _after(self, word: str) -> str:
        """Return what follows `word:` in the docstring, up to the next such word or the paragraph's end."""
        found = re.search(rf"{word}:\s*(.+?)(?=\s+(?:Source|Basis):|\n\s*\n|$)", self.doc, re.DOTALL)
        return " ".join(found.group(1).split()).rstrip(".") if found else ""


@lru_cache(maxsize=256)
def kept(weeks: float) -> float:
    """Return the share that one week leaves of what fades with a time constant of so many weeks."""
    return float(np.exp(-1 / weeks))


def rule(reads: tuple[str, ...], writes: tuple[str, ...]) -> Callable[[Callable[[Model], None]], Rule]:
    """Declare a function as a rule of the week, named as the function is."""

    def declare(act: Callable[[Model], None]) -> Rule:
        return Rule(act.__name__, act, reads, writes)

    return declare
