"""The metrics of pairs and quadruples of arms: what the same seeds would have seen without somebody."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from sim.experiment.exits import leaving
from sim.experiment.paired import PAIRED as PAIRED
from sim.experiment.paired import Arm, paired_metric

ATTACKS = ("attack_on_civilians", "state_abuse")
MOBILE = ("mobile", "observer_team")
SOLDIERS = ("base", "mobile")
NEAR = 2  # cells outside reach that count as near: definitions 4
YEAR = 52
_CELL = re.compile(r"([A-Z]+)(\d+)\Z")


@paired_metric(arms=("no_mission", "policy"), unit="people", better="higher", source="definitions 4")
def harm_averted(no_mission: pd.DataFrame, policy: pd.DataFrame) -> pd.Series:
    """Civilians not killed: those killed if no mission comes minus those killed with the missions sent, same seed."""
    return no_mission["civilians_killed"] - policy["civilians_killed"]


@paired_metric(
    arms=("no_mission", "policy"),
    unit="US$ million",
    better="lower",
    source="B-M117; definitions 4",
    quotient=True,
    columns=("cost_all",),
)
def cost_per_harm_averted(no_mission: pd.DataFrame, policy: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What all missions cost, for each civilian not killed: ratio of means.

    Not estimable where the interval of harm averted holds 0: what averts nothing would look dear or cheap by luck.
    """
    return policy["cost_all"] - no_mission["cost_all"], harm_averted.compute(no_mission, policy)


@paired_metric(
    arms=("no_mission", "one", "other", "policy"), unit="people", better="higher", source="B-M70, E13", by="pair"
)
def interaction(no_mission: pd.DataFrame, one: pd.DataFrame, other: pd.DataFrame, policy: pd.DataFrame) -> pd.Series:
    """Harm that two missions avert together, less what each averts alone, in deaths: above 0, more than the sum."""
    alone = no_mission["civilians_killed"]
    both, first, second = (alone - arm["civilians_killed"] for arm in (policy, one, other))
    return both - first - second


@paired_metric(
    arms=("without", "policy"), unit="ratio", better="lower", source="B-M15; definitions 4", by="mission",
    tables=("events", "units"), quotient=True,
)  # fmt: skip
def violence_displaced(without: Arm, policy: Arm, *, mission: str) -> tuple[pd.Series, pd.Series]:
    """Attacks that come up near a mission's reach for each attack averted inside it.

    Inside is what its units reach on dry roads, week by week, in the run with it; near is one or two cells beyond. Both
    areas are those of the run with it, in either run.
    """
    units, found = dict(policy.by_seed("units")), {}
    here, there = dict(policy.by_seed("events")), dict(without.by_seed("events"))
    nothing = policy.read("events").iloc[:0]
    for seed in policy.summary.index.intersection(without.summary.index):
        both = here.get(seed, nothing), there.get(seed, nothing)
        places = _Places(pd.concat(both))
        inside, near = places.areas(units.get(seed), mission, policy)
        (within, beside), (within_before, beside_before) = (places.attacks(e, inside, near) for e in both)
        found[seed] = (beside - beside_before, within_before - within)
    table = pd.DataFrame.from_dict(found, orient="index", columns=["moved", "averted"], dtype=float)
    return table["moved"], table["averted"]


class _Places:
    """The grid as the events' cells and coordinates show it."""

    def __init__(self, events: pd.DataFrame) -> None:
        """Work out rows and columns of cells, the side of a cell in km and how far the grid goes at least."""
        spots = events.drop_duplicates("cell")
        rows, cols = _row_col(spots["cell"])
        self.size = (rows.max(initial=0) + 1, cols.max(initial=0) + 1)
        steps = [np.ptp(spots[x]) / np.ptp(k) for x, k in (("x", cols), ("y", rows)) if len(spots) and np.ptp(k)]
        self.side_km = float(steps[0]) if steps else 25.0

    def areas(self, units: pd.DataFrame | None, mission: str, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
        """Return where a mission's units reach in each week, and one or two cells beyond; weeks x rows x columns."""
        inside = np.zeros((arm.setup.weeks, *self.size), bool)
        wide = inside.copy()
        if units is not None and (units["actor"] == mission).any():
            mine = units[units["actor"] == mission]
            p, mobility = arm.setup.parameters.units, arm.setup.missions[mission].mobility
            km = np.where(mine["kind"].isin(MOBILE), p.mobile_reach_km, p.base_reach_km) * mobility
            rings = ((km + 0.5 * self.side_km) // self.side_km).astype(int)
            spots = np.unique(np.column_stack([mine["week"], *_row_col(mine["cell"]), rings]), axis=0)
            for week, row, col, ring in spots.tolist():
                for area, far in ((inside, ring), (wide, ring + NEAR)):
                    area[week, max(0, row - far) : row + far + 1, max(0, col - far) : col + far + 1] = True
        return inside, wide & ~inside

    def attacks(self, events: pd.DataFrame, inside: np.ndarray, near: np.ndarray) -> tuple[int, int]:
        """Count a run's attacks inside and near."""
        hurt = events[events["kind"].isin(ATTACKS)]
        where = (hurt["week"].to_numpy(), *_row_col(hurt["cell"]))
        return int(inside[where].sum()), int(near[where].sum())


def _row_col(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of cells by their names, such as K14; from 0."""
    names = cells.astype(str)
    known = {name: _CELL.match(name).groups() for name in names.unique()}  # type: ignore[union-attr]
    row = {name: int(number) - 1 for name, (_, number) in known.items()}
    col = {name: _column(letters) for name, (letters, _) in known.items()}
    return names.map(row).to_numpy(dtype=int), names.map(col).to_numpy(dtype=int)


def _column(letters: str) -> int:
    """Return the number of a column A, B ... Z, AA; from 0."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


@paired_metric(
    arms=("staying", "policy"), unit="ratio", better="lower", source="B-M152; definitions 4",
    tables=("weeks", "units"), quotient=True, neutral=1.0,
)  # fmt: skip
def relapse_after_exit(staying: Arm, policy: Arm) -> tuple[pd.Series, pd.Series]:
    """Civilians killed in the year after the last soldiers leave, over those killed in the same weeks had they stayed.

    Of the missions that leave; the last unit where a mission has no soldiers. Police who stay as a bridge, a small
    successor or a later return do not put the exit off: what they are worth is seen in the ratio.
    """
    found = {seed: _exit(units, leaving(policy.setup)) for seed, units in policy.by_seed("units")}
    gone = {seed: week for seed, week in found.items() if week is not None and week < policy.setup.weeks}
    return _killed(policy, gone), _killed(staying, gone)


def _exit(units: pd.DataFrame, missions: list[str]) -> int | None:
    """Return the first week without the soldiers of missions that had been there, None if they never came."""
    mine = units[units["actor"].isin(missions)]
    soldiers = mine[mine["kind"].isin(SOLDIERS)]
    weeks = np.unique((soldiers if len(soldiers) else mine)["week"].to_numpy())
    if not weeks.size:
        return None
    breaks = np.flatnonzero(np.diff(weeks) > 1)
    return int(weeks[breaks[0] if breaks.size else -1]) + 1


def _killed(arm: Arm, since: dict[int, int]) -> pd.Series:
    """Return the civilians killed in the year from a week on, by seed."""
    found = {}
    for seed, weeks in arm.by_seed("weeks"):
        if seed in since:
            year = weeks["week"].between(since[seed], since[seed] + YEAR - 1)
            found[seed] = float(weeks.loc[year, "civilians_killed"].sum())
    return pd.Series(found, dtype=float)
