"""The figures of sweeps: `results.plot.<name>()`, `sensitivity.plot()`; Matplotlib axes in (`ax=`) and out."""

from __future__ import annotations

from sim.report.frontier import tradeoff
from sim.report.heat import heat
from sim.report.response import response
from sim.report.tornado import tornado

__all__ = ["heat", "response", "tornado", "tradeoff"]
