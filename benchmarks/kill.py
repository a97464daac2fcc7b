"""Does a sweep lose anything when it is killed? Seeded kills at random moments, then the same call again.

A sweep of 40 small real runs in 20 parts plays on two workers. While some but not all parts are there, a worker is
killed, somewhat later the main process; then the same command is given again, up to four times, and the last may end.
Every third sweep plays on a Dask cluster on this machine, and the cluster's scheduler is killed, or the main process.
At every such end all parts that are there must be those of a sweep that nothing disturbed, to the byte, and no process
may stay; at the last all must be there, every run once, and nothing half written. Goes on with fresh folders until
there were 60 kills. Then the same on a disk that is too small (where a disk may be mounted).
`python benchmarks/kill.py` (about 6 minutes on an idle machine).
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
from study import Log

KILLS = 60
CALLS = 4
WAIT = 600
"""Seconds after which a command that does not end is an error."""
PARTS = 20
PATIENCE = 5.0
"""Seconds within which every process must be gone."""
COMMAND = [sys.executable, "-c", "from sim.cli import main; main()", "sweep"]
FILE = """
question = "Does it hold?"
scenario = "un_au_parallel"
seeds    = 2
batch    = 2
keep     = ["weeks"]

[set]
weeks = 8
spin_up = 4
"world.grid" = [8, 8]
"world.places" = 30
"world.people" = 400_000
"missions.UN.arrives" = 0
"missions.AU.arrives" = 0

[choices]
"partnerships.UN-AU.coordination" = [0.0, 0.9]

[unknowns]
"parameters.response.base_chance" = "plausible"

[design]
samples = 10
"""


class Trial:
    """A sweep in a folder of its own, that is begun, disturbed and begun again."""

    def __init__(self, file: Path, out: Path, luck: random.Random) -> None:
        self.call, self.out, self.luck = [*COMMAND, str(file), "--out", str(out), "--jobs", "2"], out, luck
        self.process: subprocess.Popen | None = None

    def begin(self) -> None:
        """Give the command, in a session of its own."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(self.call, start_new_session=True, **quiet)

    def in_the_midst(self) -> bool:
        """Wait for a random moment at which more but not all parts are there, and say whether it was met."""
        wanted = parts(self.out) + self.luck.randint(1, 4)
        while parts(self.out) < wanted and self.process.poll() is None:
            time.sleep(0.002)
        time.sleep(self.luck.uniform(0, 0.3))
        return 0 < parts(self.out) < PARTS and self.process.poll() is None

    @property
    def rounds(self) -> list[dict[str, Callable[[], str]]]:
        """Whom to kill in every call but the last, and how."""
        return [{"worker": self.kill_worker, "main": self.kill_main}] * (CALLS - 1)

    def kill_worker(self) -> str:
        """Kill a worker; the sweep goes on."""
        os.kill(self.luck.choice(workers(self.process.pid)), signal.SIGKILL)
        return ""

    def kill_main(self) -> str:
        """Kill the main process; return what stayed alive."""
        self.process.kill()
        self.process.communicate()
        return gone(self.process.pid)

    def end(self) -> str:
        """Wait for the end of the command; return what it said if it failed, or what stayed alive."""
        said = self.process.communicate(timeout=WAIT)[1]
        return said.strip().splitlines()[-1] if self.process.returncode else gone(self.process.pid)


class OnCluster(Trial):
    """The same on a Dask cluster of this machine: a scheduler and two workers, begun anew with every call."""

    cluster: tuple[subprocess.Popen, ...] = ()

    @property
    def rounds(self) -> list[dict[str, Callable[[], str]]]:
        """Whom to kill in every call but the last, and how."""
        ends = [("scheduler", self.kill_scheduler), ("main", self.kill_main)] * CALLS
        return [{"Dask worker": self.kill_worker, name: kill} for name, kill in ends[: CALLS - 1]]

    def begin(self) -> None:
        """Begin a cluster, and the sweep on it."""
        self.stop()
        place = self.out.with_suffix(".json")
        place.unlink(missing_ok=True)
        scheduler = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place))
        while not (place.exists() and place.read_text().endswith("}")):
            time.sleep(0.02)
        address = json.loads(place.read_text())["address"]
        words = ("--host", "127.0.0.1", "--nthreads", "1", "--memory-limit", "0")
        self.cluster = (scheduler, *(dask("worker", address, *words) for _ in range(2)))
        self.call = [*self.call[:-2], "--scheduler", address]
        super().begin()

    def stop(self) -> str:
        """Kill the whole cluster; return what stayed alive."""
        for process in self.cluster:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        return "; ".join(filter(None, (gone(process.pid) for process in self.cluster)))

    def kill_worker(self) -> str:
        """Kill a worker of the cluster; the sweep goes on."""
        theirs = [pid for process in self.cluster[1:] for pid in living(process.pid) if b"spawn_main" in words_of(pid)]
        os.kill(self.luck.choice(theirs), signal.SIGKILL)
        return ""

    def kill_scheduler(self) -> str:
        """Kill the scheduler; the command must say so and end. Return what it did otherwise."""
        self.cluster[0].kill()
        said = self.process.communicate(timeout=WAIT)[1]
        told = self.process.returncode == 2 and "the scheduler of the cluster has gone" in said
        return gone(self.process.pid) if told else f"exit {self.process.returncode}: {said[-200:]}"

    def end(self) -> str:
        """Wait for the end of the command, then end the cluster."""
        return "; ".join(filter(None, (super().end(), self.stop())))


def dask(what: str, *words: str) -> subprocess.Popen:
    """Start a process of Dask in a session of its own."""
    call = [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--no-dashboard"]
    return subprocess.Popen(call, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def parts(out: Path) -> int:
    """Return how many parts are finished."""
    return len(list((out / "runs").glob("part-*.parquet")))


def digests(out: Path, table: str = "*") -> dict[str, str]:
    """Return the sha256 of every part, of all tables or of one."""
    files = out.glob(f"{table}/*.parquet")
    return {str(f.relative_to(out)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def processes() -> Iterator[tuple[int, str, int, int]]:
    """Yield every process: its number, state, parent and session."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            told = (place / "stat").read_text().rpartition(")")[2].split()
            yield int(place.name), told[0], int(told[1]), int(told[3])


def living(session: int) -> list[int]:
    """Return the processes of a session that are alive."""
    return [pid for pid, state, _, theirs in processes() if theirs == session and state != "Z"]


def workers(main: int) -> list[int]:
    """Return the workers of a main process."""
    mine = [pid for pid, state, parent, _ in processes() if parent == main and state != "Z"]
    return [pid for pid in mine if b"loky.backend.popen_loky" in words_of(pid)]


def words_of(pid: int) -> bytes:
    """Return the words that started a process; nothing if it has gone."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def faults(trial: Trial, whole: dict[str, str]) -> list[str]:
    """Return what is not as it must be after a trial's last call."""
    found = []
    ids = [name for f in (trial.out / "runs").glob("*.parquet") for name in pq.read_table(f)["id"].to_pylist()]
    if digests(trial.out) != whole:
        found.append("parts differ")
    if len(ids) != 40 or max(Counter(ids).values()) > 1:
        found.append(f"{len(ids)} runs, {len(set(ids))} of them different")
    if left := list(trial.out.rglob("*.tmp")):
        found.append(f"left half written: {left[0].name}")
    return found


def gone(session: int) -> str:
    """Wait until no process of a session is alive; say if one stays."""
    end = time.monotonic() + PATIENCE
    while living(session):
        if time.monotonic() > end:
            return f"{len(living(session))} processes alive after {PATIENCE:.0f} s"
        time.sleep(0.02)
    return ""


def disturbed(trial: Trial, whole: dict[str, str]) -> tuple[list[str], list[str]]:
    """Disturb a sweep call after call and let it end; return the kills, and what was not as it must be."""
    kills, wrong = [], []
    for victims in trial.rounds:
        trial.begin()
        for victim, kill in victims.items():
            if trial.in_the_midst():
                kills.append(f"{victim} at {parts(trial.out)}")
                wrong.append(kill())
        if trial.process.poll() is None:
            wrong.append(trial.end())
        if not digests(trial.out, "runs").items() <= whole.items():
            wrong.append("parts differ after a kill")
    trial.begin()
    wrong += [trial.end(), *faults(trial, whole)]
    return kills, [fault for fault in wrong if fault]


def full_disk(file: Path, home: Path, whole: dict[str, str]) -> str:
    """Let a sweep fill a disk, make room, and go on; say how it went."""
    disk, pages = home / "disk", 4096
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], capture_output=True).returncode:
        return "not tried: no disk may be mounted here"
    try:
        trial = Trial(file, disk / "x", random.Random(0))
        room = 40 * pages + sum(f.stat().st_size for f in (home / "whole").rglob("*.parquet")) // 2
        (disk / "ballast").write_bytes(bytes(64 * 2**20 - room))
        trial.begin()
        said, held = trial.end(), parts(disk / "x")
        code = trial.process.returncode
        (disk / "ballast").unlink()
        trial.begin()
        wrong = [f for f in (trial.end(), *faults(trial, whole)) if f]
        return f"exit {code} at {held} of {PARTS} parts: {said.replace(str(home), '')}; then {'; '.join(wrong) or 'all identical'}"
    finally:
        subprocess.run(["umount", disk], check=True)


def main() -> int:
    """Run all trials; return 1 if anything was lost."""
    log, kills, failed, seed = Log("kill"), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        file = home / "small.toml"
        file.write_text(FILE)
        undisturbed, start = Trial(file, home / "whole", random.Random(0)), time.monotonic()
        undisturbed.begin()
        said = undisturbed.end() or "ends"
        log(f"undisturbed: {said}, {parts(home / 'whole')} parts, {time.monotonic() - start:.1f} s")
        whole = digests(home / "whole")
        while kills < KILLS:
            kind = OnCluster if seed % 3 == 2 and importlib.util.find_spec("distributed") else Trial
            moments, wrong = disturbed(kind(file, home / str(seed), random.Random(seed)), whole)
            kills, failed = kills + len(moments), failed + bool(wrong)
            log(f"seed {seed}: {', '.join(moments) or 'no kill'} of {PARTS} parts: {'; '.join(wrong) or 'identical'}")
            seed += 1
        log(f"full disk: {full_disk(file, home, whole)}")
    log(f"{kills} kills in {seed} sweeps, {failed} sweeps in which anything was lost, twice, other or alive")
    log.close()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
