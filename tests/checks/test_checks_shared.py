"""The small programs that must pass as they stand, where they lie beside the repository."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
from conftest import ROOT, shared

import sim


def run(*command: str) -> subprocess.CompletedProcess:
    """Run a program of this environment from the project's root."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"COLUMNS": "120"})


def test_luck_holds_its_promises():
    told = run(sys.executable, str(shared("checks", "luck.py")))
    assert told.returncode == 0, told.stdout + told.stderr
    assert "identical" in told.stdout


def test_the_example_loads_and_plays_twenty_weeks():
    path = shared("checks", "example.toml")
    checked = run(sys.executable, "-c", "from sim.cli import main; main()", "check", str(path))
    assert checked.returncode == 0 and "loads" in checked.stdout, checked.stdout + checked.stderr
    runs = sim.run([sim.load(path).but({"weeks": 20})], seeds=1, jobs=1)
    assert len(runs.weeks) == 20 and np.isfinite(runs.weeks.civilians_killed).all()
