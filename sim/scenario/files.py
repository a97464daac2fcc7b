"""Finds and reads scenario files, and lays them over each other."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Problem, Problems, SimError, nearest
from sim.scenario.paths import Tree, has, merge, plain

PACKAGE = Path(__file__).resolve().parents[1]
SCENES, SWEEPS = "training", "sweeps"
"""Where scenes and sweeps stand, within a folder of scenarios."""
LISTS = {"": "", SCENES: " --training", SWEEPS: " --sweeps"}
"""By which option `sim list` shows what stands there."""


@dataclass(frozen=True)
class Layer:
    """One scenario file as it was read."""

    file: Path
    tree: Tree


def folders() -> list[Path]:
    """Return where scenarios are looked for by name: the working folder's first, then those that ship."""
    shipped = PACKAGE / "shipped"
    here = [Path.cwd() / "scenarios", shipped if shipped.is_dir() else PACKAGE.parent / "scenarios"]
    return [f for f in dict.fromkeys(here) if f.is_dir()]


def listed(within: str = "") -> dict[str, Path]:
    """Return every scenario that can be named, by name, sorted; the first folder wins. within: SCENES or SWEEPS."""
    found: dict[str, Path] = {}
    for folder in folders():
        for file in sorted((folder / within).glob("*.toml"), key=_by_number):
            found.setdefault(file.stem, file)
    return {file.stem: file for file in sorted(found.values(), key=_by_number)}


def _by_number(file: Path) -> tuple[str, int, str]:
    """Sort by name, T2 before T10."""
    text = file.stem.rstrip("0123456789")
    return text, int(file.stem[len(text) :] or 0), file.stem


def find(
    name: str | Path, near: Path | None = None, kind: str = "scenario", skip: Path | None = None, within: str = ""
) -> Path:
    """Return the file of a name or a path; `near` is the folder of the file that asks, `skip` that file itself.

    within: SCENES or SWEEPS for those. Raises Problems with the nearest name if there is none.
    """
    for file in _candidates(Path(name), near, within):
        if file.is_file() and file.resolve() != skip:
            return file.resolve()
    what = f"a name that `sim list{LISTS[within]}` shows, or the path of a TOML file"
    raise Problems([Problem(kind, str(name), what, nearest(Path(name).stem, listed(within)))])


def _candidates(name: Path, near: Path | None, within: str) -> Iterator[Path]:
    """Yield where a file may be: as a path, beside the file that asks, in the scenario folders."""
    if not name.name:
        return
    spelt = name if name.suffix == ".toml" else name.with_name(name.name + ".toml")
    looks_like_path = name.suffix == ".toml" or len(name.parts) > 1
    homes = [] if near is None else [near]
    homes += [Path()] if looks_like_path and near is None else []
    for home in [*homes, *(folder / within for folder in folders())]:
        yield home.expanduser() / spelt.expanduser()


def read(file: Path) -> Tree:
    """Return the plain content of a TOML file.

    Raises SimError, one line, if it cannot be read or is no TOML.
    """
    try:
        return plain(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except tomllib.TOMLDecodeError as error:
        raise SimError(f"{file.name}: {_line(str(error))}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SimError(f"{file.name}: cannot be read: {error}") from None


def _line(message: str) -> str:
    """Put the line number first: `line 3: Invalid value (column 5)`."""
    text, _, place = message.rpartition(" (at ")
    if place.startswith("line "):
        line, _, column = place.rstrip(")").partition(", ")
        return f"{line}: {text} ({column})" if column else f"{line}: {text}"
    return f"last line: {text or message}"


def chain(name: str | Path) -> list[Layer]:
    """Return the file of a name and all that it extends, the lowest layer first.

    Raises Problems if one is missing or they extend each other in a loop.
    """
    layers: list[Layer] = []
    file: Path | None = find(name)
    while file is not None:
        if any(layer.file == file for layer in layers):
            loop = " -> ".join([*(layer.file.stem for layer in layers), file.stem])
            raise Problems([Problem(f"{layers[-1].file.name}: extends", file.stem, f"no loop; here {loop}")])
        layers.append(Layer(file, read(file)))
        file = _below(layers[-1])
    return layers[::-1]


def _below(layer: Layer) -> Path | None:
    """Return the file that a layer extends, if it does."""
    base = layer.tree.get("extends")
    if base is None:
        return None
    where = f"{layer.file.name}: extends"
    if not isinstance(base, str):
        raise Problems([Problem(where, base, "a scenario's name or path in quotes")])
    other = _other_of_that_name(base, layer.file)
    return find(base, layer.file.parent, where, skip=layer.file if other else None)


def _other_of_that_name(base: str, file: Path) -> bool:
    """Say whether another file of that name exists, which a file of the same name may extend."""
    return base == file.stem and any((f / file.name).is_file() and (f / file.name) != file for f in folders())


def layered(layers: list[Layer]) -> Tree:
    """Return the tree of all layers, without `extends`."""
    tree: Tree = {}
    for layer in layers:
        tree = merge(tree, {k: v for k, v in layer.tree.items() if k != "extends"})
    return tree


def origin(layers: list[Layer], path: str) -> str:
    """Return the name of the topmost file that says something at a path, or else of the top file."""
    keys: list[Any] = path.split(".") if path else []
    for n in range(len(keys), 0, -1):
        for layer in reversed(layers):
            if has(layer.tree, keys[:n]):
                return layer.file.name
    return layers[-1].file.name if layers else ""
