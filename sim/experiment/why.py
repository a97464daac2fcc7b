"""What moved a quantity: the ledger's entries by rule and cause, from the opening to the closing value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.errors import Problem, Problems, nearest
from sim.experiment import text
from sim.experiment.drawing import figure
from sim.experiment.statistics import Interval, student

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario

PERCEPTIONS = ("legitimacy", "impartiality", "credibility")


@dataclass(frozen=True, repr=False)
class Why:
    """What moved one quantity of one actor, as means over seeds.

    `table` has a row per scenario, rule and cause, the largest moves first: net with low and high (95 % interval of the
    mean over seeds), gains and losses (gross), agree (share of seeds whose net has the same sign). `balance` has a row
    per scenario: opening, moved, closing, seeds; opening plus the sum of all net moves is closing. Both are missing
    where no table keeps the quantity's level.
    """

    quantity: str
    actor: str
    audience: str
    table: pd.DataFrame
    balance: pd.DataFrame
    setups: Mapping[str, Scenario]

    def plot(self, scenario: str | None = None, **how: Any) -> Any:
        """Draw the moves from opening to closing as a waterfall; Matplotlib axes in (`ax=`) and out."""
        return figure("waterfall")(self, scenario, **how)

    def __repr__(self) -> str:
        """Read as sentences: what fell or rose by how much, and what it was moved by."""
        return text.why(self)

    def _repr_html_(self) -> str:
        """Read as sentences in a notebook."""
        return text.preformatted(text.why(self))


def why(
    results: Results, quantity: str, actor: str, audience: str, scenarios: Sequence[str], seeds: Sequence[int]
) -> Why:
    """Return what moved a quantity in some scenarios and seeds.

    Raises Problems for a quantity, actor or audience that the ledger does not have.
    """
    entries = _entries(results.ledger, quantity, actor, audience, scenarios, seeds)
    if quantity not in PERCEPTIONS:
        audience = ""
    tables, balances = [], []
    for label in scenarios:
        played = _seeds_of(results, label, seeds)
        mine = entries[entries["scenario"] == label]
        levels = _levels(results, quantity, actor, audience, label, played)
        tables.append(_moves(mine, label, len(played)))
        balances.append(_balance(mine, label, levels, len(played)))
    table, setups = pd.concat(tables, ignore_index=True), results.setups
    return Why(quantity, actor, audience, table, pd.DataFrame(balances), setups)


def _entries(
    ledger: pd.DataFrame, quantity: str, actor: str, audience: str, scenarios: Iterable[str], seeds: Iterable[int]
) -> pd.DataFrame:
    """Return the ledger's entries of one quantity, actor and audience."""
    rows = ledger[ledger["scenario"].isin(list(scenarios)) & ledger["seed"].isin(list(seeds))]
    rows = rows[_is(rows, "quantity", quantity)]
    rows = rows[_is(rows, "actor", actor)]
    return rows[_is(rows, "audience", audience)] if quantity in PERCEPTIONS else rows


def _is(rows: pd.DataFrame, column: str, name: str) -> pd.Series:
    """Return where a column says a name.

    Raises Problems with the names that there are.
    """
    found = rows[column] == name
    if not found.any():
        names = sorted(map(str, rows[column].dropna().unique()))
        allowed = "in the ledger are " + (", ".join(names) or "no entries")
        raise Problems([Problem(column, name, allowed, nearest(name, names))])
    return found


def _seeds_of(results: Results, label: str, seeds: Iterable[int]) -> list[int]:
    """Return the wanted seeds that a scenario has played."""
    played = set(results.summary.loc[results.summary["scenario"] == label, "seed"])
    return [seed for seed in seeds if seed in played]


def _moves(entries: pd.DataFrame, label: str, seeds: int) -> pd.DataFrame:
    """Return the moves by rule and cause, means over all seeds, the largest first."""
    change = entries["change"]
    parts = entries.assign(gain=change.clip(lower=0), loss=change.clip(upper=0))
    keys = ["rule", "cause"]
    by_seed = parts.groupby([*keys, "seed"], observed=True)[["change", "gain", "loss"]].sum().reset_index()
    total = by_seed.groupby(keys, observed=True)[["change", "gain", "loss"]].sum() / max(seeds, 1)
    sign = np.sign(by_seed["change"]) == np.sign(by_seed.groupby(keys, observed=True)["change"].transform("sum"))
    agree = by_seed.assign(agree=sign).groupby(keys, observed=True)["agree"].sum() / max(seeds, 1)
    ends = by_seed.groupby(keys, observed=True)["change"].agg(lambda x: _interval(x, seeds))
    found = total.assign(agree=agree, low=ends.str[0], high=ends.str[1]).reset_index()
    found.columns = pd.Index([*keys, "net", "gains", "losses", "agree", "low", "high"])
    found = found.astype(dict.fromkeys(keys, "object"))
    found.insert(0, "scenario", label)
    return found.sort_values("net", key=np.abs, ascending=False, kind="stable")


def _interval(changes: pd.Series, seeds: int) -> Interval:
    """Return the 95 % interval of the mean over all seeds of a move; one without an entry did not move."""
    return student(np.append(changes.to_numpy(float), np.zeros(seeds - len(changes))))


def _levels(
    results: Results, quantity: str, actor: str, audience: str, label: str, seeds: Sequence[int]
) -> pd.DataFrame | None:
    """Return a quantity's level by seed (rows) in the first and the last week, 0 where nobody has an opinion yet."""
    table, column = ("perceptions", quantity) if quantity in PERCEPTIONS else ("actors", "value")
    if table not in results.tables:
        return None
    frame: pd.DataFrame = getattr(results, table)
    mask = (frame["scenario"] == label) & (frame["actor"] == actor) & frame["seed"].isin(list(seeds))
    mask &= frame["audience"] == audience if quantity in PERCEPTIONS else frame["metric"] == quantity
    rows = frame[mask]
    if rows.empty:
        return None
    wide = rows.pivot(index="seed", columns="week", values=column)
    return wide[[wide.columns.min(), wide.columns.max()]].fillna(0.0)


def _balance(entries: pd.DataFrame, label: str, levels: pd.DataFrame | None, seeds: int) -> dict[str, Any]:
    """Return the opening (before the first week's entries), what was moved in all, and the closing value."""
    moved = float(entries["change"].sum()) / max(seeds, 1)
    balance = {"scenario": label, "opening": np.nan, "moved": moved, "closing": np.nan, "seeds": seeds}
    if levels is None:
        return balance
    first_week = entries.loc[entries["week"] == levels.columns[0], "change"].sum() / max(seeds, 1)
    first, last = levels.iloc[:, 0].mean(), levels.iloc[:, -1].mean()
    return balance | {"opening": float(first - first_week), "closing": float(last)}
