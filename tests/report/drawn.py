"""A small study that all tests of figures look at, and ways to look into axes."""

from __future__ import annotations

from functools import cache
from typing import Any

import matplotlib
import numpy as np
from helpers import AU, HERE, LINK, UN, small
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import sim
from sim.experiment.comparison import Comparison
from sim.experiment.results import Results

matplotlib.use("Agg")

A, B = "un_only", "un_and_au"


@cache
def study() -> Results:
    """Return two small scenarios on four seeds."""
    alone = small(missions={"UN": UN | HERE}).named(A)
    both = small(missions={"UN": UN | HERE, "AU": AU}, **{"partnerships.UN-AU": LINK}).named(B)
    return sim.run([alone, both], seeds=4, jobs=1, progress=False)


@cache
def comparison() -> Comparison:
    """Return the paired comparison of the two."""
    return study().compare(A)


def several(axes: Any) -> list[Axes]:
    """Return axes as a list, whether there is one or an array of them."""
    return list(np.atleast_1d(axes).ravel())


def page_of(axes: Any) -> Figure:
    """Return the figure on which axes are."""
    return several(axes)[0].figure


def texts(axes: Any) -> list[str]:
    """Return every text on the axes, titles and labels of ticks among them."""
    found = [t for ax in several(axes) for t in ax.findobj(matplotlib.text.Text)]
    return [t.get_text() for t in found if t.get_text()]
