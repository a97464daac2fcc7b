"""How many further attacks does one attack cause? One is inserted in week 100, where attacks are expected.

python benchmarks/impulse.py no_mission|un_alone|box|others|others_box [seeds] [pairs of each seed] [attacks at once] [--jobs N]
log: benchmarks/logs/impulse_PART.txt
Limit of model.md 4: 0.2-0.8 in 52 weeks at defaults, below 0.95 in 99 % of the plausible box. Over the box the first-order
gain (offspring.py) sifts the draws: attacks are inserted in ten of all sizes, which checks it, and in each draw in which
its chains reach the limit, which decides. The others are what may befall the UN
beside a regional force, each once: a peacekeeper killed, a mistaken blame, a threat of expulsion (impulses.py); held to
die out: later less than at first, and less than 0.95 more of its own kind.

The state at the start of week 100 is forked into pairs of futures, without and with the attack. Both have the same luck,
and each pair another from week 101 on, so a seed's mean over its pairs is an unbiased estimate of what the attack adds to
the attacks expected from that state; seeds are independent, hence Student's interval over them. Before luck: attacks are
counted as rates, not as draws. What noise is left comes from pairs that drift apart, and does not grow with the size of
the push: several attacks at once, each drawn by itself, measure the same slope more sharply (their effect is shared out),
at the price of saturating each other a little.
"""

from __future__ import annotations

import argparse

import numpy as np
from branches import response
from impulses import BEFALLS, READ, responses
from loky import get_reusable_executor
from offspring import TAIL, chains, followed, gain
from scipy.stats import spearmanr
from stability import box, played, smaller
from study import Log

import sim
from sim.experiment import statistics as st
from sim.model import Model

WEEK = 100
HORIZONS = (4, 8, 13, 26, 52)
AT_ONCE, IN_THE_BOX = 4, 12  # attacks inserted at once
LIMIT = 0.95


def one_seed(job: tuple[sim.Scenario, int, int, int]) -> tuple[float, np.ndarray]:
    """Return the first-order gain in the weeks before week 100, and the further attacks up to each week; (pairs, 52)."""
    scenario, seed, branches, number = job
    model = Model(scenario, seed, keep=set())
    before, caused = followed(model, WEEK - TAIL), response(model, branches, number)
    model.dispose()
    return before, np.cumsum(caused[:, 1:], axis=1)


def measured(
    scenario: sim.Scenario, seeds: int, branches: int, number: int, jobs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return by seed the first-order gain and the further attacks up to each week, a mean over pairs; (seeds, 52)."""
    long = scenario.but({"weeks": WEEK + 53})
    found = get_reusable_executor(max_workers=jobs).map(
        one_seed, [(long, seed, branches, number) for seed in range(seeds)]
    )
    gains, caused = zip(*found, strict=True)
    return np.array(gains), np.array([pairs.mean(axis=0) for pairs in caused])


def at_defaults(log: Log, name: str, seeds: int, branches: int, numbers: tuple[int, ...], jobs: int) -> None:
    """Print what one attack causes by horizon: inserted alone, or as one of several at once."""
    for number in numbers:
        gains, caused = measured(sim.load(name), seeds, branches, number, jobs)
        push = "one attack inserted" if number == 1 else f"{number} attacks inserted at once, effect of each"
        log(f"\n{name}: {push}; {seeds} seeds x {branches} pairs (asked: 0.2-0.8 in 52 weeks)")
        for weeks in HORIZONS:
            low, high = st.student(caused[:, weeks - 1])
            log(f"  in {weeks:2d} weeks {caused[:, weeks - 1].mean():+.3f} [{low:+.3f}, {high:+.3f}]")
    log(
        f"  first-order gain of attacks in the same runs {gains.mean():.2f}, with its chains {chains(gains.mean()):.2f}"
    )


def over_the_box(log: Log, seeds: int, branches: int, number: int, jobs: int, draws: int = 500, some: int = 10) -> None:
    """Print the chains of draws of all parameters, and what inserted attacks bring in some of all sizes and in the largest."""
    points = box(draws)
    setups = [sim.load("no_mission").but({f"parameters.{path}": x for path, x in point.items()}) for point in points]
    caused = chains(np.array(played(gain, [(setup, k) for k, setup in enumerate(setups)], jobs)))
    order = np.argsort(caused)
    log(
        f"\nNobody there, the usual country, {draws} draws of all parameters: first-order gain with its chains, median "
        f"{np.median(caused):.2f}, 99 % below {np.quantile(caused, 0.99):.2f}; below {LIMIT} in {(caused < LIMIT).mean():.1%}"
    )
    log(
        f"  {number} attacks at once, {seeds} seeds x {branches} pairs each: chains, effect of each in 13, 26 and 52 weeks"
    )
    log(f"  {some} draws spread evenly by their chains")
    spread = order[np.linspace(0, draws - 1, some).astype(int)]
    rows = np.array([inserted(log, k, setups[k], seeds, branches, number, jobs) for k in spread])
    for j, weeks in ((1, 13), (2, 26), (3, 52)):
        log(f"  in {weeks} weeks: {relation(rows[:, 0], rows[:, j])}")
    largest = [k for k in order[::-1] if caused[k] >= LIMIT]
    log(f"  the {len(largest)} draws whose chains reach {LIMIT}")
    effects = [inserted(log, k, setups[k], seeds, branches, number, jobs)[-1] for k in largest]
    over = sum(effect >= LIMIT for effect in effects)
    log(
        f"  one attack brings {LIMIT} or more in 52 weeks in {over} of {draws} draws (mean of seeds): below in {1 - over / draws:.1%} (asked: 99 %)"
    )


def inserted(
    log: Log, draw: int, setup: sim.Scenario, seeds: int, branches: int, number: int, jobs: int
) -> tuple[float, ...]:
    """Insert attacks under one draw of parameters; print and return its chains, and their effect in 13, 26 and 52 weeks."""
    gains, caused = measured(setup, seeds, branches, number, jobs)
    expected, upto = float(chains(gains.mean())), [caused[:, weeks - 1] for weeks in (13, 26, 52)]
    told = ", ".join("{:+.2f} [{:+.2f}, {:+.2f}]".format(u.mean(), *st.student(u)) for u in upto)
    log(f"    draw {draw:3d}: {expected:.2f}; {told}")
    return expected, *(float(u.mean()) for u in upto)


def relation(expected: np.ndarray, effect: np.ndarray) -> str:
    """Say how measured effects go with chains: rank correlation, and mean ratio, each with an interval of resampled draws."""
    rng, n = np.random.default_rng(1), expected.size
    draws = [d for d in (rng.integers(0, n, n) for _ in range(2000)) if np.unique(expected[d]).size > 2]
    ranks = np.nanpercentile([spearmanr(expected[d], effect[d]).statistic for d in draws], (2.5, 97.5))
    ratios = np.percentile([effect[d].sum() / expected[d].sum() for d in draws], (2.5, 97.5))
    return (
        f"rank correlation {spearmanr(expected, effect).statistic:+.2f} [{ranks[0]:+.2f}, {ranks[1]:+.2f}]; "
        f"effect / chains {effect.sum() / expected.sum():.2f} [{ratios[0]:.2f}, {ratios[1]:.2f}] (resampled draws)"
    )


def befallen(job: tuple[sim.Scenario, int, int]) -> np.ndarray | None:
    """Return what each kind changes, a mean over pairs; (kinds, 53 weeks, READ); none where the UN is not at work."""
    scenario, seed, branches = job
    model = Model(scenario, seed, keep=set())
    for _ in range(WEEK):
        model.step()
    there = model.actors.index["UN"] in model.at_work
    found = responses(model, "UN", branches).mean(axis=1) if there else None
    model.dispose()
    return found


def changes(scenario: sim.Scenario, seeds: int, branches: int, jobs: int) -> np.ndarray:
    """Return by seed what each kind changes from week 100 on; (seeds where the UN is at work, kinds, 53 weeks, READ)."""
    long = scenario.but({"weeks": WEEK + 53})
    found = get_reusable_executor(max_workers=jobs).map(befallen, [(long, seed, branches) for seed in range(seeds)])
    return np.array([values for values in found if values is not None])


def others(log: Log, seeds: int, branches: int, jobs: int) -> None:
    """Print what each kind changes in the UN and in the country at defaults, and whether it dies out."""
    found = changes(smaller("un_au_parallel"), seeds, branches, jobs)
    log(
        f"\nUN beside a regional force, two fifths of the usual country, {len(found)} seeds x {branches} pairs; week 0 is that of"
    )
    log("  the impulse; the weekly mean in weeks 0-3, 10-13, 23-26 and 49-52 after, and the sum of weeks 1-52")
    for kind, values in zip(BEFALLS, found.swapaxes(0, 1), strict=True):
        log(f"\n  {kind}: {verdict(kind, values)}")
        for j, name in enumerate(READ):
            of = values[:, :, j]
            spans = "  ".join(f"{of[:, a : a + 4].mean():+9.5f}" for a in (0, 10, 23, 49))
            low, high = st.student(of[:, 1:].sum(axis=1))
            log(f"    {name:27s} {spans}   sum {of[:, 1:].sum(axis=1).mean():+8.4f} [{low:+.4f}, {high:+.4f}]")


def verdict(kind: str, values: np.ndarray) -> str:
    """Say how much more of its own kind came, how much of the first response is left, and whether that dies out."""
    own, left, half = fate(kind, values)
    low, high = st.student(own)
    back = abs(left) < 1 and low < 0.95
    told = f"more of its kind in 52 weeks ({BEFALLS[kind].own}) {own.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
    told += f"; {BEFALLS[kind].stock}: {left:.2f} of the first four weeks' change left in weeks 49-52, half gone in week {half}"
    return f"{told}: {'dies out' if back and high < 0.95 else 'open' if back else 'DOES NOT DIE OUT'}"


def fate(kind: str, values: np.ndarray) -> tuple[np.ndarray, float, str]:
    """Return by seed how much more of its own kind came (of blame: per blame), the share left of its stock, its half-life.

    Shares and half-life are those of the mean over seeds; the half-life counts from the strongest of the first weeks.
    """
    own, stock = (values[:, :, READ.index(name)] for name in (BEFALLS[kind].own, BEFALLS[kind].stock))
    first = own[:, 0].mean() if kind == "one mistaken blame" else 1.0
    mean = stock.mean(axis=0)
    peak = int(np.abs(mean[:13]).argmax())
    below = np.flatnonzero(np.abs(mean[peak:]) < abs(mean[peak]) / 2)
    left = float(mean[49:].mean() / mean[:4].mean()) if mean[:4].any() else 0.0
    return own[:, 1:].sum(axis=1) / first, left, str(peak + below[0]) if below.size else "after 52"


def others_over_the_box(log: Log, seeds: int, branches: int, jobs: int, draws: int = 10) -> None:
    """Print the same verdicts for draws of all parameters."""
    log(
        f"\nUN beside a regional force, two fifths of the usual country, {draws} draws of all parameters, {seeds} seeds x {branches}"
    )
    for k, point in enumerate(box(draws)):
        scenario = smaller("un_au_parallel").but({f"parameters.{path}": value for path, value in point.items()})
        found = changes(scenario, seeds, branches, jobs)
        log(f"\n  draw {k}: the UN at work in {len(found)} of {seeds} seeds")
        for kind, values in zip(BEFALLS, found.swapaxes(0, 1) if len(found) else (), strict=False):
            log(f"    {kind}: {verdict(kind, values)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("part", choices=("no_mission", "un_alone", "box", "others", "others_box"))
    parser.add_argument("seeds", nargs="?", type=int)
    parser.add_argument("pairs", nargs="?", type=int)
    parser.add_argument("at_once", nargs="?", type=int, help="attacks at once (default: one, and then several)")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args()
    part, jobs = given.part, given.jobs
    seeds = given.seeds or {"box": 24, "others": 24, "others_box": 6}.get(part, 200)
    pairs = given.pairs or (4 if part in ("no_mission", "un_alone") else 2)
    log = Log(f"impulse_{part}")
    if part == "box":
        over_the_box(log, seeds, pairs, given.at_once or IN_THE_BOX, jobs)
    elif part == "others":
        others(log, seeds, pairs, jobs)
    elif part == "others_box":
        others_over_the_box(log, seeds, pairs, jobs)
    else:
        at_defaults(log, part, seeds, pairs, (given.at_once,) if given.at_once else (1, AT_ONCE), jobs)
    log.close()


if __name__ == "__main__":
    main()
