"""The JSON Schema by which editors complete and check scenario files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario import catalogue
from sim.scenario.describing import words
from sim.scenario.inner import Condition, Contributor, Funding
from sim.scenario.kinds import Piece
from sim.scenario.names import NAME
from sim.scenario.parameters import Parameter, declared
from sim.scenario.scene import SceneDial, SceneFile, SceneWords, Side
from sim.scenario.schema import MODELS, Mandate, Top, WorldSpec

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"
INNER: dict[str, type[Piece]] = {"when": Condition, "funding": Funding, "fr": SceneWords}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}


def schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a scenario file; no key is required, since layers complete it."""
    named = {section: _named(_table(model)) for section, model in MODELS.items()}
    about = "The scenario that this file changes: a name that `sim list` shows, or a path"
    return _object({
        "extends": {"type": "string", "description": about},
        **_table(Top)["properties"],
        "world": _table(WorldSpec),
        **named,
        "parameters": _parameters(),
    }) | {"$schema": DRAFT, "title": "Scenario of partnership peacekeeping"}  # fmt: skip


def scene_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) of a training scene's file."""
    told = _table(SceneFile) | {"required": [k for k, f in SceneFile.model_fields.items() if f.is_required()]}
    sides = _table(Side) | {"required": ["scenario", "title"]}
    turned = _table(SceneDial)
    turned["properties"]["path"] = {"type": "string", "description": SceneDial.model_fields["path"].description}
    own = {"a": sides, "b": sides, "dial": turned | {"required": ["path", "title", "values"]}}
    told["properties"] |= own | {"world": _table(WorldSpec)}
    return told | {"$schema": DRAFT, "title": "Training scene of partnership peacekeeping"}


def sweep_schema(model: type[Piece], inner: Mapping[str, type[Piece]]) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a sweep's file, given its model and those of its tables."""
    told = _table(model) | {"required": [k for k, f in model.model_fields.items() if f.is_required()]}
    told["properties"] |= {key: _table(table) for key, table in inner.items()}
    return told | {"$schema": DRAFT, "title": "Sweep of partnership peacekeeping"}


def _object(properties: Schema) -> Schema:
    """Return the schema of a table with these keys and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _named(table: Schema) -> Schema:
    """Return the schema of a table of tables keyed by names."""
    return {"type": "object", "patternProperties": {f"^{NAME.pattern[:-2]}$": table}, "additionalProperties": False}


def _table(model: type[Piece]) -> Schema:
    """Return the schema of one table as a file may write it."""
    raw = model.model_json_schema()
    properties = {k: _field(model, k, v) for k, v in raw["properties"].items() if k not in ("name", "path")}
    if model is Mandate:
        properties |= {"name": {"type": "string"}, "tasks": _tasks()}
    return _object(properties)


def _field(model: type[BaseModel], key: str, found: Schema) -> Schema:
    """Return the schema of one key, with the words it may be and the short forms that files may use."""
    kept = {k: v for k, v in found.items() if k in ("description", "default")}
    field = model.model_fields[key]
    if key == "mandate":
        return kept | {"anyOf": [{"enum": catalogue.mandates()}, _table(Mandate)]}
    if key == "consent":
        return kept | {"anyOf": [SHARE, {"type": "object", "additionalProperties": SHARE}]}
    if key == "contributors":
        return kept | _named(_table(Contributor))
    if key in INNER:
        return kept | _table(INNER[key])
    types = {found.get("type"), *(branch.get("type") for branch in found.get("anyOf", []))} - {"null", None}
    if words(field) and types == {"string"}:
        return kept | {"enum": words(field)}
    if words(field) and types == {"array"}:
        return kept | {"type": "array", "items": {"enum": words(field)}}
    return {k: v for k, v in found.items() if k not in ("title", "allowed", "$ref")}


def _tasks() -> Schema:
    """Return the schema of a mandate's tasks: a list, or a table of priorities."""
    table = _object({t: SHARE | {"description": about["meaning"]} for t, about in catalogue.table("tasks").items()})
    return {"anyOf": [{"type": "array", "items": {"enum": catalogue.tasks()}}, table]}


def _parameters() -> Schema:
    """Return the schema of the parameters, nested by group or with quoted dotted keys."""
    groups: dict[str, Schema] = {}
    for p in declared().values():
        group, name = p.path.split(".")
        groups.setdefault(group, {})[name] = _number(p)
    return _object({p.path: _number(p) for p in declared().values()} | {g: _object(n) for g, n in groups.items()})


def _number(p: Parameter) -> Schema:
    """Return the schema of one parameter."""
    whole = p.integer or p.kind == "switch"
    text = f"{p.meaning} [{p.unit}] {p.basis}: {p.source}"
    low, high = p.range
    limits = {"minimum": low, "maximum": high, "default": p.value, "description": text}
    return {"type": "integer" if whole else "number"} | limits
