"""The catalogues: mandates, profiles, tasks, events, badges and kinds of organisation, read from the data files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import Problem, Problems, SimError, nearest

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, dict[str, Any]]:
    """Return the content of one data file: entries by name. Treat it as read-only.

    Raises SimError, one line, if it is no TOML; Problems for entries that lack their evidence.
    """
    try:
        found = tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SimError(f"{DATA / name}.toml: {error}") from None
    if wrong := [fault for entry, told in found.items() for fault in _faults(name, entry, told)]:
        raise Problems(wrong)
    return found


PLAIN = {"mandates": ("meaning",), "profiles": ("meaning",), "forms": ("meaning", "missions_only", "one_area", "led")}
"""Catalogues whose entries say for every value on what it rests, and the keys that are plain in them."""
EVIDENCE = '{ value = ..., basis = "literature", "calibrated" or "assumption", source = "..." }'


def _faults(file: str, entry: str, told: Any) -> Iterator[Problem]:
    """Yield what is wrong with an entry of a catalogue: no meaning, no tasks, unknown ones, values without evidence."""
    if file not in PLAIN:
        return
    where = f"{file}.toml: {entry}"
    if not isinstance(told, dict) or not isinstance(told.get("meaning"), str):
        yield Problem(f"{where}.meaning", None, "a sentence in quotes that says what it is")
        return
    values = {key: about for key, about in told.items() if key not in PLAIN[file]}
    if file == "mandates":
        tasks = values.pop("tasks", None)
        if not isinstance(tasks, dict):
            yield Problem(f"{where}.tasks", tasks, f"a table [{entry}.tasks] of tasks with their priorities")
            tasks = {}
        known = list(table("tasks"))
        yield from (Problem(f"{where}.tasks", task, "a task that `sim describe tasks` shows", nearest(task, known))
                    for task in tasks if task not in known)  # fmt: skip
        values |= {f"tasks.{task}": about for task, about in tasks.items()}
    for key, about in values.items():
        if not isinstance(about, dict) or not {"value", "basis", "source"} <= set(about):
            yield Problem(f"{where}.{key}", about, EVIDENCE)


def tasks() -> list[str]:
    """Return the names of the tasks."""
    return list(table("tasks"))


def activities(task: str) -> list[str]:
    """Return the activities of the policy report that fall under a task, such as `CT1 Strategic messaging`."""
    return [f"{key} {about['name']}" for key, about in table("activities").items() if about["task"] == task]


def shown(task: str, mission: str = "mission", partner: str = "partner", host: str = "host") -> tuple[str, str] | None:
    """Return the column of the summary that moves if a task is taken out of a mandate, and which way.

    mission, partner, host: their names in the scenario. None for a task of which nothing but delivery is measured.
    """
    told = table("tasks")[task].get("shows")
    if told is None:
        return None
    names = {"mission": mission, "partner": partner, "host": host}
    key = "->".join(names.get(word, word) for word in told["of"].split("->")) if "of" in told else ""
    return told["metric"] + (f":{key}" if key else ""), told["without"]


def mandates() -> list[str]:
    """Return the names of the mandates."""
    return list(table("mandates"))


def profiles() -> list[str]:
    """Return the names of the profiles."""
    return list(table("profiles"))


def events() -> list[str]:
    """Return the names of the events that a timeline may hold."""
    return list(table("events"))


def measures() -> list[str]:
    """Return the names of what the condition of an event may watch."""
    return list(table("measures"))


def badges() -> list[str]:
    """Return the names of the badges."""
    return list(table("badges"))


def org_types() -> list[str]:
    """Return the kinds of organisation."""
    return list(table("org_types"))


def mandate(name: str) -> dict[str, Any]:
    """Return a mandate of the catalogue as a scenario file would write it out: plain values."""
    entry = table("mandates")[name]
    told = ("use_of_force", "covers", "area", "executive", "review")
    priorities = {task: about["value"] for task, about in entry["tasks"].items()}
    return {"name": name, "tasks": priorities} | {k: entry[k]["value"] for k in told if k in entry}


def profile(name: str) -> dict[str, float]:
    """Return the dials of a profile by name, values only."""
    return {dial: about["value"] for dial, about in table("profiles")[name].items() if isinstance(about, dict)}


def forms() -> list[str]:
    """Return the names of the forms of partnership."""
    return list(table("forms"))


def form(name: str) -> dict[str, Any]:
    """Return the dials of a form of partnership by name, values only."""
    return {dial: about["value"] for dial, about in table("forms")[name].items() if isinstance(about, dict)}


def evidence(file: str, name: str, dial: str) -> dict[str, Any]:
    """Return what stands behind one dial of a profile or form: plausible range, basis, source."""
    return table(file).get(name, {}).get(dial, {})


def reference(tag: str) -> dict[str, str]:
    """Return the document that an entry of the evidence comes from: `reference`, and `link` where one is known.

    The reference of a tag that no document is given for is empty.
    """
    known = table("references")
    family, dash, _ = tag.partition("-")
    return known.get(tag) or (known.get(family) if dash else None) or {"reference": ""}


def badge_of(org_type: str) -> str:
    """Return the badge that an organisation of this kind wears unless the scenario says otherwise."""
    return table("org_types").get(org_type, {}).get("badge", "")


def badge_family(badge: str) -> str:
    """Return the family of looks that a badge belongs to; badges of one family are taken for each other easily."""
    return table("badges")[badge]["family"]
