"""Small sweeps of the toy model, what breaks in them, and how their parts are told apart."""

from __future__ import annotations

import ctypes
import hashlib
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
from toy import Toy

from sim.experiment.store import Store
from sim.experiment.sweeps.play import sweep

CHANCE = "parameters.response.base_chance"
ILL = 2
"""The seed with which something goes wrong."""


class Turned(Toy):
    """The toy whose luck is another for another chance of a response."""

    def __init__(self, setup, seed, *, keep):
        super().__init__(setup, seed, keep=keep)
        self.luck = np.random.default_rng([seed, round(setup.parameters.response.base_chance * 1e9)])


class Ill(Turned):
    """Goes wrong with one seed, in the last of its weeks."""

    def step(self):
        if self.seed == ILL and self.week == self.setup.weeks - 2:
            self.go_wrong()
        super().step()


class Raising(Ill):
    def go_wrong(self):
        raise ValueError("a fault in a rule\nand more of it")


class Ending(Ill):
    """Takes its process with it."""

    def go_wrong(self):
        os._exit(7)


class Faulting(Ill):
    """Touches memory that is not there."""

    def go_wrong(self):
        ctypes.string_at(0)


class Looping(Ill):
    """Never ends, in Python."""

    def go_wrong(self):
        while True:
            time.sleep(0.001)


class Holding(Ill):
    """Never ends, and lets no other thread of Python run."""

    def go_wrong(self):
        ctypes.PyDLL(None).sleep(600)


class Greedy(Ill):
    """Takes four gigabytes."""

    def go_wrong(self):
        self.much = np.ones(2**29)


class Early(Turned):
    """Raises in its very first week with the seeds 0 and 1."""

    def step(self):
        if self.seed < 2:
            raise ValueError("no start")
        super().step()


class Late(Turned):
    """Takes its time in every run."""

    def run(self):
        time.sleep(0.05)
        super().run()


def told(**more) -> dict:
    """Return a small sweep: two arms, three points, four seeds, six parts, 24 runs."""
    small = {
        "question": "Does it hold?",
        "scenario": "no_mission",
        "set": {"spin_up": 0},
        "choices": {"weeks": [3, 4]},
        "unknowns": {CHANCE: "plausible"},
        "design": {"samples": 3, "luck": "same"},
        "seeds": 4,
        "batch": 4,
    }
    return {**small, **more}


def played(out: Path, model: type = Turned, jobs: int = 1, retry_failed: bool = False, **more):
    """Play the small sweep, or one with other keys, into a folder."""
    return sweep(told(**more), out, jobs, retry_failed=retry_failed, progress=False, _model=model)


def digests(folder: Path) -> dict[str, str]:
    """Return the sha256 of every part by table and name."""
    files = sorted(folder.glob("*/*.parquet"))
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def kept(folder: Path) -> pd.DataFrame:
    """Return all rows of the table of runs, failed ones too."""
    return pd.concat([part.to_pandas() for part in Store(folder).read("runs")])
