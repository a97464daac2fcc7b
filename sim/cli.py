"""The command line: `sim list`, `describe`, `new`, `check`, `schema`, and the commands of other rooms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim import cli_page, cli_run, cli_sweep, cli_world
from sim.cli_common import Commands, Json, show
from sim.cli_describe import describe_command
from sim.errors import Problem, Problems, SimError

if TYPE_CHECKING:
    from sim.scenario import Scenario

app = typer.Typer(
    cls=Commands, help="Which arrangement of missions protects whom, and at what cost to whose legitimacy?",
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
)  # fmt: skip
app.command("describe")(describe_command)

cli_run.register(app)
cli_sweep.register(app)
cli_page.register(app)
cli_world.register(app)


Training = Annotated[bool, typer.Option("--training", help="List the training scenes instead.")]
Sweeps = Annotated[bool, typer.Option("--sweeps", help="List the sweeps instead.")]


@app.command("list")
def list_command(training: Training = False, sweeps: Sweeps = False, json: Json = False) -> None:
    """List the scenarios that can be named, those of the working folder first; or scenes, or sweeps."""
    from sim.scenario import files

    scenes = files.listed(files.SCENES)
    if sweeps:
        return show([_listed_sweep(name, file) for name, file in files.listed("sweeps").items()], json)
    if training:
        return show([_listed_scene(name, file) for name, file in scenes.items()], json)
    show([_listed(name, file) for name, file in files.listed().items()], json)
    if scenes and not json:
        first, *_, last = [*scenes, *scenes]
        typer.echo(f"\n{len(scenes)} training scenes, {first} to {last}: sim list --training")
    return None


def _from(file: Path) -> str:
    """Say where a file comes from."""
    return "working folder" if file.is_relative_to(Path.cwd()) else "shipped"


def _listed_scene(name: str, file: Path) -> dict[str, Any]:
    """Return a scene's row; one that does not load says so."""
    from sim.experiment.scenes import scene

    try:
        found = scene(file)
    except SimError as error:
        told = f"does not load: {str(error).splitlines()[0]}"
        return {"name": name, "title": "", "question": told, "dial": "", "minutes": None, "from": _from(file)}
    about = found.about
    return {
        "name": name, "title": about.title, "question": about.question, "dial": about.dial.path,
        "minutes": about.minutes, "from": _from(file),
    }  # fmt: skip


def _listed_sweep(name: str, file: Path) -> dict[str, Any]:
    """Return a sweep's row; one that does not load says so."""
    from sim.experiment.sweeps.sweep import load_sweep

    try:
        sweep = load_sweep(file)
    except SimError as error:
        told = f"does not load: {str(error).splitlines()[0]}"
        return {"name": name, "question": told, "arms": None, "unknowns": None, "runs": None, "from": _from(file)}
    return {
        "name": name, "question": sweep.about.question, "arms": len(sweep.arms), "unknowns": len(sweep.unknowns),
        "runs": sweep.most_runs, "from": _from(file),
    }  # fmt: skip


def _listed(name: str, file: Path) -> dict[str, Any]:
    """Return a scenario's row; one that does not load says so."""
    from sim.scenario import load

    here = _from(file)
    try:
        scenario = load(file)
    except SimError as error:
        lines = str(error).splitlines()
        return {"name": name, "question": f"does not load: {lines[0]}", "missions": [], "weeks": None, "from": here}
    return {
        "name": name, "question": scenario.question, "missions": list(scenario.missions), "weeks": scenario.weeks,
        "from": here,
    }  # fmt: skip


@app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.")],
    base: Annotated[str, typer.Option("--from", help="The scenario that it changes.")] = "un_alone",
) -> None:
    """Start a scenario file of your own in ./scenarios that extends another."""
    from sim.scenario import load
    from sim.scenario.names import NAME, NAME_RULE

    if not NAME.match(name):
        raise Problems([Problem("new", name, NAME_RULE)])
    scenario, file = load(base), Path("scenarios") / f"{name}.toml"
    if file.exists():
        raise SimError(f"{file} exists already; nothing was written")
    file.parent.mkdir(exist_ok=True)
    file.write_text(_template(scenario, _as_written(base, file.parent)), encoding="utf-8")
    typer.echo(f"{file}: extends {base}; edit it, then `sim check {file}`")


def _as_written(base: str, folder: Path) -> str:
    """Return a base as the new file must name it: by name, or by its whole path."""
    return str(Path(base).resolve()) if Path(base).suffix == ".toml" and Path(base).is_file() else base


def _template(scenario: Any, base: str) -> str:
    """Return the text of a new scenario file: what it extends, and the dials worth turning first, commented out."""
    lines = [
        'question = "What do you want to know?"', f'extends  = "{base}"', f"# weeks   = {scenario.weeks}",
        "# disable = [\"attribution\"]", "",
    ]  # fmt: skip
    for name, m in scenario.missions.items():
        people = max((n for _, n in m.troops), default=0)
        lines += [
            f"# [missions.{name}]",
            f"# troops  = {people}",
            f"# arrives = {m.arrives}",
            f"# care    = {m.care}",
            "",
        ]
    for name, link in scenario.partnerships.items():
        told = [f"# {k} = {getattr(link, k)}" for k in ("coordination", "delineation", "shared_communications")]
        lines += [f"# [partnerships.{name}]", *told, ""]
    return "\n".join([*lines, "# every path that can be turned: sim describe dials " + base, ""])


@app.command("check")
def check_command(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Files of scenarios, scenes or sweeps, or names.")
    ],
    json: Json = False,
) -> None:
    """Check files of scenarios, scenes and sweeps: all problems of each, a line each; exit code 2 if there are any."""
    found = [row for file in files for row in _checked(file)]
    wrong = [row for row in found if row["kind"] == "problem"]
    if json:
        show(found, True, ["name", "kind", "text"])
    for row in [] if json else found:
        typer.echo(row["text"], err=row["kind"] == "problem")
    raise typer.Exit(2 if wrong else 0)


def _checked(file: str) -> list[dict[str, str]]:
    """Return a row for every problem or note of one file, or one that says that all is well."""
    from sim.experiment.scenes import scene
    from sim.experiment.sweeps.file import is_sweep
    from sim.experiment.sweeps.sweep import load_sweep
    from sim.scenario import load
    from sim.scenario.checks import notes
    from sim.scenario.scene import is_scene

    try:
        if is_scene(file) or is_sweep(file):
            (scene if is_scene(file) else load_sweep)(file)
            return [{"name": file, "kind": "ok", "text": f"{file}: loads"}]
        s = load(file)
        _check_country(s)
    except SimError as error:
        return [{"name": file, "kind": "problem", "text": line} for line in str(error).splitlines()]
    told = notes(s)
    rows = [{"name": file, "kind": "note", "text": f"{file}: note: {text}"} for text in told]
    return [*rows, {"name": file, "kind": "ok", "text": f"{file}: loads"}]


def _check_country(scenario: Scenario) -> None:
    """Build the scenario's country, that of run 0 if each run has its own, and refuse areas that it lacks.

    Raises SimError where it cannot be built. Areas are left alone where each run has its own.
    """
    from sim.scenario.impossible import unknown_areas
    from sim.world import build

    try:
        built = build(scenario.world, sorted(scenario.hosts), 0, scenario.parameters)
    except Problems as error:
        raise Problems(replace(p, where=f"{scenario.name}: {p.where}") for p in error.problems) from None
    if scenario.world.seed != "run" and (unknown := unknown_areas(scenario, built.area_names)):
        raise Problems(unknown)


Scenes = Annotated[bool, typer.Option("--scene", help="That of a training scene instead of a scenario.")]
OfSweep = Annotated[bool, typer.Option("--sweep", help="That of a sweep instead of a scenario.")]


@app.command("schema")
def schema_command(
    scene: Scenes = False,
    sweep: OfSweep = False,
    out: Annotated[Path | None, typer.Option(help="File to write; default: print it.")] = None,
) -> None:
    """Print the JSON Schema by which editors complete and check files of scenarios, training scenes or sweeps."""
    import json

    from sim.experiment.sweeps.file import INNER, SweepFile
    from sim.scenario.editor import scene_schema, schema, sweep_schema

    told = sweep_schema(SweepFile, INNER) if sweep else scene_schema() if scene else schema()
    text = json.dumps(told, indent=1)
    if out is None:
        return typer.echo(text)
    out.write_text(text + "\n", encoding="utf-8")
    return typer.echo(str(out))


def main() -> None:
    """Run the command line."""
    app()
