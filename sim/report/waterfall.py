"""What moved it: the ledger's entries from the opening to the closing value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.errors import Problem, Problems, SimError, nearest
from sim.experiment.why import Why
from sim.report import page, words
from sim.report.look import HIGHER, INK, LOWER, MUTED, PAPER, style
from sim.report.look.cast import Arm, arms
from sim.report.words import OPINIONS, counted, digits, number, rule

if TYPE_CHECKING:
    from sim.experiment.results import Results

WIDTH, ROW, MOST, THICK, COLUMNS = 3.2, 0.27, 9, 0.66, 3
MORE = "smaller moves"


@dataclass(frozen=True)
class Steps:
    """One scenario's way from opening to closing, in the unit that is drawn; moves by their names, in order.

    ends: low and high, the 95 % interval of each move's mean over seeds; missing for those that are put together.
    """

    arm: Arm
    opening: float
    moves: pd.Series
    closing: float
    ends: pd.DataFrame

    @property
    def levels(self) -> np.ndarray:
        """The level before each move, and the closing one; from 0 where levels are not known."""
        start = self.opening if math.isfinite(self.opening) else 0.0
        return start + np.concatenate([[0.0], np.cumsum(self.moves.to_numpy(float))])


@style()
def waterfall(
    why: Why | Results, scenario: Any = None, *, quantity: str = "legitimacy", actor: str | None = None,
    audience: str = "all", ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw what moved a quantity: opening value, the ledger's entries by rule (and cause), closing value.

    why: what `results.why(...)` returns, or results with quantity, actor (default: the first mission) and audience.
    Each bar starts where the one above ends, so that they add up; losses are hatched. One panel for each scenario, or
    for one. Returns Matplotlib axes, an array where there are several.
    """
    found = why if isinstance(why, Why) else why.why(quantity, actor or _first_mission(why), audience)
    setups = found.setups
    steps = _steps(found, scenario)
    names = list(steps[0].moves.index)
    axes = page.panels(ax, len(steps), (WIDTH, ROW * (len(names) + 2)), (0.35, 1.2), columns=COLUMNS)
    low, high = _limits(steps)
    for k, (spot, step) in enumerate(zip(axes, steps, strict=True)):
        spot.set_xlim(low, high)
        _panel(spot, step, found)
        page.subject(spot, step.arm, len(found.balance) > 1)
        if k % COLUMNS and ax is None:
            spot.set_yticklabels([])
    title = f"What moved the {found.quantity} of {found.actor}"
    return page.finish(axes, _told(found), setups, ax is None, caption, title)


def _first_mission(results: Results) -> str:
    """Return the first mission of the results.

    Raises SimError where there is none.
    """
    name = words.first_mission(results.setups)
    if not name:
        raise SimError("no scenario has a mission: say actor=")
    return name


def _steps(found: Why, scenario: Any) -> list[Steps]:
    """Return the ways of all scenarios, or of one, with the same moves in the same order.

    Raises Problems for a scenario that the explanation does not have.
    """
    labels = list(found.balance["scenario"])
    moved = [label for label in labels if label in set(found.table["scenario"])]
    chosen = moved or labels if scenario is None else [getattr(scenario, "name", scenario)]
    if chosen[0] not in labels:
        allowed = "one of " + ", ".join(labels)
        raise Problems([Problem("scenario", chosen[0], allowed, nearest(str(chosen[0]), labels))])
    drawn, times = arms(found.setups, found.setups), 100.0 if found.quantity in OPINIONS else 1.0
    moves = _moves(found) * times
    balance = found.balance.set_index("scenario") * 1.0
    return [
        Steps(drawn[label], balance.at[label, "opening"] * times, moves[label], balance.at[label, "closing"] * times,
              _ends(found, label).reindex(moves.index) * times)
        for label in chosen
    ]  # fmt: skip


def _named(found: Why) -> pd.DataFrame:
    """Return the table of moves with what each is called."""
    names = [rule(*pair) for pair in zip(found.table["rule"], found.table["cause"], strict=True)]
    return found.table.assign(name=names)


def _ends(found: Why, label: str) -> pd.DataFrame:
    """Return low and high of each move of one scenario by its name."""
    named = _named(found)
    return named[named["scenario"] == label].set_index("name")[["low", "high"]]


def _moves(found: Why) -> pd.DataFrame:
    """Return the net moves: a row for each rule and cause in words, the largest first, a column per scenario."""
    named = _named(found)
    wide = named.pivot_table(index="name", columns="scenario", values="net", aggfunc="sum", sort=False).fillna(0.0)
    wide = wide.reindex(columns=list(found.balance["scenario"]), fill_value=0.0)
    wide = wide.loc[wide.abs().max(axis=1).sort_values(ascending=False, kind="stable").index]
    if len(wide) > MOST + 1:
        rest = wide.iloc[MOST:].sum().to_frame(f"{len(wide) - MOST} {MORE}").T
        wide = pd.concat([wide.iloc[:MOST], rest])
    return wide


def _limits(steps: Sequence[Steps]) -> tuple[float, float]:
    """Return an axis that holds all levels, with room for the numbers at its right."""
    levels = np.concatenate([level for step in steps for level in (step.levels, _reach(step))])
    low, high = float(levels.min()), float(levels.max())
    span = (high - low) or 1.0
    return (low - 0.04 * span if low else 0.0), high + 0.2 * span


def _reach(step: Steps) -> np.ndarray:
    """Return how far the intervals of the moves reach, as levels; those that are known."""
    ends = (step.levels[:-1, None] + step.ends.to_numpy(float)).ravel()
    return ends[np.isfinite(ends)]


def _panel(ax: Axes, step: Steps, found: Why) -> None:
    """Draw one way from top to bottom."""
    levels, last = step.levels, len(step.moves) + 1
    figures = digits(*step.moves)
    ends = step.ends.to_numpy(float)
    for y, (before, move, end) in enumerate(zip(levels[:-1], step.moves, ends, strict=True), start=1):
        _move(ax, y, before, move, end[1], figures)
        ax.plot(before + end, [y, y], color=INK, lw=1.3, zorder=4, solid_capstyle="butt", gid="interval")
    known = math.isfinite(step.closing)
    for y, level in ((0, levels[0]), (last, levels[-1])):
        _level(ax, y, level, step.arm, known)
    names = ["opening" if known else "start", *step.moves.index, "closing" if known else "moved in all"]
    ax.set(ylim=(last + 0.6, -0.6), yticks=range(last + 1), yticklabels=names)
    ax.tick_params(axis="y", colors=INK)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    ax.set_xlabel(_quantity(found))


def _move(ax: Axes, y: int, before: float, move: float, high: float, figures: int) -> None:
    """Draw one move as a bar from the level before, with its number; a loss is brown and hatched."""
    up = move >= 0
    ax.barh(y, move, left=before, height=THICK, color=HIGHER if up else LOWER, hatch=None if up else "////", ec=PAPER,
            lw=0, gid="move")  # fmt: skip
    ax.plot([before + move] * 2, [y, y + 1], color=MUTED, lw=0.7, zorder=0)
    right = before + np.nanmax([0.0, move, high])
    ax.annotate(number(move, sign=True, digits=figures), (right, y), xytext=(4, 0), va="center",
                textcoords="offset points", fontsize=8.6, color=MUTED)  # fmt: skip


def _level(ax: Axes, y: int, level: float, arm: Arm, known: bool) -> None:
    """Mark the opening or closing value by a stroke in the scenario's colour, with its number."""
    ax.plot([level] * 2, [y - THICK / 2, y + THICK / 2], color=arm.line, lw=3.2, solid_capstyle="butt", zorder=3)
    if y == 0:
        ax.plot([level] * 2, [y, y + 1], color=MUTED, lw=0.7, zorder=0)
    ax.annotate(number(level, sign=not known, digits=digits(level)), (level, y), xytext=(6, 0), va="center",
                textcoords="offset points", fontsize=9.5, weight="bold", color=arm.text)  # fmt: skip


def _quantity(found: Why) -> str:
    """Return what is moved, with its unit."""
    told = {"fighters": "people", "residents": "people", "dead": "people", "recruited": "people"}
    unit = "0–100" if found.quantity in OPINIONS else told.get(found.quantity, "")
    seen = f", {words.audience(found.audience)}" if found.audience else ""
    return f"{found.quantity} of {found.actor}{seen}{f' ({unit})' if unit else ''}"


def _told(found: Why) -> str:
    """Say what the bars are."""
    n, unmet = int(found.balance["seeds"].max()), found.quantity in OPINIONS and (found.balance["opening"] == 0).any()
    zero = " It opens at 0 because nobody has met it yet." if unmet else ""
    return (
        f"Bars: what each rule moved over the run (its cause beside it), mean of n = {counted(n, 'seed')}; hatched: "
        f"a loss; stroke: 95 % interval of the mean. Opening plus bars is closing.{zero} It is bookkeeping: what moved "
        "it then, not what would have been without."
    )
