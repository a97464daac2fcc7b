"""The figures: `results.plot.<name>()`, `comparison.plot()`, `why.plot()`; Matplotlib axes in (`ax=`) and out.

Each draws in the look, whatever the settings round it, and changes none of them. Without `ax` it makes a page of its
own, which keeps text as text in SVG and PDF; on axes of another figure, `with style():` does so when it is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import SimError
from sim.report.differences import differences
from sim.report.displaced import displaced
from sim.report.look import Page
from sim.report.matrix import matrix
from sim.report.overview import overview
from sim.report.page import off_screen
from sim.report.perceptions import perceptions
from sim.report.presence import presence
from sim.report.series import series
from sim.report.tradeoff import tradeoff
from sim.report.violence import violence
from sim.report.waterfall import waterfall
from sim.report.words import first_mission

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.results import Results

__all__ = [
    "differences", "displaced", "matrix", "overview", "perceptions", "presence", "series", "tradeoff", "violence",
    "waterfall",
]  # fmt: skip
OF_COMPARISONS = ("differences", "tradeoff")

FOLDER, DPI = "figures", 160
Draw = Callable[[], Any]


def save(results: Results, comparison: Comparison, folder: str | Path) -> list[Path]:
    """Write the figures of a comparison into `figures` in a folder, each as PNG and SVG, and return the files.

    A figure whose table was not kept, or that has nothing to show, is left out.
    """
    place = Path(folder) / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    wanted = [(name, draw) for name, tables, draw in _figures(results, comparison) if tables <= set(results.tables)]
    with off_screen():
        return [file for name, draw in wanted for file in _write(draw, place / name)]


def _figures(results: Results, comparison: Comparison) -> list[tuple[str, set[str], Draw]]:
    """Return each figure's name, the tables that it needs, and how to draw it."""
    figures: list[tuple[str, set[str], Draw]] = [
        ("violence", {"events"}, partial(violence, results)),
        ("killed", {"weeks"}, partial(series, results, "civilians_killed")),
        ("differences", set(), partial(differences, comparison)),
        ("legitimacy", {"perceptions"}, partial(matrix, results)),
        ("displaced", {"communities"}, partial(displaced, results)),
    ]
    mission = first_mission(results.setups)
    if mission:
        figures += [
            ("overview", {"events", "weeks", "actors"}, partial(overview, results)),
            ("presence", {"units"}, partial(presence, results)),
            ("tradeoff", set(), partial(tradeoff, comparison)),
            (f"perceptions_{mission}", {"communities"}, partial(perceptions, results)),
            (f"legitimacy_{mission}", {"actors"}, partial(series, results, f"legitimacy:all->{mission}")),
            (f"moved_{mission}", {"ledger"}, partial(waterfall, results, actor=mission)),
        ]
    return sorted(figures, key=lambda figure: figure[0] != "overview")


def _write(draw: Draw, place: Path) -> list[Path]:
    """Draw a figure and write it as PNG and SVG, the same bytes each time; nothing where there is nothing to show."""
    try:
        page: Page = np.atleast_1d(draw())[0].figure
    except SimError:
        return []
    files = [place.with_name(f"{place.name}.{kind}") for kind in ("png", "svg")]
    page.savefig(files[0], dpi=DPI)
    page.savefig(files[1])
    return files
