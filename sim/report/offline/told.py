"""The texts of the page: the scene's words, where the arms differ, on what it rests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sim.experiment.manifest import basis
from sim.experiment.paired_metrics import PAIRED
from sim.metrics import METRICS
from sim.report.look.cast import arms
from sim.report.offline.numbers import Two
from sim.report.words import attribution
from sim.scenario import catalogue
from sim.scenario.parameters import declared
from sim.schedule import WEEK

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.scene import Scene

DISPLAY = ("question", "title", "based_on", "sources")
MOST_DIFFERENCES, MOST_USES = 14, 12
TAG = re.compile(r"\b(?:[BSFQ]-[A-Z]\d+|[ES]\d+[a-h]?)\b")


def words(two: Two, scene: Scene | None) -> dict[str, Any]:
    """Return the texts of a scene, or of two scenarios without one."""
    a, b = two.setups
    named = arms(two.labels, two.results.setups)
    texts: dict[str, Any] = {
        "name": "", "title": "", "minutes": None, "question": b.question or a.question,
        "predictions": [], "debrief": [], "dial": None, "based_on": list(dict.fromkeys((*a.based_on, *b.based_on))),
        "arms": [named[label].name for label in two.labels],
    }  # fmt: skip
    tags = list(dict.fromkeys((*a.sources, *b.sources)))
    if scene is not None:
        about = scene.about
        tags = list(about.sources)
        texts |= {
            "name": scene.name, "title": about.title, "minutes": about.minutes, "question": about.question,
            "predictions": list(about.predictions), "debrief": list(about.debrief), "based_on": list(about.based_on),
            "dial": {"title": about.dial.title, "path": about.dial.path, "values": [str(v) for v in about.dial.values],
                     "turns": about.dial.turns},
            "fr": _french(scene),
        }  # fmt: skip
    owed = attribution(dict(enumerate(two.setups)))
    return texts | {"sources": sources(tags), "differs": _differs(a, b), "owed": owed}


def _french(scene: Scene) -> dict[str, Any] | None:
    """Return the scene's words in French, if it has any."""
    fr = scene.about.fr
    if fr is None:
        return None
    return {"title": fr.title, "question": fr.question, "predictions": list(fr.predictions),
            "debrief": list(fr.debrief), "dial": fr.dial, "arms": [fr.a, fr.b]}  # fmt: skip


def _differs(a: Scenario, b: Scenario) -> list[list[str]]:
    """Return where two scenarios differ: path, value in A, value in B."""
    rows = [row for row in a.diff(b) if row[0].split(".")[0] not in DISPLAY]
    return [[path, _spelt(left), _spelt(right)] for path, left, right in rows[:MOST_DIFFERENCES]]


def _spelt(value: Any) -> str:
    """Return a value in a few characters."""
    told = "–" if value is None else str(value)
    return told if len(told) <= 60 else told[:57] + "..."


def sources(tags: Iterable[str]) -> list[dict[str, Any]]:
    """Return for each document its reference, its link if one is known, and its entries with what rests on them."""
    used: dict[str, list[str]] = {}
    for what, source in _sourced():
        for tag in dict.fromkeys(TAG.findall(source)):
            used.setdefault(tag, []).append(what)
    found: dict[str, dict[str, Any]] = {}
    for tag in tags:
        rests = used.get(tag, [])
        entry = {"tag": tag, "used": rests[:MOST_USES], "more": max(0, len(rests) - MOST_USES)}
        told = catalogue.reference(tag)
        found.setdefault(told["reference"], {"link": "", "entries": []} | told)["entries"].append(entry)
    return list(found.values())


def _sourced() -> Iterator[tuple[str, str]]:
    """Go through the rules, parameters and metrics with what they give as their source."""
    yield from ((f"rule {r.name}", f"{r.doc} {r.source}") for r in WEEK)
    yield from ((path, p.source) for path, p in declared().items())
    yield from ((f"metric {m.name}", m.source) for m in METRICS.values())
    yield from ((f"metric {m.name}", m.source) for m in PAIRED.values())


def rests_on(setup: Scenario) -> dict[str, int]:
    """Return how many parameters rest on literature, calibration and assumption, and how many there are."""
    count = basis(setup)
    found = {name: count.get(key, 0) for name, key in
             (("literature", "literature"), ("calibration", "calibrated"), ("assumption", "assumption"))}  # fmt: skip
    own = sum(setup.parameters[p.path] != p.value for p in setup.parameters)
    return found | {"n": sum(found.values()), "set": own}
