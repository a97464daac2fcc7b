"""Each task of a mandate is seen by the one metric named beforehand: it moves, with its sign, where the task is taken out.

python benchmarks/tasks.py [TASK ...]      log: benchmarks/logs/tasks.txt
For each task a country of the usual size over two years; paired seeds, 20 at a time, until the sign holds (definitions 5:
95 % interval, 70 % of seeds, 0.2 of the spread between runs) or 100 seeds are played. A task that does not show is
printed, never dropped.
"""

from __future__ import annotations

import sys

from study import Log
from task_situations import SITUATIONS, arms, column

import sim
from sim.experiment import Results
from sim.metrics import METRICS

STEP, MOST = 20, 100


def walk(log: Log, task: str) -> str:
    """Print how a task shows; return the verdict."""
    name, sign = column(task)
    if name.partition(":")[0] not in METRICS:
        log(f"  {task:25s} {name:42s} no such metric")
        return "no metric"
    runs = sim.run(list(arms(task, small=False)), seeds=STEP, keep={"summary"}, progress=False)
    row = _row(runs, name)
    while row["sign"] != sign and len(runs.seeds) < MOST:
        runs = runs.more(STEP, progress=False)
        row = _row(runs, name)
    verdict = "shows" if row["sign"] == sign else "contrary" if row["sign"] else "does not show"
    moved = f"{row['mean_a']:.4g} -> {row['mean_b']:.4g}, difference {row['difference']:+.3g} [{row['low']:+.3g}, {row['high']:+.3g}]"
    told = {1: "higher", -1: "lower"}[sign]
    log(f"  {task:25s} {name:42s} {told:6s} without: {moved}, {row['agree']:.0%} of {row['n']} seeds: {verdict}")
    return verdict


def _row(runs: Results, name: str):
    """Return the paired comparison of the arm without the task against the one with it."""
    return runs.compare(runs.scenarios[0], [name]).row(name)


def main() -> None:
    wanted = sys.argv[1:] or list(SITUATIONS)
    log = Log("tasks")
    log("what moves if a task is taken out of the mandate, as named beforehand")
    found = [walk(log, task) for task in wanted]
    log(f"{found.count('shows')} of {len(found)} tasks show")
    log.close()


if __name__ == "__main__":
    main()
