"""The command `sim world`: worlds made from data."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[list[Path], typer.Argument(help="UCDP GED files: the global CSV or a country extract.")]
Country = Annotated[str | None, typer.Option(help="Name, ISO 3 or country_id, where the files hold several countries.")]
Gazetteer = Annotated[
    Path | None, typer.Option(help="Towns: name, lat, lon, population, country (Flee's locations.csv).")
]
CellList = Annotated[Path | None, typer.Option(help="The country's 0.5-degree cells: gid, lat, lon (PRIO-GRID).")]
Resources = Annotated[Path | None, typer.Option(help="Cells with diamonds or gold (PRIO-GRID static).")]
People = Annotated[int | None, typer.Option(help="People in all.")]
Groups = Annotated[
    int | None,
    typer.Option(help="Identity groups to make up, for the data have none; default: 3, or one for each area."),
]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out events beyond this day.")]
Recent = Annotated[bool, typer.Option("--allow-recent", help="Take events of the last 12 months too.")]
Encoding = Annotated[str, typer.Option(help="Encoding of all files.")]
Credit = Annotated[
    str | None, typer.Option(help="To whom the data are owed, if not to UCDP, PRIO-GRID and Flee; figures say it.")
]
Out = Annotated[Path | None, typer.Option(help="The world file to write; default outputs/<country>.toml.")]


def register(app: typer.Typer) -> None:
    """Add `world` and its commands to the command line."""
    world = typer.Typer(help="Make worlds from data.", no_args_is_help=True)
    world.callback()(_world)
    world.command("from-ged")(from_ged_command)
    app.add_typer(world, name="world")


def _world() -> None:
    """Make worlds from data."""


def from_ged_command(
    files: Files, country: Country = None, gazetteer: Gazetteer = None, cells: CellList = None,
    resources: Resources = None, people: People = None, groups: Groups = None, since: Day = None, until: Day = None,
    allow_recent: Recent = False, encoding: Encoding = "utf-8", credit: Credit = None, out: Out = None,
) -> None:  # fmt: skip
    """Turn UCDP GED events into a world of 0.5-degree cells: counts by cell, never events."""
    from sim.world import from_ged, save

    made = from_ged(
        files, country, gazetteer=gazetteer, cells=cells, resources=resources, people=people, groups=groups,
        since=since.date() if since else None, until=until.date() if until else None, allow_recent=allow_recent,
        encoding=encoding, credit=credit,
    )  # fmt: skip
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in made.name.lower())
    path = save(made, out or Path("outputs") / f"{name}.toml")
    _tell(made, path)


def _tell(made, path: Path) -> None:
    """Say what was made, from what, and what was assumed."""
    typer.echo(f"{made}\nwritten to {path} and {path.with_suffix('.cells.csv').name}\n")
    for what, number in made.about["counts"].items():
        typer.echo(f"{number:>9,}  {what}")
    typer.echo("\nassumed:")
    for line in made.about["assumptions"]:
        typer.echo(f"  - {line}")
