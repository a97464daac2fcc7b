"""Read tables of other people's making: comma-separated text whose columns go by several names."""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.errors import SimError, nearest

Aliases = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One line of a file: its values by our names for the columns, and where it stands."""

    file: str
    line: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text in a column, empty where the file has no such column."""
        return self.values.get(column, "")

    def number(self, column: str, least: float, most: float, *, blank: float | None = None) -> float:
        """Return a column's number; a `SimError` names line and column where it is none or out of bounds."""
        text = self[column].strip()
        if not text and blank is not None:
            return blank
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            raise SimError(f"{self.file}, line {self.line}: {column} is {text!r}; allowed: {least:g} to {most:g}")
        return value


def read_rows(path: str | Path, aliases: Aliases, needed: Sequence[str], encoding: str = "utf-8") -> list[Row]:
    """Read a table with a head line; columns get our names by `aliases` (name -> names in files, lower case).

    A leading `#` in the head is ignored, and so are blank lines and a second line of HXL tags (`#date+start`). Raises
    `SimError` in one line where the file cannot be read, is not text of that encoding or lacks a needed column.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except OSError as error:
        raise SimError(f"{path}: cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, LookupError) as error:
        raise SimError(f"{path}: not text in {encoding} ({_why(error)}); try encoding latin-1") from error
    reader = csv.reader(io.StringIO(text.removeprefix("#"), newline=""))
    try:
        head = [name.strip().lstrip("#").strip().lower() for name in next(reader, [])]
        columns = _columns(path.name, head, aliases, needed)
        return [row for row in (_row(path.name, reader.line_num, line, columns) for line in reader) if row]
    except csv.Error as error:
        raise SimError(
            f"{path.name}, line {reader.line_num}: not a table of comma-separated values ({error})"
        ) from error


def _why(error: Exception) -> str:
    """Say in a few words what is wrong with the text."""
    return f"byte {error.start}" if isinstance(error, UnicodeDecodeError) else "unknown encoding"


def _columns(file: str, head: list[str], aliases: Aliases, needed: Sequence[str]) -> dict[str, int]:
    """Find where our columns stand in a file's head."""
    found = {ours: head.index(name) for ours, names in aliases.items() for name in reversed(names) if name in head}
    missing = [name for name in needed if name not in found]
    if missing:
        likeliest = nearest(aliases[missing[0]][0], head)
        hint = f"; did you mean {likeliest!r}?" if likeliest else ""
        if len(head) == 1 and (odd := next((c for c in ";\t|" if c in head[0]), "")):
            hint = f"; columns must be parted by commas, here it is by {odd!r}"
        allowed = "; ".join(" or ".join(aliases[name]) for name in missing)
        raise SimError(f"{file}: columns are missing: {', '.join(missing)} (allowed names: {allowed}){hint}")
    return found


def _row(file: str, line: int, values: list[str], columns: dict[str, int]) -> Row | None:
    """Return a line as a row; none for a blank line or a line of HXL tags."""
    if not any(v.strip() for v in values) or next(v for v in values if v.strip()).startswith("#"):
        return None
    return Row(file, line, {name: values[i] if i < len(values) else "" for name, i in columns.items()})


def digest(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
