"""From one state and the same luck, a week without a rule of Judgement differs by exactly that rule's entries."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import ACTS, LINK, RULES, SIX, changed, played, small, snapshot, without

from sim import schedule
from sim.ledger import PERCEPTIONS
from sim.model import Model

RULES_OF_OPINION = [*(rule.name for rule in schedule.JUDGEMENT), "complicity"]
SUPPORT = {"between": ["UN", "host"], "form": "support_package", "support_level": 0.8}
FACTS = {
    "hosts.host.abusiveness": 1.0, "parameters.state_abuse.base": 0.3, "weeks": 12,
    "missions.UN.mandate.tasks.human_rights_monitoring": 1.0, "partnerships.UN-host": SUPPORT,
    "partnerships.UN-AU": LINK | {"support_level": 0.5}, "parameters.expectation.presence": 0.1,
}  # fmt: skip
WEEKS = (5, 8, 11)
DOES = {"conduct": ACTS}  # misconduct is an act too, which no other rule of opinion reads


def busy() -> Model:
    """Return a model in which every rule of opinion has something to do in the weeks that are looked at."""
    return Model(small(FACTS | {"timeline": events()}, missions=SIX), seed=2)


def events() -> dict[str, dict]:
    """Return a massacre by rebels, one by the host, one by a mission and a scandal in each week that is looked at.

    And a campaign of false claims all along.
    """
    doers = {"r": "rebels", "h": "host", "m": "AU"}
    massacres = {f"{key}{week}": {"week": week, "event": "massacre", "by": doer, "deaths": 20}
                 for week in WEEKS for key, doer in doers.items()}  # fmt: skip
    scandals = {f"s{week}": {"week": week, "event": "scandal", "mission": "UN"} for week in WEEKS}
    return massacres | scandals | {"lies": {"week": 3, "event": "disinformation", "mission": "UN"}}


def entries(m: Model) -> dict[tuple, np.ndarray]:
    """Return what each account of perceptions has moved each community by, since week 0."""
    return {m.ledger.keys[k]: moves.copy() for k, moves in m.ledger.running.items() if moves.any()}


def sum_of(m: Model, accounts: dict[tuple, np.ndarray]) -> np.ndarray:
    """Return what accounts moved together, by quantity, actor and community."""
    out = np.zeros(m.communities.perceptions.shape)
    for (_, quantity, actor, _, _), moves in accounts.items():
        out[PERCEPTIONS.index(quantity), m.actors.index[actor]] += moves
    return out


@pytest.mark.parametrize("rule", RULES_OF_OPINION)
@pytest.mark.parametrize("week", WEEKS)
def test_a_week_without_it_differs_by_exactly_its_entries(rule, week):
    whole, lacking = busy(), busy()
    for m in (whole, lacking):
        for _ in range(week):
            m.step()
    old = {k: v for k, v in entries(whole).items() if k[0] == rule}
    without(lacking, rule)
    whole.step(), lacking.step()
    its = {k: v - old.get(k, 0.0) for k, v in entries(whole).items() if k[0] == rule}
    difference = whole.communities.perceptions - lacking.communities.perceptions
    assert its, f"{rule} did nothing in week {week}"
    assert np.array_equal(difference, sum_of(whole, its))
    others = {k: v for k, v in entries(whole).items() if k[0] != rule}
    assert _equal(others, {k: v for k, v in entries(lacking).items() if k[0] != rule})
    elsewhere = changed(snapshot(whole), snapshot(lacking))
    assert {name for name in elsewhere if not name.startswith("communities.")} <= {"log", *DOES.get(rule, ())}


def _equal(one: dict, other: dict) -> bool:
    """Compare accounts to the last bit."""
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def test_all_rules_of_opinion_read_the_same_week_s_start_whatever_their_order():
    one, other = played(small(FACTS, missions=SIX), 8), played(small(FACTS, missions=SIX), 8)
    names = [r.name for r in other.rules]
    turned = [*names[: names.index("complicity")], *reversed(RULES_OF_OPINION), "record"]
    other.rules = tuple(RULES[name] for name in turned)
    one.step(), other.step()
    assert np.array_equal(one.communities.perceptions, other.communities.perceptions)
