"""A scenario: checked, complete, and never changed in place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sim.errors import Problem, Problems
from sim.scenario import changes, checks, files
from sim.scenario.difference import Difference
from sim.scenario.faults import Faults
from sim.scenario.fill import COMPONENTS, fill, top
from sim.scenario.fill import parameters as overrides
from sim.scenario.frozen import Frozen
from sim.scenario.kinds import Piece, short
from sim.scenario.names import TABLES
from sim.scenario.parameters import Parameters
from sim.scenario.paths import Tree, plain
from sim.scenario.schema import MODELS, ArmedGroup, Event, Host, Mission, Partnership, Top, WorldSpec
from sim.scenario.words import timing

DISPLAY = ("title", "question", "based_on", "sources")
"""Keys that are there to be read and move nothing."""


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """One complete scenario, all values resolved. Weeks are whole numbers from 0, shares lie in 0-1, people are counts.

    `missions`, `partnerships`, `hosts` and `armed_groups` are dicts in order of name; `timeline` is in order of week,
    or of the first week in which a condition may hold.
    """

    name: str
    question: str
    title: str
    based_on: tuple[str, ...]
    sources: tuple[str, ...]
    weeks: int
    start: date
    spin_up: int
    placebo: bool
    disable: frozenset[str]
    world: WorldSpec
    missions: Mapping[str, Mission]
    partnerships: Mapping[str, Partnership]
    hosts: Mapping[str, Host]
    armed_groups: Mapping[str, ArmedGroup]
    timeline: tuple[Event, ...]
    parameters: Parameters
    tree: Tree = field(default_factory=dict)
    folder: str = ""
    base: str = ""
    changed: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_dict(
        cls, tree: Mapping[str, Any], name: str = "scenario", *, folder: str = "", base: str = "",
        changed: tuple[tuple[str, str], ...] = (), origin: Callable[[str], str] | None = None,
    ) -> Scenario:  # fmt: skip
        """Return the scenario that a tree of plain values describes, as a file without `extends` would.

        `folder` is where its world file is looked for first. Raises Problems, all of them at once.
        """
        plain_tree = plain(tree)
        faults = Faults(origin or (lambda path: name))
        parts = _resolve(plain_tree, folder, faults)
        return cls(name=name, tree=plain_tree, folder=folder, base=base or name, changed=changed, **parts)

    def but(self, change: Mapping[str, Any]) -> Scenario:
        """Return a checked copy with values set at dotted paths; a table merges, None takes away.

        The copy is called `base[weeks=52]`, several changes joined by commas. Raises Problems for unknown paths,
        names and values. `but({"missions.AU": None})` also drops what names AU.
        """
        tree, told = changes.apply(self, change)
        label = dict(self.changed) | told
        name = f"{self.base}[{','.join(label.values())}]" if label else self.base
        kept = tuple(label.items())
        return Scenario.from_dict(
            tree, name, folder=self.folder, base=self.base, changed=kept, origin=lambda path: self.name
        )

    def without(self, name: str) -> Scenario:
        """Return a copy without a mission, armed group, partnership or event of the timeline."""
        return self.but({changes.path_of(self, name): None})

    def named(self, name: str) -> Scenario:
        """Return the same scenario under another name."""
        return Scenario.from_dict(self.tree, name, folder=self.folder)

    def diff(self, other: Scenario) -> Difference:
        """Return where this scenario and another differ: rows (path, ours, theirs) that print as a table."""
        return Difference(self.name, other.name, self.to_dict(), other.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return the resolved content as plain values that JSON and `from_dict` take; the name is not part of it."""
        sections = {s: {n: _dump(p) for n, p in getattr(self, s).items()} for s in MODELS if s != "timeline"}
        return {
            **{k: plain(getattr(self, k)) for k in Top.model_fields},
            "world": self.world.model_dump(mode="json", exclude_none=True),
            **sections,
            "timeline": {e.name: _dump(e) for e in self.timeline},
            "parameters": self.parameters.nested(),
        }

    @property
    def digest(self) -> str:
        """The sha256 of all that can move a result: the resolved content without names and texts for display."""
        content = _without_display(self.to_dict())
        if self.world.path:
            content["world"]["sha256"] = _hash_of_files(Path(self.world.path))
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def __eq__(self, other: object) -> bool:
        """Equal if name and resolved content are."""
        return isinstance(other, Scenario) and self.name == other.name and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        """Hash by name and length, which equal scenarios share."""
        return hash((self.name, self.weeks))

    def __reduce__(self) -> tuple:
        """Pickle by content, and check again on the other side."""
        return _rebuild, (self.tree, self.name, self.folder, self.base, self.changed)

    def __repr__(self) -> str:
        """Read as one line."""
        actors = ", ".join([*self.missions, *self.armed_groups]) or "nobody"
        return f"<Scenario {self.name}: {self.weeks} weeks, {actors}>"

    def __str__(self) -> str:
        """Read as a short card: question, missions, links, groups, events."""
        lines = [self.name, *([f"  {self.question}"] if self.question else [])]
        lines.append(f"  {self.weeks} weeks from {self.start}; {self.world.people:,} people, {', '.join(self.hosts)}")
        lines += [f"  host    {_host(h)}" for h in self.hosts.values() if len(self.hosts) > 1]
        lines += [f"  mission {_mission(m)}" for m in self.missions.values()]
        lines += [f"  link    {'-'.join(p.between)}: {p.form}, {_link(p)}" for p in self.partnerships.values()]
        lines += [f"  group   {_group(n, g)}" for n, g in self.armed_groups.items()]
        lines += [f"  {timing(e)}: {e.event} ({e.name})" for e in self.timeline]
        return "\n".join(lines)


def _rebuild(tree: Tree, name: str, folder: str, base: str, changed: tuple[tuple[str, str], ...]) -> Scenario:
    """Return a scenario from what pickle kept."""
    return Scenario.from_dict(tree, name, folder=folder, base=base, changed=changed)


def _resolve(tree: Tree, folder: str, faults: Faults) -> dict[str, Any]:
    """Return every field of a scenario but its name; raise all faults at once."""
    raw = fill(tree, faults)
    head = faults.build(Top, top(tree), "", ("extends", *TABLES))
    world = _world(tree.get("world", {}), folder, faults)
    built = {s: _pieces(s, raw[s], faults) for s in MODELS}
    names = {s: list(dict.fromkeys([*raw[s], *_keys(tree, s)])) for s in MODELS}
    checks.check(built, names, head.weeks if head else 1040, faults)
    parameters = _parameters(tree, faults)
    faults.stop_if_any()
    parts: dict[str, Any] = {s: Frozen(entries) for s, entries in built.items()}
    timeline = tuple(sorted(built["timeline"].values(), key=_order))
    heads = {k: getattr(head, k) for k in Top.model_fields}
    return {**heads, **parts, "disable": frozenset(heads["disable"]), "world": world, "timeline": timeline,
            "parameters": parameters}  # fmt: skip


def _keys(tree: Tree, section: str) -> list[str]:
    """Return the names in a section, those of unsound entries too: they are complained of once."""
    entries = tree.get(section)
    return list(entries) if isinstance(entries, dict) else []


def _pieces(section: str, raw: Mapping[str, Tree], faults: Faults) -> dict[str, Any]:
    """Return the sound entries of one section."""
    built = {name: faults.build(MODELS[section], entry, f"{section}.{name}") for name, entry in raw.items()}
    return {name: piece for name, piece in built.items() if piece is not None}


def _parameters(tree: Tree, faults: Faults) -> Parameters | None:
    """Return the parameters with the scenario's own values."""
    try:
        return Parameters(overrides(tree.get("parameters", {}), faults))
    except Problems as error:
        for p in error.problems:
            faults.add(p.where, p.given, p.allowed, p.nearest)
        return None


def _world(raw: Any, folder: str, faults: Faults) -> WorldSpec | None:
    """Return the checked world, with the place of its file."""
    if not isinstance(raw, dict) or "path" in raw:
        faults.add("world", raw, "a table; `file` says where a world is")
        return None
    spec = faults.build(WorldSpec, raw, "world")
    if spec is None:
        return None
    if spec.file is None:
        return spec.model_copy(update={"generator": "country"})
    if spec.generator is not None:
        faults.add("world", "both generator and file", "one of them")
    return spec.model_copy(update={"path": _world_file(spec.file, folder, faults)})


def _world_file(file: str, folder: str, faults: Faults) -> str | None:
    """Return where a world file is: seen from the scenario's folder, the one above it, or the working folder."""
    for home in [Path(folder), Path(folder).parent, None] if folder else [None]:
        try:
            return str(files.find(file, home))
        except Problems:
            continue
    allowed = "the path of a world file, from the scenario's folder, the folder above it or the working folder"
    faults.add("world.file", file, allowed)
    return None


def _hash_of_files(world: Path) -> str:
    """Return the sha256 of a world file and of the data files of its name beside it."""
    parts = sorted(world.parent.glob(world.stem + ".*"))
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def _dump(piece: Piece) -> Tree:
    """Return one table as plain values, without its name."""
    tree = piece.model_dump(mode="json", exclude_none=True, exclude={"name"})
    if isinstance(piece, Mission):
        tree |= {kind: short(getattr(piece, kind), piece.mandated) for kind in COMPONENTS}
    return tree


def _without_display(tree: Any) -> Any:
    """Return a tree without the keys that are for display only."""
    if not isinstance(tree, Mapping):
        return tree
    return {k: _without_display(v) for k, v in tree.items() if k not in DISPLAY}


def _mission(m: Mission) -> str:
    """Return a mission in a few words."""
    people = max((n for _, n in m.troops), default=0)
    title = f" ({m.title})" if m.title else ""
    where = "" if m.hosts == "all" else f", in {_listed(m.hosts)}"
    where += f", may pursue into {_listed(m.pursuit)}" if m.pursuit else ""
    return f"{m.name}{title}: {m.profile}, mandate {m.mandate.name}, {people:,} troops, from week {m.arrives}{where}"


def _host(h: Host) -> str:
    """Return one of several hosts in a few words: its capacity, its abuses, and what it makes of armed groups."""
    title = f" ({h.title})" if h.title else ""
    told = [f"capacity {h.capacity:g}", f"abusiveness {h.abusiveness:g}", f"{h.forces} army units"]
    told += [f"tolerates {group} {share:g}" for group, share in h.tolerates.items() if share]
    told += [f"backs {group} {share:g}" for group, share in h.backs.items() if share]
    told += [f"may pursue into {_listed(h.pursuit)}"] if h.pursuit else []
    return f"{h.name}{title}: {', '.join(told)}"


def _group(name: str, g: ArmedGroup) -> str:
    """Return an armed group in a few words, and in whose land it is at home if the scenario says so."""
    return f"{name}: {g.motive}, {g.fighters:,} fighters" + (f", at home in {g.host}" if g.host else "")


def _listed(names: Sequence[str]) -> str:
    """Return names as in a sentence."""
    return " and ".join(names)


def _order(event: Event) -> tuple[int, str]:
    """Return by what events are sorted: by week, those on a condition by the first week in which they may happen."""
    if event.week is not None:
        return event.week, event.name
    return (event.when.after if event.when else 0), event.name


def _link(p: Partnership) -> str:
    """Return a partnership's main dials in a few words."""
    told = ("coordination", "delineation", "shared_communications")
    return ", ".join(f"{name.replace('_', ' ')} {getattr(p, name):g}" for name in told)


def load(name: str | Path | Scenario) -> Scenario:
    """Return a scenario by its name or the path of its file, with all that it extends.

    Raises SimError: every fault of the file, a line each, with place, value, what is allowed and the nearest match.
    """
    if isinstance(name, Scenario):
        return name
    if not isinstance(name, str | Path):
        raise Problems([Problem("scenario", name, "a scenario, its name, or the path of its file")])
    layers = files.chain(name)
    tree, file = files.layered(layers), layers[-1].file
    return Scenario.from_dict(tree, file.stem, folder=str(file.parent), origin=lambda path: files.origin(layers, path))
