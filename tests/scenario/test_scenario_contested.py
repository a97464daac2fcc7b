"""The disputed parameters of the evidence: each is declared, can be sampled, and has two sides with sources."""

from __future__ import annotations

import re

import pytest

from sim.scenario import catalogue, load
from sim.scenario.contested import contested
from sim.scenario.parameters import declared

ENTRIES = catalogue.table("contested")
TAG = re.compile(r"([BSF]-[A-Z]\d+|[ES]\d+[a-h]?)\Z")


@pytest.mark.parametrize("path", ENTRIES)
def test_a_contested_parameter_is_declared_and_has_a_range_to_sample(path):
    low, high = contested()[f"parameters.{path}"]
    parameter = declared()[path]
    assert parameter.kind == "number" and not parameter.integer
    assert parameter.range[0] <= low < high <= parameter.range[1]


@pytest.mark.parametrize("path", ENTRIES)
def test_a_contradiction_has_a_question_and_two_sides_with_sources_of_their_own(path):
    entry = ENTRIES[path]
    assert set(entry) == {"question", "one", "one_sources", "other", "other_sources"}
    assert entry["question"].endswith("?") and entry["one"] != entry["other"]
    assert entry["one_sources"] and entry["other_sources"]
    assert set(entry["one_sources"]) != set(entry["other_sources"])
    assert all(TAG.match(tag) for tag in entry["one_sources"] + entry["other_sources"])


def test_the_list_has_the_paths_of_a_scenario():
    setup = load("un_alone")
    for end in (0, 1):
        changed = setup.but({path: span[end] for path, span in contested().items()})
        assert changed.parameters["complicity.weight"] == contested()["parameters.complicity.weight"][end]
