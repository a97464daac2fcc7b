"""Does a sweep lose anything when it is killed? Seeded trials of kill -9 at random moments, then the same call again.

Every trial starts a sweep of 40 small real runs in 20 parts on two workers, kills the main process or a worker while
some but not all parts are there, and gives the same command again. All parts must then be byte-identical to those of a
sweep that nothing disturbed, every run there once, no half-written file left and no process alive. At the end the same
on a disk that is too small (where a disk may be mounted). `python benchmarks/kill.py` (60 trials, about 15 minutes).
"""

from __future__ import annotations

import contextlib
import hashlib
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

TRIALS = 60
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
    """One sweep in a folder of its own, begun and disturbed."""

    def __init__(self, file: Path, out: Path, luck: random.Random) -> None:
        self.call, self.out, self.luck = [*COMMAND, str(file), "--out", str(out), "--jobs", "2"], out, luck
        self.process: subprocess.Popen | None = None

    def begin(self) -> subprocess.Popen:
        """Give the command, in a session of its own."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(self.call, start_new_session=True, **quiet)
        return self.process

    def in_the_midst(self) -> bool:
        """Wait for a random moment at which some but not all parts are there, and say whether it was met."""
        wanted = self.luck.randint(1, PARTS - 2)
        while parts(self.out) < wanted and self.process.poll() is None:
            time.sleep(0.002)
        time.sleep(self.luck.uniform(0, 0.3))
        return 0 < parts(self.out) < PARTS and self.process.poll() is None

    def end(self) -> str:
        """Wait for the end of the command; return what it said if it failed."""
        said = self.process.communicate()[1]
        return said.strip().splitlines()[-1] if self.process.returncode else ""


def parts(out: Path) -> int:
    """Return how many parts are finished."""
    return len(list((out / "runs").glob("part-*.parquet")))


def digests(out: Path) -> dict[str, str]:
    """Return the sha256 of every part."""
    return {str(f.relative_to(out)): hashlib.sha256(f.read_bytes()).hexdigest() for f in out.glob("*/*.parquet")}


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
    return [pid for pid in mine if b"loky.backend.popen_loky" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def kill_main(trial: Trial) -> str:
    """Kill the main process; all its workers must go with it."""
    trial.process.kill()
    trial.process.wait()
    return ""


def kill_worker(trial: Trial) -> str:
    """Kill a worker; the sweep must end as if nothing had been."""
    os.kill(trial.luck.choice(workers(trial.process.pid)), signal.SIGKILL)
    return trial.end()


VICTIMS: dict[str, Callable[[Trial], str]] = {"main": kill_main, "worker": kill_worker}


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


def one(trial: Trial, victim: str, whole: dict[str, str]) -> tuple[int, list[str]] | None:
    """Disturb a sweep and give its command again: parts at the moment and what is wrong; None if the moment passed."""
    session = trial.begin().pid
    if not trial.in_the_midst():
        trial.end()
        return None
    held = parts(trial.out)
    wrong = [VICTIMS[victim](trial), gone(session)]
    session = trial.begin().pid
    wrong += [trial.end(), gone(session), *faults(trial, whole)]
    return held, [fault for fault in wrong if fault]


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
    log, failed = Log("kill"), 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        file = home / "small.toml"
        file.write_text(FILE)
        undisturbed = Trial(file, home / "whole", random.Random(0))
        start = time.monotonic()
        undisturbed.begin()
        log(
            f"undisturbed: {undisturbed.end() or 'ends'}, {parts(home / 'whole')} parts, {time.monotonic() - start:.1f} s"
        )
        whole, done, seed = digests(home / "whole"), 0, 0
        while done < TRIALS:
            victim = list(VICTIMS)[done % len(VICTIMS)]
            trial = Trial(file, home / str(seed), random.Random(seed))
            found = one(trial, victim, whole)
            if found is None:
                log(f"seed {seed}: {victim}: it ended before it could be killed; not counted")
            else:
                done, failed = done + 1, failed + bool(found[1])
                log(
                    f"seed {seed}: {victim} killed at {found[0]:2d} of {PARTS} parts: {'; '.join(found[1]) or 'identical'}"
                )
            seed += 1
        log(f"full disk: {full_disk(file, home, whole)}")
    log(f"{TRIALS} trials, {failed} in which anything was lost, twice, other or alive")
    log.close()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
