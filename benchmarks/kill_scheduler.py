"""Does a sweep lose anything when the scheduler of its Dask cluster is killed? Seeded trials at random moments.

Every trial starts the sweep of `kill.py` on a scheduler with two workers, kills the scheduler (kill -9) while some but
not all parts are there, and gives the same command to a new cluster. The first command must say in one line that the
scheduler has gone; all parts must then be byte-identical to those of an undisturbed sweep on this machine, every run
there once, and no process that plays left alive. `python benchmarks/kill_scheduler.py` (10 trials, about 5 minutes)
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from kill import FILE, PARTS, PATIENCE, Trial, digests, faults, gone, parts
from study import Log

sys.path.append(str(Path(__file__).parents[1] / "tests" / "experiment"))
TRIALS = 10
SAYS = "the scheduler of the cluster has gone; what is finished is kept, the same command goes on from there"


def on(trial: Trial, home: Path, kill: bool) -> tuple[int, str, list[str]] | None:
    """Give the command to a new cluster, and kill its scheduler if told to; None if the moment for it passed.

    Returns the parts at that moment, what the command said, and which processes stay.
    """
    from dasking import Loopback, playing, until

    home.mkdir()
    with Loopback(home) as cluster:
        workers = [cluster.join().pid for _ in range(2)]
        trial.call[-2:] = ["--scheduler", cluster.address]
        trial.begin()
        session = trial.process.pid
        if kill and not trial.in_the_midst():
            trial.end()
            return None
        held = parts(trial.out)
        if kill:
            cluster.scheduler.kill()
        said = trial.end()
        none = until(lambda: not any(playing(worker) for worker in workers), PATIENCE)
        return held, said, [gone(session), "" if none else "a worker plays on"]


def one(trial: Trial, home: Path, whole: dict[str, str]) -> tuple[int, list[str]] | None:
    """Kill a scheduler, go on with another: parts at the moment and what is wrong; None if the moment passed."""
    first = on(trial, home / "first", True)
    if first is None:
        return None
    held, said, wrong = first
    if SAYS not in said:
        wrong.append(f"it said: {said or 'nothing'}")
    second = on(trial, home / "second", False)
    assert second is not None
    wrong += [second[1], *second[2], *faults(trial, whole)]
    return held, [fault for fault in wrong if fault]


def main() -> int:
    """Run all trials; return 1 if anything was lost."""
    log, done, failed, seed = Log("kill_scheduler"), 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        file = home / "small.toml"
        file.write_text(FILE)
        undisturbed = Trial(file, home / "whole", random.Random(0))
        start = time.monotonic()
        undisturbed.begin()
        said = undisturbed.end() or "ends"
        log(f"undisturbed, two local workers: {said}, {parts(home / 'whole')} parts, {time.monotonic() - start:.1f} s")
        whole = digests(home / "whole")
        while done < TRIALS:
            (home / f"dask{seed}").mkdir()
            found = one(Trial(file, home / str(seed), random.Random(seed)), home / f"dask{seed}", whole)
            if found is None:
                log(f"seed {seed}: it ended before the scheduler could be killed; not counted")
            else:
                done, failed = done + 1, failed + bool(found[1])
                log(
                    f"seed {seed}: scheduler killed at {found[0]:2d} of {PARTS} parts: {'; '.join(found[1]) or 'identical'}"
                )
            seed += 1
    log(f"{TRIALS} trials, {failed} in which anything was lost, twice, other, alive or not said")
    log.close()
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
