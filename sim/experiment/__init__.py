"""Experiments: running scenarios over seeds on all cores, results, paired comparison, saving and reading."""

from sim.experiment.comparison import Comparison, compare
from sim.experiment.paired import PAIRED, PairedMetric, paired_metric
from sim.experiment.plan import Misfit
from sim.experiment.results import Results, RunsFailed, read, run
from sim.experiment.store import Store
from sim.experiment.study import Interrupted
from sim.experiment.why import Why

__all__ = [
    "PAIRED",
    "Comparison",
    "Interrupted",
    "Misfit",
    "PairedMetric",
    "Results",
    "RunsFailed",
    "Store",
    "Why",
    "compare",
    "paired_metric",
    "read",
    "run",
]
