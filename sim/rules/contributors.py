"""Those who send the people, and how far partners trust each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import ON_PEACEKEEPERS
from sim.actors.contingent import contributors_of
from sim.rules.rule import rule

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Event


@rule(
    reads=(
        "acts", "missions.deployed", "missions.risk_tolerance", "missions.bled", "missions.left", "contingents.bled",
        "contingents.left", "units.people", "units.cell", "scenario.missions.casualty_tolerance", "units.contributor",),
    writes=("missions.bled", "missions.boldness", "missions.left", "contingents.bled", "contingents.left"),
)  # fmt: skip
def contributors(m: Model) -> None:
    """Losses make contributors cautious, and beyond what they bear they take their people home.

    Deaths per 1,000 people over about a quarter lower the risk that a mission takes; above what its contributors bear
    in a year a part leaves week by week, and is replaced within years. Where a mission's contributors are told apart
    each judges by its own dead: those near whose units the attack was, and takes its own people home.
    Source: B-M16, B-M17, B-M122, F-M41, F-M135. Basis: literature (sign), assumption (sizes).
    """
    p, t = m.p.contributors, m.missions
    dead = m.acts.of(ON_PEACEKEEPERS)
    killed = np.bincount(m.acts.opponent[dead], m.acts.deaths[dead], len(m.actors.names))[: t.rows]
    t.bled[:] *= np.exp(-1 / p.memory_weeks)
    t.left[:] *= np.exp(-1 / p.replace_weeks)
    if m.contingents.rows:
        bleed(m, dead)
    for k, name in enumerate(m.actors.missions):
        people = t.deployed[:, k].sum()
        if people > 0:
            t.bled[k] += 1000 * killed[k] / people
        if m.sent_by[k]:
            by_contingent(m, k)
            continue
        strain = t.bled[k] * 52 / p.memory_weeks / m.setup.missions[name].casualty_tolerance
        t.boldness[k] = t.risk_tolerance[k] * nerve(strain)
        t.left[k] += (1 - t.left[k]) * p.leaving * max(0.0, 1 - 1 / max(strain, 1e-9))


def bleed(m: Model, attacks: np.ndarray) -> None:
    """Count each contingent's dead of the week: an attack's fall to those whose units are near, by people."""
    p, c, u = m.p.contributors, m.contingents, m.units
    c.bled[:] *= np.exp(-1 / p.memory_weeks)
    c.left[:] *= np.exp(-1 / p.replace_weeks)
    own = ((u.contributor >= 0) & (u.people > 0)).nonzero()[0]
    strength = np.bincount(u.contributor[own], u.people[own], c.rows)
    for act in attacks[m.acts.deaths[attacks] > 0].tolist():
        there = own[u.mission[own] == m.acts.opponent[act]]
        if there.size:
            km = m.space.distance(int(m.acts.cell[act]), u.cell[there])
            near = np.bincount(u.contributor[there], u.people[there] * np.exp(-km / m.unit_km[0]), c.rows)
            if near.sum() > 0:
                fell = m.acts.deaths[act] * near / near.sum()
                c.bled[:] += 1000 * fell / np.maximum(strength, 1.0)


def by_contingent(m: Model, mission: int) -> None:
    """Let each contingent of a mission judge by its own losses; the mission's nerve and strength are what they make."""
    p, t, c = m.p.contributors, m.missions, m.contingents
    rows = m.sent_by[mission]
    for row in rows:
        strain = c.bled[row] * 52 / p.memory_weeks / c.tolerance[row]
        c.left[row] += (1 - c.left[row]) * p.leaving * max(0.0, 1 - 1 / max(float(strain), 1e-9))
    t.left[mission] = sum(float(c.share[row] * c.left[row]) for row in rows)
    strains = {row: float(c.bled[row] * 52 / p.memory_weeks / c.tolerance[row]) for row in rows}
    t.boldness[mission] = t.risk_tolerance[mission] * sum(
        share * nerve(strains[row]) for row, share in sent(m, mission).items()
    )


def sent(m: Model, mission: int) -> dict[int, float]:
    """Return the share of a mission's soldiers and police now there that each contingent has, by its row."""
    if not m.sent_by[mission]:
        return {}
    c = m.contingents
    here = {row: float(c.share[row] * (1 - c.left[row])) for row in m.sent_by[mission]}
    total = max(sum(here.values()), 1e-12)
    return {row: part / total for row, part in here.items()}


def worth(m: Model, mission: int) -> float:
    """Return what a mission's soldiers count for in operations: quality x freedom from caveats, over contingents."""
    c = m.contingents
    shares = sent(m, mission)
    return sum(share * float(c.quality[r] * (1 - c.caveats[r])) for r, share in shares.items()) if shares else 1.0


def discipline(m: Model, mission: int) -> float:
    """Return the conduct of a mission's people: its own, moved by how its present contingents differ from it."""
    own, shares = float(m.missions.conduct[mission]), sent(m, mission)
    if not shares:
        return own
    usual = m.setup.missions[m.actors.missions[mission]].conduct
    differ = sum(share * (float(m.contingents.conduct[row]) - usual) for row, share in shares.items())
    return min(1.0, max(0.0, own + differ))


def nerve(strain: float) -> float:
    """Return the share of its willingness to take risks that a mission keeps; strain: losses over what is borne."""
    return 1 / (1 + strain * strain)


def contributor_exit(m: Model, event: Event) -> None:
    """A contributor takes its people home at once, or all of a mission's contributors a share of it."""
    t, k, share = m.missions, m.actors.index[str(event.mission)], event.share or 0.0
    names = [name for name, _ in contributors_of(m.setup, str(event.mission))]
    for name, row in zip(names, m.sent_by[k], strict=True):
        if event.contributor in (None, name):
            m.contingents.left[row] += (1 - m.contingents.left[row]) * share
    if names:
        t.left[k] = sum(float(m.contingents.share[row] * m.contingents.left[row]) for row in m.sent_by[k])
    else:
        t.left[k] += (1 - t.left[k]) * share


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
