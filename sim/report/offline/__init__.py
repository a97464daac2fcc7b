"""The trainer's page: one HTML file that shows two arrangements on one clock, with everything inside."""

from sim.report.offline.build import Page, index, page

__all__ = ["Page", "index", "page"]
