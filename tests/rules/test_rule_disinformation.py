"""The rule `disinformation`: false claims spread where a mission is distrusted, and are rebutted."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, column, moved, played, small, village

from sim.rules.talk import disinformation

MUTE = {"mandate": {"tasks": {"presence": 1.0}}, "civilians": 0, "observers": 0}
LIES = {"lies": {"week": 2, "event": "disinformation", "mission": "UN", "share": 1.0, "duration": 8}}
RUMOUR = {"tale": {"week": 2, "event": "rumour", "mission": "UN", "share": 0.6}}
QUIET = {"parameters.disinformation.spread": 0.0}


def held(timeline, changes=None, weeks: int = 10, **dials) -> float:
    """Return the share of a village that holds a false claim about the UN."""
    m = played(village(changes, missions={"UN": UN | HERE | MUTE | dials}, timeline=timeline), weeks)
    return float(column(m, "communities.rumour")[0].mean())


def level(prior: float) -> dict[str, float]:
    """Return parameters by which everybody thinks alike of the UN at first, and nothing raises it."""
    return {"parameters.perceptions.prior": prior, "parameters.perceptions.prior_spread": 0.0,
            "parameters.protection_seen.calm": 0.0}  # fmt: skip


def test_without_lies_nobody_holds_any():
    assert held({}) == 0


def test_a_campaign_convinces_and_is_forgotten():
    during, after, long_after = (held(LIES, level(0.3), weeks) for weeks in (10, 14, 20))
    assert during > 0.5 > after > long_after > 0


def test_lies_are_believed_where_the_mission_is_distrusted():
    assert held(LIES, level(0.2)) > 1.3 * held(LIES, level(0.8)) > 0


def test_a_rumour_is_believed_at_once_and_fades():
    assert held(RUMOUR, QUIET, 3) == pytest.approx(0.6)
    assert held(RUMOUR, QUIET, 9) == pytest.approx(0.6 * np.exp(-1), rel=0.05)


def test_talk_keeps_it_alive_among_the_distrustful():
    """What spreads faster than it is forgotten grows; among people who trust the mission it dies out."""
    fast = {"parameters.disinformation.spread": 0.6}
    assert held(RUMOUR, fast | level(0.1), 20) > 0.6 > 0.2 > held(RUMOUR, fast | level(0.9), 20)


def test_it_reaches_neighbours():
    """A claim held in one place only is held around it some weeks later, among the same people first."""
    m = played(small({"parameters.disinformation.spread": 1.0}, missions={"UN": UN | HERE | MUTE}), 6)
    c = m.communities
    start, row, _ = m.kin
    source = int(np.flatnonzero(c.met[0] & (np.diff(start) > 3))[0])
    c.rumour[0, source] = 1.0
    m.step()
    beside = row[start[source] : start[source + 1]]
    reached = beside[c.met[0, beside]]
    assert reached.size and (c.rumour[0, reached] > 0).all()
    assert np.count_nonzero(c.rumour[0]) <= reached.size + 1


@pytest.mark.parametrize(
    "answer",
    [{"mandate": {"tasks": ["strategic_communications"]}, "civilians": 20, "outreach": 1.0},
     {"mandate": {"tasks": ["community_engagement"]}, "civilians": 200}],
    ids=["radio", "staff whom people meet"],
)  # fmt: skip
def test_messengers_rebut(answer):
    mute = held(RUMOUR, QUIET, 6)
    assert held(RUMOUR, QUIET, 6, **answer) < 0.8 * mute


@pytest.mark.parametrize(("told", "kept_word"), [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
def test_who_heard_the_mission_first_and_saw_it_keep_its_word_believes_less(told, kept_word):
    """Neither an account alone nor deeds alone make people proof against false claims [B-M61, B-M62]."""

    def caught(told: float) -> float:
        m = played(village(missions={"UN": UN | HERE | MUTE}, timeline=LIES), 3)
        c = m.communities
        c.told[0], c.rumour[0], c.expected[0], c.delivered[0] = told, 0.0, 0.5, 0.5 * kept_word
        disinformation(m)
        return float(c.rumour[0].mean())

    share = caught(told) / caught(0.0)
    assert share < 0.6 if told * kept_word else share == 1


def test_who_is_thought_partial_rebuts_in_vain():
    radio = {"mandate": {"tasks": ["strategic_communications"]}, "civilians": 20, "outreach": 1.0}
    trusted, not_ = (held(RUMOUR, QUIET | level(prior), 6, **radio) for prior in (0.8, 0.1))
    assert trusted < 0.8 * not_


def test_false_claims_cost_legitimacy_alone():
    m = played(village(missions={"UN": UN | HERE | MUTE}, timeline=LIES), 10)
    lost = [moved(m, "disinformation", q, "UN") for q in ("legitimacy", "impartiality", "credibility")]
    assert lost[0] < 0 == lost[1] == lost[2]


def test_an_armed_group_s_campaign_bites_in_its_range():
    by = {"lies": LIES["lies"] | {"by": "rebels"}}
    near_only = {"disinformation.by_range": 1.0, "campaigns.range_km": 40, "disinformation.spread": 0.0}
    m = played(small({f"parameters.{path}": value for path, value in near_only.items()},
                     missions={"UN": UN | HERE | MUTE}, timeline=by), 8)  # fmt: skip
    c, near = m.communities, m.reach_of_group[list(m.actors.groups).index("rebels")]
    known = c.met[0]
    strong = known & (near > np.median(near[known]))
    assert c.rumour[0, strong].mean() > 1.3 * c.rumour[0, known & ~strong].mean()


def test_a_rumour_makes_people_lay_more_at_the_mission_s_door():
    """Harm by the host in week 4; the rumour of the week before says that the UN had a hand in it [B-M64]."""
    tale = {"tale": {"week": 3, "event": "rumour", "mission": "UN", "share": 1.0}}
    harm = {"harm": {"week": 4, "event": "massacre", "by": "host", "deaths": 20}}
    blamed = [
        played(village({"weeks": 8}, missions={"UN": UN | HERE}, timeline=t | harm), 5)
        .tables()["summary"]["contagion:host->UN"].item() for t in (tale, {})
    ]  # fmt: skip
    assert blamed[0] > 1.3 * blamed[1] > 0


def test_how_many_hold_it_is_what_the_metric_says():
    m = played(village(missions={"UN": UN | HERE | MUTE}, timeline=LIES), 8)
    c = m.communities
    people = c.residents + c.displaced
    shown = m.log.values["rumour_prevalence"][m.week, 0]
    assert shown == pytest.approx((people * c.rumour[0]).sum() / people.sum()) and 0 < shown < 1
