"""A real Dask cluster on the loopback: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from sim.experiment.manifest import PACKAGE

HERE = Path(__file__).parent


class Loopback:
    """A scheduler on a free port, with workers that come when told; all end with the context."""

    def __init__(self, home: Path) -> None:
        self.home, self.workers = home, []
        place = home / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        until(lambda: place.exists() and place.read_text().endswith("}"))
        self.address = json.loads(place.read_text())["address"]

    def __enter__(self) -> Loopback:
        return self

    def __exit__(self, *error: object) -> None:
        for process in (*self.workers, self.scheduler):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def join(self, threads: int = 1, project: Path = PACKAGE.parent) -> subprocess.Popen:
        """Start a worker, with the project as it lies in some folder."""
        more = ("--host", "127.0.0.1", "--nthreads", str(threads), "--memory-limit", "0")
        self.workers.append(self._start("worker", self.address, *more, project=project))
        return self.workers[-1]

    def _start(self, what: str, *words: str, project: Path = PACKAGE.parent) -> subprocess.Popen:
        """Start a process of Dask in a session of its own; what it says goes to a file."""
        path = os.pathsep.join(map(str, (project, HERE)))
        call = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"]
        with (self.home / f"{what}.log").open("a") as log:
            more: dict[str, Any] = {"stdout": log, "stderr": log, "start_new_session": True}
            return subprocess.Popen(call, env={**os.environ, "PYTHONPATH": path}, cwd=self.home, **more)


def until(what, seconds: float = 60) -> bool:
    """Wait until something is so, and say whether it came to be."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def living(session: int) -> dict[int, list[str]]:
    """Return the processes of a session that are alive, with the words that started them."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            told = (place / "stat").read_text().rpartition(")")[2].split()
            if int(told[3]) == session and told[0] != "Z":
                found[int(place.name)] = (place / "cmdline").read_bytes().decode().split("\0")
    return found


def playing(session: int) -> list[int]:
    """Return the processes of a Dask worker's session that play."""
    return [pid for pid, words in living(session).items() if "loky.backend.popen_loky_posix" in words]


def dask_workers(session: int) -> list[int]:
    """Return the processes of a session that its nanny started."""
    return [pid for pid, words in living(session).items() if any("spawn_main" in word for word in words)]
