"""Who acts: missions, hosts and armed groups, in one fixed order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

CLASSES = ("armed_groups", "host", "communal")  # whose violence a mandate may cover
ARMED, HOST, COMMUNAL = range(3)
CRIMINALS = "criminals"  # who commits a crime: nobody in particular


@dataclass(frozen=True)
class Roster:
    """Names of all actors: missions, then hosts, then armed groups, each sorted by name, so that no order leaks in."""

    missions: tuple[str, ...]
    hosts: tuple[str, ...]
    groups: tuple[str, ...]

    def __post_init__(self) -> None:
        """Number the actors once."""
        object.__setattr__(self, "names", self.missions + self.hosts + self.groups)
        object.__setattr__(self, "index", {name: i for i, name in enumerate(self.names)})

    names: tuple[str, ...] = ()
    index: dict[str, int] = None  # type: ignore[assignment]

    @cached_property
    def first_host(self) -> int:
        """Number of the first host."""
        return len(self.missions)

    @cached_property
    def first_group(self) -> int:
        """Number of the first armed group."""
        return len(self.missions) + len(self.hosts)

    @cached_property
    def judged(self) -> int:
        """How many actors are judged by impartiality and credibility too: missions and hosts, which come first."""
        return self.first_group

    def kind(self, actor: int) -> int | None:
        """Return whose violence an actor's is (armed group or host), or None for a mission."""
        if actor < self.first_host:
            return None
        return HOST if actor < self.first_group else ARMED


def spans(owner: np.ndarray, owners: int) -> list[slice]:
    """Return the rows of each owner, which lie together in the order of owners."""
    edges = np.searchsorted(owner, np.arange(owners + 1))
    return [slice(int(a), int(b)) for a, b in pairwise(edges)]
