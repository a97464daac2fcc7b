"""The rule `partner_trust`: partners trust each other by what they reach together and by who pays for it."""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, LINK, RULES, UN, before, small, total

from sim.ledger import GRAIN

TWO = {"UN": UN | HERE, "AU": AU | HERE}
LINKED = {"partnerships.UN-AU": LINK | {"trust": 0.5, "coordination": 1.0}}


def moved(change=lambda m: None, **more) -> float:
    """Return by how much trust moves in a week that a change has prepared."""
    m = before("partner_trust", small(LINKED | more, missions=TWO), 8)
    m.missions.hits[:] = 0
    m.acts._flags[:] = False
    m.blame = None
    change(m)
    old = float(m.links.trust[0])
    RULES["partner_trust"](m)
    return float(m.links.trust[0]) - old


def success(m) -> None:
    """Let operations meet bands."""
    m.missions.hits[:] = 3


def burden(m) -> None:
    """Let one of the two bleed."""
    m.missions.bled[0] = 5.0


def test_success_together_raises_it_and_more_where_they_share_more():
    assert moved(success) > 0
    assert moved(success) > moved(success, **{"partnerships.UN-AU.coordination": 0.2})


def test_it_falls_when_one_bleeds_and_not_when_both_do():
    assert moved(burden) < 0
    assert moved(lambda m: m.missions.bled.fill(5.0)) > moved(burden)


def test_it_falls_when_one_is_blamed_for_the_other():
    def blamed(m) -> None:
        """Lay half of one partner's harm at the other's door."""
        from sim.rules.blame import Blame

        felt = np.ones(m.communities.rows)
        a, b = m.actors.index["AU"], m.actors.index["UN"]
        m.blame = Blame({a: felt / 2}, {a: felt}, {(a, b): felt / 2})

    assert moved(blamed) < 10 * min(moved(), -1e-4)


def test_trust_is_a_share_of_the_grid_and_booked():
    m = before("partner_trust", small(LINKED, missions=TWO), 8)
    m.missions.hits[:] = 9
    old = float(m.links.trust[0])
    booked = total(m, "partner_trust", "trust")
    RULES["partner_trust"](m)
    new = float(m.links.trust[0])
    assert 0 < new < 1 and new * GRAIN == round(new * GRAIN)
    assert total(m, "partner_trust", "trust") - booked == new - old


def test_it_falls_while_support_is_withheld():
    """S-M114, F-M96: conditions are felt as imposed."""
    assert moved(lambda m: m.links.withheld.fill(True)) < moved()
