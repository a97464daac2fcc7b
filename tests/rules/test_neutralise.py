"""A rule's own test fails when the rule does nothing: benchmarks/neutralise.py shows it for all, this for a few."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest
from conftest import ROOT
from helpers import RULES, played, village

SCRIPT = ROOT / "benchmarks" / "neutralise.py"


@pytest.fixture
def neutralise():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("neutralise", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_tests_of_a_few_rules_notice_that_their_rule_is_gone():
    told = subprocess.run([sys.executable, str(SCRIPT), "contact", "decay", "arrival"], cwd=ROOT, capture_output=True,
                          text=True)  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert "tests that notice nothing: none" in told.stdout


def test_a_test_that_notices_nothing_is_named(neutralise, monkeypatch, capsys):
    monkeypatch.setattr(neutralise, "own_test", lambda rule: (3, 0))
    assert neutralise.main(["decay"]) == 1
    assert "tests that notice nothing: decay" in capsys.readouterr().out


def test_a_neutralised_rule_does_nothing_and_is_itself_again_afterwards(neutralise):
    with neutralise.neutralised(RULES["arrival"]):
        assert not played(village(missions={"UN": ARRIVING}), 2).missions.arrived.any()
    assert played(village(missions={"UN": ARRIVING}), 2).missions.arrived.all()


ARRIVING = {"org_type": "un", "profile": "political", "mandate": "presence", "troops": 100, "arrives": 0}
