"""Three things that may befall a mission once: one of its people is killed, it is blamed by mistake, a host turns cool.

Each is a rule played in one week just after the rule that would have done it, in one of two futures of the same state
(branches.py); what is read of both week by week is before luck wherever the model knows an expectation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from branches import attacks_by_groups, in_child, lived_on

from sim.actors.acts import ON_PEACEKEEPERS
from sim.ledger import NOTHING
from sim.model import Model
from sim.rules import blame, hazards, information, targets
from sim.rules.rule import Rule

COOLER = 0.1  # by how much a host's consent is set down
DEAD = 10  # of an act of harm laid at the mission's door


@dataclass(frozen=True)
class Befalls:
    """What befalls a mission: after which rule, what is done; what counts more of its own kind, and what must come back."""

    after: str
    does: Callable[[Model, int, str], None]
    own: str
    stock: str


def expected_on(m: Model, mission: int) -> np.ndarray:
    """Return the attacks on a mission expected of each band in the state as it stands."""
    p = m.p.attacks_on_peacekeepers
    angry = 1 - p.loss_size * np.expm1(-m.bands.lost / p.loss_scale)
    driven = p.base * hazards.readiness(m) * hazards.at_peace(m, m.p.peace.calm) * angry
    return hazards.saturate(driven * targets.provocation(m, mission), p.cap)


def is_killed(m: Model, mission: int, draw: str) -> None:
    """Let one peacekeeper be killed in one more attack, by a band drawn as attacks on the mission are expected."""
    upto = np.cumsum(expected_on(m, mission))
    if upto[-1] > 0:
        u, slots = m.luck.once("impulse", draw, 1)[0], int(m.p.violence.slots)
        band = int(np.searchsorted(upto, u * upto[-1], side="right"))
        m.acts.add(
            1, kind=ON_PEACEKEEPERS, perpetrator=m.actors.first_group + int(m.bands.group[band]), opponent=mission,
            cell=m.bands.cell[[band]], source=band * slots + slots - 1, deaths=1,
        )  # fmt: skip
        m.missions.harassed[mission] += 1


def is_blamed(m: Model, mission: int, draw: str) -> None:
    """Let an act of a partner that killed ten be laid wholly at the mission's door, where people are drawn by number.

    The act itself is left out of both futures, so that they differ by the blame alone.
    """
    c, p = m.communities, m.p.attribution
    upto, u = np.cumsum(c.residents), m.luck.once("impulse", draw, 1)[0]
    row = int(np.searchsorted(upto, u * upto[-1], side="right"))
    here, size = np.array([row]), min(DEAD, m.p.harm.most_dead) / m.p.harm.dead_unit
    felt = blame.news_of(m, c.cell[here], here, size)[0]
    partner, laid = m.partners(mission)[0][1], blame.laid_at(m)
    for book, key in ((laid.heard, partner), (laid.mistaken, (partner, mission))):
        book[key] = book.get(key, 0.0) + felt
    rate = blame.saturating({partner: blame.harm_amount(m, mission, felt)}, p.cap)[partner]
    both = (blame.LEGITIMACY, blame.IMPARTIALITY)
    m.ledger.perceive("attribution", both, mission, rate, NOTHING, m.actors.names[partner])


def is_threatened(m: Model, mission: int, _: str) -> None:
    """Let the consent of the host to the mission fall at once."""
    stock = m.hosts.ledger["consent"]
    step = -min(COOLER, float(stock[mission, 0]))
    m.ledger.share(
        "consent", "consent", stock, (mission, 0), step, m.actors.missions[mission], m.actors.hosts[0], "threat"
    )


BEFALLS = {
    "one peacekeeper killed": Befalls("attacks_on_peacekeepers", is_killed, "attacks on the mission", "risks it takes"),
    "one mistaken blame": Befalls("attribution", is_blamed, "blame laid at it by mistake", "impartiality"),
    "one threat of expulsion": Befalls("consent", is_threatened, "weeks expelled", "consent of the host"),
}
READ = (
    "attacks on civilians", "attacks on the mission", "share on guard", "risks it takes", "legitimacy", "impartiality",
    "credibility", "reports on bands", "blame laid at it by mistake", "consent of the host", "weeks expelled",
)  # fmt: skip


def reading(m: Model, mission: int) -> tuple[float, ...]:
    """Return, at the end of a week, what READ names of a mission and of the country."""
    t, views = m.missions, m.views()[:, mission, -1]
    return (
        attacks_by_groups(m), float(expected_on(m, mission).sum()) if mission in m.at_work else 0.0,
        float(t.guarding[mission]), float(t.boldness[mission]), *(float(v) for v in views), told_of_bands(m, mission),
        by_mistake(m, mission), float(m.hosts.consent[mission, 0]), float(t.expelled[mission]),
    )  # fmt: skip


def told_of_bands(m: Model, mission: int) -> float:
    """Return how many reports on bands a mission can expect in a week as things stand."""
    if mission not in m.at_work:
        return 0.0
    chance = information.chance_of_report(m, mission, m.bands.cell) * m.p.reports.visibility
    return float((chance * np.minimum(1, m.bands.fighters / m.p.reports.seen_fighters) * ~m.bands.abroad).sum())


def by_mistake(m: Model, mission: int) -> float:
    """Return the week's harm by others as laid at a mission's door, a mean over people."""
    home = m.communities.home
    laid = m.blame.mistaken.items() if m.blame is not None else ()
    return sum(float((felt * home).sum()) for (_, other), felt in laid if other == mission) / max(home.sum(), 1)


def responses(m: Model, mission: str, branches: int, kinds: tuple[str, ...] = tuple(BEFALLS)) -> np.ndarray:
    """Return what each kind changes from the coming week on: (kinds, branches, weeks, READ).

    A branch is one future in which nothing befalls the mission and one for each kind, all with the same luck.
    """
    k, out = m.actors.index[mission], []
    m.log.measure = lambda m: None  # nothing here asks for a metric
    for b in range(branches):

        def future(rule: Rule | None = None, after: str = "", luck: str = f"branch {b}") -> np.ndarray:
            return in_child(lambda: lived_on(m, luck, rule, after, lambda m: reading(m, k)))

        plain = future()
        out.append([future(once(kind, k, str(b)), BEFALLS[kind].after) - plain for kind in kinds])
    return np.array(out).swapaxes(0, 1)


def once(kind: str, mission: int, draw: str) -> Rule:
    """Return the rule that lets something befall a mission."""
    return Rule(kind, lambda m: BEFALLS[kind].does(m, mission, draw), (), ())
