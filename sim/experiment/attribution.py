"""Harm averted, by mission: every set of the missions is run on the same seeds, and shares add up exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import SimError
from sim.experiment import shapley
from sim.experiment import statistics as st
from sim.experiment.paired import BOTH
from sim.experiment.plan import Seeds, as_seeds
from sim.experiment.shapley import Coalition

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

NOBODY = "nobody"
ORDERS = 16
"""Orders that are drawn where there are too many missions for all of them."""
Row = dict[str, Any]


@dataclass(frozen=True, repr=False)
class Attribution:
    """Civilians not killed because of the missions of a scenario, by mission; paired seeds.

    killed: civilians killed by seed (rows) and set of missions sent (columns, named `AU+UN`; `nobody`). shares: of the
    harm averted by seed and mission, in whole deaths x `unit`; they add up to unit x harm averted exactly. orders:
    those drawn, where there are more than four missions. table: a row per mission, and one for all. interactions: a
    row per pair, on both scales.
    """

    scenario: str
    missions: tuple[str, ...]
    killed: pd.DataFrame
    shares: pd.DataFrame
    unit: int
    orders: tuple[tuple[str, ...], ...] = ()

    @property
    def averted(self) -> pd.Series:
        """The harm that all missions averted together, by seed."""
        return self.killed[NOBODY] - self.killed[BOTH.join(self.missions)]

    @property
    def exact(self) -> bool:
        """Whether the shares add up to the last death, on every seed."""
        return bool((self.shares.sum(axis=1) == self.unit * self.averted).all())

    @cached_property
    def table(self) -> pd.DataFrame:
        """Harm averted by mission: mean share, interval, agreement, what it averts alone and adds as the last."""
        errors = shapley.sampling_error(self.orders, _by_set(self.killed)) if self.orders else {}
        rows = [self._row(name, errors.get(name, 0.0)) for name in self.missions]
        return pd.DataFrame([*rows, _told("all", self.averted.to_numpy(float)) | {"sampling_error": 0.0}])

    def _row(self, name: str, error: float) -> Row:
        """Return the row of one mission."""
        others = BOTH.join(m for m in self.missions if m != name) or NOBODY
        told = _told(name, self.shares[name].to_numpy(float) / self.unit) | {"sampling_error": error}
        alone, last = self._difference(NOBODY, name), self._difference(others, BOTH.join(self.missions))
        return told | {"alone": alone, "last": last}

    def _difference(self, less: str, more: str) -> float:
        """Return the mean of deaths averted by going from one set of missions to another, if both were run."""
        known = less in self.killed and more in self.killed
        return float((self.killed[less] - self.killed[more]).mean()) if known else math.nan

    @cached_property
    def interactions(self) -> pd.DataFrame:
        """What each two missions avert together beyond what each averts alone, others absent; a row per pair.

        In deaths: difference with its interval; as a ratio of ratios: below 1, together more than each alone gives.
        """
        pairs = [pair for pair in combinations(self.missions, 2) if {*pair, BOTH.join(pair)} <= set(self.killed)]
        columns = ["pair", "difference", "low", "high", "agree", "sign", "verdict", "ratio", "ratio_low", "ratio_high"]
        return pd.DataFrame([_interaction(self.killed, *pair) for pair in pairs], columns=columns)

    def save(self, folder: str | Path) -> list[Path]:
        """Write the tables to a folder as CSV: attribution, interactions, killed; return the files."""
        place = Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        files = {"attribution": self.table, "interactions": self.interactions, "killed": self.killed.reset_index()}
        for name, table in files.items():
            table.to_csv(place / f"{name}.csv", index=False)
        return [place / f"{name}.csv" for name in files]

    def __repr__(self) -> str:
        """Read as a table of shares, whether they add up, and what pairs do together."""
        from sim.experiment.attribution_text import told

        return told(self)

    def _repr_html_(self) -> str:
        """Read as text in a notebook."""
        from sim.experiment.text import preformatted

        return preformatted(repr(self))


def _told(name: str, values: np.ndarray) -> Row:
    """Return mean, interval and agreement of harm averted by seed."""
    interval = st.student(values)
    return {"mission": name, "n": len(values), "averted": float(values.mean()), "low": interval.low,
            "high": interval.high, "agree": st.agreement(values)}  # fmt: skip


def _interaction(killed: pd.DataFrame, one: str, other: str) -> Row:
    """Return the row of one pair."""
    nobody, first, second, both = (killed[k].to_numpy(float) for k in (NOBODY, one, other, f"{one}{BOTH}{other}"))
    beyond = (nobody - both) - (nobody - first) - (nobody - second)
    interval, agree = st.student(beyond), st.agreement(beyond)
    sign = st.sign_holds(interval, agree, float(beyond.mean() / (np.std(nobody, ddof=1) or np.inf)))
    low, high = st.percentiles(st.resampled_ratio(both, first) * st.resampled_ratio(nobody, second))
    verdict = {1: "more than the sum", -1: "less than the sum", 0: "open"}[sign]
    ratio = st.ratio(both, first) * st.ratio(nobody, second)
    return {"pair": f"{one}{BOTH}{other}", "difference": float(beyond.mean()), "low": interval.low,
            "high": interval.high, "agree": agree, "sign": sign, "verdict": verdict,
            "ratio": ratio, "ratio_low": low, "ratio_high": high}  # fmt: skip


def sent(results: Results) -> str:
    """Return the label of the last scenario that sends missions.

    Raises SimError if there is none.
    """
    found = [label for label, setup in results.setups.items() if setup.missions]
    if not found:
        raise SimError("no scenario here sends a mission: there is no harm averted to share out")
    return found[-1]


def arms(setup: Scenario, orders: Sequence[tuple[str, ...]] = ()) -> dict[Coalition, Scenario]:
    """Return a scenario for each set of missions that is to be run: all sets, or those that orders and pairs need."""
    names = sorted(setup.missions)
    if not names:
        raise SimError(f"{setup.name}: sends no mission: there is no harm averted to share out")
    singles = [frozenset(some) for size in (1, 2) for some in combinations(names, size)]
    sets = [*dict.fromkeys([*shapley.prefixes(orders), *singles])] if orders else shapley.coalitions(names)
    return {some: _only(setup, some) for some in sets}


def _only(setup: Scenario, some: Coalition) -> Scenario:
    """Return the scenario with only some of its missions, named by them."""
    left = setup
    for name in sorted(set(setup.missions) - some):
        left = left.without(name)
    return left.named(name_of(some))


def name_of(some: Iterable[str]) -> str:
    """Return the name of a set of missions, as a column: `AU+UN`, or `nobody`."""
    return BOTH.join(sorted(some)) or NOBODY


def _by_set(killed: pd.DataFrame) -> dict[Coalition, np.ndarray]:
    """Return the columns by set of missions."""
    return {frozenset() if c == NOBODY else frozenset(c.split(BOTH)): killed[c].to_numpy() for c in killed}


def orders_for(setup: Scenario, number: int = ORDERS) -> list[tuple[str, ...]]:
    """Return the orders to draw: none where all sets of missions can be run."""
    exact = len(setup.missions) <= shapley.MOST_EXACT
    return [] if exact else shapley.drawn_orders(setup.missions, number)


def share_out(setup: Scenario, killed: Mapping[str, pd.Series], orders: Sequence[tuple[str, ...]] = ()) -> Attribution:
    """Return the attribution from those killed by set of missions (`AU+UN`), each by seed."""
    frame = pd.DataFrame(dict(killed)).dropna().astype(np.int64)
    by_set = _by_set(frame)
    found, unit = shapley.sampled_shares(orders, by_set) if orders else shapley.shares(setup.missions, by_set)
    shares = pd.DataFrame(found, index=frame.index)
    return Attribution(setup.name, tuple(sorted(setup.missions)), frame, shares, unit, tuple(orders))


def attribute(
    scenario: str | Path | Scenario, seeds: Seeds = 30, jobs: int | None = None, out: str | Path | None = None,
    progress: bool | None = None, orders: int = ORDERS, given: Results | None = None, _model: type | None = None,
) -> Attribution:  # fmt: skip
    """Run every set of a scenario's missions on the same seeds and return who averted how much harm.

    seeds, jobs, progress: as in `run`. out: a folder for the runs. orders: how many orders of arrival to draw where
    there are more than four missions. given: results whose arms are taken as they are. Raises SimError where nobody is
    sent.
    """
    from sim.experiment.results import run
    from sim.scenario import load

    setup = load(scenario)
    drawn = orders_for(setup, orders)
    wanted = {name_of(some): arm for some, arm in arms(setup, drawn).items()}
    killed = {} if given is None else _known(wanted, given)
    missing = [arm for name, arm in wanted.items() if name not in killed]
    if missing:
        model = given.study.model if given is not None else _model
        runs = run(missing, as_seeds(seeds), jobs, ["summary"], out, progress, _model=model)
        killed |= {arm.name: _killed(runs, arm.name) for arm in missing}
    return share_out(setup, {name: killed[name] for name in wanted}, drawn)


def _known(wanted: Mapping[str, Scenario], given: Results) -> dict[str, pd.Series]:
    """Return those killed in the arms that results hold already, whatever they are called there."""
    labels = {setup.digest: label for label, setup in given.setups.items()}
    found = {name: labels.get(arm.digest) for name, arm in wanted.items()}
    return {name: _killed(given, label) for name, label in found.items() if label is not None}


def _killed(results: Results, label: str) -> pd.Series:
    """Return the civilians killed in one scenario by seed."""
    summary = results.summary
    return summary[summary["scenario"] == label].set_index("seed")["civilians_killed"]
