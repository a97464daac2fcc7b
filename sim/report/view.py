"""What a figure looks at: one scenario's run that is shown, its weeks, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import Problem, Problems, nearest
from sim.report.ground import world_of
from sim.report.look.cast import Arm, Looks, arms, cast

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario
    from sim.world import World

Weeks = tuple[int, int]


@dataclass(frozen=True, eq=False)
class View:
    """One scenario in one panel: the run that is shown, first and last week, its arm and everybody's looks."""

    results: Results
    label: str
    seed: int
    median: bool
    weeks: Weeks
    arm: Arm
    looks: Mapping[str, Looks]

    @property
    def setup(self) -> Scenario:
        """The scenario."""
        return self.results.setups[self.label]

    @property
    def world(self) -> World:
        """The country of the run that is shown."""
        return world_of(self.setup, self.seed)

    @property
    def several(self) -> bool:
        """Whether the results hold other scenarios, so that this one needs its letter."""
        return len(self.results.scenarios) > 1

    def rows(self, table: str, all_seeds: bool = False) -> pd.DataFrame:
        """Return the rows of a table in the view's weeks: of the shown run, or of all seeds."""
        frame: pd.DataFrame = getattr(self.results, table)
        mask = (frame["scenario"] == self.label) & frame["week"].between(*self.weeks)
        return frame[mask if all_seeds else mask & (frame["seed"] == self.seed)]


def views(results: Results, scenario: Any = None, seed: int | None = None, weeks: Weeks | None = None) -> list[View]:
    """Return a view of each scenario, or of those chosen, on the same seed and weeks.

    The median run and all weeks, if not said. Raises Problems for a scenario or a seed that was not run.
    """
    chosen = labels(results, scenario)
    shown = results.shown() if seed is None else seed
    if shown not in results.seeds:
        raise Problems([Problem("seed", shown, f"one of the {len(results.seeds)} seeds that were run")])
    when = weeks or (0, max(setup.weeks for setup in results.setups.values()) - 1)
    drawn, looks = arms(results.scenarios, results.setups), cast(results.setups)
    return [View(results, label, shown, seed is None, when, drawn[label], looks) for label in chosen]


def labels(results: Results, scenario: Any = None) -> tuple[str, ...]:
    """Return the labels to draw: all, or those of one or several scenarios given by label or as themselves.

    Raises Problems with the nearest label for one that was not run.
    """
    if scenario is None:
        return tuple(results.scenarios)
    chosen = scenario if isinstance(scenario, list | tuple) else [scenario]
    found = tuple(str(getattr(one, "name", one)) for one in chosen)
    allowed = "one of " + ", ".join(results.scenarios)
    wrong = [label for label in found if label not in results.setups]
    if wrong:
        raise Problems([Problem("scenario", label, allowed, nearest(label, results.scenarios)) for label in wrong])
    return found


def week_of(drawn: Sequence[View], week: int | None) -> int:
    """Return the week that is drawn, by default the last that all scenarios have.

    Raises Problems for a week that was not played.
    """
    last = min(view.setup.weeks for view in drawn) - 1
    if week is not None and not 0 <= week <= last:
        raise Problems([Problem("week", week, f"0 to {last}")])
    return last if week is None else week


def told(view: View) -> str:
    """Say which run is shown, and of which weeks."""
    first, last = view.weeks
    return f"{which(view)} (of n = {len(view.results.seeds)}), weeks {first}–{last}"


def which(view: View) -> str:
    """Say which run is shown."""
    median = view.median and len(view.results.seeds) > 1
    return f"run with seed {view.seed}{', the median by civilians killed' if median else ''}"


def setups_of(drawn: list[View]) -> dict[str, Scenario]:
    """Return the scenarios of some views by label."""
    return {view.label: view.setup for view in drawn}
