"""What people think, and what moved it, week by week in the shown run: from the perceptions and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.report.offline.numbers import Two, plain
from sim.report.words import OPINIONS

MOST_ACTORS, MOST_RULES = 6, 7
OPENING = ("first_contact", "composition")
"""Rules by which an opinion begins, or its audience changes: they are told as where it started."""
NOBODY = 255


def audiences(two: Two) -> list[str]:
    """Return who judges: everybody first, the displaced last."""
    names = {str(name) for arm in (0, 1) for name in two.rows("perceptions", arm, True)["audience"].unique()}
    return sorted(names, key=lambda name: (name != "all", name == "displaced", name))


def judged(two: Two) -> list[str]:
    """Return who is judged: all missions and hosts, and armed groups as long as a matrix has room for them."""
    found: list[str] = []
    for part in ("missions", "hosts", "armed_groups"):
        names = sorted({name for setup in two.setups for name in getattr(setup, part)})
        found += names if part != "armed_groups" else names[: max(0, MOST_ACTORS - len(found))]
    return found


def opinions(two: Two, who: Sequence[str], whom: Sequence[str]) -> np.ndarray:
    """Return opinions from 0 to 100 [arm, week, audience, actor, view], 255 where nobody has one; uint8."""
    weeks = two.setups[0].weeks
    out = np.full((2, weeks, len(who), len(whom), len(OPINIONS)), NOBODY, np.uint8)
    for arm in (0, 1):
        rows = two.rows("perceptions", arm, True)
        rows = rows[rows["actor"].isin(whom)]
        at = (rows["week"].to_numpy(), _codes(rows["audience"], who), _codes(rows["actor"], whom))
        values = rows[list(OPINIONS)].to_numpy(float) * 100
        out[(arm, *at)] = np.where(np.isnan(values), NOBODY, np.round(np.nan_to_num(values))).astype(np.uint8)
    return out


def _codes(names: Any, order: Sequence[str]) -> np.ndarray:
    """Return each name's place in the order."""
    return names.astype(object).map({name: k for k, name in enumerate(order)}).to_numpy(np.int64)


def moved(two: Two, quantity: str, actor: str, audience: str) -> dict[str, Any]:
    """Return what moved an opinion so far, in points, by rule and cause and week; the opening apart.

    `rules` are the pairs (rule, cause) that moved most in either arm, the rest added up; `arms` the sums so far
    [week, rule], `opening` those of first contact and of changes in who is asked.
    """
    weeks = two.setups[0].weeks
    wide = [_by_rule(two, arm, quantity, actor, audience) for arm in (0, 1)]
    totals: dict[tuple[str, str], float] = {}
    for table in wide:
        for key, values in table.items():
            totals[key] = max(totals.get(key, 0.0), float(np.abs(np.cumsum(values)).max()))
    order = sorted((k for k in totals if k[0] not in OPENING), key=lambda k: -totals[k])
    kept = order if len(order) <= MOST_RULES else order[: MOST_RULES - 1]
    zero = np.zeros(weeks)
    found: dict[str, Any] = {"quantity": quantity, "actor": actor, "audience": audience, "arms": [], "opening": []}
    for table in wide:
        columns = [table.get(key, zero) for key in kept]
        if len(kept) < len(order):
            columns.append(sum((table.get(key, zero) for key in order[len(kept) :]), start=zero))
        sums = np.cumsum(np.stack(columns, axis=1), axis=0) if columns else np.zeros((weeks, 0))
        found["arms"].append([plain(np.round(row, 4)) for row in 100 * sums])
        begun = np.cumsum(sum((v for k, v in table.items() if k[0] in OPENING), start=zero))
        found["opening"].append(plain(np.round(100 * begun, 4)))
    found["rules"] = [list(key) for key in kept] + ([["", ""]] if len(kept) < len(order) else [])
    return found


def _by_rule(two: Two, arm: int, quantity: str, actor: str, audience: str) -> dict[tuple[str, str], np.ndarray]:
    """Return the ledger's weekly entries of one opinion in the shown run by rule and cause, each [weeks]."""
    rows = two.rows("ledger", arm, True)
    mine = (rows["quantity"] == quantity) & (rows["actor"] == actor) & (rows["audience"] == audience)
    rows = rows[mine].astype({"rule": object, "cause": object})
    found = {}
    for key, part in rows.groupby(["rule", "cause"]):
        values = np.zeros(two.setups[arm].weeks)
        np.add.at(values, part["week"].to_numpy(), part["change"].to_numpy(float))
        found[(str(key[0]), str(key[1]))] = values
    return found
