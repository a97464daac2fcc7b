"""Each metric is asked for by its name in a test: a new one must come with its own."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT

from sim.experiment.paired_metrics import PAIRED
from sim.metrics import METRICS


def written_in(folder: str) -> str:
    """Return the text of a folder's tests."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / folder).glob("*.py")))


@pytest.mark.parametrize(("names", "folder"), [(METRICS, "metrics"), (PAIRED, "experiment")])
def test_each_metric_is_asked_for_by_name(names, folder):
    text = written_in(folder)
    missing = [name for name in names if not re.search(rf'"{name}[":]|\b{name}\.compute\(', text)]
    assert not missing, f"tests/{folder} has no test of {', '.join(missing)}"
