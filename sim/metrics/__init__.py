"""Metrics: one function each; importing this package declares them all in METRICS."""

from sim.metrics import legitimacy, operations, protection
from sim.metrics.metric import METRICS, Metric, metric

__all__ = ["METRICS", "Metric", "legitimacy", "metric", "operations", "protection"]
