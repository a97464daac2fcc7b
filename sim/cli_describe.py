"""The command `sim describe`: what the project holds, as tables and as cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from sim.cli_common import Json, Row, Sets, load_with, show
from sim.errors import Problem, Problems, nearest

Topic = Annotated[
    str,
    typer.Argument(
        help="rules, tasks, activities, mandates, profiles, forms, parameters, contested, metrics, events, measures, "
        "dials, scenario, scene or sweep; or the name of one of these."
    ),
]
Which = Annotated[str | None, typer.Argument(help="One of them by name; for dials, scenario, scene and sweep, which.")]


def describe_command(what: Topic, name: Which = None, sets: Sets = None, json: Json = False) -> None:
    """List rules, tasks, mandates, profiles, parameters, metrics and so on; show one, a scenario, scene or sweep."""
    if name is None and what not in TOPICS and what not in PAGES:
        what, name = _page_of(what), what
    if what == "scene":
        return _scene(name or "T1", json)
    if what == "sweep":
        return _sweep(name or "smallest", json)
    if what in PAGES:
        (scenario,) = load_with([name or "un_alone"], sets)
        return _dials(scenario, json) if what == "dials" else _scenario(scenario, json)
    if what not in TOPICS:
        raise Problems([_no_topic(what)])
    rows = list(TOPICS[what]())
    if name is None:
        return show(rows if json else map(_brief, rows), json, None if json else BRIEF.get(what))
    return _card(_only(rows, name, what), json)


def _page_of(name: str) -> str:
    """Return whether a name is that of a scenario, a scene or a sweep.

    Raises Problems if nothing is called so.
    """
    from sim.experiment.sweeps.file import is_sweep
    from sim.scenario import files
    from sim.scenario.scene import is_scene

    if is_scene(name) or is_sweep(name):
        return "scene" if is_scene(name) else "sweep"
    if name in files.listed() or name.endswith(".toml"):
        return "scenario"
    raise Problems([_no_topic(name)])


def _no_topic(what: str) -> Problem:
    """Say that a word is neither a topic nor the name of anything."""
    topics = [*TOPICS, *PAGES]
    told = "one of " + ", ".join(topics) + "; or a name that `sim list` shows"
    return Problem("describe", what, told, nearest(what, [*topics, *_named()]))


def _named() -> list[str]:
    """Return every name of a scenario, a scene or a sweep."""
    from sim.scenario import files

    return [name for within in files.LISTS for name in files.listed(within)]


def _brief(row: Row) -> Row:
    """Return a row with the first line of its text only."""
    return {**row, "doc": str(row["doc"]).split("\n\n")[0].replace("\n", " ")} if "doc" in row else row


def _only(rows: list[Row], name: str, what: str) -> Row:
    """Return the row of that name."""
    found = {str(row["name"]): row for row in rows}
    if name not in found:
        allowed = f"a name that `sim describe {what}` shows"
        raise Problems([Problem(f"describe {what}", name, allowed, nearest(name, found))])
    return found[name]


def _card(row: Row, json: bool) -> None:
    """Print one row, a line for each of its values."""
    lines = [{"name": key, "value": value} for key, value in row.items()]
    show([row] if json else lines, json)


def rules() -> Iterable[Row]:
    """Return the rules of the week in order."""
    from sim.schedule import WEEK

    for rule in WEEK:
        yield {
            "name": rule.name, "doc": rule.doc, "source": rule.source, "basis": rule.basis,
            "reads": list(rule.reads), "writes": list(rule.writes),
        }  # fmt: skip


def metrics() -> Iterable[Row]:
    """Return the metrics by name: those of one run, then those of pairs and quadruples of arms."""
    from sim.experiment.paired_metrics import PAIRED
    from sim.metrics import METRICS

    for m in METRICS.values():
        yield {
            "name": m.name, "doc": m.doc, "by": m.by, "unit": m.unit, "better": m.better, "over_run": m.over_run,
            "source": m.source,
        }  # fmt: skip
    for p in PAIRED.values():
        yield {
            "name": p.name, "doc": p.doc, "by": [p.by] if p.by else [], "unit": p.unit, "better": p.better,
            "over_run": f"of {' and '.join(p.arms)}", "source": p.source,
        }  # fmt: skip


def tasks() -> Iterable[Row]:
    """Return the tasks: staff, the rules that read them, what moves without them, and the activities under them."""
    from sim.scenario import catalogue

    for name, entry in catalogue.table("tasks").items():
        moved = catalogue.shown(name)
        shows = f"{moved[0]} {moved[1]} without it" if moved else f"delivery only: {entry['delivery_only']}"
        told = {key: entry[key] for key in ("meaning", "staff", "rules", "source")}
        yield {"name": name, **told, "shows": shows, "activities": catalogue.activities(name)}


def activities() -> Iterable[Row]:
    """Return the 96 activities of the policy report, each with the task under which it falls."""
    from sim.scenario import catalogue

    return ({"name": key, "activity": about["name"], "table": about["table"], "task": about["task"]}
            for key, about in catalogue.table("activities").items())  # fmt: skip


def events() -> Iterable[Row]:
    """Return the events that a timeline may hold."""
    return _entries("events")


def measures() -> Iterable[Row]:
    """Return what the condition of an event may watch."""
    return _entries("measures")


def _entries(file: str) -> Iterable[Row]:
    """Return the entries of a catalogue as rows."""
    from sim.scenario import catalogue

    return ({"name": name, **entry} for name, entry in catalogue.table(file).items())


def mandates() -> Iterable[Row]:
    """Return the mandates with their tasks and priorities."""
    from sim.scenario import catalogue

    for name in catalogue.mandates():
        told = catalogue.mandate(name)
        yield {**told, "meaning": catalogue.table("mandates")[name]["meaning"]}


def profiles() -> Iterable[Row]:
    """Return the profiles with the values of their dials."""
    from sim.scenario import catalogue

    for name in catalogue.profiles():
        yield {"name": name, **catalogue.profile(name), "meaning": catalogue.table("profiles")[name]["meaning"]}


def forms() -> Iterable[Row]:
    """Return the forms of partnership with the values of their dials."""
    from sim.scenario import catalogue

    for name in catalogue.forms():
        yield {"name": name, **catalogue.form(name), "meaning": catalogue.table("forms")[name]["meaning"]}


def parameters() -> Iterable[Row]:
    """Return the parameters with all that stands behind them."""
    from sim.scenario.parameters import declared

    for path, p in declared().items():
        yield {
            "name": path, "value": p.value, "range": list(p.range), "plausible": list(p.plausible), "unit": p.unit,
            "basis": p.basis, "kind": p.kind, "source": p.source, "meaning": p.meaning,
        }  # fmt: skip


def contested() -> Iterable[Row]:
    """Return the disputed parameters of the evidence: their plausible range, and what either side says."""
    from sim.scenario import catalogue
    from sim.scenario.contested import contested as ranges

    entries = catalogue.table("contested").values()
    return ({"name": path, "plausible": list(span), **entry}
            for (path, span), entry in zip(ranges().items(), entries, strict=True))  # fmt: skip


BRIEF = {"rules": ("name", "doc", "source")}
"""What a list of a topic shows of each, if not all; the card of one, and JSON, show all."""

PAGES = ("dials", "scenario", "scene", "sweep")
"""What is shown of one scenario, scene or sweep."""

TOPICS: dict[str, Callable[[], Iterable[Row]]] = {
    "rules": rules, "tasks": tasks, "mandates": mandates, "profiles": profiles, "forms": forms,
    "parameters": parameters, "contested": contested, "metrics": metrics, "events": events, "measures": measures,
    "activities": activities,
}  # fmt: skip


def _dials(scenario: Any, json: bool) -> None:
    """Print every path that can be turned."""
    from sim.scenario.turnable import rows

    named = [{"name": row["path"], **{k: v for k, v in row.items() if k != "path"}} for row in rows(scenario)]
    short = ["name", "value", "allowed", "unit", "basis", "meaning"]
    show(named, json, None if json else short)


def _scenario(scenario: Any, json: bool) -> None:
    """Print a scenario's page, or its resolved content."""
    if json:
        from json import dumps

        typer.echo(dumps({"name": scenario.name, "digest": scenario.digest, **scenario.to_dict()}, indent=1))
    else:
        from sim.scenario.page import page

        typer.echo(page(scenario))


def _scene(name: str, json: bool) -> None:
    """Print a scene's page, or its content."""
    from sim.experiment.scenes import meaning, scene
    from sim.scenario.scene_page import page

    found = scene(name)
    if json:
        from json import dumps

        typer.echo(dumps({"name": found.name, **found.about.model_dump(mode="json", exclude_none=True)}, indent=1))
    else:
        typer.echo(page(found, meaning))


def _sweep(name: str, json: bool) -> None:
    """Print a sweep's page, or its content."""
    from sim.experiment.sweeps.page import content, page
    from sim.experiment.sweeps.sweep import load_sweep

    found = load_sweep(name)
    if json:
        from json import dumps

        typer.echo(dumps(content(found), indent=1, default=str))
    else:
        typer.echo(page(found))
