"""A mission leaves: on a date, when violence is low, with police who stay, or with a way back.

Evidence: B-M152 (a vacuum follows), B-M154 (date against condition), B-M133 and B-H97 (police soften the vacuum),
B-M159 and B-H112 (a trigger for coming back). Nothing is decreed: what held violence down is gone, and bands learn it.
A condition helps here by keeping the mission where things are bad; it does not make the exit itself safe. In the
bridge civilians stay with the police.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
from helpers import HERE, UN, small

from sim.model import Model

SEEDS, EXIT, YEAR = 4, 40, 52
FORCE = UN | HERE | {"troops": 3000, "police": 300, "delay": 4, "ramp": 8}
LEAVES = {"event": "withdrawal", "mission": "UN"}
ON_A_DATE = {"exit": LEAVES | {"week": EXIT}}
BRIDGED = {
    "exit": LEAVES | {"week": EXIT, "components": ["troops", "observers"]},
    "police": {"event": "reinforcement", "mission": "UN", "week": EXIT, "police": 900},
}
STRICT = {"measure": "civilian_deaths", "below": 30.0, "weeks": 8, "after": EXIT}
IF_CALM = {"exit": LEAVES | {"when": STRICT}}
WITH_A_WAY_BACK = ON_A_DATE | {
    "back": {
        "event": "reentry", "mission": "UN",
        "when": {"follows": "exit", "measure": "civilian_deaths", "above": 60.0, "weeks": 4},
    }
}  # fmt: skip
PLANS = {"stays": {}, "date": ON_A_DATE, "bridge": BRIDGED, "calm": IF_CALM, "back": WITH_A_WAY_BACK}


@cache
def runs(plan: str) -> list[dict[str, pd.DataFrame]]:
    """Return the tables of a few runs of a plan."""
    changes = {"weeks": EXIT + 2 * YEAR} | {f"timeline.{name}": event for name, event in PLANS[plan].items()}
    setup = small(changes, missions={"UN": FORCE})
    return [Model(setup, seed, keep={"weeks", "summary"}).run().tables() for seed in range(SEEDS)]


def killed(plan: str, start: int = EXIT, weeks: int = YEAR) -> int:
    """Return the civilians killed in some weeks, over all runs of a plan."""
    tables = [run["weeks"] for run in runs(plan)]
    return int(sum(t.loc[t.week.between(start, start + weeks - 1), "civilians_killed"].sum() for t in tables))


def happened(plan: str, event: str) -> list[float]:
    """Return the week in which an event on a condition happened in each run, NaN where it did not."""
    return [float(run["summary"][f"event_week:{event}"].item()) for run in runs(plan)]


def test_before_the_exit_all_plans_are_one():
    assert len({killed(plan, 0, EXIT) for plan in ("stays", "date", "calm", "back")}) == 1


def test_leaving_on_a_date_leaves_a_vacuum():
    assert killed("date") > 2 * killed("stays")


def test_police_who_stay_soften_it():
    assert killed("stays") < killed("bridge") < 0.7 * killed("date")


def test_a_condition_keeps_the_mission_where_it_is_not_met():
    weeks = happened("calm", "exit")
    assert all(not week < EXIT + STRICT["weeks"] - 1 for week in weeks)
    assert len({str(week) for week in weeks}) > 1, "each run at its own time"
    assert killed("calm") < killed("date")


def test_a_way_back_is_taken_once_violence_is_back_and_lessens_the_second_year():
    weeks = happened("back", "back")
    assert all(week > EXIT for week in weeks if week == week) and any(week == week for week in weeks)
    assert killed("back", EXIT + YEAR) < 0.8 * killed("date", EXIT + YEAR)
