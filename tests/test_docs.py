"""The documents say what the code says."""

from __future__ import annotations

import importlib.util

import pytest
from conftest import ROOT

from sim.metrics import METRICS
from sim.scenario.parameters import declared
from sim.schedule import WEEK

DOCS = ROOT / "docs"
spec = importlib.util.spec_from_file_location("make_docs", DOCS / "make.py")
make = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make)


def read(name: str) -> str:
    """Return a document."""
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["odd.md", "dials.md", "evidence.md"])
def test_tables_are_those_of_the_code(name):
    assert read(name) == make.filled(read(name)), "run `python docs/make.py`"


def test_every_rule_metric_and_parameter_stands_in_the_description():
    text = read("odd.md")
    assert not [n for n in (*(r.name for r in WEEK), *METRICS, *declared()) if f"\n| `{n}` |" not in text]


def test_every_table_is_asked_for_somewhere():
    asked = {found[1] for name in ("odd.md", "dials.md", "evidence.md") for found in make.MARK.findall(read(name))}
    assert asked == set(make.TABLES)
