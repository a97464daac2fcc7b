"""Keep a world in two files: a TOML head that people read, and a table of its cells beside it."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import SimError
from sim.world.records import Row, digest, read_rows
from sim.world.world import World

WHOLE = ("row", "col", "host", "area")
REAL = ("access", "wet", "resource", "state_presence", "border_km", "propensity")
BOUNDS = {"propensity": (-100.0, 100.0), "border_km": (0.0, 1e5), "lon": (-180.0, 180.0), "lat": (-90.0, 90.0)}
MOST = 1e10


def save(world: World, path: str | Path) -> Path:
    """Write a world to `<name>.toml` and `<name>.cells.csv`; loading and saving again gives the same bytes."""
    path = Path(path)
    if path.suffix != ".toml":
        raise SimError(f"{path}: a world file ends in .toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    table = path.with_suffix(".cells.csv")
    table.write_text(_csv(world), encoding="utf-8", newline="\n")
    path.write_text(_toml(_head(world, table)), encoding="utf-8", newline="\n")
    return path


def _head(world: World, table: Path) -> dict[str, Any]:
    """Return all of a world but its cells."""
    return {
        "name": world.name, "cells": table.name, "cells_sha256": digest(table), "side_km": float(world.side_km),
        "shape": list(world.shape), "hosts": list(world.host_names), "areas": list(world.area_names),
        "groups": list(world.group_names), "capital": world.capital.tolist(), "towns": world.towns.tolist(),
        "about": dict(world.about),
    }  # fmt: skip


def _columns(world: World) -> dict[str, np.ndarray]:
    """Return a world's columns by name, as they stand in the file."""
    names = [*WHOLE, *(("lon", "lat") if world.lon is not None else ()), *REAL]
    people = {f"people_{g + 1}": row for g, row in enumerate(world.residents)}
    return {n: getattr(world, n) for n in names} | people | dict(world.history)


def _csv(world: World) -> str:
    """Return the table of cells; numbers are written so that they read back the same."""
    columns = _columns(world)
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(columns)
    out.writerows(zip(*(map(repr, column.tolist()) for column in columns.values()), strict=True))
    return text.getvalue()


def _toml(table: Mapping[str, Any], inside: str = "") -> str:
    """Return a table as TOML: plain values first, then the tables in it."""
    plain = [f"{_key(k)} = {_value(v)}\n" for k, v in table.items() if not isinstance(v, Mapping)]
    nested = [(f"{inside}{_key(k)}", v) for k, v in table.items() if isinstance(v, Mapping)]
    return "".join(plain) + "".join(f"\n[{name}]\n{_toml(inner, f'{name}.')}" for name, inner in nested)


def _key(name: str) -> str:
    """Return a key, quoted where it must be."""
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else _value(name)


def _value(value: Any) -> str:
    """Return a text, number or list in TOML; long lists of text take a line each."""
    if isinstance(value, list):
        items = [_value(v) for v in value]
        wide = any(isinstance(v, str) and len(v) > 40 for v in value)
        return "[\n" + "".join(f"  {item},\n" for item in items) + "]" if wide else f"[{', '.join(items)}]"
    return json.dumps(value, ensure_ascii=False)


def load_world(path: str | Path) -> World:
    """Read a world that `save` wrote; a `SimError` names the file and what is wrong with it."""
    path = Path(path)
    head = _read_head(path)
    groups, history = len(head["groups"]), _history_names(path.with_name(head["cells"]), len(head["groups"]))
    names = [*WHOLE, *REAL, *(f"people_{g + 1}" for g in range(groups)), *history]
    _check_digest(path, head)
    rows = read_rows(path.with_name(head["cells"]), {n: (n,) for n in [*names, "lon", "lat"]}, names)
    if not rows:
        raise SimError(f"{head['cells']}: no cells")
    return _world(path, head, rows, history)


def _read_head(path: Path) -> dict[str, Any]:
    """Read a world's head and check that it has what a world needs."""
    try:
        head = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SimError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SimError(f"{path}: not a TOML file ({error})") from error
    kinds = {"name": str, "cells": str, "side_km": float, "shape": list, "hosts": list, "areas": list, "groups": list,
             "capital": list, "towns": list}  # fmt: skip
    wrong = [key for key, kind in kinds.items() if not isinstance(head.get(key), kind)]
    if wrong:
        raise SimError(f"{path}: not a world file: {', '.join(wrong)} missing or of the wrong kind")
    return head


def _check_digest(path: Path, head: dict[str, Any]) -> None:
    """Refuse a table of cells that is not the one the head was written with."""
    table = path.with_name(head["cells"])
    if "cells_sha256" in head and table.exists() and digest(table) != head["cells_sha256"]:
        raise SimError(
            f"{table.name}: not the table that {path.name} was written with; take out cells_sha256 to use it"
        )


def _history_names(path: Path, groups: int) -> list[str]:
    """Return the columns of a cell table beyond those that every world has."""
    known = {*WHOLE, *REAL, "lon", "lat", *(f"people_{g + 1}" for g in range(groups))}
    try:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return []
    return [name for name in first.split(",") if name and name not in known]


def _world(path: Path, head: dict[str, Any], rows: list[Row], history: list[str]) -> World:
    """Put a world together from its head and rows."""
    limits = {"row": head["shape"][0] - 1, "col": head["shape"][1] - 1, "host": len(head["hosts"]) - 1,
              "area": len(head["areas"]) - 1}  # fmt: skip

    def whole(name: str) -> np.ndarray:
        return np.array([r.number(name, 0, limits.get(name, MOST)) for r in rows]).astype(np.int64)

    def real(name: str) -> np.ndarray:
        return np.array([r.number(name, *BOUNDS.get(name, (0.0, 1.0))) for r in rows])

    side, residents = head["side_km"], [whole(f"people_{g + 1}") for g in range(len(head["groups"]))]
    placed = {name: whole(name) for name in WHOLE}
    mapped = bool(rows[0]["lon"])
    pointed = {name: _cells_of(path, name, head[name], len(rows)) for name in ("capital", "towns")}
    return World(
        name=head["name"], side_km=side, shape=tuple(head["shape"]), x=(placed["col"] + 0.5) * side,
        y=(head["shape"][0] - placed["row"] - 0.5) * side, lon=real("lon") if mapped else None,
        lat=real("lat") if mapped else None, host_names=tuple(head["hosts"]), area_names=tuple(head["areas"]),
        group_names=tuple(head["groups"]), residents=np.array(residents), about=head.get("about", {}),
        history={name: whole(name) for name in history}, **placed, **pointed, **{name: real(name) for name in REAL},
    )  # fmt: skip


def _cells_of(path: Path, name: str, given: list, cells: int) -> np.ndarray:
    """Return a list of cells, each of which must be there."""
    if not all(isinstance(c, int) and 0 <= c < cells for c in given):
        raise SimError(f"{path}: {name} is {given!r}; allowed: cells from 0 to {cells - 1}")
    return np.array(given, dtype=np.int64)
