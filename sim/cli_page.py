"""The command `sim page`: the trainer's offline page of two scenarios or of a training scene, and of all scenes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli_common import Json, Row, Sets, load_with, parse_sets, show
from sim.cli_run import DryRun, Jobs, default_folder, run_into, tell_cost
from sim.errors import Problem, Problems

if TYPE_CHECKING:
    from sim.report.offline import Page
    from sim.scenario import Scenario
    from sim.scenario.scene import Scene

Arms = Annotated[list[str] | None, typer.Argument(metavar="[A B]", help="Two scenarios, if no scene is named.")]
SceneName = Annotated[str | None, typer.Option("--scene", help="A training scene, such as T1.")]
All = Annotated[bool, typer.Option("--all-scenes", help="Write the pages of all training scenes, and their index.")]
Seeds = Annotated[int, typer.Option(help="Paired runs: seeds 0 to N-1.")]
Worlds = Annotated[int, typer.Option(min=0, help="Plausible worlds that are tried, each in both arms; 0 for none.")]
Out = Annotated[
    Path | None, typer.Option(help="File to write (a folder for --all-scenes); default: outputs/NAME.html.")
]
MEGABYTE = 1e6


def register(app: typer.Typer) -> None:
    """Add `page` to the command line."""
    app.command("page")(page_command)


def page_command(
    names: Arms = None, scene: SceneName = None, all_scenes: All = False, seeds: Seeds = 20, worlds: Worlds = 12,
    jobs: Jobs = None, out: Out = None, sets: Sets = None, dry_run: DryRun = False, json: Json = False,
) -> None:  # fmt: skip
    """Write a page that works without a network: two arrangements on one clock, for a room to argue about."""
    scenes = _scenes(names or [], scene, all_scenes, sets)
    pairs = [_pair(one, names or [], sets) for one in scenes]
    if dry_run:
        return tell_cost([arm for pair in pairs for arm in pair], seeds, jobs, json)
    folder = (out or Path("outputs") / "scenes") if all_scenes else None
    rows: list[Row] = []
    written: list[tuple[str, Page]] = []
    files = [_writable(_file(one, pair, out, folder)) for one, pair in zip(scenes, pairs, strict=True)]
    for one, pair, file in zip(scenes, pairs, files, strict=True):
        page = _made(one, pair, seeds, worlds, jobs)
        written.append((page.save(file).name, page))
        rows.append(_row(file, page))
    if folder is not None:
        rows.append(_index(folder, written))
    return show(rows, json)


def _scenes(names: list[str], scene: str | None, all_scenes: bool, sets: list[str] | None) -> list[Scene | None]:
    """Return the scenes that are asked for, with the dials set; None for two scenarios without one.

    Raises Problems unless it is one of: two names, a scene, all scenes.
    """
    from sim.experiment.scenes import scene as load_scene
    from sim.scenario import files

    if (len(names) == 2) + bool(scene) + all_scenes != 1 or len(names) not in (0, 2):
        asked = [*names, *(["--scene", scene] if scene else []), *(["--all-scenes"] if all_scenes else [])]
        raise Problems([Problem("page", " ".join(asked) or None, "two scenarios, or --scene T1, or --all-scenes")])
    if not scene and not all_scenes:
        return [None]
    return [load_scene(name) for name in (files.listed(files.SCENES) if all_scenes else [str(scene)])]


def _pair(scene: Scene | None, names: list[str], sets: list[str] | None) -> list[Scenario]:
    """Return the two scenarios of a page with the dials that were set; a scene's keep their titles."""
    if scene is None:
        return load_with(names, sets)
    change = parse_sets(sets)
    return [arm.but(change).named(arm.name) if change else arm for arm in scene.pair]


def _file(scene: Scene | None, pair: list[Scenario], out: Path | None, folder: Path | None) -> Path:
    """Return where a page goes."""
    if folder is not None and scene is not None:
        return folder / f"{scene.name}.html"
    if out is not None:
        return out
    place = Path("outputs") / scene.name if scene is not None else default_folder(pair)
    return place.with_name(f"{place.name}.html")


def _writable(file: Path) -> Path:
    """Return a file that can be written: its folder is made, before any run is played.

    Raises Problems for a folder, OSError where nothing can be written.
    """
    if file.is_dir():
        raise Problems(
            [Problem("--out", str(file), "the file to write, not a folder; a folder goes with --all-scenes")]
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    was_there = file.exists()
    file.open("ab").close()
    if not was_there:
        file.unlink()
    return file


def _made(scene: Scene | None, pair: list[Scenario], seeds: int, worlds: int, jobs: int | None) -> Page:
    """Run what the page needs, and make it."""
    from sim.report.offline import check_pair, page

    check_pair(*pair)
    return page(run_into(pair, seeds, jobs, None, False), scene, worlds=worlds, jobs=jobs)


def _row(file: Path, page: Page) -> Row:
    """Say what was written."""
    return {"name": page.name, "file": str(file), "mb": round(page.size / MEGABYTE, 2), "arms": 2,
            "seeds": page.seeds, "worlds": page.worlds, "shown": page.shown}  # fmt: skip


def _index(folder: Path, written: list[tuple[str, Page]]) -> Row:
    """Write the index of all pages, and say so."""
    from sim.report.offline import index

    file, text = folder / "index.html", index(written)
    file.write_text(text, encoding="utf-8")
    return {"name": "index", "file": str(file), "mb": round(len(text.encode()) / MEGABYTE, 2)}
