"""What the commands share: dials set from the command line, tables on the screen and as JSON, one-line errors."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim.errors import Problem, Problems, SimError

if TYPE_CHECKING:
    from sim.scenario import Scenario

Row = Mapping[str, Any]
ClickError: Any = typer.BadParameter.__bases__[0].__bases__[0]
"""The base of what is wrong with a command line, whichever click typer brings."""

Sets = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Turn a dial; may be given several times.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON: a list of objects keyed by the columns.")]

INTERRUPTED = 130
"""The exit code of a command that the user stopped."""
WIDE = 1000
"""Columns of a table that goes to a file or a pipe: nothing is folded there."""


class Commands(TyperGroup):
    """A command line whose errors are one line each on stderr, with exit code 2 and no traceback."""

    def main(self, args: Sequence[str] | None = None, *, standalone_mode: bool = True, **more: Any) -> Any:  # type: ignore[override]
        """Run the command that the arguments name; without any, say what there is."""
        given = list(sys.argv[1:] if args is None else args) or ["--help"]
        more["standalone_mode"] = False
        if not standalone_mode:
            return super().main(given, **more)
        try:
            code = super().main(given, **more)
        except SimError as error:
            code = _complain(str(error))
        except ClickError as error:
            code = _complain(_told(error.format_message()))
        except OSError as error:
            if not error.filename:
                raise
            code = _complain(f"{error.filename}: {error.strerror or error}")
        except (typer.Abort, KeyboardInterrupt):
            code = _complain("interrupted", 130)
        sys.exit(code if isinstance(code, int) else 0)


def _told(message: str) -> str:
    """Return what is wrong with a command line as one line; a command's help, which some are, stays as it is."""
    return message if message.startswith("Usage:") else " ".join(message.split())


def _complain(text: str, code: int = 2) -> int:
    """Print an error and return its exit code."""
    typer.echo(text, err=True)
    return code


def parse_sets(sets: Iterable[str] | None) -> dict[str, Any]:
    """Return {path: value} from texts `path=value`; values are TOML, anything else is a text, `none` takes away.

    Raises Problems for what has no `=`.
    """
    pairs = [text.partition("=") for text in sets or ()]
    wrong = [Problem("--set", path, "path=value, such as weeks=52") for path, eq, _ in pairs if not (path and eq)]
    if wrong:
        raise Problems(wrong)
    return {path.strip(): _value(text.strip()) for path, _, text in pairs}


def _value(text: str) -> Any:
    """Return a TOML value, or the text itself where it is none."""
    if text in ("none", "None"):
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def load_with(names: Iterable[str], sets: Iterable[str] | None = None) -> list[Scenario]:
    """Return scenarios by name or path, each with the dials set that `--set` gave.

    Raises SimError for what does not load or cannot be set.
    """
    from sim.scenario import load

    change = parse_sets(sets)
    return [load(name).but(change) if change else load(name) for name in names]


def show(rows: Iterable[Row], as_json: bool = False, columns: Sequence[str] | None = None) -> None:
    """Print rows as a table, or as JSON with the same keys; `columns` are those to print, all by default."""
    listed = [dict(row) for row in rows]
    keys = list(columns or dict.fromkeys(k for row in listed for k in row))
    if as_json:
        typer.echo(json.dumps([{k: row.get(k) for k in keys} for row in listed], indent=1, default=str))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for key in keys:
        table.add_column(key, overflow="fold", no_wrap=key == "name")
    for row in listed:
        table.add_row(*(_cell(row.get(k)) for k in keys))
    Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, markup=False).print(table)


def _cell(value: Any) -> str:
    """Return a value as a cell shows it."""
    if isinstance(value, list | tuple) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)
