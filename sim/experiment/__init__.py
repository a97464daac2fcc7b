"""Experiments: running scenarios over seeds on all cores, results, paired comparison, saving and reading."""

from sim.experiment.attribution import Attribution, attribute
from sim.experiment.comparison import Comparison, compare
from sim.experiment.paired import PAIRED, PairedMetric, paired_metric
from sim.experiment.paired_metrics import harm_averted
from sim.experiment.plan import Misfit
from sim.experiment.results import Results, RunsFailed, read, run
from sim.experiment.store import Store
from sim.experiment.study import Interrupted
from sim.experiment.why import Why

__all__ = [
    "PAIRED",
    "Attribution",
    "Comparison",
    "Interrupted",
    "Misfit",
    "PairedMetric",
    "Results",
    "RunsFailed",
    "Store",
    "Why",
    "attribute",
    "compare",
    "harm_averted",
    "paired_metric",
    "read",
    "run",
]
