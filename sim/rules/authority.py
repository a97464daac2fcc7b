"""Who may do what, and how much of it their people's working time allows."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.roster import CLASSES
from sim.actors.staff import TASK, TASK_STAFF
from sim.rules.areas import area_number
from sim.rules.borders import bound
from sim.rules.rule import rule
from sim.rules.terms import denied, muted

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Mandate

FORCE = ("self_defence", "protection", "enforcement")
FIGHTING = (TASK["offensive_operations"], TASK["counter_terrorism"])
ALERTS = (TASK["early_warning"], TASK["community_engagement"])
PEOPLE = itemgetter(1)  # of a step of strength: week, people
STAND_INS = (3, 1, 2, 0)  # observers, police, civilians, troops: who does the work of a component that is not there


@rule(
    reads=(
        "mandates", "missions.mandated", "missions.liaison", "missions.oversight", "missions.tempo", "hosts.consent",
        "missions.paid", "cells.memory", "hosts.dependence",
        "missions.alerts", "missions.deployed", "missions.guarding", "missions.area_consent", "missions.hampered",
        "missions.sick", "missions.friction", "missions.fielded", "links.coordination", "links.support_now",
        "links.lead", "links.joint_analysis", "links.chains", "links.split_supply", "missions.boldness",
        "links.recipient", "scenario.missions.mandated", "scenario.missions.cuts",
        "hosts.ousted", "hosts.barred", "scenario.missions.hosts", "scenario.missions.pursuit",
        "scenario.hosts.bargaining", "scenario.hosts.obstruction", "scenario.missions.accommodation",
    ),
    writes=(
        "missions.supply", "missions.unity", "missions.delivery", "missions.effort", "missions.patrols",
        "missions.cover", "missions.hears", "missions.strikes", "missions.voice", "missions.presence", "open_to",
        "missions.call", "missions.served", "missions.posts", "hosts.admits",
    ),
)  # fmt: skip
def authority(m: Model) -> None:
    """A mission does only what its mandate names, as far as its people's working time goes, once the mandate begins.

    Each task calls for a share of the time of one kind of staff; where all tasks together call for more than there is,
    or money is short, less of each is done. Protecting civilians sets whose violence a mission covers, scaled by the
    force it may use; early warning and community engagement put its liaison staff to work; offensive tasks let it
    attack; rights monitoring lets it report abuses; presence sends patrols beyond its posts. Partners cost civilians'
    time; where orders need two headquarters, that costs more, both must be let in and willing, and some orders wait.
    Where there are several hosts, it stands where those who let it in have land, and acts beyond the border as far as
    it may pursue. A host that obstructs shuts places to a mission that it does not want, first those where its own
    forces struck; one that bargains gets silence as far as the mission grants it.
    Source: E17, B-M114, B-M12, B-M28, B-M88, E15, S34, B-M78, B-M126, S-F3, S-M112, F-M1, F-M2, E39, B-M6. Basis:
    assumption (shares of time),
    literature (breadth).
    """
    p, t = m.p.authority, m.missions
    supply(m)
    unite(m)
    liaison, hampered, oversight = t.liaison.tolist(), t.hampered.tolist(), t.oversight.tolist()
    supplied, unity, tempo = t.supply.tolist(), t.unity.tolist(), t.tempo.tolist()
    for k in range(t.rows):
        mandate = m.mandates[k] if m.week >= t.mandated[k] else None
        share_time(m, k, mandate)
        done = t.effort[:, k].tolist()
        work = sum([done[a] for a in ALERTS]) / len(ALERTS)
        busy = bool(mandate and mandate.tasks)
        t.cover[:, k] = _cover(m, mandate, done[TASK["protect_civilians"]]) if mandate else 0.0
        t.hears[k] = liaison[k] * (p.patrol_liaison + (1 - p.patrol_liaison) * work if busy else 0.0)
        lift = 1 + m.p.logistics.lift * supplied[k]
        t.strikes[k] = lift * unity[k] * tempo[k] * max([done[a] for a in FIGHTING])
        t.voice[k] = oversight[k] * done[TASK["human_rights_monitoring"]] * (1 - muted(m, k))
        patrols = lift * (p.posts + (1 - p.posts) * min(1.0, done[TASK["presence"]] / p.patrols_full))
        t.patrols[k] = patrols * (1 - hampered[k])
        t.presence[k] = float(busy)
        if mandate:
            m.open_to[k] = _open(m, k, mandate)


def share_time(m: Model, mission: int, mandate: Mandate | None) -> None:
    """Divide the working time of each component among the tasks that call for it: delivery 0-1, and x priority effort.

    Under uniform cuts what is short is short for all tasks alike, under prioritised ones for the least first [B-M112].
    """
    t, spec = m.missions, m.setup.missions[m.actors.names[mission]]
    if not mandate or not mandate.tasks:
        t.delivery[:, mission] = t.effort[:, mission] = 0.0
        t.call[:, :, mission] = t.served[:, :, mission] = 0.0
        return
    rows, wish, call, wanted, together = _called_for(m, mission, mandate)
    sick, paid = float(t.sick[mission]), float(t.paid[mission] * (1 - t.friction[mission]))
    extra = (sick + alert_time(m, mission), sick, sick + partner_time(m, mission), sick)
    served = _in_order(call, extra, wish, paid) if spec.cuts == "prioritised" else _alike(together, extra, paid)
    _serve(mission, rows, wish, call, wanted, served, t.call, t.served, t.delivery, t.effort)


@njit(cache=True, nogil=True)
def _serve(mission, rows, wish, call, wanted, share, called, served, delivery, effort):
    """Write down what a mission's tasks call for and get, by component, and what is delivered of each; others nothing.

    share: of what is called for, by component, for each task or in one row for all.
    """
    called[:, :, mission], served[:, :, mission] = 0.0, 0.0
    delivery[:, mission], effort[:, mission] = 0.0, 0.0
    for i in range(rows.size):
        done = 0.0
        for c in range(call.shape[1]):
            part = call[i, c] * share[min(i, share.shape[0] - 1), c]
            called[rows[i], c, mission], served[rows[i], c, mission] = call[i, c], part
            done += part
        delivery[rows[i], mission] = done / wanted[i]
        effort[rows[i], mission] = wish[i] * delivery[rows[i], mission]


def _called_for(m: Model, mission: int, mandate: Mandate) -> tuple[np.ndarray, ...]:
    """Return the tasks of a mandate, their priorities, and the time they call for.

    That is by task and component, by task, and by component for all tasks together. It is worked out anew when the
    mandate or the components that a mission ever has change.
    """
    has = [any(map(PEOPLE, part)) for part in m.strengths[mission]]
    found = m.called_for.get(mission)
    if found is None or found[0] is not mandate or found[1] != has:
        rows, wish = np.array([TASK[name] for name in mandate.tasks]), np.array(list(mandate.tasks.values()))
        call = wish[:, None] * _staff(m, np.array(has))[rows]
        wanted = np.maximum(call.sum(axis=1), 1e-300)
        found = m.called_for[mission] = mandate, has, (rows, wish, call, wanted, call.sum(axis=0))
    return found[2]


def _staff(m: Model, has: np.ndarray) -> np.ndarray:
    """Return the share of working time that each task calls for, by component; (tasks, components).

    A task whose component a mission never has falls to those it has, who take longer over it [B-M19, B-M130].
    has: which components it ever has.
    """
    if has.all() or not has.any():
        return TASK_STAFF
    stand_in = next(c for c in STAND_INS if has[c])
    out = np.where(has, TASK_STAFF, 0.0)
    out[:, stand_in] += m.p.authority.out_of_trade * np.where(has, 0.0, TASK_STAFF).sum(axis=1)
    return out


def alert_time(m: Model, mission: int) -> float:
    """Return the share of troops' time that following up last week's alerts took, false ones too [B-M28]."""
    t = m.missions
    ready = int(t.deployed[0, mission]) * (1 - float(t.guarding[mission]))
    return min(1.0, m.p.authority.alert_people * float(t.alerts[mission]) / ready) if ready > 0 else 0.0


def partner_time(m: Model, mission: int) -> float:
    """Return the share of civilians' time that keeping up with partners who are there takes [S-M114, B-M126]."""
    cost = 0.0
    for link, other in m.partners(mission):
        if other < m.missions.rows and m.missions.fielded[other]:
            cost = cost + m.link_staff[link] * float(m.links.coordination[link]) + m.command_staff[link]
    return cost


def unite(m: Model) -> None:
    """Work out what share of orders reaches each mission's people though a partner's headquarters has a say as well.

    Some wait for the other's word [B-M78], and the more careful of the two holds back the bolder: caveats add up
    [F-M135].
    """
    t = m.missions
    t.unity[:] = 1.0
    for link, a, b in masters(m):
        both = float(min(t.boldness[a], t.boldness[b]))
        for k in (a, b):
            t.unity[k] *= m.unity_of[link] * (both / float(t.boldness[k]) if t.boldness[k] > 0 else 1.0)


def masters(m: Model) -> list[tuple[int, int, int]]:
    """Return the links by which two missions in the country answer to each other's headquarters, and the two."""
    pairs = [(k, int(m.links.a[k]), int(m.links.b[k])) for k in m.unity_of]
    return [(k, a, b) for k, a, b in pairs if m.missions.fielded[a] and m.missions.fielded[b]]


def supply(m: Model) -> None:
    """Count the support that each mission gets from partners who carry, supply and heal its force [B-M78, F-M97].

    Where supply and command are split, the more of it comes too late the faster the force fights [B-M79].
    """
    t, links, task = m.missions, m.links, TASK["logistics_support"]
    t.supply[:] = 0.0
    for link, (giver, taker) in enumerate(zip(links.giver.tolist(), links.recipient.tolist(), strict=True)):
        if giver in m.at_work and taker in m.at_work:
            in_time = 1 - links.split_supply[link] * late(m, taker) if links.split_supply[link] else 1.0
            t.supply[taker] += t.effort[task, giver] * links.support_now[link] * in_time


def late(m: Model, mission: int) -> float:
    """Return the share of its supply that comes too late for the tempo at which a mission's tasks make it fight."""
    done = m.missions.effort[:, mission]
    tempo = float(m.missions.tempo[mission] * max(done[a] for a in FIGHTING))
    return tempo / (tempo + m.p.logistics.half_late)


@njit(cache=True, nogil=True)
def _alike(together, extra, paid):
    """Return the share of the time called for that every task gets, by component, in one row: all are cut alike.

    together: what all tasks call for, by component; extra: what else takes time.
    """
    out = np.empty((1, together.size))
    for c in range(together.size):
        out[0, c] = paid / max(together[c] + extra[c], 1.0)
    return out


def _in_order(call: np.ndarray, extra: tuple[float, ...], wish: np.ndarray, paid: float) -> np.ndarray:
    """Return the share of the time called for that each task gets, by component: the first in priority first."""
    order = np.argsort(-wish, kind="stable")
    before = np.cumsum(call[order], axis=0) - call[order]
    left = np.clip(paid - np.array(extra) - before, 0.0, None)
    served = np.empty_like(call)
    served[order] = np.clip(left / np.maximum(call[order], 1e-12), 0.0, 1.0)
    return served


def _cover(m: Model, mandate: Mandate, done: float) -> list[float]:
    """Return how far a mandate covers the violence of each class of perpetrator, 0-1; done: effort on protection."""
    p = m.p.authority
    force = (p.force_self_defence, p.force_protection, p.force_enforcement)[FORCE.index(mandate.use_of_force)]
    return [done * force * (c in mandate.covers) for c in CLASSES]


def _let_in(m: Model, mission: int) -> np.ndarray:
    """Return how far a mission is let into each cell.

    Local authorities consent apart from the capital; either alone keeps a place half open [B-M54]. Less where a host
    denies movement.
    """
    capital = m.hosts.consent[mission] ** (1 - m.p.authority.local_weight)
    local = m.missions.area_consent[:, mission] ** m.p.authority.local_weight
    let_in = _both(capital, local, m.world.host, m.world.area)
    shut = denied(m, mission)
    return let_in if shut is None else let_in * (1 - shut)


@njit(cache=True, nogil=True)
def _both(capital, local, host, area):
    """Return the product of what holds for each cell's host and for its area; (cells,)."""
    out = np.empty(host.size)
    for i in range(out.size):
        out[i] = capital[host[i]] * local[area[i]]
    return out


def _open(m: Model, mission: int, mandate: Mandate) -> np.ndarray:
    """Return how far each cell is open to a mission: inside its mandate's area, by consent of capital and area.

    A mission of two masters is let in as far as both are.
    """
    out = _let_in(m, mission)
    for _, a, b in masters(m):
        if mission in (a, b):
            out = np.minimum(out, _let_in(m, a + b - mission))
    inside = _inside(m, mission, mandate)
    return out if inside is None and m.hosts.rows == 1 else bound(m, mission, inside, out)


def _inside(m: Model, mission: int, mandate: Mandate) -> np.ndarray | None:
    """Return which cells lie in the mandate's area; None if it holds everywhere."""
    if mandate.area == "all":
        return None
    where = f"missions.{m.actors.names[mission]}.mandate.area"
    return np.isin(m.world.area, [area_number(m, where, a) for a in mandate.area])
