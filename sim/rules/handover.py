"""Handover: units pass from one mission to another and change badge, not habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actors.mission import DIALS
from sim.actors.staff import COMPONENTS
from sim.rules.strength import authorise, step_at

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event

TOWARDS_CIVILIANS = ("care", "conduct")  # habits for which people are vetted


def handover(m: Model, event: Event) -> None:
    """A mission hands a share of its people over to another: they are there at once, with their habits, after friction.

    Re-hatted units bring gaps in command and supply that pass within weeks, fewer if the two had planned it [B-M76,
    B-M77, F-M93, F-M99]: by what the partnership prepares, its coordination and trust. Those who do not pass its
    vetting go home, and what the others bring of bad habits towards civilians is less [F-M93, F-H25]. An heir
    that is taken by surprise gets its mandate with them, before its time: a giver whose money or strength gives out
    does not wait for a better moment [F-M91].
    """
    t, giver, heir = m.missions, m.actors.index[str(event.mission)], m.actors.index[str(event.to)]
    share = 1.0 if event.share is None else event.share
    passed = 1 - m.p.arrival.refused * vetting(m, giver, heir) * (1 - float(t.conduct[giver]))
    t.mandated[heir] = min(int(t.mandated[heir]), m.week)
    before, moved = sum(step_at(steps, m.week) for steps in m.strengths[heir]), 0
    for c in range(len(COMPONENTS)):
        now, people = step_at(m.strengths[giver][c], m.week), round(share * int(t.deployed[c, giver]))
        authorise(m.strengths[giver], c, m.week, now - round(share * now))
        people = round(passed * people)
        authorise(m.strengths[heir], c, m.week, step_at(m.strengths[heir][c], m.week) + people)
        t.rehatted[c, heir] += people
        moved += people
    if moved:
        new = moved / (before + moved)
        take_habits(m, giver, heir, new)
        t.friction[heir] = min(1.0, t.friction[heir] + new * m.p.arrival.friction * (1 - planned(m, giver, heir)))


def take_habits(m: Model, giver: int, heir: int, share: float) -> None:
    """Let the heir's habits move towards the giver's by the share of its authorised people who come from the giver."""
    vetted = vetting(m, giver, heir)
    for dial in DIALS:
        column = getattr(m.missions, dial)
        part = share * (1 - vetted) if dial in TOWARDS_CIVILIANS and column[giver] < column[heir] else share
        column[heir] += part * (column[giver] - column[heir])


def vetting(m: Model, giver: int, heir: int) -> float:
    """Return how strictly those who are handed over are vetted, 0-1: not at all without a partnership."""
    link = m.link_between(giver, heir)
    return 0.0 if link is None else float(m.links.vetting[link])


def planned(m: Model, giver: int, heir: int) -> float:
    """Return how far a handover was prepared together, 0-1."""
    link = m.link_between(giver, heir)
    if link is None:
        return 0.0
    return float(m.links.coordination[link] * m.links.trust[link] * m.links.prepared[link])
