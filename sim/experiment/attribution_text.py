"""How an attribution reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sim.experiment.text import NOT_A_FORECAST, aligned, counted, number, percent

if TYPE_CHECKING:
    from sim.experiment.attribution import Attribution


def told(a: Attribution) -> str:
    """Return an attribution as text: shares by mission, whether they add up, pairs, and how to read it."""
    seeds, arms = counted(len(a.killed), "paired seed"), counted(len(a.killed.columns), "arm")
    head = f"{a.scenario}: civilians not killed, by mission; {seeds}, {arms} run"
    parts = [head, aligned(_shares(a)), _sum(a)]
    if len(a.interactions):
        parts += ["", aligned(_pairs(a.interactions))]
    return "\n".join([*parts, "", *_notes(a)])


def _shares(a: Attribution) -> list[list[str]]:
    """Return a row per mission."""
    drawn = ["error of sampling"] if a.orders else []
    rows = [["harm averted", "mean share", "95 % interval", "seeds agree", "alone", "as the last", *drawn]]
    for _, row in a.table.iterrows():
        cells = [f"  {row['mission']}", number(row["averted"], sign=True), _between(row["low"], row["high"])]
        cells += [percent(row["agree"]), number(row["alone"], sign=True), number(row["last"], sign=True)]
        rows.append([*cells, *([number(row["sampling_error"])] if a.orders else [])])
    return rows


def _between(low: float, high: float) -> str:
    """Return an interval."""
    return f"[{number(low)}, {number(high)}]"


def _sum(a: Attribution) -> str:
    """Say what the shares add up to, in whole deaths."""
    shares, whole = int(a.shares.to_numpy().sum()), int(a.unit * a.averted.sum())
    verb = "add up exactly" if a.exact else "do NOT add up"
    return f"Shares {verb}: {shares:,} = {a.unit} x {int(a.averted.sum()):,} deaths over all seeds ({whole:,})."


def _pairs(table: pd.DataFrame) -> list[list[str]]:
    """Return a row per pair."""
    rows = [["together beyond each alone", "in deaths", "95 % interval", "seeds agree", "ratio of ratios [95 %]", ""]]
    for _, row in table.iterrows():
        ratio = f"{number(row['ratio'])} {_between(row['ratio_low'], row['ratio_high'])}"
        rows.append([f"  {row['pair']}", number(row["difference"], sign=True), _between(row["low"], row["high"]),
                     percent(row["agree"]), ratio, row["verdict"]])  # fmt: skip
    return rows


def _notes(a: Attribution) -> list[str]:
    """Return how to read it."""
    drawn = f"{len(a.orders)} orders of arrival drawn, each with its reverse" if a.orders else "all orders of arrival"
    scales = (
        "Pairs are on two scales: deaths (additive: above 0, together more than the sum) and ratio of ratios "
        "(multiplicative: below 1, together more than the product). They may differ in sign; say which you mean."
    )
    return [
        f"A share is what a mission adds when it comes, mean over {drawn}; alone: if it came alone; as the last: "
        "if it were taken away.",
        *([scales] if len(a.interactions) else []),
        NOT_A_FORECAST,
    ]
