"""Trees of plain values: merging layers, reading and setting by dotted path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

Tree = dict[str, Any]


def plain(value: Any) -> Any:
    """Return a copy made of dicts, lists, texts, truths and numbers only; dates become texts."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value


def merge(below: Tree, above: Tree) -> Tree:
    """Lay one tree over another: tables merge key by key, everything else replaces."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return _one_source(merged, above)


def _one_source(merged: Tree, above: Tree) -> Tree:
    """Let a world's file replace a generator named below it, and the other way round."""
    world = above.get("world")
    if isinstance(world, dict) and ("file" in world) != ("generator" in world):
        loser = "generator" if "file" in world else "file"
        merged["world"] = {k: v for k, v in merged["world"].items() if k != loser}
    return merged


def has(tree: Any, keys: list[str]) -> bool:
    """Say whether a tree holds a value at these keys."""
    for key in keys:
        if not isinstance(tree, Mapping) or key not in tree:
            return False
        tree = tree[key]
    return True


def get(tree: Any, keys: list[str]) -> Any:
    """Return the value at these keys, or None."""
    for key in keys:
        tree = tree.get(key) if isinstance(tree, Mapping) else None
    return tree


def put(tree: Tree, keys: list[str], value: Any) -> Tree:
    """Return a tree with the value laid over what stood at these keys."""
    for key in reversed(keys):
        value = {key: value}
    return merge(tree, value)


def drop(tree: Tree, keys: list[str]) -> Tree:
    """Return a tree without what stood at these keys."""
    head, rest = keys[0], keys[1:]
    if not rest:
        return {k: v for k, v in tree.items() if k != head}
    inner = tree.get(head)
    return tree | {head: drop(inner, rest)} if isinstance(inner, dict) else tree


def flat(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, value) for every leaf; an empty table is a leaf."""
    if isinstance(tree, Mapping) and tree:
        for key, value in tree.items():
            yield from flat(value, f"{path}.{key}" if path else str(key))
    else:
        yield path, tree
