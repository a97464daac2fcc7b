"""Numbers and keys in words, for pages that a person reads."""

from __future__ import annotations

from collections.abc import Iterable

STEPS = ((0.0, "not at all"), (0.25, "a little"), (0.5, "partly"), (0.75, "largely"), (0.999, "almost wholly"))
PARTS = ((0.0, "none"), (0.25, "little"), (0.5, "some"), (0.75, "much"), (0.999, "most"))


def spoken(key: str) -> str:
    """Return a key as words: `hot_spot` is `hot spot`."""
    return key.replace("_", " ")


def amount(share: float) -> str:
    """Say a share as a degree: not at all, a little, partly, largely, almost wholly, wholly."""
    return next((word for most, word in STEPS if share <= most), "wholly")


def how_much(share: float) -> str:
    """Say a share as a quantity: none, little, some, much, most, all."""
    return next((word for most, word in PARTS if share <= most), "all")


def list_of(names: Iterable[str]) -> str:
    """Join names as a sentence does: `a, b and c`."""
    *first, last = [*names] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def yes_no(value: bool) -> str:
    """Say a truth."""
    return "yes" if value else "no"
