"""The JSON Schema for editors agrees with the loader."""

from __future__ import annotations

import tomllib

import pytest
from conftest import ROOT, shared

from sim.scenario import Scenario
from sim.scenario.editor import schema
from sim.scenario.paths import plain

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema checks the schema for editors")


@pytest.fixture(scope="module")
def validator():
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def content(file):
    return plain(tomllib.loads(file.read_text()))


@pytest.mark.parametrize("file", sorted((ROOT / "scenarios").glob("*.toml")), ids=lambda f: f.stem)
def test_shipped_files_are_valid(validator, file):
    assert [e.message for e in validator.iter_errors(content(file))] == []


def test_the_example_is_valid(validator):
    assert [e.message for e in validator.iter_errors(content(shared("checks", "example.toml")))] == []


@pytest.mark.parametrize("tree", [
    {"weks": 3}, {"weeks": 2.5}, {"weeks": 0}, {"disable": ["attribtion"]}, {"missions": {"A B": {}}},
    {"missions": {"UN": {"care": 2}}}, {"missions": {"UN": {"mandate": "pok"}}}, {"missions": {"UN": {"siting": "x"}}},
    {"missions": {"UN": {"mandate": {"tasks": ["presense"]}}}}, {"parameters": {"response.base_chanc": 1}},
    {"parameters": {"response": {"base_chance": 9}}}, {"world": {"grid": [1]}}, {"missions": {"UN": {"troops": -1}}},
    {"hosts": {"h": {"consent": 2}}}, {"timeline": {"x": {"event": "nothing"}}},
    {"timeline": {"x": {"event": "withdrawal", "when": {"measure": "money"}}}},
    {"missions": {"AU": {"contributors": {"A": {"share": 1.0, "caveats": 5}}}}},
])  # fmt: skip
def test_what_the_loader_refuses_the_schema_refuses_too(validator, tree):
    assert list(validator.iter_errors(tree))
    with pytest.raises(Exception, match="allowed"):
        Scenario.from_dict(tree)


@pytest.mark.parametrize("tree", [
    {"world": {"seed": "run"}}, {"missions": {"UN": {"troops": [[0, 10], [5, 20]]}}},
    {"hosts": {"h": {"consent": {"UN": 1}}}},
    {"missions": {"UN": {"mandate": {"tasks": {"presence": 0.5}, "area": ["north"]}}}}, {"start": "2013-01-07"},
    {"missions": {"AU": {"funding": {"assessed": 0.75}, "contributors": {"A": {"share": 1.0, "caveats": 0.5}}}}},
    {"timeline": {"x": {"event": "withdrawal", "when": {"measure": "paid", "below": 0.5}, "components": ["troops"]}}},
])  # fmt: skip
def test_short_forms_are_valid(validator, tree):
    assert [e.message for e in validator.iter_errors(tree)] == []
