"""A training scene: two scenarios on one stage, one dial, what to watch, what to predict, what to discuss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from sim.errors import Problems, nearest
from sim.scenario import files
from sim.scenario.faults import Faults
from sim.scenario.kinds import Kept, Listed, Piece, Strings
from sim.scenario.kinds import dial as key
from sim.scenario.paths import Tree, flat
from sim.scenario.scenario import Scenario, load
from sim.scenario.turnable import rows

SIDES = ("a", "b")
Changes = Annotated[dict[str, Any], Kept]
_CHANGES = 'a table of quoted dotted paths = values, such as `sim describe dials NAME` shows; "none" takes away'


class Side(Piece):
    """One of the two arms of a scene."""

    scenario: str = key("The scenario that it is, by name or path")
    title: str = key("What the room calls it")
    set: Changes = key("What is different in it", {}, allowed=_CHANGES)


class SceneDial(Piece):
    """The one dial of a scene."""

    path: str = key("The dotted path that is turned")
    title: str = key("What it is, in words")
    values: Annotated[tuple[Any, ...], Listed, Field(min_length=2, max_length=9)] = key(
        "What it is turned to, in order", allowed="a list of 2 to 9 values"
    )
    turns: Literal["a", "b", "both"] = key("Which of the two it turns", "both")


class SceneWords(Piece):
    """The words of a scene in another language, as many as there are in English."""

    title: str = key("Title of the scene")
    question: str = key("The question")
    predictions: Strings = key("What the room may predict", allowed="a list of texts, in the order of predictions")
    debrief: Strings = key("Questions for the discussion", allowed="a list of texts, in the order of debrief")
    a: str = key("Title of the one")
    b: str = key("Title of the other")
    dial: str = key("What the dial is")


class SceneFile(Piece):
    """What a scene's file holds."""

    title: str = key("Title of the scene")
    question: str = key("The question that the room argues about, in English")
    minutes: int = key("How long it takes in a room", unit="minutes", ge=5, le=90)
    based_on: Strings = key("Real cases that the scene is modelled on", (), allowed="a list of texts")
    sources: Annotated[Strings, Field(min_length=1, max_length=20)] = key(
        "Evidence tags", allowed="a list of at least 1 text"
    )
    watch: Annotated[Strings, Field(min_length=1, max_length=8)] = key(
        "Metrics to watch", allowed="a list of 1 to 8 columns such as civilians_killed:host"
    )
    predictions: Annotated[Strings, Field(min_length=2, max_length=6)] = key(
        "What the room may predict before it sees", allowed="a list of 2 to 6 texts"
    )
    debrief: Annotated[Strings, Field(min_length=1, max_length=10)] = key(
        "Questions for the discussion", allowed="a list of 1 to 10 texts"
    )
    weeks: int | None = key("Length of a run in this scene", None, unit="weeks", ge=1, le=1040)
    world: Changes = key("Keys of the country that this scene changes for both", {}, allowed="a table as in a scenario")
    set: Changes = key("What this scene changes in both", {}, allowed=_CHANGES)
    a: Side = key("The one", allowed="a table with scenario and title")
    b: Side = key("The other", allowed="a table with scenario and title")
    dial: SceneDial = key("The dial", allowed="a table with path, title and values")
    fr: SceneWords | None = key("The scene's words in French", None, allowed="a table with the words of the scene")


@dataclass(frozen=True, repr=False)
class Scene:
    """A scene, checked: two scenarios that differ, named by their titles, and a dial that the room can turn.

    `a` and `b` are the two as the scene opens; `at(value)` gives the two with the dial turned.
    """

    name: str
    about: SceneFile
    a: Scenario
    b: Scenario

    @property
    def pair(self) -> tuple[Scenario, Scenario]:
        """The two scenarios as the scene opens."""
        return self.a, self.b

    def at(self, value: Any) -> tuple[Scenario, Scenario]:
        """Return the two scenarios with the dial at a value; one that the dial does not turn stays as it is.

        Raises Problems for a value that the dial does not take.
        """
        turned = self.about.dial.turns
        return tuple(  # type: ignore[return-value]
            arm.but({self.about.dial.path: value}).named(arm.name) if turned in (side, "both") else arm
            for side, arm in zip(SIDES, self.pair, strict=True)
        )

    def __repr__(self) -> str:
        """Read as one line."""
        return f"<Scene {self.name}: {self.about.title}; {self.a.name} | {self.b.name}>"

    def __str__(self) -> str:
        """Read as the page that `sim describe` shows."""
        from sim.scenario.scene_page import page

        return page(self)


Watchable = Callable[[str, Scenario, Scenario], "tuple[str, str] | None"]
"""Says what is wrong with a column to watch: what is allowed, and the nearest; None if nothing is."""


def load_scene(name: str | Path, watchable: Watchable | None = None) -> Scene:
    """Return a scene by its name, such as T1, or the path of its file.

    watchable: judges the metrics to watch. Raises Problems: all faults of the file, a line each, as for scenarios.
    """
    file = files.find(name, kind="scene", within=files.SCENES)
    faults = Faults(lambda path: file.name)
    about = faults.build(SceneFile, files.read(file), "")
    faults.stop_if_any()
    assert about is not None
    arms = {side: _arm(about, side, file, faults) for side in SIDES}
    faults.stop_if_any()
    scene = Scene(file.stem, about, arms["a"], arms["b"])  # type: ignore[arg-type]
    _check(scene, faults)
    for column in about.watch if watchable else ():
        wrong = watchable(column, scene.a, scene.b) if watchable else None
        if wrong is not None:
            faults.add("watch", column, *wrong)
    faults.stop_if_any()
    return scene


def _arm(about: SceneFile, side: str, file: Path, faults: Faults) -> Scenario | None:
    """Return the scenario of one side, with what the scene and the side change; faults are noted at their place."""
    told: Side = getattr(about, side)
    try:
        base = load(files.find(told.scenario, file.parent, "scenario"))
    except Problems as error:
        for p in error.problems:
            faults.add(f"{side}.scenario", p.given, p.allowed, p.nearest)
        return None
    change: Tree = {f"world.{key}": value for key, value in about.world.items()}
    change |= {"weeks": about.weeks} if about.weeks is not None else {}
    change |= {path: None if value == "none" else value for path, value in {**about.set, **told.set}.items()}
    try:
        return base.but(change).named(told.title) if change else base.named(told.title)
    except Problems as error:
        for p in error.problems:
            path = p.where.rpartition(": ")[2]
            faults.add(_place(about, side, path), p.given, p.allowed, p.nearest)
        return None


def _place(about: SceneFile, side: str, path: str) -> str:
    """Return where in the scene's file a path was changed: `world.grid`, `weeks`, `b.set.missions.UN.care`."""
    own = any(path.startswith(key) for key in getattr(about, side).set)
    if not own and (path == "weeks" or path.startswith("world.")):
        return path
    return f"{side}.set.{path}" if own or not about.set else f"set.{path}"


def _check(scene: Scene, faults: Faults) -> None:
    """Note what makes a scene none: two arms alike, equal titles, a dial that is not there or does not turn."""
    told = scene.about
    if scene.a.name == scene.b.name:
        faults.add("b.title", scene.b.name, "another title than that of a")
    if scene.a.digest == scene.b.digest:
        faults.add("b", told.b.scenario, "a scenario that differs from a; `set` says in what")
    for name in ("predictions", "debrief") if told.fr else ():
        given, wanted = len(getattr(told.fr, name)), len(getattr(told, name))
        if given != wanted:
            faults.add(f"fr.{name}", f"{given} texts", f"{wanted} texts, one for each of {name}")
    turned = [arm for side, arm in zip(SIDES, scene.pair, strict=True) if told.dial.turns in (side, "both")]
    known = {row["path"] for arm in turned for row in rows(arm)}
    if told.dial.path not in known:
        faults.add("dial.path", told.dial.path, "a path that `sim describe dials NAME` shows for what the dial turns",
                   nearest(told.dial.path, known))  # fmt: skip
        return
    seen: list[Any] = []
    for value in told.dial.values:
        if value in seen:
            faults.add("dial.values", value, "values that differ from each other")
        seen.append(value)
        _try(scene, value, faults)


def _try(scene: Scene, value: Any, faults: Faults) -> None:
    """Note what is wrong with one value of the dial."""
    try:
        scene.at(value)
    except Problems as error:
        for p in error.problems:
            faults.add("dial.values", value, p.allowed, p.nearest)


def is_scene(name: str | Path) -> bool:
    """Say whether a name or path means a scene: it is listed as one and as no scenario, or its file reads like one."""
    listed, path = files.listed(files.SCENES), Path(name)
    if path.suffix != ".toml":
        return str(name) in listed and str(name) not in files.listed()
    if not path.is_file():
        return False
    return path.parent.name == files.SCENES or bool({"dial", "debrief", "predictions"} & set(files.read(path)))


def changes(about: Side | SceneFile) -> Iterable[tuple[str, Any]]:
    """Go through what a side, or the scene for both, changes, path by path."""
    more: Mapping[str, Any] = about.world if isinstance(about, SceneFile) else {}
    yield from ((f"world.{key}", value) for key, value in more.items())
    for path, value in about.set.items():
        yield from ((f"{path}.{inner}" if inner else path, x) for inner, x in flat(value))
