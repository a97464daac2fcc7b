"""State lives in NumPy columns, a row per agent; a Mesa agent is a handle on one row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from numba import njit

if TYPE_CHECKING:
    from sim.model import Model


class Table:
    """Named columns whose last axis is the row; row numbers are permanent, rows never appear or vanish.

    Columns given as `kept` belong to the ledger: they are handed out read-only, and only the ledger holds the writable
    array (`table.ledger[name]`).
    """

    def __init__(self, rows: int, columns: dict[str, np.ndarray], kept: dict[str, np.ndarray] | None = None) -> None:
        self.rows = rows
        self.ledger = dict(kept or {})
        self.names = (*columns, *self.ledger)
        if shadowed := sorted({"rows", "ledger", "names", "columns"} & set(self.names)):
            raise ValueError(f"a column may not be called {', '.join(shadowed)}: a table has that by itself")
        for name, column in columns.items():
            setattr(self, name, column)
        for name, column in self.ledger.items():
            setattr(self, name, guarded(column))

    if TYPE_CHECKING:  # only there: a class that has it reads each column several times as slowly

        def __getattr__(self, name: str) -> np.ndarray:
            """Give the type of a column."""

    def columns(self) -> Iterator[tuple[str, np.ndarray]]:
        """Go through the columns by name."""
        return ((name, getattr(self, name)) for name in self.names)


def guarded(column: np.ndarray) -> np.ndarray:
    """Return a view that cannot be written to."""
    view = column.view()
    view.flags.writeable = False
    return view


@njit(cache=True, nogil=True)
def all_finite(cube, tables, rows):
    """Say whether all numbers of an array of three axes, of some of two, and of some of one are finite."""
    total = 0.0
    for i in range(cube.shape[0]):
        for j in range(cube.shape[1]):
            total += _sum(cube[i, j])
    for table in tables:
        for i in range(table.shape[0]):
            total += _sum(table[i])
    for row in rows:
        total += _sum(row)
    return np.isfinite(total)


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum(row):
    """Add up in any order: only whether the sum is a number counts."""
    total = 0.0
    for i in range(row.size):
        total += row[i]
    return total


class Row(mesa.Agent):
    """A Mesa agent that reads and writes its row of a table: `band.cell`, `community.legitimacy["UN"]`."""

    kind: str = ""  # the table of the model in which agents of this class have their rows
    model: Model

    def __init__(self, model: Model, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def table(self) -> Table:
        """The table in which this agent is a row."""
        return getattr(self.model, self.kind)

    def __getattr__(self, name: str) -> Any:
        """Read a column at this agent's row; a column by actor comes as a small view, indexed by the actor's name."""
        if name.startswith("_") or name in ("model", "row"):
            raise AttributeError(name)
        try:
            column = getattr(self.table, name)
        except AttributeError:
            raise AttributeError(f"no column {name!r}; there are: {', '.join(self.table.names)}") from None
        return column[self.row] if column.ndim == 1 else ByActor(self.model, column[..., self.row])

    def __setattr__(self, name: str, value: Any) -> None:
        """Write a column at this agent's row; columns of the ledger refuse."""
        if "row" in self.__dict__ and name in self.table.names:
            getattr(self.table, name)[..., self.row] = value
        else:
            super().__setattr__(name, value)

    @property
    def place(self) -> tuple[int, int] | None:
        """Row and column of this agent's cell on the grid, or None where it stands nowhere."""
        cell = int(self.cell)
        world = self.model.world
        return (int(world.row[cell]), int(world.col[cell])) if cell >= 0 else None

    def __repr__(self) -> str:
        """Name the agent by its kind and row."""
        return f"{type(self).__name__}({self.row})"


class ByActor:
    """One agent's values for each actor, read by name."""

    def __init__(self, model: Model, values: np.ndarray) -> None:
        self._model, self._values = model, values

    def __getitem__(self, actor: str | int) -> float:
        """Return the value for one actor, by name or number."""
        return float(self._values[self._model.actors.index[actor] if isinstance(actor, str) else actor])

    def __len__(self) -> int:
        """Return how many actors are judged."""
        return len(self._values)

    def __repr__(self) -> str:
        """Show all values by actor."""
        names = self._model.actors.names[: len(self._values)]
        return "{" + ", ".join(f"{n}: {float(v):.3f}" for n, v in zip(names, self._values, strict=False)) + "}"
