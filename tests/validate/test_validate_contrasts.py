"""Either side can win: each contrast in a small country, six seeds; `benchmarks/contrasts.py` plays them in full."""

from __future__ import annotations

import pytest

from sim.scenario.names import RULES
from sim.scenario.parameters import declared
from sim.validate import study
from sim.validate.contrast import COUNTRIES, SMALL, contrast, names

SEEDS = range(6)


@pytest.mark.parametrize("name", names())
def test_one_side_wins_at_one_end_of_the_dial_and_the_other_at_the_other(name):
    c = contrast(name)
    if not c.reached:
        assert len(c.tried) > 100, "what was tried, with figures"
        return
    numbers = (0, 2, 4) if c.shape == "peak" else (0, 4)
    rows = study.levels(c, SEEDS, COUNTRIES[:1], c.quick, numbers, SMALL)
    ratios = rows[rows.country == "all"].sort_values("level").ratio.tolist()
    sides = [study.side(c, r) for r in ratios]
    if c.shape == "peak":
        good = [r if c.better == "lower" else -r for r in ratios]
        assert good[1] < min(good[0], good[2])
    else:
        begins = 1 if c.first == "better" else -1
        assert sides == [begins, -begins]


@pytest.mark.parametrize("name", names())
def test_both_arms_have_the_same_dose_and_no_rule_is_switched_by_the_dial(name):
    c = contrast(name)
    for path in {*c.dial.paths, *c.dial.values}:
        assert not path.startswith("disable") and not _switch(path), path
    assert len(c.sources) >= 2 and c.knocks


def _switch(path: str) -> bool:
    """Say whether a path turns a rule's effect on or off as a whole."""
    found = declared().get(path.removeprefix("parameters."))
    return found is not None and found.kind == "switch"


@pytest.mark.parametrize("name", names())
def test_what_should_kill_it_is_a_rule_a_parameter_or_a_dial_that_both_arms_have(name):
    c = contrast(name)
    for knock in c.knocks:
        assert knock.changes and set(knock.changes.get("disable", [])) <= set(RULES), knock.name
        assert all(arm.digest for arm in c.arms(0, change=knock.changes)), "unknown paths are refused"
