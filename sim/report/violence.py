"""The map of violence: a shadow where attacks fall, the dead of one run by who killed them, and who stood there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.lines import Line2D

from sim.errors import Problem, Problems
from sim.report import page
from sim.report.badges import CORNERS, handle, handles, stand
from sim.report.ground import ground, ramp, shade, size_of
from sim.report.look import INK, PAPER, SCALE, style
from sim.report.look.cast import Looks
from sim.report.people import of_runs
from sim.report.reach import YEAR, cells_of
from sim.report.view import View, Weeks, setups_of, told, views
from sim.report.words import counted, number

if TYPE_CHECKING:
    from sim.experiment.results import Results

HARM = ("attack_on_civilians", "state_abuse", "mission_harm")
SHADOWS = {
    "attacks": "attacks on civilians a year in a cell, mean of n = {n}",
    "disposition": "the land's lasting disposition to violence (1 = the mean cell), before any event",
}
LEAST, LARGEST, STEEPEST = 12.0, 460.0, 4.0
KEY_SIZES = (1, 10, 50)
STOOD = 26


@style()
def violence(
    results: Results, scenario: Any = None, *, seed: int | None = None, weeks: Weeks | None = None,
    shadow: str = "attacks", ax: Any = None, caption: bool = True,
) -> Any:  # fmt: skip
    """Draw where violence falls: a shadow over the land, the dead of the shown run on it, and who stood there.

    One map for each scenario, or for one. seed: the run that is shown (default: the median by civilians killed); weeks:
    first and last; shadow: `attacks` (all seeds) or `disposition` (the land before any event). Returns Matplotlib axes,
    an array where there are several. Raises Problems for what was not run.
    """
    if shadow not in SHADOWS:
        raise Problems([Problem("shadow", shadow, " or ".join(SHADOWS))])
    drawn = views(results, scenario, seed, weeks)
    axes = page.panels(ax, len(drawn), size_of(drawn[0].world), (0.25, 1.4))
    norm = _shadows(axes, drawn, shadow)
    deaths = [_deaths(view) for view in drawn]
    steep = min(STEEPEST, (LARGEST - LEAST) / max(1, *(int(d["civilians"].max()) for d in deaths if len(d)), 1))
    for view, dead, spot in zip(drawn, deaths, axes, strict=True):
        page.subject(spot, view.arm, view.several)
        ground(spot, view.world)
        stand(spot, view, view.weeks, _long(view))
        _harm(spot, view, dead, steep)
    ramp(axes[-1], SCALE["threat"], norm, "attacks a year" if shadow == "attacks" else "disposition")
    page.legend_below(axes, _key(drawn, deaths, steep))
    return page.finish(axes, note(drawn, shadow), setups_of(drawn), ax is None, caption, "Where violence falls")


def _shadows(axes: Iterable[Axes], drawn: Sequence[View], shadow: str) -> PowerNorm:
    """Shade all maps on one scale, and return it."""
    values = [_attacks(view) if shadow == "attacks" else np.exp(view.world.propensity) for view in drawn]
    top = max(float(np.quantile(v[v > 0], 0.99)) if (v > 0).any() else 1.0 for v in values)
    norm = PowerNorm(0.5, 0, top, clip=True)
    for view, value, ax in zip(drawn, values, axes, strict=True):
        shade(ax, view.world, value, SCALE["threat"], norm)
    return norm


def _attacks(view: View) -> np.ndarray:
    """Return attacks on civilians a year in each cell [C], the mean over seeds; of the shown run if lands differ."""
    same = view.setup.world.seed != "run"
    events = view.rows("events", all_seeds=same)
    events = events[events["kind"].isin(HARM)]
    years = (view.weeks[1] - view.weeks[0] + 1) / YEAR * (len(view.results.seeds) if same else 1)
    return np.bincount(cells_of(events["cell"], view.world), minlength=view.world.cells) / years


def _deaths(view: View) -> pd.DataFrame:
    """Return the civilians killed in the shown run by cell and perpetrator: cell, perpetrator, civilians."""
    events = view.rows("events")
    deadly = events[events["kind"].isin(HARM) & (events["civilians"] > 0)]
    found = pd.DataFrame({
        "cell": cells_of(deadly["cell"], view.world), "perpetrator": deadly["perpetrator"].astype(object),
        "civilians": deadly["civilians"],
    })  # fmt: skip
    return found.groupby(["cell", "perpetrator"], as_index=False)["civilians"].sum()


def _harm(ax: Axes, view: View, dead: pd.DataFrame, steep: float) -> None:
    """Stamp the dead, the largest marks first, each in its perpetrator's shape; harm by a mission is hollow."""
    dead = dead.sort_values("civilians", ascending=False)
    x, y = _places(dead, view)
    for name in dead["perpetrator"].unique():
        mine = (dead["perpetrator"] == name).to_numpy()
        looks = view.looks[name]
        size = looks.size * (LEAST + steep * dead["civilians"].to_numpy()[mine])
        ax.scatter(x[mine], y[mine], s=size, marker=looks.marker, zorder=6, **_paint(looks, name, view))


def _paint(looks: Looks, name: str, view: View) -> dict[str, Any]:
    """Return how a mark of harm is filled: hollow if a mission did it."""
    if name in view.setup.missions:
        return {"fc": PAPER, "ec": looks.colour, "lw": 1.5}
    return {"fc": looks.colour, "ec": PAPER, "lw": 0.6}


def _places(marks: pd.DataFrame, view: View) -> tuple[np.ndarray, np.ndarray]:
    """Return where marks stand: in the middle of their cell if alone there, else in its corners."""
    order, many = marks.groupby("cell").cumcount(), marks.groupby("cell")["cell"].transform("size")
    shift = np.where(many.to_numpy()[:, None] > 1, CORNERS[order.to_numpy() % len(CORNERS)], 0.0)
    cells = marks["cell"].to_numpy(np.int64)
    return view.world.col[cells] + shift[:, 0], view.world.row[cells] + shift[:, 1]


def _long(view: View) -> int:
    """Return how many weeks count as a long stay: half a year, or half the weeks drawn."""
    return min(STOOD, max(1, (view.weeks[1] - view.weeks[0] + 1) // 2))


def _key(drawn: Sequence[View], deaths: Sequence[pd.DataFrame], steep: float) -> list[Line2D]:
    """Return the key: perpetrators, missions that stood there, sizes."""
    looks, missions = drawn[0].looks, sorted({name for view in drawn for name in view.setup.missions})
    killers = sorted({name for dead in deaths for name in dead["perpetrator"]}, key=lambda n: (n in missions, n))
    marks = [handle(looks[name], f"killed by {name}", 8, name in missions) for name in killers]
    return [*marks, *handles(drawn), *(_size(n, steep) for n in KEY_SIZES)]


def _size(n: int, steep: float) -> Line2D:
    """Return the key to a size."""
    size = (LEAST + steep * n) ** 0.5
    return Line2D([], [], ls="", marker="o", ms=size, mfc="none", mec=INK, mew=0.8, label=f"{number(n)} killed")


def note(drawn: Sequence[View], shadow: str = "attacks") -> str:
    """Say what the shadow and the marks are."""
    view = drawn[0]
    sent = any(one.setup.missions for one in drawn)
    stood = (
        f"Small filled badges: a mission had a unit there for {counted(_long(view), 'week')} or more. " if sent else ""
    )
    whole = view.weeks == (0, view.setup.weeks - 1)
    killed = of_runs(drawn, "civilians_killed", "Civilians killed in all") if whole else ""
    dark = SHADOWS[shadow].format(n=counted(len(view.results.seeds), "seed"))
    return (
        f"Shadow: {dark}. Marks: civilians killed in a cell by each perpetrator, area by number; {told(view)}, "
        f"cells of {view.world.side_km:g} km. {killed}{stood}White squares: towns; the largest is the capital."
    )
