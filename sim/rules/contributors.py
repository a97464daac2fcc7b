"""Those who send the people, and how far partners trust each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ON_PEACEKEEPERS
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event


@rule(
    reads=(
        "acts",
        "missions.deployed",
        "missions.risk_tolerance",
        "missions.bled",
        "missions.left",
        "scenario.missions.casualty_tolerance",
    ),
    writes=("missions.bled", "missions.boldness", "missions.left"),
)
def contributors(m: Model) -> None:
    """Losses make contributors cautious, and beyond what they bear they take their people home.

    Deaths per 1,000 people over about a quarter lower the risk that a mission takes; above what its contributors bear
    in a year a part leaves week by week, and is replaced within years.
    Source: B-M16, B-M17, B-M122, F-M41. Basis: literature (sign), assumption (sizes).
    """
    p, t = m.p.contributors, m.missions
    dead = m.acts.of(ON_PEACEKEEPERS)
    killed = np.bincount(m.acts.opponent[dead], m.acts.deaths[dead], len(m.actors.names))[: t.rows]
    t.bled[:] *= np.exp(-1 / p.memory_weeks)
    t.left[:] *= np.exp(-1 / p.replace_weeks)
    for k, name in enumerate(m.actors.missions):
        people = t.deployed[:, k].sum()
        if people > 0:
            t.bled[k] += 1000 * killed[k] / people
        strain = t.bled[k] * 52 / p.memory_weeks / m.setup.missions[name].casualty_tolerance
        t.boldness[k] = t.risk_tolerance[k] * nerve(strain)
        t.left[k] += (1 - t.left[k]) * p.leaving * max(0.0, 1 - 1 / max(strain, 1e-9))


def nerve(strain: float) -> float:
    """Return the share of its willingness to take risks that a mission keeps; strain: losses over what is borne."""
    return 1 / (1 + strain * strain)


def contributor_exit(m: Model, event: Event) -> None:
    """A contributor takes its share of a mission's people home at once."""
    t, k = m.missions, m.actors.index[str(event.mission)]
    t.left[k] += (1 - t.left[k]) * (event.share or 0.0)


@rule(
    reads=(
        "links.trust",
        "links.coordination",
        "links.withheld",
        "links.trust_at_first",
        "missions.bled",
        "acts.answered",
        "missions.hits",
        "blame",
    ),
    writes=("links.trust",),
)
def partner_trust(m: Model) -> None:
    """Partners trust each other more when they succeed together, less when one bleeds, is blamed or loses support.

    Success: operations that met a band and attacks that were answered, as far as the two share what they know. Strain:
    the difference of their losses, the part of one's harm that people lay at the other's door, and support that one
    withholds for the other's abuses. Without any, trust returns towards what it was at first.
    Source: B-M92, S-M114, F-M88, F-M96. Basis: literature (signs), assumption (sizes).
    """
    p, links, t = m.p.partner_trust, m.links, m.missions
    for link in range(links.rows):
        a, b = int(links.a[link]), int(links.b[link])
        if not (a in m.at_work and b in m.at_work):
            continue
        success = sum(t.hits[k] + np.count_nonzero(m.acts.answered[k]) for k in (a, b))
        gained = p.success * links.coordination[link] * -np.expm1(-success / p.success_scale)
        burden = abs(t.bled[a] - t.bled[b]) / (t.bled[a] + t.bled[b] + p.burden_scale)
        lost = p.burden * burden + p.blame * (blamed_for(m, a, b) + blamed_for(m, b, a))
        lost = lost + p.withdrawn * float(links.withheld[link])
        trust = float(links.trust[link])
        step = trust * (1 - trust) * (gained - lost) + p.settling * (float(links.trust_at_first[link]) - trust)
        names = (m.actors.names[a], m.actors.names[b])
        m.ledger.share("partner_trust", "trust", links.ledger["trust"], (link,), step, names[0], cause=names[1])


def blamed_for(m: Model, doer: int, other: int) -> float:
    """Return the share of this week's blame for one partner's acts that people lay at the other's door."""
    if m.blame is None or (doer, other) not in m.blame.mistaken:
        return 0.0
    whole = float((m.blame.heard[doer] * m.communities.home).sum())
    return float((m.blame.mistaken[doer, other] * m.communities.home).sum()) / whole if whole > 0 else 0.0
