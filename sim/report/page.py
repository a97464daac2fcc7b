"""The paper round a figure: axes of a fixed size, titles, keys and captions in measured places, then a page that fits.

Sizes are in inches, distances between texts in points. Captions are wrapped to what the axes take up, with their
labels, so that a figure's function works alike on its own page and on axes that somebody else has laid out.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, cast

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from sim.errors import Problem, Problems
from sim.report.look import INK, MUTED, SERIF, Page
from sim.report.look.cast import Arm
from sim.report.words import cautions

if TYPE_CHECKING:
    from sim.scenario import Scenario

_off_screen: ContextVar[bool] = ContextVar("off_screen", default=False)
POINTS = 72
PAD = 0.16
LETTER = 0.425
"""Mean width of a letter, in sizes of the font; measured on captions in the look's sans."""
CAPTION, NAME, HEAD, TITLE, QUESTION = 8.2, 9.5, 11.0, 12.5, 19.0
LEAST_WIDTH = 3.0


def panels(
    ax: Any, n: int, size: tuple[float, float], gap: tuple[float, float] = (0.4, 0.5), columns: int = 3
) -> np.ndarray:
    """Return n axes: those given, or new ones of a size (width, height) on a page of their own, row by row.

    gap: between columns and rows. Raises Problems if the number of axes given is another.
    """
    if ax is not None:
        given = np.atleast_1d(np.asarray(ax, dtype=object)).ravel()
        if len(given) != n:
            raise Problems([Problem("ax", f"{len(given)} axes", f"{n} axes (or choose a scenario)")])
        return given
    columns = min(n, columns)
    rows = -(-n // columns)
    (w, h), (right, down) = size, gap
    width, height = columns * (w + right), rows * (h + down)
    page = new_page((width, height))
    places = [(k % columns * (w + right), height - (k // columns) * (h + down) - h) for k in range(n)]
    return np.array([page.add_axes((x / width, y / height, w / width, h / height)) for x, y in places], dtype=object)


def new_page(size: tuple[float, float]) -> Page:
    """Return an empty page: one that Pyplot and so a notebook shows, or inside `off_screen` one that nobody does."""
    if not _off_screen.get():
        return cast(Page, plt.figure(FigureClass=Page, figsize=size))
    page = Page(figsize=size)
    FigureCanvasAgg(page)
    return page


@contextmanager
def off_screen() -> Iterator[None]:
    """Draw for files alone for a while: no window opens, and no page stays in Pyplot's memory."""
    token = _off_screen.set(True)
    try:
        yield
    finally:
        _off_screen.reset(token)


def finish(
    axes: Sequence[Axes] | np.ndarray, told: str, setups: Mapping[str, Scenario], own: bool, caption: bool = True,
    title: str = "",
) -> Any:  # fmt: skip
    """Write caption and title round the axes, fit their own page to what it holds, and return the axes (or the one).

    The title is for pages of their own. The caption ends with what every figure says of itself, and with the
    attribution of a world from data.
    """
    for ax in axes:
        keep_look(ax)
    if caption:
        write_caption(axes, f"{told} {cautions(setups)}")
    if own and title:
        write_title(axes, title)
    if own:
        fit(cast(Page, axes[0].figure))
    return axes[0] if len(axes) == 1 else np.asarray(axes, dtype=object)


def keep_look(ax: Axes) -> None:
    """Tell the axes the look of ticks that are made only later, when the settings are others again."""
    for axis in (ax.xaxis, ax.yaxis):
        font = plt.rcParams["font.family"]
        axis.set_tick_params(which="both", labelfontfamily=font)


def extent(axes: Iterable[Axes]) -> Bbox:
    """Return what the axes take up with all that hangs on them, in inches from the figure's lower left corner."""
    boxes = [box for ax in axes if (box := ax.get_tightbbox()) is not None]
    pixels = Bbox.union(boxes)
    dpi = next(iter(axes)).figure.dpi
    return Bbox(pixels.get_points() / dpi)


def corner(ax: Axes) -> tuple[float, float]:
    """Return the lower left corner of the axes in inches, where texts are hung up."""
    box = ax.get_window_extent()
    return box.x0 / ax.figure.dpi, box.y0 / ax.figure.dpi


def write_caption(axes: Sequence[Axes] | np.ndarray, told: str) -> None:
    """Write a text below the axes, as wide as they and their labels are."""
    box, (left, bottom) = extent(axes), corner(axes[0])
    width = max(box.width, LEAST_WIDTH)
    axes[0].annotate(
        fill(told, width, CAPTION), (0, 0), xycoords="axes fraction", textcoords="offset points", va="top", ha="left",
        xytext=((box.x0 - left) * POINTS, (box.y0 - bottom) * POINTS - 8), fontsize=CAPTION, color=MUTED,
        linespacing=1.35, annotation_clip=False,
    )  # fmt: skip


def write_title(axes: Sequence[Axes] | np.ndarray, told: str, serif: bool = False) -> None:
    """Write a figure's title above the titles of its panels; the serif is the narrator's, for questions."""
    ax, box = axes[0], extent(axes)
    left, _ = corner(ax)
    top = ax.get_window_extent().y1 / ax.figure.dpi
    font: dict[str, Any] = {"family": [SERIF, "DejaVu Serif"]} if serif else {"weight": "bold"}
    place = ((box.x0 - left) * POINTS, (box.y1 - top) * POINTS + (15 if serif else 9))
    ax.annotate(told, (0, 1), xycoords="axes fraction", textcoords="offset points", annotation_clip=False,
                xytext=place, fontsize=QUESTION if serif else TITLE, **font)  # fmt: skip


def fill(told: str, inches: float, size: float) -> str:
    """Break a text into lines that fit a width at a font size; lines that it has already are kept."""
    letters = max(12, int(inches * POINTS / (LETTER * size)))
    return "\n".join(textwrap.fill(line.replace("n = ", "n\xa0=\xa0"), letters) for line in told.split("\n"))


def head(ax: Axes, title: str, arms: Iterable[Arm] = ()) -> None:
    """Write a title above the axes, and below it the arms, each a line in its colour."""
    told = list(arms)
    several = len(told) > 1
    width = max(width_of(ax), LEAST_WIDTH)
    lines = [
        (line, arm.text if several else INK)
        for arm in told
        for line in fill(named(arm, several), width, NAME).split("\n")
    ]
    for k, (line, colour) in enumerate(reversed(lines)):
        ax.annotate(line, (0, 1), xytext=(0, 7 + 13.5 * k), xycoords="axes fraction", textcoords="offset points",
                    color=colour, fontsize=NAME, weight="bold", annotation_clip=False)  # fmt: skip
    ax.set_title(title, pad=8 + 14 * len(lines))


def subject(ax: Axes, arm: Arm, several: bool) -> None:
    """Head the panel of one scenario with its letter, where there are several, and its name, in lines that fit it."""
    ax.set_title(fill(named(arm, several), width_of(ax), HEAD), color=arm.text if several else INK)


def named(arm: Arm, several: bool) -> str:
    """Return a scenario's name, with its letter where there are several; long labels may break after commas."""
    name = re.sub(r",(?=\S)", ", ", arm.name)
    return f"{arm.letter}  {name}" if several else name


def width_of(ax: Axes) -> float:
    """Return the width of the axes in inches."""
    return ax.get_window_extent().width / ax.figure.dpi


def fit(page: Page) -> None:
    """Make a page as large as what is on it, leaving every axes its size."""
    old, box = page.get_size_inches(), page.get_tightbbox()
    new = np.array(box.size) + 2 * PAD
    for ax in page.axes:
        inches = ax.get_position(original=True).get_points() * old - np.array(box.min) + PAD
        ax.set_position(Bbox(inches / new))
    page.set_size_inches(*new)


def legend_below(axes: Sequence[Axes] | np.ndarray, handles: Sequence[Any], drop: float = 6.0) -> None:
    """Put one key for all axes below them, in as many columns as fit."""
    if not handles:
        return
    box, (left, bottom) = extent(axes), corner(axes[0])
    ax = axes[0]
    longest = max(len(handle.get_label()) for handle in handles)
    columns = max(1, int(box.width * POINTS / (9 * LETTER * longest + 32)))
    own, dpi = ax.get_window_extent(), ax.figure.dpi
    anchor = ((box.x0 - left) * dpi / own.width, (box.y0 - bottom - drop / POINTS) * dpi / own.height)
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=anchor, ncols=columns, handletextpad=0.3,
              columnspacing=1.2, borderaxespad=0, borderpad=0)  # fmt: skip


def spread_out(values: Sequence[float], gap: float) -> list[float]:
    """Return places for labels near their values, in the same order and at least a gap apart."""
    order = np.argsort(values, kind="stable")
    places = np.asarray(values, float)[order]
    for _ in range(50):
        short = gap - np.diff(places)
        if (short <= 1e-9 * gap).all():
            break
        push = np.maximum(short, 0) / 2
        places[:-1] -= push
        places[1:] += push
    return places[np.argsort(order, kind="stable")].tolist()
