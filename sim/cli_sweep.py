"""The commands `sim sweep`, `sim sensitivity`, `sim discover` and `sim replay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli_common import INTERRUPTED, Json, Row, show
from sim.errors import Problem, Problems, SimError

if TYPE_CHECKING:
    from sim.experiment.discovery import Discovery
    from sim.experiment.sensitivity import Sensitivity
    from sim.experiment.sweeps.results import SweepResults
    from sim.experiment.sweeps.study import Finished
    from sim.experiment.sweeps.sweep import Sweep

File = Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep by name or file.")]
Jobs = Annotated[int | None, typer.Option(help="Processes; default: all cores that may be used.")]
Out = Annotated[Path | None, typer.Option(help="Folder to write to; default: outputs/NAME.")]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Play on the Dask cluster at this address, tcp://HOST:PORT.")
]
Retry = Annotated[bool, typer.Option("--retry-failed", help="Play the runs again that failed, and no others.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say runs, hours and disk, measured by short runs; play none.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a run, as it stands in its table of runs.")]
Where = Annotated[Path | None, typer.Option("--in", help="The study's folder; default: all under outputs.")]

Played = Annotated[str, typer.Argument(metavar="SWEEP", help="A sweep by name or file, or the folder of one.")]
Metric = Annotated[str, typer.Option(help="The column of the summary.")]
Arm = Annotated[str | None, typer.Option(help="Which arm, by its label.")]
Against = Annotated[str | None, typer.Option(help="Another arm: the difference on the same luck is taken.")]
Above = Annotated[float | None, typer.Option(help="It fails where the metric lies above this; default 0.")]
Below = Annotated[float | None, typer.Option(help="It fails where the metric lies below this.")]


def register(app: typer.Typer) -> None:
    """Add `sweep` and what is made of one to the command line."""
    app.command("sweep")(sweep_command)
    app.command("sensitivity")(sensitivity_command)
    app.command("discover")(discover_command)
    app.command("replay")(replay_command)


def sweep_command(
    file: File, out: Out = None, jobs: Jobs = None, scheduler: Scheduler = None, retry_failed: Retry = False,
    dry_run: DryRun = False, json: Json = False,
) -> None:  # fmt: skip
    """Play every choice with sampled unknowns; go on where an earlier call stopped, however it did."""
    from sim.experiment.engine import as_jobs
    from sim.experiment.study import Interrupted
    from sim.experiment.sweeps.play import finished
    from sim.experiment.sweeps.sweep import load_sweep

    made, folder = load_sweep(file), out or Path("outputs") / Path(file).stem
    if dry_run:
        return show(_cost(made, as_jobs(jobs)), json)
    try:
        found = finished(made, folder, jobs, scheduler, retry_failed, None)
    except Interrupted as stop:
        typer.echo(str(stop), err=True)
        raise typer.Exit(INTERRUPTED) from None
    return show([_row(made, found, folder)], True) if json else _tell(found, folder)


def _cost(made: Sweep, jobs: int) -> list[Row]:
    """Return what a sweep would cost at least and at most, in runs, hours and disk."""
    from sim.experiment.sweeps.cost import cost

    return [{"name": c.name, "runs": c.runs, "hours": round(c.hours, 3), "disk_mb": round(c.disk_mb, 1)}
            for c in cost(made, jobs)]  # fmt: skip


def _row(made: Sweep, found: Finished, folder: Path) -> Row:
    """Return what came of a sweep in one row."""
    return {"name": made.name, "folder": str(folder), "arms": len(made.arms), "points": len(made.points),
            "runs": found.runs, "failed": found.failed, "mended": list(found.mended),
            "enough": None if found.verdict is None else found.verdict.enough}  # fmt: skip


def _tell(found: Finished, folder: Path) -> None:
    """Print what came of a sweep, and what to do about runs that failed."""
    from sim.experiment.sweeps.results import read_sweep

    for line in found.mended:
        typer.echo(line, err=True)
    results = read_sweep(folder)
    typer.echo(str(results))
    if found.verdict is not None:
        typer.echo(f"  {found.verdict}")
    for told in results.failed["error"].head(3):
        typer.echo(told, err=True)
    if found.failed:
        typer.echo(f"{found.failed} runs failed and are recorded; --retry-failed plays them again", err=True)
    typer.echo(str(folder), err=True)


def sensitivity_command(
    sweep: Played, metric: Metric = "civilians_killed", arm: Arm = None, against: Against = None, out: Out = None,
    jobs: Jobs = None, json: Json = False,
) -> None:  # fmt: skip
    """Say which unknowns move a metric (Morris or Sobol), luck told apart; what is missing is played first."""
    found = _played(sweep, out, jobs).sensitivity(metric, arm, against)
    return _shown(found, json)


def discover_command(
    sweep: Played, metric: Metric = "civilians_killed", above: Above = None, below: Below = None, arm: Arm = None,
    against: Against = None, out: Out = None, jobs: Jobs = None, json: Json = False,
) -> None:  # fmt: skip
    """Say in which region of the unknowns an arm fails (PRIM); the last arm against the first if none is named."""
    if above is not None and below is not None:
        raise Problems([Problem("discover", "--above and --below", "one of them")])
    results = _played(sweep, out, jobs)
    if arm is None and len(results.scenarios) > 1:
        arm, against = results.scenarios[-1], against or results.scenarios[0]
    side, threshold = ("below", below) if below is not None else ("above", above or 0.0)
    return _shown(results.discover(metric, side, threshold, arm, against), json)


def _played(sweep: str, out: Path | None, jobs: int | None) -> SweepResults:
    """Return a sweep's results: those of a folder as they are, those of a file after what is missing was played."""
    from sim.experiment.sweeps.play import sweep as play
    from sim.experiment.sweeps.results import read_sweep

    return read_sweep(sweep) if Path(sweep).is_dir() else play(sweep, out, jobs)


def _shown(found: Sensitivity | Discovery, json: bool) -> None:
    """Print what was found, or its table."""
    if json:
        return show(found.table.rename(columns={"parameter": "name"}).to_dict("records"), True)
    return typer.echo(repr(found))


def replay_command(run: Id, where: Where = None, json: Json = False) -> None:
    """Play one run again and say whether it comes out as it is recorded, to the last bit."""
    from sim.experiment.replay import replay

    found = replay(run, where or Path("outputs"))
    if json:
        show([found.row], True)
    else:
        typer.echo(str(found))
    if not found.same:
        raise SimError(found.reason)
