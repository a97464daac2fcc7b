"""A season of false claims costs a mission more where it was distrusted before, and less where radio and staff answer.

Evidence: B-M64 (feeds on grievance and low trust), B-M65, F-M57 (stronger when communication is weak), B-M66 (trusted
messengers rebut). What people hold against it makes them lay others' harm at its door.
"""

from __future__ import annotations

from helpers import HERE, UN, played, small, view

SEASON = {"lies": {"week": 4, "event": "disinformation", "mission": "UN", "share": 0.8, "duration": 26}}
SILENT = {"presence": 1.0, "protect_civilians": 1.0}
ANSWERS = SILENT | {"strategic_communications": 1.0, "community_engagement": 1.0}


def season(tasks: dict, prior: float = 0.5, timeline=None, metric: str = "rumour_prevalence:UN"):
    """Return the share who hold a false claim over half a year, and the UN's legitimacy at its end."""
    un = UN | HERE | {"mandate": {"tasks": tasks}, "outreach": 1.0, "civilians": 400}
    changes = {"weeks": 30, "parameters.perceptions.prior": prior}
    m = played(small(changes, missions={"UN": un}, timeline=SEASON if timeline is None else timeline))
    return m.tables()["summary"][metric].item(), view(m, "legitimacy", "UN")


def test_answers_keep_false_claims_rare_and_save_legitimacy():
    (held, silent), (fewer, answered) = season(SILENT), season(ANSWERS)
    calm, calm_answered = season(SILENT, timeline={})[1], season(ANSWERS, timeline={})[1]
    assert fewer < 0.7 * held
    assert 0 < calm_answered - answered < 0.7 * (calm - silent)


def test_they_spread_where_it_was_distrusted_before():
    assert season(SILENT, prior=0.3)[0] > 1.3 * season(SILENT, prior=0.7)[0]


def test_they_draw_others_harm_to_its_door():
    blamed = [season(SILENT, timeline=t, metric="contagion:host->UN")[0] for t in (SEASON, {})]
    assert blamed[0] > 1.15 * blamed[1] > 0
