"""What outside support makes of a host: its abuses, its capacity, and how far it serves all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import MISCONDUCT
from sim.actors.staff import TASK
from sim.rules.consent import MONTH, security
from sim.rules.rule import kept, rule
from sim.rules.terms import granted

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "hosts.heard", "hosts.dependence", "hosts.unrest", "hosts.usual", "missions.effort", "missions.oversight",
        "missions.deployed", "missions.acting", "links.support_level", "links.vetting", "links.conditional",
        "hosts.started", "links.recipient", "acts", "hosts.admits", "scenario.hosts.bargaining",
        "scenario.missions.accommodation",
    ),
    writes=(
        "hosts.abusiveness", "hosts.capacity", "hosts.inclusiveness", "links.support_now", "links.withheld",
        "missions.harmed",
    ),
)  # fmt: skip
def host_conduct(m: Model) -> None:
    """A host's abuses drift with the support that it gets: up as far as nobody vets it, down as far as it is vetted.

    Down, too, with reporting that is heard, by its dependence, and with training that is overseen; training without
    oversight gives skill and no restraint. Training and courts raise capacity, violence wears it; elections and courts
    make it serve all. All return slowly to where they began. Conditional support, to a host or to a mission, stops
    while the recipient's abuses are above what its vetting lets pass. A step every fourth week.
    Source: F-M5, F-M95, F-H12, B-M89, S-H94, S-M157, B-M97, E18, E12, S-M134. Basis: literature (signs), assumption
    (sizes).
    """
    suspend(m)
    if m.week % MONTH != MONTH - 1:
        return
    p, g, trend = m.p.host_conduct, m.hosts, security(m)
    for h in range(g.rows):
        up, down = support_pressure(m, h)
        skill, restraint, licence = training(m, h)
        courts, votes = reach_of(m, h, "rule_of_law"), reach_of(m, h, "electoral_support")
        up, down = (
            up + p.unschooled * licence,
            down + p.schooled * restraint + p.reporting * g.heard[h] * g.dependence[h],
        )
        start = g.started[:, h]
        g.abusiveness[h] = drift(g.abusiveness[h], up, down, start[0], p.step, p.back)
        wear = p.wear * max(0.0, -float(trend[h]))
        g.capacity[h] = drift(g.capacity[h], p.build * (skill + courts), wear, start[1], p.step, p.back)
        g.inclusiveness[h] = drift(g.inclusiveness[h], p.include * (courts + votes), 0.0, start[2], p.step, p.back)


def drift(level: float, up: float, down: float, start: float, step: float, back: float) -> float:
    """Return the next month's level of a share: up with what is left, down with what is there, and back to its start.

    Weights are bounded so that the level stays between 0 and 1.
    """
    up, down, home = MONTH * step * up, MONTH * step * down, MONTH * back
    most = max(1.0, up + down + home)
    return float(level + (up * (1 - level) - down * level + home * (start - level)) / most)


def suspend(m: Model) -> None:
    """Let support flow from missions at work; conditional support stops while the recipient's abuses are above a limit.

    The limit is 1 without vetting (paper compliance) and `suspend` under the strictest [F-M95, B-M89]. To a host that
    bargains it goes on in part, as far as the giver grants the price of its consent [F-M2, F-M15].
    """
    x = m.links
    for k in m.vetted:
        remember_harm(m, k)
    for j in range(x.rows):
        there, giver = x.giver[j] in m.at_work, int(x.giver[j])
        limit = 1 - x.vetting[j] * (1 - m.p.host_conduct.suspend)
        x.withheld[j] = there and x.conditional[j] and x.support_level[j] > 0 and abuse(m, int(x.recipient[j])) > limit
        host = int(x.recipient[j]) - m.actors.first_host
        flows = granted(m, giver, host) if x.withheld[j] and host >= 0 else 1.0 - float(x.withheld[j])
        x.support_now[j] = x.support_level[j] * flows if there else 0.0


def remember_harm(m: Model, mission: int) -> None:
    """Fold the civilians whom a mission killed this week, and its misconduct, into what is held against it."""
    t, acts = m.missions, m.acts
    mine = acts.perpetrator == mission
    harm = int(acts.civilians[mine].sum()) + np.count_nonzero(acts.kind[mine] == MISCONDUCT)
    people = max(float(t.deployed[:, mission].sum()), 1.0)
    t.harmed[mission] = t.harmed[mission] * kept(m.p.host_conduct.harm_weeks) + 1000 * harm / people


def abuse(m: Model, recipient: int) -> float:
    """Return how abusive one who gets support is, 0-1: a host by its forces, a mission by whom it harmed lately."""
    host = recipient - m.actors.first_host
    if host >= 0:
        return float(m.hosts.abusiveness[host])
    return float(-np.expm1(-m.missions.harmed[recipient] / m.p.host_conduct.harm_scale))


def support_pressure(m: Model, host: int) -> tuple[float, float]:
    """Return how far support to a host feeds its abuses, and how far its conditions check them.

    Conditions that nobody vets are paper: what is not vetted feeds abuses as unconditional support does [F-M95, F-H12].
    """
    p, x, up, down = m.p.host_conduct, m.links, 0.0, 0.0
    for j in range(x.rows):
        if x.giver[j] in m.at_work and x.recipient[j] == m.actors.first_host + host:
            level = float(x.support_level[j])
            vetted = float(x.vetting[j]) if x.conditional[j] else 0.0
            up = up + p.unconditional * level * (1 - vetted)
            down = down + p.conditional * level * vetted
    return up, down


def size(m: Model, mission: int) -> float:
    """Return how much of a state a mission's people can work with, 0-1."""
    return float(-np.expm1(-m.missions.deployed[:, mission].sum() / m.p.host_conduct.staff))


def reach_of(m: Model, host: int, task: str) -> float:
    """Return how much missions at work in its land do of a task with a host, 0-1: it absorbs no more."""
    missing = 1.0
    for k in m.at_work:
        missing = missing * (1 - m.missions.effort[TASK[task], k] * size(m, k) * m.hosts.admits[k, host])
    return float(1 - missing)


def training(m: Model, host: int) -> tuple[float, float, float]:
    """Return what training gives a host: skill, restraint where it is overseen, licence where it is not; 0-1 each."""
    unskilled, unrestrained, unlicensed = 1.0, 1.0, 1.0
    for k in m.at_work:
        taught = float(m.missions.effort[TASK["train_host_forces"], k] * m.hosts.admits[k, host])
        if taught == 0:
            continue
        link = m.link_between(k, m.actors.first_host + host)
        overseen = float(m.missions.oversight[k] * m.links.vetting[link]) if link is not None else 0.0
        taught = taught * size(m, k)
        unskilled = unskilled * (1 - taught)
        unrestrained = unrestrained * (1 - taught * overseen)
        unlicensed = unlicensed * (1 - taught * (1 - overseen))
    return 1 - unskilled, 1 - unrestrained, 1 - unlicensed
