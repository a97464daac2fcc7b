"""The rule `conduct`: misconduct by a mission's own people lowers its legitimacy where news of it reaches."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, moved, over_seeds, played, small, tables, village

WILD = {"conduct": 0.0, "parameters.conduct.rate": 0.5}
SCANDAL = {"shame": {"week": 4, "event": "scandal", "mission": "UN"}}


def stands(weeks: int = 12, timeline=None, seed: int = 0, changes=None, **dials):
    """Return a village in which the UN has stood for some weeks."""
    rate = {"parameters.conduct.rate": 0.5} | dict(changes or {})
    return played(village(rate, missions={"UN": UN | HERE | dials}, timeline=timeline or {}), weeks, seed)


def lost(m, quantity: str = "legitimacy") -> float:
    return -moved(m, "conduct", quantity, "UN")


def test_misconduct_costs_legitimacy_and_nothing_else():
    m = stands(conduct=0.0)
    assert lost(m) > 0 == lost(m, "impartiality") == lost(m, "credibility")
    assert m.tables()["summary"]["misconduct:UN"].item() > 0


def test_disciplined_people_do_nothing():
    m = stands(conduct=1.0)
    assert lost(m) == 0 == m.tables()["summary"]["misconduct:UN"].item()


def test_the_better_the_discipline_the_fewer_the_incidents():
    setup = village({"parameters.conduct.rate": 0.5, "weeks": 20}, missions={"UN": UN | HERE})
    counts = [over_seeds(setup.but({"missions.UN.conduct": c}), "misconduct:UN", 4).mean() for c in (0.0, 0.5, 0.9)]
    assert counts[0] > 1.4 * counts[1] > 1.4 * counts[2]


def test_more_discipline_never_adds_an_incident():
    """Same luck: what happens with more discipline happens with less [addressed luck]."""
    setup = small({"weeks": 12, "parameters.conduct.rate": 1.0}, missions={"UN": UN | HERE})
    some, none = (set(tables(setup.but({"missions.UN.conduct": c}))["events"].query("kind == 'misconduct'").week)
                  for c in (0.6, 0.0))  # fmt: skip
    assert some and some <= none


def test_who_answers_for_it_loses_less():
    open_, silent = stands(conduct=0.0, oversight=1.0), stands(conduct=0.0, oversight=0.0)
    assert 0 < lost(open_) < 0.7 * lost(silent)


def test_it_happens_where_its_people_and_communities_meet_and_kills_nobody():
    setup = small({"weeks": 12, "parameters.conduct.rate": 2.0}, missions={"UN": UN | HERE | {"conduct": 0.0}})
    m = played(setup)
    events = m.tables()["events"].query("kind == 'misconduct'")
    assert len(events) > 5 and (events.civilians == 0).all() and set(events.perpetrator) == {"UN"}
    assert (events.deaths == 0).all() and not events.observed.any()


def test_the_farther_away_the_less_it_is_felt():
    event = {"weeks": 3, "parameters.conduct.rate": 1.0, "parameters.harm.news_km": 30}
    for seed in range(6):
        m = played(small(event, missions={"UN": UN | HERE | {"conduct": 0.0}}), 1, seed)
        rows = np.flatnonzero(m.acts.kind == 4)
        if rows.size == 1:
            break
    where = m.acts.community[rows[0]]
    moves = next(v for k, v in m.ledger.running.items() if m.ledger.keys[k][0] == "conduct")
    assert moves[where] < 0 and moves[where] == moves.min() and (moves == 0).any()


def test_a_scandal_is_heard_of_everywhere_and_for_weeks():
    clean = {"conduct": 1.0}
    before, during, after, later = (lost(stands(weeks, SCANDAL, **clean)) for weeks in (4, 5, 9, 16))
    assert before == 0 < during < after and later == pytest.approx(lost(stands(13, SCANDAL, **clean)))
    m = played(small({"weeks": 6}, missions={"UN": UN | HERE | clean}, timeline=SCANDAL))
    moves = next(v for k, v in m.ledger.running.items() if m.ledger.keys[k][0] == "conduct")
    assert (moves[m.communities.met[0]] < 0).all()
    assert len(m.tables()["events"].query("kind == 'misconduct'")) == 1


def test_a_scandal_in_an_area_is_felt_most_there():
    setup = small({"weeks": 6}, missions={"UN": UN | HERE | {"conduct": 1.0}})
    m = played(setup)
    area = m.world.area_names[int(m.communities.area[0])]
    m = played(setup.but({"timeline.s": SCANDAL["shame"] | {"area": area}}))
    moves = next(v for k, v in m.ledger.running.items() if m.ledger.keys[k][0] == "conduct")
    inside, known = m.communities.area == m.communities.area[0], m.communities.met[0]
    assert moves[inside & known].mean() < 1.2 * moves[~inside & known].mean() < 0
