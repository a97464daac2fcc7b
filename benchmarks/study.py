"""What the studies here share: paired ratios with intervals and verdicts, and a log that names the machine."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import sim
from sim.experiment import statistics as st

LOGS = Path(__file__).parent / "logs"


class Log:
    """Prints lines and writes them to benchmarks/logs/NAME.txt, headed by machine and versions."""

    def __init__(self, name: str) -> None:
        LOGS.mkdir(exist_ok=True)
        self.file = (LOGS / f"{name}.txt").open("w", encoding="utf-8")
        self.start = time.time()
        cpu = next((x.split(":")[1].strip() for x in _cpuinfo() if x.startswith("model name")), platform.machine())
        cores = len(os.sched_getaffinity(0))
        self(f"{name}: {cpu}, {cores} cores, Python {platform.python_version()}, NumPy {np.__version__}")

    def __call__(self, text: str = "") -> None:
        """Print and keep one line."""
        print(text, flush=True)
        self.file.write(text + "\n")
        self.file.flush()

    def close(self) -> None:
        """Say how long it took."""
        self(f"{time.time() - self.start:.0f} s")
        self.file.close()


def _cpuinfo() -> list[str]:
    """Return the lines of the system's description of its processor."""
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


class Arms:
    """Runs of several scenarios on the same seeds, and paired comparisons of totals over actors."""

    def __init__(self, arms: dict[str, sim.Scenario], seeds: int | Sequence[int], jobs: int | None = None) -> None:
        named = [scenario.named(label) for label, scenario in arms.items()]
        self.runs = sim.run(named, seeds=seeds, jobs=jobs, keep={"summary"}, progress=sys.stderr.isatty())
        self.summary = {
            label: rows.set_index("seed") for label, rows in self.runs.summary.groupby("scenario", observed=True)
        }

    def total(self, arm: str, metric: str, actors: Sequence[str] | None = None) -> np.ndarray:
        """Return a metric of one arm by seed, summed over actors (default: all of the metric, as it stands)."""
        rows = self.summary[arm]
        columns = [metric] if actors is None else [f"{metric}:{a}" for a in actors if f"{metric}:{a}" in rows]
        return rows[columns].fillna(0.0).sum(axis=1).to_numpy()

    def value(self, arm: str, column: str) -> float:
        """Return the mean of one column of the summary."""
        return float(self.summary[arm][column].mean()) if column in self.summary[arm] else float("nan")

    def against(self, arm: str, base: str, metric: str, actors: Sequence[str] | None = None) -> Pair:
        """Return the paired comparison of one metric in two arms."""
        return Pair(self.total(arm, metric, actors), self.total(base, metric, actors))


class Pair:
    """One metric in two arms on the same seeds."""

    def __init__(self, above: np.ndarray, below: np.ndarray) -> None:
        self.above, self.below = above, below
        self.ratio = st.ratio(above, below)
        draws = st.resampled_ratio(above, below)
        self.interval, self.inner = st.percentiles(draws), st.percentiles(draws, 0.90)
        self.difference = st.student(above - below)
        self.agree = st.agreement(above - below)
        self.sign = st.sign_holds(self.difference, self.agree, st.effect(below, above))
        self.flat = st.null_holds(self.inner)

    def __str__(self) -> str:
        """Return ratio, 95 % interval, share of seeds with the sign, and what holds."""
        verdict = {1: "higher", -1: "lower", 0: "open"}[self.sign]
        also = "; flat (90 % inside 0.87-1.15)" if self.flat else ""
        low, high = self.interval
        return f"{self.ratio:.2f} [{low:.2f}, {high:.2f}], {self.agree:.0%} of {len(self.above)} seeds: {verdict}{also}"
