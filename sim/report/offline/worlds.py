"""Plausible worlds: the pair played with other values of what nobody knows, and one in which the other side wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.results import RunsFailed, run
from sim.report.offline.numbers import KILLED
from sim.scenario.parameters import declared
from sim.validate.study import plausible

if TYPE_CHECKING:
    from sim.scenario import Scenario

Change = Mapping[str, Any]
LUCK, CHECKED, TRIED = 1000, 6, 3
"""The seed of all worlds (so that only the unknowns differ), fresh seeds that check a find, and how many finds."""
TOLD = 6


def worlds(pair: tuple[Scenario, Scenario], usual: float, n: int, jobs: int | None = None) -> dict[str, Any]:
    """Return in how many plausible worlds fewer die in A and in B, and one in which the other side does win.

    usual: the mean difference B - A over the pairs of the study. n: draws of all unknowns over their plausible ranges,
    each played once in both arms. A find is checked on fresh seeds; `found` is None where none passes.
    """
    held = {f"parameters.{p.path}" for arm in pair for p in arm.parameters if arm.parameters[p.path] != p.value}
    draws = plausible(n, held) if n else []
    differences = played(pair, draws, [LUCK], jobs)[:, 0] if draws else np.zeros(0)
    known = differences[~np.isnan(differences)]
    side = 1 if usual < 0 else -1  # the sign of a difference in which the other side wins
    told = {"n": len(known), "fewerB": int((known < 0).sum()), "fewerA": int((known > 0).sum()), "side": side}
    return told | _search(pair, draws, differences, side, jobs)


def played(
    pair: tuple[Scenario, Scenario], draws: Sequence[Change], seeds: Sequence[int], jobs: int | None
) -> np.ndarray:
    """Return civilians killed in B less those in A for each draw and seed; missing where a run raised."""
    names = [(f"A{k}", f"B{k}") for k in range(len(draws))]
    arms = [arm.but(dict(draw)).named(name) for draw, two in zip(draws, names, strict=True)
            for arm, name in zip(pair, two, strict=True)]  # fmt: skip
    try:
        results = run(arms, seeds=list(seeds), jobs=jobs, keep=["summary"], progress=False)
    except RunsFailed as error:
        results = error.results
    wide = results.summary.pivot(index="scenario", columns="seed", values=KILLED)
    wide = wide.reindex(index=[name for two in names for name in two], columns=list(seeds))
    found: np.ndarray = wide.to_numpy(float)
    return found[1::2] - found[0::2]


def _search(
    pair: tuple[Scenario, Scenario], draws: Sequence[Change], differences: np.ndarray, side: int, jobs: int | None
) -> dict[str, Any]:
    """Check the worlds in which the other side did best on fresh seeds; return the first where it wins again.

    It wins if it does better on average and in more than half of the pairs.
    """
    order = np.argsort(-side * np.nan_to_num(differences), kind="stable")
    reversed_ = [int(k) for k in order if side * differences[k] > 0][:TRIED]
    for k in reversed_:
        again = played(pair, [draws[k]], range(LUCK + 1, LUCK + 1 + CHECKED), jobs)[0]
        again = again[~np.isnan(again)]
        wins = int((side * again > 0).sum())
        if side * again.sum() > 0 and 2 * wins > again.size:
            found = {"mean": float(again.mean()), "wins": wins, "of": int(again.size), "values": unusual(draws[k])}
            return {"found": found, "checked": reversed_.index(k) + 1}
    return {"found": None, "checked": len(reversed_)}


def unusual(draw: Change) -> list[dict[str, Any]]:
    """Return the parameters of a draw that stand farthest from their defaults, in parts of their plausible ranges."""
    rows = []
    for path, value in draw.items():
        p = declared()[path.removeprefix("parameters.")]
        low, high = p.plausible
        far = abs(value - p.value) / (high - low)
        rows.append((far, {"path": p.path, "meaning": p.meaning, "unit": p.unit, "value": _short(value),
                           "usual": _short(p.value), "low": _short(low), "high": _short(high)}))  # fmt: skip
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])[:TOLD]]


def _short(value: float) -> float:
    """Return a number to three figures."""
    return float(f"{value:.3g}")
