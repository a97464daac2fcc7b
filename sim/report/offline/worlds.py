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
EXPECTED = "civilians_killed_expected"
LUCK, CHECKED, TRIED = 1000, 6, 4
"""The seed of all worlds (so that only the unknowns differ), fresh seeds that check a find, and how many finds."""
TOLD = 6


def worlds(pair: tuple[Scenario, Scenario], usual: float, n: int, jobs: int | None = None) -> dict[str, Any]:
    """Return in how many plausible worlds fewer die in A and in B, and one in which the other side does win.

    usual: the mean difference B - A over the pairs of the study. n: draws of all unknowns over their plausible ranges,
    each played once in both arms. Where the other side does best before luck is played again on fresh seeds; `found` is
    None where none wins again.
    """
    held = {f"parameters.{p.path}" for arm in pair for p in arm.parameters if arm.parameters[p.path] != p.value}
    draws = plausible(n, held) if n else []
    by = played(pair, draws, [LUCK], jobs) if draws else dict.fromkeys((KILLED, EXPECTED), np.zeros((0, 1)))
    differences, promise = (by[column][:, 0] for column in (KILLED, EXPECTED))
    known = differences[~np.isnan(differences)]
    side = 1 if usual < 0 else -1  # the sign of a difference in which the other side wins
    told = {"n": len(known), "fewerB": int((known < 0).sum()), "fewerA": int((known > 0).sum()), "side": side}
    return told | _search(pair, draws, promise, side, jobs)


def played(
    pair: tuple[Scenario, Scenario], draws: Sequence[Change], seeds: Sequence[int], jobs: int | None
) -> dict[str, np.ndarray]:
    """Return civilians killed, and those expected before luck, in B less in A for each draw and seed.

    Missing where a run raised.
    """
    names = [(f"A{k}", f"B{k}") for k in range(len(draws))]
    arms = [arm.but(dict(draw)).named(name) for draw, two in zip(draws, names, strict=True)
            for arm, name in zip(pair, two, strict=True)]  # fmt: skip
    try:
        results = run(arms, seeds=list(seeds), jobs=jobs, keep=["summary"], progress=False)
    except RunsFailed as error:
        results = error.results
    order = [name for two in names for name in two]
    found = {}
    for column in (KILLED, EXPECTED):
        wide = results.summary.pivot(index="scenario", columns="seed", values=column)
        values = wide.reindex(index=order, columns=list(seeds)).to_numpy(float)
        found[column] = values[1::2] - values[0::2]
    return found


def _search(
    pair: tuple[Scenario, Scenario], draws: Sequence[Change], promise: np.ndarray, side: int, jobs: int | None
) -> dict[str, Any]:
    """Check the worlds in which the other side did best before luck on fresh seeds; return the first where it wins.

    It wins if fewer die on its side on average and in more than half of the pairs.
    """
    order = np.argsort(-side * np.nan_to_num(promise), kind="stable")
    reversed_ = [int(k) for k in order if side * promise[k] > 0][:TRIED]
    for k in reversed_:
        again = played(pair, [draws[k]], range(LUCK + 1, LUCK + 1 + CHECKED), jobs)[KILLED][0]
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
