"""The commands `sim run` and `sim compare`."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli_common import INTERRUPTED, Json, Row, Sets, load_with, show
from sim.errors import Problem, Problems, SimError

if TYPE_CHECKING:
    from sim.experiment.comparison import Comparison
    from sim.experiment.results import Results
    from sim.scenario import Scenario

Names = Annotated[list[str], typer.Argument(metavar="NAME...", help="Scenarios by name or file.")]
Arms = Annotated[
    list[str],
    typer.Argument(metavar="A B...", help="The baseline, then what is compared with it; or a sweep's folder."),
]
Seeds = Annotated[int, typer.Option(help="Runs of each scenario: seeds 0 to N-1.")]
Jobs = Annotated[int | None, typer.Option(help="Processes; default: all cores that may be used.")]
Out = Annotated[Path | None, typer.Option(help="Folder to write to; default: outputs/NAME.")]
Weeks = Annotated[int | None, typer.Option(help="Length of a run; short for --set weeks=N.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would cost, measured by one short run.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Set a study that is there aside (as NAME~) and play all anew.")]
Attribute = Annotated[
    bool,
    typer.Option("--attribute", help="Also share out the harm averted by mission: every set of missions is run."),
]
Metrics = Annotated[list[str] | None, typer.Option("--metric", help="A metric to print; may be given several times.")]


def register(app: typer.Typer) -> None:
    """Add `run` and `compare` to the command line."""
    app.command("run")(run_command)
    app.command("compare")(compare_command)


def run_command(
    names: Names, seeds: Seeds = 30, jobs: Jobs = None, out: Out = None, sets: Sets = None, weeks: Weeks = None,
    dry_run: DryRun = False, fresh: Fresh = False, json: Json = False,
) -> None:  # fmt: skip
    """Run scenarios over seeds on all cores; go on where an earlier call stopped."""
    setups = _load(names, sets, weeks)
    if dry_run:
        return tell_cost(setups, seeds, jobs, json)
    results = run_into(setups, seeds, jobs, out, fresh)
    return show(_spreads(results), True) if json else typer.echo(str(results))


def compare_command(
    names: Arms, seeds: Seeds = 30, jobs: Jobs = None, out: Out = None, sets: Sets = None, weeks: Weeks = None,
    metrics: Metrics = None, dry_run: DryRun = False, fresh: Fresh = False, json: Json = False,
    attribute: Attribute = False,
) -> None:  # fmt: skip
    """Compare scenarios with the first of them on the same seeds, or the arms of a sweep's folder with its first."""
    if len(names) == 1 and Path(names[0]).is_dir():
        return _compare_sweep(names[0], metrics, json)
    if len(names) < 2 and not attribute:
        allowed = "two scenarios or more, the baseline first; or the folder of a sweep"
        raise Problems([Problem("compare", " ".join(names), allowed)])
    setups = _load(names, sets, weeks)
    if dry_run:
        return tell_cost(setups, seeds, jobs, json)
    if len(names) < 2 or (attribute and json):
        return _attribute(setups, seeds, jobs, out, fresh, json)
    results = run_into(setups, seeds, jobs, out, fresh)
    comparison = results.compare(setups[0].name, metrics)
    if json:
        return show(_rows(comparison), True)
    typer.echo(str(comparison))
    _draw(results, comparison)
    return _attribute(setups, seeds, jobs, out, fresh, json, results) if attribute else None


def _compare_sweep(folder: str, metrics: list[str] | None, json: bool) -> None:
    """Print what differs between the arms of a sweep that was played."""
    from sim.experiment.sweeps.results import read_sweep

    found = read_sweep(folder).compare(0, metrics)
    records = found.table.rename(columns={"metric": "name"}).to_dict("records")
    rows: list[Row] = [{key: _plain(value) for key, value in record.items()} for record in records]
    return show(rows, True) if json else typer.echo(repr(found))


def _load(names: Iterable[str], sets: list[str] | None, weeks: int | None) -> list[Scenario]:
    """Return the scenarios with the dials that were set."""
    return load_with(names, [*(sets or []), *([] if weeks is None else [f"weeks={weeks}"])])


def run_into(setups: list[Scenario], seeds: int, jobs: int | None, out: Path | None, fresh: bool) -> Results:
    """Run into the folder; an own folder that no longer fits is set aside, one that was named is not."""
    from sim.experiment.plan import Misfit
    from sim.experiment.results import run
    from sim.experiment.study import Interrupted

    folder = out or default_folder(setups)
    if fresh:
        _set_aside(folder, "as asked")
    try:
        try:
            return run(setups, seeds, jobs, out=folder)
        except Misfit as error:
            if out is not None:
                raise SimError(f"{error} (--fresh)") from None
            _set_aside(folder, error.why)
            return run(setups, seeds, jobs, out=folder)
    except Interrupted as stop:
        typer.echo(str(stop), err=True)
        raise typer.Exit(INTERRUPTED) from None


def default_folder(setups: Iterable[Scenario]) -> Path:
    """Return outputs/NAME, the names of several scenarios joined by +."""
    name = "+".join(re.sub(r"[^\w.-]+", "_", setup.name).strip("_") for setup in setups)
    return Path("outputs") / name[:120]


def _set_aside(folder: Path, why: str) -> None:
    """Rename a study's folder to NAME~, in place of one that was set aside before."""
    if not (folder / "manifest.json").exists():
        return
    aside = folder.with_name(folder.name + "~")
    if aside.exists() and not (aside / "manifest.json").exists():
        raise SimError(f"{aside}: is in the way and no study; move it, or choose another folder")
    shutil.rmtree(aside, ignore_errors=True)
    folder.rename(aside)
    typer.echo(f"{folder}: set aside as {aside.name}, {why}", err=True)


def _attribute(
    setups: list[Scenario], seeds: int, jobs: int | None, out: Path | None, fresh: bool, json: bool,
    given: Results | None = None,
) -> None:  # fmt: skip
    """Share out the harm averted by the missions of each scenario that sends any, the last first; keep the tables."""
    from sim.experiment.attribution import attribute

    sending = [setup for setup in reversed(setups) if setup.missions]
    if not sending:
        raise SimError("--attribute: no scenario here sends a mission")
    rows: list[Row] = []
    for setup in sending:
        folder = (out or default_folder(setups)) / "attribution" / default_folder([setup]).name
        if fresh:
            _set_aside(folder, "as asked")
        found = attribute(setup, seeds, jobs, given=given, out=None if given else folder)
        rows += _attributed(setup.name, found.table, "mission") + _attributed(setup.name, found.interactions, "pair")
        if not json:
            typer.echo(f"\n{found}")
        for file in found.save(folder):
            typer.echo(str(file), err=True)
    if json:
        show(rows, True, list(dict.fromkeys(key for row in rows for key in row)))


def _attributed(scenario: str, table: Any, what: str) -> list[Row]:
    """Return a table of an attribution as plain rows, named by mission or pair."""
    records = table.to_dict("records")
    return [{"name": record.pop(what), "kind": what, "scenario": scenario}
            | {key: _plain(value) for key, value in record.items()} for record in records]  # fmt: skip


def tell_cost(setups: list[Scenario], seeds: int, jobs: int | None, json: bool) -> None:
    """Print runs, minutes and disk."""
    from sim.experiment.cost import costs
    from sim.experiment.engine import as_jobs
    from sim.experiment.plan import as_seeds, as_setups
    from sim.experiment.tables import as_keep

    found = costs(as_setups(setups), as_seeds(seeds), as_jobs(jobs), as_keep(None))
    rows: list[Row] = [
        {"name": c.name, "runs": c.runs, "minutes": round(c.minutes, 2), "disk_mb": round(c.disk_mb, 1)} for c in found
    ]
    if not json:
        total = {k: round(sum(row[k] for row in rows), 2) for k in ("runs", "minutes", "disk_mb")}
        rows += [{"name": "in all", **total}] if len(rows) > 1 else []
    show(rows, json)


def _spreads(results: Results) -> list[Row]:
    """Return a row per metric and scenario: median and 5-95 % spread over seeds, and how many seeds have a value."""
    values = results.summary.drop(columns="seed").melt("scenario", var_name="name")
    rows: list[Row] = []
    for (name, scenario), group in values.groupby(["name", "scenario"], observed=True, sort=False):
        low, middle, high = group["value"].quantile([0.05, 0.5, 0.95])
        rows.append({"name": name, "scenario": scenario, "n": int(group["value"].count()), "median": _plain(middle),
                     "p05": _plain(low), "p95": _plain(high)})  # fmt: skip
    return rows


def _rows(comparison: Comparison) -> list[Row]:
    """Return the comparison's table as plain rows, `name` first."""
    columns = [c for c in comparison.table.columns if c != "metric"]
    records = comparison.table.to_dict("records")
    return [{"name": record["metric"], **{c: _plain(record[c]) for c in columns}} for record in records]


def _plain(value: Any) -> Any:
    """Return a value as JSON takes it; what is missing or infinite is null."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _draw(results: Results, comparison: Comparison) -> None:
    """Save the figures of a comparison beside its runs, and say where they are."""
    if find_spec("sim.report.plots") is None or results.folder is None:
        return
    from sim.experiment.drawing import plots

    for file in plots().save(results, comparison, results.folder):
        typer.echo(str(file), err=True)
