"""Handover: units pass from one mission to another and change badge, not habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actors.mission import DIALS
from sim.actors.staff import COMPONENTS
from sim.rules.strength import authorise, step_at

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event

PLANNED = ("sequential", "re_hatted")


def handover(m: Model, event: Event) -> None:
    """A mission hands a share of its people over to another: they are there at once, with their habits, after friction.

    An heir that is taken by surprise gets its mandate with them, before its time: a giver whose money or strength gives
    out does not wait for a better moment [F-M91].

    Re-hatted units bring gaps in command and supply that pass within weeks, fewer if the two had planned it [B-M76,
    B-M77, F-M93, F-M99]: a partnership of sequential or re-hatted form, by its coordination and trust.
    """
    t, giver, heir = m.missions, m.actors.index[str(event.mission)], m.actors.index[str(event.to)]
    share = 1.0 if event.share is None else event.share
    t.mandated[heir] = min(int(t.mandated[heir]), m.week)
    before, moved = sum(step_at(steps, m.week) for steps in m.strengths[heir]), 0
    for c in range(len(COMPONENTS)):
        now, people = step_at(m.strengths[giver][c], m.week), round(share * int(t.deployed[c, giver]))
        authorise(m.strengths[giver], c, m.week, now - round(share * now))
        authorise(m.strengths[heir], c, m.week, step_at(m.strengths[heir][c], m.week) + people)
        t.rehatted[c, heir] += people
        moved += people
    if moved:
        new = moved / (before + moved)
        take_habits(m, giver, heir, new)
        t.friction[heir] = min(1.0, t.friction[heir] + new * m.p.arrival.friction * (1 - planned(m, giver, heir)))


def take_habits(m: Model, giver: int, heir: int, share: float) -> None:
    """Let the heir's habits move towards the giver's by the share of its authorised people who come from the giver."""
    for dial in DIALS:
        column = getattr(m.missions, dial)
        column[heir] += share * (column[giver] - column[heir])


def planned(m: Model, giver: int, heir: int) -> float:
    """Return how far a handover was prepared together, 0-1."""
    link = m.link_between(giver, heir)
    if link is None or m.forms[link] not in PLANNED:
        return 0.0
    return float(m.links.coordination[link] * m.links.trust[link])
