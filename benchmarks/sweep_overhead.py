"""What a sweep of 10,000 runs takes beside the runs: memory, idle cores, time; and Mesa's batch_run where things go wrong.

Plays 10,000 runs of a very small real country on two workers, watches every process of it, and sets the same number of
empty runs (a double of the model that does next to nothing) beside it. Then lets some of twenty runs raise, kills a
worker, and watches memory, here and with Mesa's `batch_run`. `python benchmarks/sweep_overhead.py` (about 15 minutes
on an idle machine). On a machine that does other things too, cores are counted as idle only where nobody used them.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
from study import Log

import sim
from sim.experiment.sweeps.sweep import Stage, load_sweep
from sim.experiment.worker import play
from sim.model import Model

RUNS, JOBS, SECOND = 10_000, 2, os.sysconf("SC_CLK_TCK")
HUNG = 25.0
"""Seconds after which a call that should take two is called hung."""
SMALL = {"weeks": 4, "spin_up": 0, "world.grid": [6, 6], "world.places": 12, "world.people": 100_000,
         "missions.UN.arrives": 0, "missions.AU.arrives": 0}  # fmt: skip
CHANCE = "parameters.response.base_chance"


class Empty:
    """A double of the model that does next to nothing."""

    def __init__(self, setup, seed, *, keep):
        self.seed = seed

    def step(self):
        self.run()

    def run(self):
        self.killed = float(np.random.default_rng(self.seed).poisson(9))

    def tables(self):
        return {"summary": pd.DataFrame({"civilians_killed": [self.killed]})}

    def dispose(self):
        pass


class Raising(Model):
    """Raises with seed 3."""

    def run(self):
        if self.run_seed == 3:
            raise ValueError("a fault")
        return super().run()


class Killed(Model):
    """Kills its process with seed 3, the first time that it is played."""

    def run(self):
        if self.run_seed == 3 and not Path(os.environ["ONCE"]).exists():
            Path(os.environ["ONCE"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().run()


MODELS = {kind.__name__: kind for kind in (Empty, Raising, Killed, Model)}


def told(runs: int) -> dict:
    """Return a sweep of so many runs: two arms, up to a hundred points, five seeds or more."""
    points = min(100, runs // 10)
    return {"question": "What does it take?", "scenario": "un_au_parallel", "set": SMALL,
            "choices": {"partnerships.UN-AU.coordination": [0.0, 0.9]}, "unknowns": {CHANCE: "plausible"},
            "design": {"samples": points, "luck": "same"}, "seeds": runs // 2 // points}  # fmt: skip


def swept(model: str, runs: str, out: str) -> None:
    """Play a sweep, and print how many runs ended and failed."""
    found = sim.sweep(told(int(runs)), out, JOBS, progress=False, _model=MODELS[model])
    print(len(found), len(found.failed))


class Coin(mesa.Model):
    """A model of a hundred agents in Mesa's usual way; goes wrong in the run that it is told."""

    def __init__(self, run=0, wrong="", seed=None):
        super().__init__(seed=seed)
        self.run, self.wrong = run, wrong
        mesa.Agent.create_agents(self, 100)
        self.datacollector = mesa.DataCollector({"heads": lambda m: m.heads})
        self.heads = 0

    def step(self):
        if self.run == 3 and self.wrong == "raising":
            raise ValueError("a fault")
        if self.run == 3 and self.wrong == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        self.heads = sum(self.random.random() < 0.5 for _ in self.agents)
        self.datacollector.collect(self)


def mesa_run(wrong: str, runs: str, processes: str) -> None:
    """Play runs with Mesa's batch_run, and print how many rows came and how memory grew."""
    before = memory(os.getpid())
    values = {"run": range(int(runs)), "wrong": [wrong]}
    rows = mesa.batch_run(Coin, values, number_processes=int(processes), max_steps=3, display_progress=False)
    print(len(rows), memory(os.getpid()) - before)


def bare(model: str, runs: str) -> None:
    """Play runs of the same sweep one after the other in this process, and print their processor time."""
    planned = [(run, arm.setup) for run, arm in load_sweep(told(RUNS)).runs(Stage(0, 1))]
    start = 0.0
    for k, (run, setup) in enumerate(itertools.islice(itertools.cycle(planned), int(runs) + 10)):
        start = time.process_time() if k == 10 else start  # what is loaded and compiled once is not counted
        play(run, setup, ("summary",), MODELS[model])
    print(time.process_time() - start)


def memory(pid: int) -> float:
    """Return the megabytes that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def used(session: int) -> Iterator[tuple[int, float]]:
    """Yield every process of a session with the processor seconds that it has used."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            words = (place / "stat").read_text().rpartition(")")[2].split()
            if int(words[3]) == session:
                yield int(place.name), (int(words[11]) + int(words[12])) / SECOND


def idle() -> float:
    """Return the seconds that the machine's cores have idled."""
    words = Path("/proc/stat").read_text().split()
    return (int(words[4]) + int(words[5])) / SECOND


class Watched:
    """A call in a process of its own, watched to its end: seconds, processor seconds, memory of its main process."""

    def __init__(self, *words: str) -> None:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        before, start, seconds = idle(), time.monotonic(), {}
        self.memory: list[float] = []
        with subprocess.Popen([sys.executable, __file__, *words], start_new_session=True, **pipes) as process:
            while process.poll() is None:
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    self.memory.append(memory(process.pid))
                    seconds |= dict(used(process.pid))
                time.sleep(0.2)
            self.wall, self.idle = time.monotonic() - start, idle() - before
            self.said, self.error = process.communicate()
        self.cpu = sum(seconds.values())


def span(batches: list[dict]) -> float:
    """Return the seconds from the beginning of the first batch to the end of the last, by the sweep's own log."""
    ends = [datetime.fromisoformat(line["time"]).timestamp() for line in batches]
    return max(ends) - min(end - line["seconds"] for end, line in zip(ends, batches, strict=True))


def watched_sweep(log: Log, model: str, out: Path) -> None:
    """Play 10,000 runs and say what they took beside the runs."""
    call = Watched("swept", model, str(RUNS), str(out))
    lines = [json.loads(line) for line in (out / "log" / "runs.jsonl").read_text().splitlines()]
    batches = [line for line in lines if line["event"] == "batch"]
    seconds, at = sum(line["seconds"] for line in batches), [call.memory[len(call.memory) * k // 10] for k in (1, 5, 9)]
    log(
        f"{model}: {call.said.strip()} (ended, failed) of {RUNS} runs in {call.wall:.0f} s, {len(batches)} batches, {seconds / RUNS * 1000:.1f} ms a run"
    )
    log(
        f"  main process: {at[0]:.0f} MB after a tenth, {at[1]:.0f} MB after half, {at[2]:.0f} MB after nine tenths, at most {max(call.memory):.0f} MB"
    )
    share, left = call.cpu / (JOBS * call.wall), call.cpu / (call.cpu + call.idle)
    log(
        f"  cores: {share:.0%} of two used by the sweep; of what others left to it, {left:.0%} used, {1 - left:.0%} idle"
    )
    spent = span(batches)
    log(
        f"  beside the runs: {(JOBS * spent - seconds) / RUNS * 1000:.2f} ms a run while batches play (clock of whole seconds: "
        f"+-{JOBS / RUNS * 1000:.1f}); {call.wall - spent:.0f} s before and after: start, columns, reading, end"
    )


def beside(log: Log, wrong: str, home: Path) -> None:
    """Let some of twenty runs go wrong, here (seed 3 in four arms and points) and with batch_run (one run)."""
    os.environ["ONCE"] = str(home / "once")
    call = Watched("swept", wrong.capitalize(), "20", str(home / wrong))
    log(f"{wrong}: a sweep: {call.said.strip()} (ended, failed) of 20 runs in {call.wall:.0f} s")
    words = [sys.executable, __file__, "mesa_run", wrong, "20", str(JOBS)]
    with subprocess.Popen(
        words, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            said, error = process.communicate(timeout=HUNG)
            log(
                f"  batch_run: {said.split()[0] + ' rows' if said else 'nothing comes back: ' + error.strip().splitlines()[-1]}"
            )
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            log(f"  batch_run: hangs, stopped after {HUNG:.0f} s, nothing comes back")


def main() -> None:
    """Run all of it."""
    log = Log("sweep_overhead")
    log(f"Mesa {mesa.__version__}; others' load at the start: {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        for model in ("Model", "Empty"):
            watched_sweep(log, model, home / model)
        for wrong in ("raising", "killed"):
            beside(log, wrong, home)
        for runs in ("500", "2000"):
            rows, grown = Watched("mesa_run", "", runs, "1").said.split()
            log(
                f"memory: batch_run of {runs} runs of a hundred agents in one process: {rows} rows, main process grows by {float(grown):.0f} MB"
            )
    log(f"others' load at the end: {os.getloadavg()[0]:.1f}")
    log.close()


if __name__ == "__main__":
    {"swept": swept, "bare": bare, "mesa_run": mesa_run}.get(sys.argv[1], main)(*sys.argv[2:]) if sys.argv[
        1:
    ] else main()
