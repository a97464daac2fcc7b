"""The look: one palette, one style sheet, one set of fonts, in force only while a figure is drawn or saved."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.style
from matplotlib import font_manager
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

HERE = Path(__file__).parent
PALETTE: dict[str, Any] = json.loads((HERE / "palette.json").read_text(encoding="utf-8"))
SURFACE: dict[str, str] = PALETTE["surface"]
INK, MUTED, PAPER = SURFACE["ink"], SURFACE["muted"], SURFACE["paper"]
SCALE = {name: LinearSegmentedColormap.from_list(name, stops) for name, stops in PALETTE["scales"].items()}
LOWER, HIGHER = PALETTE["scales"]["legitimacy"][1], PALETTE["scales"]["legitimacy"][5]
"""Brown is lower, teal is higher: in maps, matrices, differences and ledger figures alike."""
SERIF = "Look Serif"


@contextmanager
def style() -> Iterator[None]:
    """Put the look in force for a while, in a `with` or as a decorator; what was set before comes back.

    A notebook's backend that wakes up meanwhile stays awake.
    """
    _register_fonts()
    with matplotlib.style.context(["default", HERE / "look.mplstyle"]):
        try:
            yield
        finally:
            awake = matplotlib.is_interactive()
    matplotlib.interactive(awake)


@cache
def _register_fonts() -> None:
    """Make the fonts known to Matplotlib, once in a process; no setting refers to them outside `style`."""
    for font in sorted((HERE / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(font)


class Page(Figure):
    """A figure that is drawn and saved in the look wherever that happens; text in SVG and PDF stays text."""

    def draw(self, renderer: Any) -> None:
        """Draw in the look."""
        with style():
            super().draw(renderer)

    def savefig(self, fname: Any, **how: Any) -> None:
        """Save in the look; an SVG file takes its fonts along, and no date, so that its bytes are the same again."""
        svg = isinstance(fname, str | PathLike) and Path(fname).suffix == ".svg"
        with style():
            super().savefig(fname, **({"metadata": {"Date": None}} if svg else {}) | how)
        if svg:
            embed_fonts(Path(fname))


def embed_fonts(file: Path) -> None:
    """Write the fonts into an SVG file, so that it reads alike where they are not installed."""
    told = file.read_text(encoding="utf-8")
    faces = "".join(_face(*face) for face in FACES if face[0] in told)
    file.write_text(told.replace("<defs>", f'<style type="text/css">{faces}</style>\n <defs>', 1), encoding="utf-8")


FACES = (("Look Sans", 400, "figure-regular"), ("Look Sans", 700, "figure-bold"), (SERIF, 400, "figure-serif"))


@cache
def _face(family: str, weight: int, file: str) -> str:
    """Return a font as a rule of CSS."""
    font = base64.b64encode((HERE / "fonts" / f"{file}.ttf").read_bytes()).decode()
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{font}) format('truetype')}}"
    )
