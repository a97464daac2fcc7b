"""Experiments: running scenarios over seeds on all cores, results, paired comparison, saving and reading."""

from sim.experiment.attribution import Attribution, attribute
from sim.experiment.comparison import Comparison, compare
from sim.experiment.paired import PAIRED, PairedMetric, paired_metric
from sim.experiment.paired_metrics import harm_averted
from sim.experiment.plan import Misfit
from sim.experiment.replay import Replay, replay
from sim.experiment.results import Results, RunsFailed, run
from sim.experiment.store import Store
from sim.experiment.study import Interrupted
from sim.experiment.sweeps.play import read, sweep
from sim.experiment.sweeps.results import SweepResults
from sim.experiment.why import Why

__all__ = [
    "PAIRED",
    "Attribution",
    "Comparison",
    "Interrupted",
    "Misfit",
    "PairedMetric",
    "Replay",
    "Results",
    "RunsFailed",
    "Store",
    "SweepResults",
    "Why",
    "attribute",
    "compare",
    "harm_averted",
    "paired_metric",
    "read",
    "replay",
    "run",
    "sweep",
]
