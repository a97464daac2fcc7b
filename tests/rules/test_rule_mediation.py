"""The rule `mediation`: mediators whom both groups find impartial settle disputes and prolong lulls."""

from __future__ import annotations

import pytest
from helpers import HERE, RULES, UN, before, column, small, village

from sim.ledger import PERCEPTIONS

MEDIATOR = UN | HERE | {"mandate": {"tasks": {"local_mediation": 1.0}}, "civilians": 400, "troops": 0}
MEDIATOR |= {"police": 0, "observers": 0}
AT = {"parameters.communal.base": 0.01}


def settled(impartial: tuple[float, float], mission: dict | None = None) -> tuple[float, float]:
    """Return what a week of mediation leaves of a dispute and of the memory of a clash, as shares."""
    m = before("mediation", village(AT, missions={"UN": mission or MEDIATOR}), 5)
    m.cells.dispute[:], m.cells.memory[2] = 0.5, 1.0
    for group, level in enumerate(impartial):
        m.ledger.opinion[PERCEPTIONS.index("impartiality"), 0, m.communities.group == group] = level
    RULES["mediation"](m)
    return float(column(m, "cells.dispute")[0]) / 0.5, float(column(m, "cells.memory")[2, 0])


def test_mediators_whom_both_accept_settle_disputes_and_clashes_are_forgotten_sooner():
    dispute, memory = settled((0.9, 0.9))
    assert dispute < 0.85 and memory < 0.85


@pytest.mark.parametrize("levels", [(0.95, 0.1), (0.1, 0.95), (0.1, 0.1)])
def test_one_side_s_mistrust_is_enough_to_fail(levels):
    assert settled(levels) == pytest.approx((1.0, 1.0), abs=0.01)


def test_without_the_task_or_without_civilians_nothing_is_settled():
    idle = MEDIATOR | {"mandate": {"tasks": {"community_engagement": 1.0}}}
    soldiers = MEDIATOR | {"civilians": 0, "troops": 2000}
    assert settled((0.9, 0.9), idle) == settled((0.9, 0.9), soldiers) == (1.0, 1.0)


def test_it_does_not_touch_other_violence():
    m = before("mediation", small(missions={"UN": MEDIATOR}), 6)
    armed, state, _ = column(m, "cells.memory")
    RULES["mediation"](m)
    now = column(m, "cells.memory")
    assert (now[0] == armed).all() and (now[1] == state).all()
