"""The rule `return_home`: when home has long been calm, those who left come back, a few each month."""

from __future__ import annotations

import numpy as np
from helpers import QUIET, column, played, small, without

from sim.model import Model

CALM = QUIET | {"spin_up": 0, "weeks": 200}
ONCE = {"m": {"event": "massacre", "week": 0, "by": "rebels", "deaths": 30}}


def away(m: Model) -> int:
    """Return how many people are displaced or abroad."""
    return int(column(m, "communities.displaced").sum() + column(m, "communities.refugees").sum())


def test_those_who_left_come_home_within_a_year_or_two_and_not_at_once():
    m = played(small(CALM, timeline=ONCE), 16)
    most = away(m)
    seen = []
    for _ in range(120):
        m.step()
        seen.append(away(m))
    assert seen[8] > 0.85 * most > 0 and seen[119] < 0.3 * most


def test_they_come_back_to_where_people_are_missing():
    m = played(small(CALM, timeline=ONCE), 200)
    missing = m.opening["residents"] - column(m, "communities.residents") - column(m, "communities.dead")
    missing -= column(m, "communities.recruited") + column(m, "communities.refugees")
    assert (missing - column(m, "communities.left") <= 30).all()  # but for a few recruits of the first weeks
    assert column(m, "communities.left").sum() < 0.1 * m.opening["residents"].sum()


def test_refugees_come_back_to_the_community_they_left():
    m = played(small(CALM | {"parameters.flight.abroad": 1.0, "parameters.flight.border_km": 500.0}, timeline=ONCE), 30)
    refugees, residents = column(m, "communities.refugees"), column(m, "communities.residents")
    for _ in range(50):
        m.step()
    back = refugees - column(m, "communities.refugees")
    assert back.sum() > 0.3 * refugees.sum() and (back >= 0).all()
    gained = column(m, "communities.residents") - residents
    assert (gained[back > 50] > 0).all()


def test_nobody_goes_home_to_a_place_that_is_not_calm():
    m = played(small(CALM, timeline=ONCE), 16)
    without(m, "flight")
    m.cells.unease[:] = 0.2
    before = away(m)
    for _ in range(30):
        m.step()
    assert away(m) == before > 0


def test_without_it_nobody_comes_home():
    m = played(small(CALM | {"disable": ["return_home"]}, timeline=ONCE), 150)
    table = m.tables()["ledger"].query("quantity == 'residents' and change > 0")
    assert away(m) > 0 and table.empty


def test_nobody_comes_home_who_is_not_away():
    m = played(small(CALM, timeline=ONCE), 200)
    stocks = [column(m, f"communities.{name}") for name in ("displaced", "refugees", "left")]
    assert np.min(stocks) >= 0
