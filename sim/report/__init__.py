"""Figures and the look in which they are drawn."""

from sim.report.look import style
from sim.report.plots import save as save_figures

__all__ = ["save_figures", "style"]
