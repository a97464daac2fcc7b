"""The trainer's page: one HTML file that shows two arrangements on one clock, with everything inside."""

from sim.report.offline.build import Page, check_pair, index, page

__all__ = ["Page", "check_pair", "index", "page"]
