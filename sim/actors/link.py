"""Partnerships: links between two missions, or a mission and the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import Roster
from sim.actors.table import Table
from sim.ledger import on_grid
from sim.scenario.names import NOBODY

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.parameters import Parameters

DIALS = (
    "coordination", "delineation", "shared_communications", "support_level", "vetting", "visible", "prepared",
    "shared_posts", "split_supply",
)  # fmt: skip


def links(setup: Scenario, roster: Roster) -> Table:
    """Lay out a row for each partnership: its two actors a and b, its dials, and trust, a stock that moves.

    giver, recipient: who supports whom; conditional: whether support stops with abuse; support_now: what flows of it;
    withheld: whether due diligence has stopped it; lead: the partner who leads, -1 for none; chains: headquarters whose
    word each order needs; joint_analysis: whether they look at threats together.
    """
    specs = [setup.partnerships[name] for name in sorted(setup.partnerships)]
    columns = {dial: np.array([float(getattr(s, dial)) for s in specs]) for dial in DIALS}
    columns["a"] = np.array([roster.index[s.between[0]] for s in specs], np.int64)
    columns["b"] = np.array([roster.index[s.between[1]] for s in specs], np.int64)
    columns["recipient"] = np.array([roster.index[s.recipient or s.between[1]] for s in specs], np.int64)
    columns["giver"] = columns["a"] + columns["b"] - columns["recipient"]
    columns["conditional"] = np.array([bool(s.conditional) for s in specs], bool)
    columns["joint_analysis"] = np.array([bool(s.joint_analysis) for s in specs], bool)
    columns["lead"] = np.array([roster.index.get(s.lead or NOBODY, -1) for s in specs], np.int64)
    columns["chains"] = np.array([s.chains for s in specs], np.int64)
    columns["withheld"] = np.zeros(len(specs), bool)
    columns["support_now"] = columns["support_level"].copy()
    columns["trust_at_first"] = np.array([float(on_grid(s.trust)) for s in specs])
    return Table(len(specs), columns, {"trust": np.array([float(on_grid(s.trust)) for s in specs])})


def likeness(setup: Scenario, roster: Roster, family: dict[str, str]) -> np.ndarray:
    """Return how alike any actor and any mission or host look, 0-1, by badge and family of badges; (actors, judged).

    Outside forces are alike as such; a host's look differs from theirs unless the badges are of one family.
    """
    p = setup.parameters.attribution
    badge = {name: mission.badge for name, mission in setup.missions.items()}
    badge |= {name: host.badge for name, host in setup.hosts.items()}
    badge |= {name: group.badge for name, group in setup.armed_groups.items()}
    out = np.zeros((len(roster.names), roster.judged))
    for a, one in enumerate(roster.names):
        for b, other in enumerate(roster.names[: roster.judged]):
            if badge[one] == badge[other]:
                out[a, b] = p.same_badge
            elif family[badge[one]] == family[badge[other]]:
                out[a, b] = p.same_family
            elif a < roster.judged:
                both_outside = max(a, b) < roster.first_host
                out[a, b] = p.outside_forces if both_outside else p.host_and_outside
    return out


def led(p: Parameters, link: Table, k: int) -> float:
    """Return what a lead leaves of the cost of arranging things with a partner: all of it where nobody leads."""
    return float(1 - p.partner_trust.lead * (link.lead[k] >= 0))


def staff_share(p: Parameters, link: Table, k: int) -> float:
    """Return the share of civilians' time that a partnership costs each side at full coordination [B-M126, S-M104].

    A lead saves part of it, and a joint analysis again.
    """
    return float(p.partner_trust.staff * led(p, link, k) * (1 - p.partner_trust.lead * link.joint_analysis[k]))


def command_share(p: Parameters, link: Table, k: int) -> float:
    """Return the share of civilians' time that further chains of command cost each side; a lead saves part of it."""
    return float(p.command.staff * led(p, link, k) * (link.chains[k] - 1))


def unity(p: Parameters, link: Table, k: int) -> float:
    """Return the share of orders that reach both partners' people in the week they are given: 1 under one command.

    Each further headquarters holds some of them up, fewer under a lead [B-M78].
    """
    return float((1 - p.command.slow * led(p, link, k)) ** (link.chains[k] - 1))
