"""The rule `communal`: groups that live side by side quarrel, and now and then it turns violent."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import COUNTRY, HERE, UN, after, column, played, small, tables, village

from sim.actors.acts import COMMUNAL
from sim.ledger import PERCEPTIONS
from sim.rules.communal import calm, expect

QUIET = {f"parameters.{rate}": 0.0 for rate in ("attacks.base", "battles.base", "state_abuse.base", "crime.base")}
FEUDING = QUIET | {"parameters.communal.base": 0.05, "weeks": 30}
DROUGHT = {"drought": {"week": 2, "event": "climate_shock", "share": 0.8}}
PATROL = UN | HERE | {"mandate": "presence", "troops": 3000, "unit_size": 100}
RELIEF = UN | HERE | {"mandate": {"tasks": {"climate_response": 1.0}}}


def dispute(setup, week: int = 20) -> float:
    """Return how sharp disputes are on average some weeks into a run."""
    m = played(setup, week)
    return float(column(m, "cells.dispute")[m.world.places].mean())


def trusted(m, levels: tuple[float, float]) -> None:
    """Let each of two identity groups think so of a mission's impartiality, as the week begins."""
    for group, level in enumerate(levels):
        m.ledger.opinion[PERCEPTIONS.index("impartiality"), 0, m.communities.group == group] = level


def expected_now(m) -> np.ndarray:
    """Return the clashes expected in each cell as things stand now."""
    expect(m, 0, calm(m), np.ones(m.host_cells[0].size))
    return column(m, "cells.expected_communal")


def expected(m, levels: tuple[float, float]) -> float:
    """Return the clashes expected in a week in which two groups think so of the mission."""
    trusted(m, levels)
    return float(expected_now(m).sum())


def test_groups_clash_and_one_of_them_mourns():
    events = tables(small(FEUDING))["events"].query("kind == 'communal'")
    assert len(events) > 5 and events.civilians.sum() > 0
    assert set(events.perpetrator) == {"group 1", "group 2"} and (events.ucdp_type == "nonstate").all()
    assert (events.civilians == events.deaths).all()


def test_the_dead_are_of_the_other_group():
    m = played(small(FEUDING), 0)
    names, found = len(m.actors.names), 0
    for _ in range(20):
        m.step()
        acts = m.acts.of(COMMUNAL)
        hit = m.communities.group[m.acts.community[acts]]
        assert (hit != m.acts.perpetrator[acts] - names).all()
        found += acts.size
    assert found


def test_one_group_alone_has_nobody_to_quarrel_with():
    events = tables(small(FEUDING | {"world.groups": 1}))["events"]
    assert dispute(small(FEUDING | {"world.groups": 1})) == 0 and len(events.query("kind == 'communal'")) == 0


def test_scarcity_sharpens_disputes_and_relief_eases_it():
    parched = small(FEUDING, timeline=DROUGHT)
    assert dispute(parched) > 1.2 * dispute(small(FEUDING))
    eased = small(FEUDING, timeline=DROUGHT, missions={"UN": RELIEF | {"civilians": 2000}})
    assert dispute(eased) < 0.95 * dispute(parched)


def test_scarcity_passes_after_the_drought():
    m = played(small(FEUDING | {"weeks": 60}, timeline={"d": DROUGHT["drought"] | {"duration": 10}}), 12)
    worst = column(m, "cells.scarcity").mean()
    for _ in range(47):
        m.step()
    assert 0 < column(m, "cells.scarcity").mean() < 0.5 * worst


def test_a_patrol_that_both_find_impartial_calms_and_one_that_either_finds_partial_does_not():
    m = played(village({"parameters.communal.base": 0.01}, missions={"UN": PATROL}), 6)
    both, one, none = (expected(m, levels) for levels in ((0.9, 0.9), (0.95, 0.15), (0.15, 0.15)))
    assert both < 0.6 * none and one == pytest.approx(none, rel=0.02)


def test_clashes_breed_clashes_and_gather_in_a_feud():
    m = after("communal", small(FEUDING), 6)
    before = expected_now(m)
    m.cells.memory[2] = 3.0
    assert expected_now(m).sum() > 1.3 * before.sum()
    feud = int(column(m, "hosts.feud")[0])
    far = m.space.distance(feud, m.all_cells) > 100
    ratio = before / np.maximum(m.disposition * column(m, "cells.dispute"), 1e-12)
    assert ratio[feud] > 3 * ratio[far].max()


def test_a_feud_moves_on_after_some_two_months():
    m, found = played(small(FEUDING | {"weeks": 160, "world": COUNTRY | {"places": 20}}), 0), []
    for _ in range(160):
        m.step()
        found.append(column(m, "hosts.feud")[0])
    assert 1 / 20 < (np.diff(found) != 0).mean() < 1 / 5
