"""Who lets missions be there, what hosts become, and whether guns fall silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import PROTEST
from sim.metrics.counts import PEOPLE, add_up, by_target, layers
from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(by=("host", "mission"), unit="0-1", better="higher", over_run="mean", source="B-M45")
def state_consent(m: Model) -> np.ndarray:
    """Each host's consent to each mission (`host->m`)."""
    return m.hosts.consent.T.ravel()


@metric(by="mission", unit="share", better="higher", over_run="mean", source="B-M46, B-M54")
def area_access(m: Model) -> np.ndarray:
    """How open places are to the mission, by consent of capital and area, on average over people."""
    return _openness(m.open_to, m.people_in, layers(m)[PEOPLE])


@njit(cache=True, nogil=True)
def _openness(open_to, people, everybody):
    """Average over people how open places are to each mission; missing where there are no people."""
    out = np.full(open_to.shape[0], np.nan)
    for k in range(out.size if everybody > 0 else 0):
        out[k] = add_up(open_to[k] * people) / everybody
    return out


@metric(by="mission", unit="weeks", better="higher", over_run="wait", source="B-M45")
def weeks_to_expulsion(m: Model) -> np.ndarray:
    """Weeks from the mission's mandate until a host sends it out, if only from its own land."""
    return _sent_out(m.missions.expelled, m.hosts.ousted, m.hosts.barred)


@njit(cache=True, nogil=True)
def _sent_out(expelled, ousted, barred):
    """Say which missions have been sent out, by all or by any host; ousted, barred: (missions, hosts)."""
    out = expelled.copy()
    for k in range(out.size):
        for host in range(ousted.shape[1]):
            out[k] |= ousted[k, host] or barred[k, host]
    return out


@metric(by="host", unit="people", better="neither", over_run="mean", source="S-M112")
def hosted_strength(m: Model) -> np.ndarray:
    """People of all missions who stand on the host's land."""
    return _hosted(m.units.cell, m.units.people, m.world.host, len(m.actors.hosts))


@njit(cache=True, nogil=True)
def _hosted(cell, people, host, hosts):
    """Count the people of units in the field by the host on whose land they stand."""
    out = np.zeros(hosts)
    for u in range(cell.size):
        if cell[u] >= 0:
            out[host[cell[u]]] += people[u]
    return out


@metric(by="event", unit="week", better="neither", over_run="run", source="B-M154, F-M92")
def event_week(m: Model) -> np.ndarray:
    """Week in which an event that waits for a condition happened; missing where it never came to that."""
    rows = [row for row, _, _ in m.conditional]
    weeks = m.happenings.week[rows].astype(float)
    return np.where(weeks <= m.week, weeks, np.nan)


@metric(by="mission", unit="events", better="lower", over_run="sum", source="B-M44")
def protests(m: Model) -> np.ndarray:
    """Protests in towns against the mission."""
    return by_target(m, PROTEST)


@metric(by="host", unit="0-1", better="lower", over_run="last", source="F-M5, S-H94")
def abusiveness(m: Model) -> np.ndarray:
    """How far the host's forces are given to abuse of civilians."""
    return m.hosts.abusiveness.copy()


@metric(by="host", unit="0-1", better="higher", over_run="last", source="B-M97")
def host_capacity(m: Model) -> np.ndarray:
    """Capacity of the host's forces and services."""
    return m.hosts.capacity.copy()


@metric(by="host", unit="0-1", better="higher", over_run="last", source="E18")
def inclusiveness(m: Model) -> np.ndarray:
    """How far the host serves all groups."""
    return m.hosts.inclusiveness.copy()


@metric(by="host", unit="0-1", better="higher", over_run="run", source="F-M91, B-M97")
def local_capacity_at_exit(m: Model) -> np.ndarray:
    """The host's capacity in the last week in which any mission had people in the country; missing if none ever had.

    Of several hosts on one map, the last week in which any had people on its own land.
    """
    values, capacity = m.log.values, m.log.values["host_capacity"]
    several = capacity.shape[1] > 1
    there = values["hosted_strength"] if several else values["strength"].max(axis=1, keepdims=True, initial=0)
    last = [np.flatnonzero(there[:, h] > 0)[-1:] for h in range(capacity.shape[1])]
    return np.array([capacity[week[0], h] if week.size else np.nan for h, week in enumerate(last)])


@metric(unit="weeks", better="higher", over_run="sum", source="E21, E3")
def ceasefire_weeks(m: Model) -> float:
    """Armed groups that keep a truce with a host: over a run, weeks of truce added up over groups."""
    return float(_at_truce(m.groups.truce))


@njit(cache=True, nogil=True)
def _at_truce(truce):
    """Count the groups that have weeks of truce left with any host; truce: (hosts, groups)."""
    number = 0
    for g in range(truce.shape[1]):
        for host in range(truce.shape[0]):
            if truce[host, g] > 0:
                number += 1
                break
    return number
