"""A fast double of the model, and results made by hand."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from sim.experiment.plan import Plan, as_setups
from sim.experiment.results import Results
from sim.experiment.sources import Memory
from sim.experiment.study import Study
from sim.experiment.tables import to_arrow
from sim.scenario import Scenario

TABLES = ("weeks", "actors", "perceptions", "events", "units", "ledger", "communities")


class Toy:
    """Plays weeks of luck: each mission halves the killing, and the ledger accounts for every move."""

    alive = 0

    def __init__(self, setup, seed, *, keep):
        type(self).alive += 1
        self.setup, self.seed, self.keep, self.week = setup, seed, keep, -1
        self.luck, self.belief = np.random.default_rng(seed), 0.5
        self.rows: dict[str, list[dict]] = {name: [] for name in TABLES}

    def step(self):
        self.week += 1
        killed = int(self.luck.poisson(40) * 0.5 ** len(self.setup.missions))
        self._move("harm_seen", "rebels", -0.001 * killed)
        self._move("decay", "", 0.001 * self.luck.random())
        self._note("weeks", civilians_killed=killed)
        self._note("actors", metric="civilians_killed", actor="rebels", value=float(killed))
        views = {"legitimacy": 0.5, "impartiality": self.belief, "credibility": np.nan}
        self._note("perceptions", audience="all", actor="UN", **views, no_opinion=0.0, people=9)
        self._note("communities", community=0, residents=9)
        if killed % 2:
            self._note("events", event=0, kind="battle", date=pd.Timestamp("2013-01-07"))

    def _note(self, table, **row):
        self.rows[table].append({"scenario": "not the label", "seed": -1, "week": self.week, **row})

    def _move(self, rule, cause, change):
        self.belief += change
        about = {"quantity": "impartiality", "actor": "UN", "audience": "all", "cells": "A1;B2"}
        self._note("ledger", rule=rule, cause=cause, change=change, **about)

    def run(self):
        for _ in range(self.setup.weeks):
            self.step()

    def tables(self):
        names = [n for n in self.keep if n in self.rows]
        frames = {name: pd.DataFrame(self.rows[name]) for name in names}
        frames |= {name: pd.DataFrame({"scenario": [], "seed": []}) for name in names if not self.rows[name]}
        killed = sum(row["civilians_killed"] for row in self.rows["weeks"])
        summary = {"scenario": ["x"], "seed": [-1], "civilians_killed": [killed], "civilians_killed:rebels": [killed]}
        if self.setup.missions:
            summary["impartiality_min:UN"] = [self.belief]
        return frames | {"summary": pd.DataFrame(summary)}

    def dispose(self):
        type(self).alive -= 1


class Failing(Toy):
    """Raises for seed 2."""

    def step(self):
        if self.seed == 2:
            raise ValueError("state holds NaN")
        super().step()


class Dying(Toy):
    """Takes its process with it for seed 2."""

    def step(self):
        if self.seed == 2:
            os._exit(9)
        super().step()


class Slow(Toy):
    """Takes its time, and says in which process (files named by it in $TOY_PIDS)."""

    def run(self):
        (Path(os.environ["TOY_PIDS"]) / str(os.getpid())).touch()
        time.sleep(0.3)
        super().run()


def scenario(name: str = "alone", **tree) -> Scenario:
    """Return a small scenario."""
    return Scenario.from_dict({"weeks": 6, **tree}, name)


def with_mission(name: str = "policy", **tree) -> Scenario:
    """Return the same country with the UN in it."""
    mission = {"org_type": "un", "profile": "un_multidimensional", "mandate": "poc", "troops": 1000}
    return scenario(name, missions={"UN": mission}, **tree)


def results_of(arms: dict[str, dict[str, list]], setups=None) -> Results:
    """Return results whose summary is as given: {scenario: {metric: value by seed}}."""
    setups = as_setups(setups or [scenario(name) for name in arms])
    seeds = range(max(len(v) for metrics in arms.values() for v in metrics.values()))
    plan, batches = Plan({}).extended(setups, list(seeds)), {}
    for batch in plan.batches():
        rows = [{"id": r.id, "scenario": r.scenario, "seed": r.seed, "error": None} for r in batch.runs]
        for row in rows:
            row |= {metric: values[row["seed"]] for metric, values in arms[row["scenario"]].items()}
        batches[batch.number] = {"runs": to_arrow(pd.DataFrame(rows))}
    return Results(Study(plan, Memory(batches), ("summary",)), setups, list(seeds))
