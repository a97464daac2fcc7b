"""Metrics: one function each; importing this package declares them all in METRICS."""

import sys
import types

from sim.metrics import (  # noqa: F401  each declares its metrics
    delivery,
    displacement,
    legitimacy,
    operations,
    opinion,
    politics,
    presence_violence,
    protection,
    satisfaction,
    society,
    targets,
    waits,
)
from sim.metrics.metric import METRICS, Metric, metric


class _Called(types.ModuleType):
    """The package can be called: `sim.metrics()` is every number there is, as a table."""

    def __call__(self):
        """Return name, keys, unit, direction, way of adding up, source and meaning of each metric; a row each."""
        import pandas as pd

        columns = ("name", "by", "unit", "better", "over_run", "source", "meaning")
        rows = [(m.name, ", ".join(m.by), m.unit, m.better, m.over_run, m.source, m.doc) for m in METRICS.values()]
        return pd.DataFrame(rows, columns=list(columns))


sys.modules[__name__].__class__ = _Called

__all__ = ["METRICS", "Metric", "metric"]
