"""The rule `harm_seen`: harm lowers the standing of whoever is seen to have done it, more if an outsider did."""

from __future__ import annotations

import pytest
from helpers import AU, HERE, UN, moved, played, small, village

MISSIONS = {"UN": UN | HERE, "AU": AU | HERE | {"tempo": 0.0, "troops": 20_000}}
CLEAR = {"parameters.attribution.blur": 0.0, "parameters.perceptions.prior_spread": 0.0}


def harmed(by: str, deaths: int = 20, make=village, **changes):
    """Return a model in which an actor killed civilians in week 4."""
    harm = {"harm": {"week": 4, "event": "massacre", "by": by, "deaths": deaths}}
    return played(make(CLEAR | changes, missions=MISSIONS, timeline=harm), 5)


def change(by: str, of: str, quantity: str = "legitimacy", **more) -> float:
    """Return by how much an act of one actor moved what people think of another."""
    return moved(harmed(by, **more), "harm_seen", quantity, of, cause=by)


@pytest.mark.parametrize("doer", ["AU", "host", "rebels"])
def test_the_doer_loses_legitimacy_and_who_looks_on_does_not(doer):
    assert change(doer, doer) < 0 == change(doer, "UN")


def test_it_costs_impartiality_too_and_credibility_not():
    assert change("AU", "AU", "impartiality") < 0 == change("AU", "AU", "credibility")


def test_outsiders_lose_more_than_the_state():
    """The same act, laid to an outsider and to the host: the share of its legitimacy that it costs [E26]."""
    shares = []
    for doer in ("AU", "host"):
        m = harmed(doer, deaths=1)
        shares.append(moved(m, "harm_seen", "legitimacy", doer) / m.opinion[0, m.actors.index[doer]].mean())
    assert shares[0] < shares[1] < 0


def test_more_dead_weigh_more_up_to_a_point():
    one, ten, hundred, thousand = (change("AU", "AU", deaths=n) for n in (1, 10, 100, 1000))
    assert ten < one < 0 and thousand == hundred


def test_rivals_gain_from_an_outsider_s_harm_and_nobody_from_theirs():
    """Asymmetric: harm by outsiders raises support for rebels, harm by rebels raises nobody's [E26]."""
    assert change("AU", "rebels") > 0
    assert change("rebels", "AU") == change("rebels", "UN") == change("rebels", "host") == 0


def test_the_group_that_was_hit_feels_it_more_and_news_fades_with_distance():
    m = harmed("rebels", make=small, **{"parameters.attacks.base": 0.0})
    c, act = m.communities, m.tables()["events"].query("kind == 'attack_on_civilians'").iloc[0]
    cell = m.space.named(act.cell)
    account = next(i for i, k in enumerate(m.ledger.keys) if k[:3] == ("harm_seen", "legitimacy", "rebels"))
    lost = -m.ledger.running[account] / m.opinion[0, m.actors.index["rebels"]]
    victims = c.group == m.world.group_names.index(act.target)
    here, far = c.cell == cell, m.space.distance(cell, c.cell) > 100
    assert lost[here & victims] > lost[here & ~victims] > 0
    assert lost[far & victims].max() < lost[here & victims]
