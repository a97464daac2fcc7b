"""Does the model explode, die out or forget, whatever its parameters? Each is drawn from its plausible range.

python benchmarks/stability.py [draws] [--first N] [--beside N] [--usual] [--again DRAW ...] [--jobs N]
log: benchmarks/logs/stability.txt; of draws played again with other luck: stability_again.txt; with --usual, the country
as it is by default, each draw with a seed of its own and nobody there: stability_usual.txt
Limits of model.md 4, in 99 % of the box: over ten years fighters stay within 0.05-10 times those of the start, no two
years without attacks by armed groups, none with ten times the first two years' attacks (how many others an attack brings:
impulse.py). State abuse is held to ten times its own first two years too, and counted apart: model.md does not speak of it.

The limits are about what the country does by itself, so they are judged where nobody comes. Beside UN and regional force
the same draws are held against themselves: fighters as above, and no two years with ten times the attacks of the first
two years with nobody there. There, two years without attacks break no limit: evidence accepts that 8,000 troops leave
0.01-0.20 of the killing (E1); they are counted. So are perceptions that end near 0 or 1.
Played in two fifths of the usual country, with two fifths of everybody in it, all draws with seed 0: chance weighs more
there, and a quiet start is one for all draws. --usual does without both.
What was played is kept in outputs/stability.jsonl by code, scenario and seed, so that a stop loses one draw.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from loky import get_reusable_executor
from scipy.stats import mannwhitneyu, qmc
from study import Log

import sim
from sim.actors.acts import ABUSE, ATTACK
from sim.experiment.manifest import code
from sim.model import Model

KEPT = Path(__file__).resolve().parents[1] / "outputs" / "stability.jsonl"
YEARS, TWO_YEARS = 520, 104
SMALL = {
    "world.grid": [20, 20], "world.places": 240, "world.people": 2_000_000, "hosts.host.forces": 16,
    "armed_groups.front.fighters": 240, "armed_groups.militia.fighters": 200, "armed_groups.raiders.fighters": 200,
    "armed_groups.rebels.fighters": 320,
}  # fmt: skip
USUAL = {
    "world.grid": [32, 32], "world.places": 600, "world.people": 5_000_000, "hosts.host.forces": 40,
    "armed_groups.front.fighters": 600, "armed_groups.militia.fighters": 500, "armed_groups.raiders.fighters": 500,
    "armed_groups.rebels.fighters": 800,
}  # fmt: skip
MISSIONS = {"UN": {"troops": 3200, "police": 160, "civilians": 200}, "AU": {"troops": 1600}}
Job = tuple[sim.Scenario, int]


def box(draws: int) -> list[dict[str, float]]:
    """Return Latin-hypercube draws of all parameters over their plausible ranges, whole numbers where they must be."""
    free = [p for p in sim.load("un_alone").parameters if p.kind == "number" and p.plausible[0] < p.plausible[1]]
    low, high = np.array([p.plausible for p in free]).T
    points = low + (high - low) * qmc.LatinHypercube(len(free), seed=1).random(draws)
    return [{p.path: round(x) if p.integer else float(x) for p, x in zip(free, row, strict=True)} for row in points]


def smaller(name: str) -> sim.Scenario:
    """Return a scenario in two fifths of its country, with two fifths of the people, fighters, forces and missions."""
    whole = sim.load(name)
    missions = {f"missions.{k}.{dial}": number for k in whole.missions for dial, number in MISSIONS.get(k, {}).items()}
    return whole.but(SMALL | missions)


def under(point: dict[str, float], name: str, weeks: int) -> sim.Scenario:
    """Return a scenario in a smaller country under one draw of parameters."""
    return smaller(name).but({"weeks": weeks, **{f"parameters.{path}": x for path, x in point.items()}})


def ten_years(job: Job) -> dict[str, float]:
    """Play ten years; return what the limits are about, each against the start or the first two years."""
    scenario, seed = job
    model = Model(scenario, seed, keep=set())
    model.log.measure = lambda m: None  # no metric is asked for, which saves a sixth of the time
    weekly = [told(model) for _ in range(YEARS)]
    views = model.views()[:, :, -1]
    views = views[~np.isnan(views)]
    model.dispose()
    fighters, *acts = np.array(weekly).T
    fighters = fighters / sum(group.fighters for group in scenario.armed_groups.values())
    upto = np.concatenate([np.zeros((2, 1)), np.cumsum(acts, axis=1)], axis=1)
    attacks, abuse = upto[:, TWO_YEARS:] - upto[:, :-TWO_YEARS]  # of every two years in a row
    out = {"fewest": fighters.min(), "fighters": fighters[-1], "strongest": fighters.max()}
    out |= {"first": attacks[0], "least": attacks.min(), "most": attacks.max(), "low": views.min(), "high": views.max()}
    out |= {"abuse_first": abuse[0], "abuse_least": abuse.min(), "abuse_most": abuse.max()}
    return {k: float(v) for k, v in out.items()}


def told(model: Model) -> tuple[int, int, int]:
    """Play a week; return fighters, attacks by armed groups on civilians, and acts of state abuse."""
    model.step()
    return int(model.bands.fighters.sum()), model.acts.of(ATTACK).size, model.acts.of(ABUSE).size


BESIDE = "ten times the state abuse"
"""The limit that is ours and not model.md's."""


def offends(r: dict[str, float], alone: dict[str, float] | None = None) -> list[str]:
    """Say which limits a draw broke; alone: what the same draw does with nobody there, if somebody is."""
    usual = alone or r
    broken = {
        "two years without attacks": alone is None and r["least"] == 0,
        "ten times the attacks": r["most"] > 10 * max(usual["first"], 1),
        BESIDE: r["abuse_most"] > 10 * max(usual["abuse_first"], 1),
        "fewer than 0.05 of the fighters": r["fewest"] < 0.05,
        "ten times the fighters": r["strongest"] > 10,
    }
    return [limit for limit, yes in broken.items() if yes]


def played(what: Callable[[Job], Any], jobs: list[Job], processes: int) -> list:
    """Return what each job gives, from what is kept or else played now and kept."""
    version = code()
    keys = [f"{what.__name__} {version[:16]} {scenario.digest} {seed}" for scenario, seed in jobs]
    known = dict(_lines())
    missing = [(key, job) for key, job in zip(keys, jobs, strict=True) if key not in known]
    if missing:
        KEPT.parent.mkdir(exist_ok=True)
        found = get_reusable_executor(max_workers=processes).map(what, [job for _, job in missing])
        with KEPT.open("a", encoding="utf-8") as file:
            for (key, _), result in zip(missing, found, strict=True):
                known[key] = result
                file.write(json.dumps([key, result]) + "\n")
                file.flush()
    return [known[key] for key in keys]


def _lines() -> Iterator[tuple[str, Any]]:
    """Read what is kept; a line that a stop cut short is left out."""
    for line in KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else ():
        if line.endswith("]"):
            yield tuple(json.loads(line))


def alone_over(log: Log, points: list[dict[str, float]], processes: int, usual: bool = False) -> list[dict[str, float]]:
    """Print how many draws keep the limits with nobody there."""
    small = [(under(point, "no_mission", YEARS), 0) for point in points]
    jobs = [(scenario.but(USUAL), k) for k, (scenario, _) in enumerate(small)] if usual else small
    results = played(ten_years, jobs, processes)
    log(f"\nNobody comes, ten years, {len(results)} draws")
    judged(log, points, results, [offends(r) for r in results])
    return results


def beside_over(log: Log, points: list[dict[str, float]], alone: list[dict[str, float]], processes: int) -> None:
    """Print the same beside UN and regional force, each draw held against itself with nobody there."""
    results = played(ten_years, [(under(point, "un_au_parallel", YEARS), 0) for point in points], processes)
    log(f"\nUN and regional force from week 26, ten years, {len(results)} of the same draws")
    judged(log, points, results, [offends(r, a) for r, a in zip(results, alone, strict=True)])
    none = np.array([r["least"] == 0 for r in results])
    tenfold = np.array(["ten times the attacks" in offends(r) for r in results])
    log(
        f"  no limit, but told: two years without attacks in {none.sum()} draws, two with ten times those of its own first"
    )
    log(f"    two (when missions leave, bleed or lose trust) in {tenfold.sum()}")
    for label, chosen in (("none", none), ("tenfold", tenfold)):
        if 0 < chosen.sum() < chosen.size:
            log(f"    {label}: the draws lie high or low in {leaning(points, chosen)}")


def judged(log: Log, points: list[dict[str, float]], results: list[dict[str, float]], broken: list[list[str]]) -> None:
    """Print how many draws keep the limits; offenders one by one, and the parameters they share; and how draws spread."""
    bad, n = np.array([bool(set(limits) - {BESIDE}) for limits in broken]), len(broken)
    log(f"  {n - bad.sum()} of {n} inside the limits, {1 - bad.mean():.1%} (asked: 99 %: {verdict(bad)})")
    bad |= np.array([BESIDE in limits for limits in broken])
    log(
        f"  {n - bad.sum()} of {n}, {1 - bad.mean():.1%}, with state abuse held to ten times its first two years as well"
    )
    for limit, number in Counter(limit for limits in broken for limit in limits).most_common():
        log(f"    {limit}: {number}")
    for k in bad.nonzero()[0]:
        r = results[k]
        told = f"attacks of two years {r['first']:.0f} first, {r['least']:.0f}-{r['most']:.0f}; fighters x {r['fewest']:.2f}-{r['strongest']:.2f}"
        log(f"    draw {k}: {', '.join(broken[k])} ({told}); {extremes(points[k])}")
    if 0 < bad.sum() < n:
        log(f"    offenders lie high or low in: {leaning(points, bad)}")
    spread(log, results)


def verdict(bad: np.ndarray) -> str:
    """Say whether the limits hold as asked."""
    return "met" if bad.mean() <= 0.01 else "not met"


def spread(log: Log, results: list[dict[str, float]]) -> None:
    """Print how far draws spread in what the limits are about, and perceptions that ended near 0 or 1."""
    for name, label in (
        ("fewest", "fewest fighters / start"),
        ("fighters", "fighters at the end / start"),
        ("strongest", "most fighters / start"),
        ("first", "attacks in the first two years"),
        ("least", "fewest attacks in two years"),
        ("most", "most attacks in two years"),
        ("abuse_first", "state abuse in the first two years"),
        ("abuse_least", "least state abuse in two years"),
        ("abuse_most", "most state abuse in two years"),
    ):
        values = np.array([r[name] for r in results])
        low, middle, high = np.quantile(values, (0.01, 0.5, 0.99))
        log(
            f"    {label:34s} median {middle:.2f}, 1 % and 99 % {low:.2f}, {high:.2f}, all {values.min():.2f} to {values.max():.2f}"
        )
    ends = sum(r["low"] < 0.02 or r["high"] > 0.98 for r in results)
    log(f"    a perception of some actor, mean of everybody, ends below 0.02 or above 0.98 in {ends} draws")


def leaning(points: list[dict[str, float]], chosen: np.ndarray, most: int = 8) -> str:
    """Name the parameters in which chosen draws lie higher or lower in the plausible range than the others."""
    ranges = {p.path: p.plausible for p in sim.load("un_alone").parameters}
    found = []
    for path in points[0]:
        low, high = ranges[path]
        at = (np.array([point[path] for point in points]) - low) / (high - low)
        p = mannwhitneyu(at[chosen], at[~chosen]).pvalue
        found.append((p, f"{path} {at[chosen].mean():.2f} (p {p:.1g})"))
    return ", ".join(told for _, told in sorted(found)[:most])


def extremes(point: dict[str, float]) -> str:
    """Name the five parameters of a draw that lie farthest out in their plausible ranges, among those that drive attacks."""
    told = []
    for p in sim.load("un_alone").parameters:
        if p.path in point and p.path.split(".")[0] in ("attacks", "violence", "campaigns", "restraint", "recruitment"):
            low, high = p.plausible
            told.append((abs((point[p.path] - low) / (high - low) - 0.5), f"{p.path}={point[p.path]:.3g}"))
    return ", ".join(name for _, name in sorted(told, reverse=True)[:5])


def again(log: Log, points: list[dict[str, float]], draws: list[int], processes: int) -> None:
    """Print whether draws that broke a limit with nobody there do so with other luck, and in the usual country."""
    log(
        "\nNobody comes, ten years: the same parameters with other luck, and in the usual country; most attacks in two years"
    )
    log("against the first two, and what broke")
    for k in draws:
        small = under(points[k], "no_mission", YEARS)
        jobs = [(small, seed) for seed in range(5)] + [(small.but(USUAL), seed) for seed in range(2)]
        results = played(ten_years, jobs, processes)
        told = [f"{r['most']:.0f}/{r['first']:.0f}{' ' + ', '.join(offends(r)) if offends(r) else ''}" for r in results]
        log(f"  draw {k}: seeds 0-4 {'; '.join(told[:5])} | usual country, seeds 0-1 {'; '.join(told[5:])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("draws", nargs="?", type=int, default=500)
    parser.add_argument("--first", type=int, help="play only so many of the draws")
    parser.add_argument("--beside", type=int, help="beside missions play only so many of them")
    parser.add_argument(
        "--again", type=int, nargs="+", help="only these draws, with other luck; log: stability_again.txt"
    )
    parser.add_argument("--usual", action="store_true", help="the usual country, a seed for each draw, nobody there")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args()
    name = "stability_again" if given.again else "stability_usual" if given.usual else "stability"
    points, log = box(given.draws)[: given.first], Log(name)
    if given.again:
        again(log, points, given.again, given.jobs)
        return log.close()
    if given.usual:
        log(f"the usual country, {len(points)} of {given.draws} Latin-hypercube draws, draw k with seed k")
        alone_over(log, points, given.jobs, usual=True)
        return log.close()
    log(f"two fifths of the usual country: {smaller('un_au_parallel').world.places} places, 2 million people")
    log(
        f"{len(points)} of {given.draws} Latin-hypercube draws of {len(points[0])} parameters over their plausible ranges, one"
    )
    log("seed each")
    alone = alone_over(log, points, given.jobs)
    beside_over(log, points[: given.beside], alone[: given.beside], given.jobs)
    return log.close()


if __name__ == "__main__":
    main()
