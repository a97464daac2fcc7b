"""Where two scenarios differ, as a small table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.names import SECTIONS
from sim.scenario.paths import flat

Row = tuple[str, Any, Any]


class Difference:
    """Rows (path, ours, theirs), one for every value that differs; a thing that one side lacks is one row."""

    def __init__(self, ours: str, theirs: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> None:
        """Compare two resolved contents under their names."""
        self.columns = ("path", ours, theirs)
        self.rows: tuple[Row, ...] = tuple(_rows(left, right))

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Return how many values differ."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Read as the table."""
        return str(self)

    def __str__(self) -> str:
        """Return the rows aligned under their heading, or a line that says there are none."""
        if not self.rows:
            return f"{self.columns[1]} and {self.columns[2]} do not differ"
        cells = [self.columns, *((path, spelt(a), spelt(b)) for path, a, b in self.rows)]
        widths = [max(len(row[k]) for row in cells) for k in range(3)]
        return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells)


def _rows(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[Row]:
    """Yield what differs, in the order of the left side, then what only the right has."""
    lone = set()
    for section in SECTIONS:
        ours, theirs = left.get(section, {}), right.get(section, {})
        for name in sorted(set(ours) ^ set(theirs)):
            lone.add(f"{section}.{name}.")
            yield f"{section}.{name}", _present(ours, name), _present(theirs, name)
    a, b = dict(flat(left)), dict(flat(right))
    for path in dict.fromkeys([*a, *b]):
        gone = a.get(path) == b.get(path) or path in SECTIONS or path.startswith(tuple(lone))
        if not gone:
            yield path, a.get(path), b.get(path)


def _present(entries: Mapping[str, Any], name: str) -> str | None:
    """Return a few words for something that one side has."""
    return "present" if name in entries else None


def spelt(value: Any) -> str:
    """Return a value as a table shows it."""
    return "-" if value is None else value if isinstance(value, str) else json.dumps(value)
