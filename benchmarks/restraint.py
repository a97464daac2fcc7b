"""The UN alone against nobody: what falls, what does not, by which road; and why raw correlations mislead.

python benchmarks/restraint.py [seeds] [jobs]      log: benchmarks/logs/restraint.txt
"""

from __future__ import annotations

import sys

import numpy as np
from study import Arms, Log

import sim
from sim.experiment import statistics as st

GROUPS = ("front", "militia", "raiders", "rebels")


def un(**change: object) -> sim.Scenario:
    """Return the UN alone from week 0 over three years, changed."""
    return sim.load("un_alone").but({"weeks": 156, "missions.UN.arrives": 0, "missions.UN.ramp": 4, **change})


def dose(log: Log, seeds: int, jobs: int | None = None) -> None:
    """E1: rebel killings by troops; the ratio per 1,000; its share by local and by group restraint."""
    arms = {"none": sim.load("no_mission")}
    arms |= {f"{t:,}": un(**{"missions.UN.troops": t}) for t in (1000, 2000, 4000, 8000)}
    arms |= {
        "8,000, local only": un(**{"parameters.restraint.group": 0}),
        "8,000, group only": un(**{"parameters.restraint.local": 0}),
        "8,000, neither": un(**{"parameters.restraint.group": 0, "parameters.restraint.local": 0}),
        "8,000, bunkered": un(**{"missions.UN.risk_tolerance": 0.0}),
        "8,000, bunkered, no watch": un(**{"missions.UN.risk_tolerance": 0.0, "parameters.restraint.watch": 0}),
    }
    a = Arms(arms, seeds, jobs)
    log(f"\nUN alone against no mission, {seeds} seeds: killed by armed groups; by the state; expected before luck")
    for arm in list(arms)[1:]:
        rebels = a.against(arm, "none", "civilians_killed", GROUPS)
        before = a.against(arm, "none", "civilians_killed_expected", GROUPS)
        state = a.against(arm, "none", "civilians_killed_expected", ("host",))
        log(f"  {arm:26s} armed groups {rebels}")
        log(f"  {'':26s} expected     {before}")
        log(f"  {'':26s} state, exp.  {state}")
    shares(log, a)
    surveyed(log, a)


def surveyed(log: Log, a: Arms) -> None:
    """E36: who is satisfied with the UN in towns, and how far areas differ, over the run."""
    log("  E36: satisfied with the UN in towns (0.20-0.23 in surveys), and from the least to the most of areas (0.68)")
    for arm in ("8,000", "4,000"):
        told = []
        for name in ("satisfied_share", "satisfied_range"):
            values = a.summary[arm][f"{name}:UN"].to_numpy()
            low, high = st.student(values)
            told.append(
                f"{name} {values.mean():.3f} [{low:.3f}, {high:.3f}], spread between seeds {values.std(ddof=1):.3f}"
            )
        log(f"  {arm:26s} {'; '.join(told)}")


def shares(log: Log, a: Arms) -> None:
    """Print E1's ratio per 1,000 troops and how much of it is local and how much of the group."""
    logs = {arm: np.log(a.against(arm, "none", "civilians_killed_expected", GROUPS).ratio) for arm in list(a.summary)}
    whole = logs["8,000"]
    low, high = (x ** (1 / 8) for x in a.against("8,000", "none", "civilians_killed_expected", GROUPS).interval)
    log(
        f"  E1: ratio per 1,000 troops {np.exp(whole / 8):.3f} [{low:.3f}, {high:.3f}] expected (0.79 in the data, SE of its log 0.05)"
    )
    local, group = whole - logs["8,000, group only"], whole - logs["8,000, local only"]
    log(
        f"  share of the fall lost without local restraint {local / whole:.0%}, without group restraint {group / whole:.0%}"
    )


def moved(log: Log, seeds: int, jobs: int | None = None) -> None:
    """Killings fall, they do not only move: in reach of bases and out of it."""
    runs = sim.run(
        [sim.load("no_mission"), un().named("UN")],
        seeds=seeds,
        jobs=jobs,
        keep={"events", "units", "summary"},
        progress=False,
    )
    log(
        f"\nDo killings by armed groups only move? {seeds} seeds, cells by whether the UN stood within 50 km in the same seed"
    )
    inside, outside = [], []
    for seed in runs.seeds:
        units = runs.units[(runs.units.scenario == "UN") & (runs.units.seed == seed)]
        held = set(units.cell)
        for arm in ("no_mission", "UN"):
            rows = runs.events[(runs.events.scenario == arm) & (runs.events.seed == seed)]
            rows = rows[rows.kind == "attack_on_civilians"]
            near = rows.cell.isin(held)
            inside.append((arm, rows.civilians[near].sum())), outside.append((arm, rows.civilians[~near].sum()))
    for label, values in (("cells where a unit stood at some time", inside), ("all other cells", outside)):
        none, here = (np.array([v for arm, v in values if arm == which]) for which in ("no_mission", "UN"))
        draws = st.resampled_ratio(here, none)
        low, high = st.percentiles(draws)
        log(
            f"  {label:40s} {none.mean():6.0f} -> {here.mean():6.0f} killed a run, ratio {st.ratio(here, none):.2f} [{low:.2f}, {high:.2f}]"
        )


def raw(log: Log, seeds: int, jobs: int | None = None) -> None:
    """S21 with S22: presence goes with next month's violence where bases follow it, whatever missions do."""
    arms = {
        "hot-spot siting": un(),
        "random siting": un(**{"missions.UN.siting": "random"}),
        "placebo, hot-spot": un(placebo=True),
        "placebo, random": un(**{"placebo": True, "missions.UN.siting": "random"}),
    }
    a = Arms(arms, seeds, jobs)
    log(f"\nCorrelation of troops with next month's recorded events (0.5-degree cells), {seeds} seeds")
    for arm in arms:
        values = a.summary[arm]["presence_violence_raw"].to_numpy()
        low, high = st.student(values)
        log(f"  {arm:20s} {values.mean():+.3f} [{low:+.3f}, {high:+.3f}]")


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else None
    log = Log("restraint")
    dose(log, seeds, jobs)
    moved(log, seeds, jobs)
    raw(log, seeds, jobs)
    log.close()


if __name__ == "__main__":
    main()
