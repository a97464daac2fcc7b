"""A regional force hands over to the UN: at a benchmark, or when it cannot pay.

Evidence: F-M91 (unpredictable money, premature handover, the UN in hot conflict), F-M92 (a benchmark that governs the
switch), B-M76, B-M116. The same two missions and the same plan; only where the first one's money comes from differs.
"""

from __future__ import annotations

from functools import cache

from helpers import AU, HERE, UN, small

from sim.model import Model

BENCHMARK = {"measure": "strength", "above": 0.8, "weeks": 4}
BROKE = {"measure": "paid", "below": 0.8, "weeks": 6}
OVER = {"event": "handover", "mission": "AU", "to": "UN"}
FIRST = AU | HERE | {"troops": 2500, "mandate": "poc", "reserve": 9.0}
SECOND = UN | {"mandated": 52, "arrives": 56, "ramp": 30, "troops": 2500}
SECURE, SHORT = {"assessed": 1.0}, {"donor": 0.6}
PLAN = {"broke": BROKE, "planned": BENCHMARK}


@cache
def told(funding: str, seed: int) -> tuple[dict[str, float], int]:
    """Return when each handover came, and the first week in which the UN was at work; both conditions stand."""
    events = {f"timeline.{name}": OVER | {"when": when} for name, when in PLAN.items()}
    missions = {"AU": FIRST | {"funding": {"secure": SECURE, "short": SHORT}[funding]}, "UN": SECOND}
    m = Model(small({"weeks": 100} | events, missions=missions), seed, keep={"summary"})
    first = m.setup.weeks
    while m.week + 1 < m.setup.weeks:
        m.step()
        if m.actors.index["UN"] in m.at_work:
            first = min(first, m.week)
    row = m.tables()["summary"]
    return {name: float(row[f"event_week:{name}"].item()) for name in PLAN}, first


def test_with_money_the_heir_takes_over_when_it_is_strong_enough():
    for seed in range(3):
        weeks, first = told("secure", seed)
        assert first == SECOND["arrives"] < weeks["planned"] and weeks["broke"] != weeks["broke"]


def test_without_money_it_takes_over_early_and_before_its_mandate_was_due():
    for seed in range(3):
        weeks, first = told("short", seed)
        assert weeks["broke"] < SECOND["mandated"] and first == weeks["broke"]
