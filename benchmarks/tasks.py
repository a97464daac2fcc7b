"""Each task of a mandate is seen by the one metric named beforehand: it moves, with its sign, where the task is taken out.

python benchmarks/tasks.py [--most SEEDS] [--jobs N] [TASK ...]      log: benchmarks/logs/tasks.txt
For each task a country of the usual size over two years; paired seeds, 10 at a time, until the sign holds (definitions 5:
95 % interval, 70 % of seeds, 0.2 of the spread between runs) or the most seeds are played. A task that does not show is
printed, never dropped; where only some tasks are walked, the log keeps what it says of the others.
"""

from __future__ import annotations

import argparse

from study import LOGS, Log
from task_situations import SITUATIONS, arms, column

import sim
from sim.experiment.results import Results
from sim.metrics import METRICS

STEP, MOST = 10, 100


def walk(log: Log, task: str, most: int, jobs: int | None) -> None:
    """Print how a task shows."""
    name, sign = column(task)
    if name.partition(":")[0] not in METRICS:
        log(f"  {task:25s} {name:42s} no such metric")
        return
    runs = sim.run(list(arms(task, small=False)), seeds=min(STEP, most), jobs=jobs, keep={"summary"}, progress=False)
    row = _row(runs, name)
    while row["sign"] != sign and len(runs.seeds) < most:
        runs = runs.more(min(STEP, most - len(runs.seeds)), jobs=jobs, progress=False)
        row = _row(runs, name)
    verdict = "holds" if row["sign"] == sign else "contrary" if row["sign"] else "does not show"
    moved = f"{row['mean_a']:.4g}, without {row['mean_b']:.4g}, difference {row['difference']:+.3g} [{row['low']:+.3g}, {row['high']:+.3g}]"
    told = {1: "higher", -1: "lower"}[sign]
    log(f"  {task:25s} {name:42s} {told:6s} without; with {moved}, {row['agree']:.0%} of {row['n']} seeds: {verdict}")


def _row(runs: Results, name: str):
    """Return the paired comparison of the arm without the task against the one with it."""
    return runs.compare(runs.scenarios[0], [name]).row(name)


def earlier() -> dict[str, str]:
    """Return what the log says of each task so far."""
    path = LOGS / "tasks.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {words[0]: line for line in lines if (words := line.split()) and words[0] in SITUATIONS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tasks", nargs="*", metavar="TASK", help="default: all")
    parser.add_argument("--most", type=int, default=MOST, help="seeds to play at most for each task")
    parser.add_argument("--jobs", type=int, help="processes (default: all cores)")
    given = parser.parse_args()
    if unknown := set(given.tasks) - set(SITUATIONS):
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    known, log = earlier(), Log("tasks")
    log("what moves if a task is taken out of the mandate, as named beforehand")
    for task in SITUATIONS:
        if given.tasks and task not in given.tasks:
            if task in known:
                log(known[task])
        else:
            walk(log, task, given.most, given.jobs)
    found = list(earlier().values())
    log(f"{sum(line.endswith(': holds') for line in found)} of {len(found)} tasks show")
    log.close()


if __name__ == "__main__":
    main()
