"""Agent-based simulation of partnership peacekeeping: which arrangement of missions protects whom, and at what cost.

The public names, each fetched when it is first used, so that `import sim` is quick and loads nothing heavy.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

warnings.filterwarnings("ignore", message="IProgress not found")  # Mesa asks for progress bars that nothing here draws

HOMES = {
    "load": "sim.scenario",
    "Scenario": "sim.scenario",
    "dials": "sim.scenario.turnable",
    "scene": "sim.experiment.scenes",
    "run": "sim.experiment.results",
    "read": "sim.experiment.sweeps.play",
    "compare": "sim.experiment.comparison",
    "sweep": "sim.experiment.sweeps.play",
    "replay": "sim.experiment.replay",
    "attribute": "sim.experiment.attribution",
    "Results": "sim.experiment.results",
    "Model": "sim.model",
    "metrics": "sim.metrics",
    "SimError": "sim.errors",
}
"""Where each public name lives; `metrics` is a package that can be called."""

__all__ = list(HOMES)


def __getattr__(name: str) -> Any:
    """Fetch a public name on first use (PEP 562)."""
    if name not in HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(HOMES)}")
    home = import_module(HOMES[name])
    value = home if name == "metrics" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *HOMES})
