"""Putting the page together: tables and layers into one file, with its script, style and fonts."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, Problems
from sim.experiment.about import about
from sim.report.ground import world_of
from sim.report.look import PALETTE
from sim.report.offline import ground, numbers, told, views
from sim.report.offline.numbers import KILLED, Two
from sim.report.offline.pack import pack
from sim.report.offline.shapes import actors
from sim.report.offline.stage import QUARTER, layers
from sim.report.offline.worlds import worlds
from sim.report.words import OPINIONS, label

if TYPE_CHECKING:
    from sim.experiment.results import Results
    from sim.scenario import Scenario
    from sim.scenario.scene import Scene

HERE = Path(__file__).parent
SCRIPTS = (
    "strings", "metrics", "data", "marks", "ground", "maps", "charts", "series", "evidence", "story", "curtain",
    "drawer", "controls", "main",
)  # fmt: skip
SHOWN_NUMBERS = 4
WORLDS = 12
ALIKE = ("weeks", "start", "world")


@dataclass(frozen=True, repr=False)
class Page:
    """A finished page: its text, the seed that it shows, and how many arms, seeds and plausible worlds were run."""

    html: str
    name: str
    question: str
    shown: int
    seeds: int
    worlds: int

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.html.encode())

    def save(self, file: str | Path) -> Path:
        """Write the page and return where it is."""
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.html, encoding="utf-8")
        return path

    def __repr__(self) -> str:
        """Read as one line."""
        told = f"{self.size / 1e6:.2f} MB, 2 arms, {self.seeds} seeds, seed {self.shown} shown, {self.worlds} worlds"
        return f"<Page {self.name}: {told}>"


def page(
    results: Results, scene: Scene | None = None, pair: Sequence[str] | None = None, worlds: int = WORLDS,
    jobs: int | None = None,
) -> Page:  # fmt: skip
    """Return the trainer's page of two scenarios of some results (the first two, if not said which).

    scene: a training scene, for its words and the metrics to watch. worlds: how many plausible worlds are tried, each
    played once in both arms on `jobs` processes; 0 for none. The page shows the median run by civilians killed.
    Raises Problems where the two do not share weeks, start and country.
    """
    labels = tuple(results.label(one) for one in pair) if pair else results.scenarios[:2]
    two = Two(results, _pair(labels), results.shown())
    check_pair(*two.setups)
    tables, arrays = payload(two, scene, worlds, jobs)
    text = fill(pack(tables, arrays))
    name = scene.name if scene is not None else " | ".join(two.labels)
    return Page(text, name, tables["scene"]["question"], two.shown, len(results.seeds), tables["worlds"]["n"])


def _pair(labels: Sequence[str]) -> tuple[str, str]:
    """Return two labels.

    Raises Problems for one alone, or the same twice.
    """
    if len(set(labels)) != 2 or len(labels) != 2:
        raise Problems([Problem("page", " ".join(labels), "two scenarios, A and B")])
    return labels[0], labels[1]


def check_pair(one: Scenario, other: Scenario) -> None:
    """Raise Problems where two scenarios cannot stand on one clock and one map."""
    a, b = one.to_dict(), other.to_dict()
    wrong = [key for key in ALIKE if a.get(key) != b.get(key)]
    if wrong:
        given = {key: b.get(key) if key != "world" else other.name for key in wrong}
        raise Problems([Problem(f"page: {key}", given[key], f"the same {key} as {one.name}") for key in wrong])


def payload(two: Two, scene: Scene | None, tried: int, jobs: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return all tables and layers of the page."""
    setup, missions = two.setups[0], two.missions
    world = world_of(setup, two.shown)
    watch = _watch(two, scene)
    who, whom = views.audiences(two), views.judged(two)
    opinion = _opinion(watch, missions, two.main or whom[0])
    moved = views.moved(two, *opinion)
    land, arrays = ground.country(world, setup)
    standing, units = ground.units(two, missions, world)
    arrays |= layers(two, missions, whom, opinion[:2], moved["rules"])
    arrays |= {"units": units, "views": (views.opinions(two, who, whom), {"steps": 1})}
    pairs = numbers.pairs(two)
    tables = {
        "scene": told.words(two, scene), "weeks": setup.weeks, "start": setup.start.isoformat(), "quarter": QUARTER,
        "seeds": len(two.results.seeds), "shown": two.shown, "missions": missions, "unitsOf": standing,
        "actors": actors(two.results.setups), "audiences": who, "judged": whom, "opinions": list(OPINIONS),
        "moved": moved, "events": ground.events(two, missions, world), "moments": ground.moments(two),
        "pairs": pairs, "harm": numbers.harm(two), "parameters": told.rests_on(setup),
        "worlds": worlds(two.setups, sum(pairs) / max(len(pairs), 1), tried, jobs),
    }  # fmt: skip
    return tables | _watched(two, watch) | land, arrays


def _watched(two: Two, watch: Sequence[str]) -> dict[str, Any]:
    """Return the tables of the columns to watch: what they are, their series, their differences."""
    drawn = [c for c in watch if numbers.how(c) != "whole"]
    found = numbers.series(two, drawn)
    return {
        "metrics": {c: _about(c) for c in watch}, "numbers": drawn[:SHOWN_NUMBERS], "curves": drawn, "series": found,
        "axes": {c: numbers.axis(found, c) for c in drawn}, "apart": {c: numbers.apart(found, c) for c in drawn},
        "whole": numbers.whole(two, watch), "differences": numbers.differences(two, watch),
    }  # fmt: skip


def _watch(two: Two, scene: Scene | None) -> list[str]:
    """Return the columns to watch: civilians killed, what the scene says, and others until there is enough to see."""
    there = set(two.results.summary.columns)
    usual = ["attacks_answered_all", *([f"legitimacy:all->{two.main}"] if two.main else []), "displaced", "fighters"]
    wanted = [KILLED, *(scene.about.watch if scene is not None else ())]
    columns = list(dict.fromkeys(c for c in wanted if c in there))
    for column in usual:
        if sum(numbers.how(c) != "whole" for c in columns) < SHOWN_NUMBERS and column in there:
            columns = list(dict.fromkeys([*columns, column]))
    return columns


def _about(column: str) -> dict[str, str]:
    """Return what the page must know of a column to name and write it."""
    what = about(column)
    return {"name": what.name, "key": what.key, "unit": what.unit, "better": what.better, "how": numbers.how(column),
            "label": label(column)}  # fmt: skip


def _opinion(watch: Sequence[str], missions: Sequence[str], main: str) -> tuple[str, str, str]:
    """Return the opinion whose moves are explained: quantity, actor, audience; the first that is watched."""
    for column in watch:
        name, _, key = column.partition(":")
        audience, _, actor = key.partition("->")
        if name in OPINIONS and actor in missions:
            return name, actor, audience
    return "legitimacy", main, "all"


def fill(data: str) -> str:
    """Return the template with everything put into it."""
    read = lambda name: (HERE / "src" / name).read_text(encoding="utf-8")  # noqa: E731
    style = read("page.css").replace("ARCHIVO", _font("archivo")).replace("NEWSREADER", _font("newsreader"))
    script = "\n".join(read(f"{name}.js") for name in SCRIPTS)
    palette = json.dumps(PALETTE).replace("<", "\\u003c")
    text = read("page.html")
    for key, value in {"STYLE": style, "PALETTE": palette, "SCRIPT": script, "DATA": data}.items():
        text = text.replace("{{" + key + "}}", value)
    return text


def _font(name: str) -> str:
    """Return a font as base64."""
    return base64.b64encode((HERE / "fonts" / f"{name}.woff2").read_bytes()).decode()


def index(pages: Sequence[tuple[str, Page]]) -> str:
    """Return the page that lists others: file name and page each."""
    rows = "\n".join(
        f'<li><a href="{html.escape(file)}"><b>{html.escape(one.name)}</b> {html.escape(one.question)}</a></li>'
        for file, one in pages
    )
    text = (HERE / "src" / "index.html").read_text(encoding="utf-8")
    return text.replace("{{ROWS}}", rows)
