"""Does the model explode, die out or forget, whatever its parameters? Each is drawn from its plausible range.

python benchmarks/stability.py [draws]      log: benchmarks/logs/stability.txt
Limits of model: one attack brings less than 0.95 others at first order in 99 % of the box (impulse.py inserts attacks and
counts); over ten years no two years without attacks, none with ten times the first two years', no perception at its end.
"""

from __future__ import annotations

import sys

import numpy as np
from loky import get_reusable_executor
from scipy.stats import qmc
from study import Log

import sim
from sim.actors.roster import ARMED
from sim.model import Model
from sim.rules import hazards
from sim.rules.movement import guard


def gain(job: tuple[sim.Scenario, int]) -> float:
    """Return the first-order gain in one run: attacks that one attack brings by memory and by going on.

    Rates by cell respond to memory in the cell by their slope; an attack adds 1 there and its spill next door, and memory
    fades; averaged over weeks and over where attacks are expected. Bands and campaigns are held where they are while it
    fades, so the gain is an upper bound: in the model they move on.
    """
    scenario, seed = job
    model, gains = Model(scenario, seed, keep={"summary"}), []
    for _ in range(scenario.weeks):
        model.step()
        if model.week % 8 == 0:
            gains.append(slope(model))
    model.dispose()
    return float(np.mean(gains))


def slope(model: Model) -> float:
    """Return one week's first-order gain."""
    p = model.p.violence
    here = rates(model)
    model.cells.memory[ARMED] += 1e-4
    by_cell = (rates(model) - here) / 1e-4
    model.cells.memory[ARMED] -= 1e-4
    weeks = 1 / (1 - np.exp(-1 / p.memory_weeks))  # the first week remembers in full
    brought = weeks * (by_cell + p.spill * model.space.around(by_cell))
    expected = model.bands.expected[0]
    return float((here * brought).sum() / max(here.sum(), 1e-12)) + going_on(model, expected)


def going_on(model: Model, expected: np.ndarray) -> float:
    """Return how many attacks next week each attack brings because an attack is an episode, where they are expected."""
    guards = [guard(model, k, model.bands.cell) for k in model.at_work]
    held = hazards.local_restraint(model, guards) * hazards.group_restraint(model)
    below_cap = 1 - np.minimum(expected / model.p.violence.cap, 1)  # the slope of saturation
    return float(model.p.attacks.episode * (expected * held * below_cap).sum() / max(expected.sum(), 1e-12))


def rates(model: Model) -> np.ndarray:
    """Return the attacks expected in each cell in the state as it stands."""
    guards = [guard(model, k, model.bands.cell) for k in model.at_work]
    raw = hazards.unrestrained(model, guards) * hazards.local_restraint(model, guards) * hazards.group_restraint(model)
    rate = hazards.saturate(raw, model.p.violence.cap)
    return np.bincount(model.bands.cell, rate, model.world.cells)


def box(draws: int) -> list[dict[str, float]]:
    """Return Latin-hypercube draws of all parameters over their plausible ranges, whole numbers where they must be."""
    free = [p for p in sim.load("un_alone").parameters if p.kind == "number" and p.plausible[0] < p.plausible[1]]
    low, high = np.array([p.plausible for p in free]).T
    points = low + (high - low) * qmc.LatinHypercube(len(free), seed=1).random(draws)
    return [{p.path: round(x) if p.integer else float(x) for p, x in zip(free, row, strict=True)} for row in points]


def ten_years(job: tuple[dict[str, float], int]) -> dict[str, float]:
    """Play ten years of UN and regional force with one draw of parameters; return what the limits are about."""
    values, seed = job
    change = {f"parameters.{path}": value for path, value in values.items()}
    scenario = sim.load("un_au_parallel").but({"weeks": 520, **change})
    model = Model(scenario, seed, keep={"weeks", "summary"}).run()
    attacks = model.log.values["attacks_on_civilians"].sum(axis=1).reshape(5, 104).sum(axis=1)
    views = model.views()[:, :, -1]
    views = views[~np.isnan(views)]
    fighters = model.log.values["fighters"].sum(axis=1)
    out = {"first": attacks[0], "least": attacks.min(), "most": attacks.max(), "low": views.min(), "high": views.max()}
    out["fighters"] = fighters[-1] / 2400
    model.dispose()
    return {k: float(v) for k, v in out.items()}


def offends(r: dict[str, float]) -> str:
    """Say which limit a draw broke, if any."""
    told = []
    if r["least"] == 0:
        told.append("two years without attacks")
    if r["most"] > 10 * max(r["first"], 1):
        told.append("ten times the attacks")
    if r["low"] < 0.02 or r["high"] > 0.98:
        told.append("a perception at its end")
    return ", ".join(told)


def gains_of(points: list[dict[str, float]]) -> np.ndarray:
    """Return the first-order gain of two years of the UN alone under each draw of parameters."""
    short = sim.load("un_alone").but({"weeks": 104})
    jobs = [(short.but({f"parameters.{k}": v for k, v in point.items()}), 0) for point in points]
    return np.array(list(get_reusable_executor().map(gain, jobs)))


def over_the_box(log: Log, draws: int) -> None:
    """The first-order gain and the ten-year limits over draws of all parameters; offenders by parameter."""
    points, pool = box(draws), get_reusable_executor()
    gains = gains_of(points)
    log(f"\nBox: {draws} Latin-hypercube draws of {len(points[0])} parameters over their plausible ranges")
    log(
        f"  first-order gain: median {np.median(gains):.2f}, largest {gains.max():.2f}; below 0.95 in {(gains < 0.95).mean():.0%}"
    )
    results = list(pool.map(ten_years, [(point, 0) for point in points]))
    bad = [k for k, r in enumerate(results) if offends(r)]
    log(f"  ten years: {draws - len(bad)} of {draws} inside the limits (asked: all but one)")
    for k in bad:
        log(f"    draw {k}: {offends(results[k])}; {extremes(points[k])}")
    strength = np.array([r["fighters"] for r in results])
    log(f"  fighters at the end against the start (not yet judged): {strength.min():.2f} to {strength.max():.2f}")


def extremes(point: dict[str, float]) -> str:
    """Name the five parameters of a draw that lie farthest out in their plausible ranges, among those that drive attacks."""
    told = []
    for p in sim.load("un_alone").parameters:
        if p.path in point and p.path.split(".")[0] in ("attacks", "violence", "campaigns", "restraint", "recruitment"):
            low, high = p.plausible
            told.append((abs((point[p.path] - low) / (high - low) - 0.5), f"{p.path}={point[p.path]:.3g}"))
    return ", ".join(name for _, name in sorted(told, reverse=True)[:5])


def main() -> None:
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    log = Log("stability")
    over_the_box(log, draws)
    log.close()


if __name__ == "__main__":
    main()
