"""A mandate that promises much raises hope first and costs standing later; honest words early save more than late ones.

Evidence: S-M22 and S-H26 (big tasks, high hopes, later disappointment), B-M43, B-M114; F-M56 and F-H84 (communication
moves expectation to what can be done), B-M62 (a late start blunts it). Delivery is held short of the promise.
"""

from __future__ import annotations

from helpers import HERE, UN, column, moved, played, small, view

SHORT = {"weeks": 60, "parameters.expectation.presence": 0.1, "parameters.expectation.loss": 0.06}
NARROW = {"presence": 1.0, "protect_civilians": 1.0}
BROAD = NARROW | {"disarmament": 0.8, "rule_of_law": 0.8, "electoral_support": 0.8, "policing": 0.8}
HONEST = BROAD | {"strategic_communications": 1.0}


def after(weeks: int, tasks: dict, timeline=None):
    """Return a country in which the UN has stood for some weeks."""
    un = UN | HERE | {"mandate": {"tasks": tasks}, "outreach": 1.0}
    return played(small(SHORT, missions={"UN": un}, timeline=timeline or {}), weeks)


def hope(m) -> float:
    """Return what those who know the UN expect of it, on average."""
    return float(column(m, "communities.expected")[0][m.communities.met[0]].mean())


def disappointment(m) -> float:
    """Return what disappointment has taken from the UN's legitimacy, as a mean over communities."""
    return -moved(m, "expectation", "legitimacy", "UN")


def test_hope_comes_first_and_disappointment_later():
    early, late = after(4, BROAD), after(60, BROAD)
    assert hope(early) > 1.5 * hope(after(4, NARROW)) and disappointment(early) < 0.1 * disappointment(late)
    assert disappointment(late) > 1.5 * disappointment(after(60, NARROW)) > 0


def test_early_words_save_more_than_late_ones():
    turn = {"turn": {"week": 40, "event": "mandate_change", "mission": "UN", "mandate": {"tasks": HONEST}}}
    never, late, early = after(60, BROAD), after(60, BROAD, turn), after(60, HONEST)
    assert disappointment(early) < 0.9 * disappointment(late) < disappointment(never)
    assert view(early, "legitimacy", "UN") > view(late, "legitimacy", "UN") > view(never, "legitimacy", "UN")
