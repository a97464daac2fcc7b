"""The way from results to figures; plots are imported only when one is drawn."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from functools import partial
from types import ModuleType
from typing import Any

from sim.errors import Problem, SimError, nearest

HOME = "sim.report.plots"
SWEEP = "sim.report.sweep_plots"
"""Where the figures of results and of sweeps live."""


class Figures:
    """Figures by name: `results.plot.<name>(...)`; Matplotlib axes in and out."""

    def __init__(self, subject: Any, home: str = HOME) -> None:
        """Remember what is to be drawn, and the module where its figures live."""
        self._subject, self._home = subject, home

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the figure of that name, ready to draw.

        Raises AttributeError with the names there are.
        """
        if name.startswith("_"):
            raise AttributeError(name)
        return partial(figure(name, self._home), self._subject)

    def __dir__(self) -> list[str]:
        """List the figures."""
        return list(plots(self._home).__all__)


class Differences(Figures):
    """Figures of a comparison: `comparison.plot(metrics)` and by name, `comparison.plot.tradeoff()`."""

    def __call__(self, metrics: str | Iterable[str] | None = None, **how: Any) -> Any:
        """Draw the paired differences of some metrics, or of the headline; Matplotlib axes in (`ax=`) and out."""
        return figure("differences")(self._subject, metrics, **how)

    def __dir__(self) -> list[str]:
        """List the figures of comparisons."""
        return list(plots().OF_COMPARISONS)


def figure(name: str, home: str = HOME) -> Callable[..., Any]:
    """Return the function of a module of figures that draws one of them.

    Raises AttributeError naming those there are.
    """
    names = plots(home).__all__
    if name not in names:
        raise AttributeError(str(Problem("plot", name, "one of " + ", ".join(names), nearest(name, names))))
    return getattr(plots(home), name)


def plots(home: str = HOME) -> ModuleType:
    """Return a module of figures; this is the one import that points forward, and it happens when a figure is drawn.

    Raises SimError where Matplotlib is missing.
    """
    try:
        return importlib.import_module(home)
    except ModuleNotFoundError as error:
        raise SimError(f"figures need {error.name}, which is not installed") from None
