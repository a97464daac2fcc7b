"""Partnerships: links between two missions, or a mission and the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.roster import Roster
from sim.actors.table import Table
from sim.ledger import on_grid

if TYPE_CHECKING:
    from sim.scenario import Scenario

DIALS = ("coordination", "delineation", "shared_communications", "support_level", "vetting")


def links(setup: Scenario, roster: Roster) -> Table:
    """Lay out a row for each partnership: its two actors a and b, its dials, and trust, a stock that moves.

    giver, recipient: who supports whom; conditional: whether support ends with abuse; support_now: what flows of it.
    """
    specs = [setup.partnerships[name] for name in sorted(setup.partnerships)]
    columns = {dial: np.array([float(getattr(s, dial)) for s in specs]) for dial in DIALS}
    columns["a"] = np.array([roster.index[s.between[0]] for s in specs], np.int64)
    columns["b"] = np.array([roster.index[s.between[1]] for s in specs], np.int64)
    columns["recipient"] = np.array([roster.index[s.recipient or s.between[1]] for s in specs], np.int64)
    columns["giver"] = columns["a"] + columns["b"] - columns["recipient"]
    columns["conditional"] = np.array([bool(s.conditional) for s in specs], bool)
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


def staff_share(setup: Scenario, name: str) -> float:
    """Return the share of civilians' time that a partnership costs each side at full coordination [B-M126, S-M104].

    A lead saves part of it, and a joint analysis again.
    """
    p, spec = setup.parameters.partner_trust, setup.partnerships[name]
    return float(p.staff * (1 - p.lead * (spec.lead is not None)) * (1 - p.lead * spec.joint_analysis))
