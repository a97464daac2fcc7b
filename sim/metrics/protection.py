"""Harm to civilians, by who did it, and what was done against it. Harm by one's own side is never netted away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import ABUSE, ATTACK, BATTLE, MISSION_HARM
from sim.metrics.counts import (
    ABUSES,
    ACTS,
    ANSWERED,
    ANSWERS,
    ATTACKS,
    BATTLES,
    CIVILIANS,
    DEATHS,
    KNOWN,
    SAVED,
    UNANSWERED,
    answers,
    by_perpetrator,
    in_all,
    layers,
    living,
)
from sim.metrics.metric import metric, shared

if TYPE_CHECKING:
    from sim.model import Model


@metric(by="perpetrator", unit="people", better="lower", over_run="sum", source="E1")
def civilians_killed(m: Model) -> np.ndarray:
    """Civilians killed in attacks, abuse and operations, by the actor that killed them.

    Those between lines stand apart.
    """
    return by_perpetrator(m, (ATTACK, ABUSE, MISSION_HARM), CIVILIANS)


@metric(by="perpetrator", unit="people", better="lower", over_run="sum", source="E1")
def civilians_killed_expected(m: Model) -> np.ndarray:
    """The same before luck: probability x mean deaths given the chance of an answer.

    Harm by operations as it happened.
    """
    out = by_perpetrator(m, (MISSION_HARM,), CIVILIANS).copy()
    out[m.actors.first_host :] = expected(m)[1]
    return out


@metric(by="perpetrator", unit="people", better="neither", over_run="sum", source="B-M99, S20h")
def civilians_killed_observed(m: Model) -> np.ndarray:
    """Civilians killed in those acts that a coder of events would have recorded: what data show of the same."""
    a = m.acts
    return _killed_in(m.log.observed, a.kind, a.perpetrator, a.civilians, len(m.actors.names))


@njit(cache=True, nogil=True)
def _killed_in(which, kind, doer, civilians, actors):
    """Count the civilians killed by each actor in some of the attacks, abuse and operations."""
    out = np.zeros(actors)
    for act in range(kind.size):
        if which[act] and (kind[act] == ATTACK or kind[act] == ABUSE or kind[act] == MISSION_HARM):
            out[doer[act]] += civilians[act]
    return out


@metric(unit="events", better="neither", over_run="sum", source="S20b, S20h")
def events_observed(m: Model) -> float:
    """Events of all kinds that a coder would have recorded: deadly, by a known actor, and come to be known."""
    return float(np.count_nonzero(m.log.observed))


@metric(by="perpetrator", unit="events", better="lower", over_run="sum", source="E1")
def attacks_on_civilians(m: Model) -> np.ndarray:
    """Attacks on civilians and acts of state abuse, deadly or not, by perpetrator."""
    return by_perpetrator(m, (ATTACK, ABUSE))


@metric(by="group", unit="events", better="lower", over_run="sum", source="F-M26, B-M15")
def spill_over(m: Model) -> np.ndarray:
    """Attacks on civilians beyond the border: by an armed group in another host's land than that of its home."""
    a, w = m.acts, m.world
    return _abroad(a.kind, a.perpetrator, a.cell, m.actors.first_group, m.groups.home, w.host)


@njit(cache=True, nogil=True)
def _abroad(kind, doer, cell, first_group, home, host):
    """Count the attacks of each group in another host's land than its home's."""
    out = np.zeros(home.size)
    for act in range(kind.size):
        group = doer[act] - first_group
        if kind[act] == ATTACK and host[cell[act]] != host[home[group]]:
            out[group] += 1
    return out


@metric(by="perpetrator", unit="events", better="lower", over_run="sum", source="E1")
def attacks_expected(m: Model) -> np.ndarray:
    """Attacks on civilians and acts of state abuse expected this week, before luck, by perpetrator."""
    out = np.zeros(len(m.actors.names))
    out[m.actors.first_host :] = expected(m)[0]
    return out


@shared
def expected(m: Model) -> np.ndarray:
    """Return attacks and abuse expected, and deaths in them, of each host and armed group; (2, hosts and groups)."""
    a, b, c = m.actors, m.bands, m.cells
    out = _expected(
        m.world.host, c.expected_abuse, c.expected_abuse_deaths, len(a.hosts), b.group, b.expected, len(a.groups)
    )
    if m.pursuing:
        out[:, : len(a.hosts)] = abroad_too(m, c.expected_abuse), abroad_too(m, c.expected_abuse_deaths)
    return out


@njit(cache=True, nogil=True)
def _expected(host, abuse, deaths, hosts, group, bands, groups):
    """Add up abuse on each host's own land and the attacks of each group's bands, and deaths in them."""
    out = np.zeros((2, hosts + groups))
    for cell in range(host.size):
        out[0, host[cell]] += abuse[cell]
        out[1, host[cell]] += deaths[cell]
    for b in range(group.size):
        out[0, hosts + group[b]] += bands[0, b]
        out[1, hosts + group[b]] += bands[2, b]
    return out


def abroad_too(m: Model, layer: np.ndarray) -> np.ndarray:
    """Return what is expected of each host's abuses in all cells, where armies cross borders."""
    each = np.divide(layer, m.cells.expected_abuse, out=np.zeros(layer.size), where=m.cells.expected_abuse > 0)
    return (m.cells.abuse_by * each).sum(axis=1)


@metric(unit="deaths", better="lower", over_run="sum", source="E2, E13")
def battle_deaths(m: Model) -> float:
    """Combatants killed in battles between bands, state forces and missions."""
    return in_all(m, BATTLE, DEATHS) - in_all(m, BATTLE, CIVILIANS)


@metric(unit="deaths", better="lower", over_run="sum", source="E2, E13")
def battle_deaths_expected(m: Model) -> float:
    """Battle deaths before luck: rate x mean deaths, and operations that met a band x their mean."""
    return layers(m)[BATTLES]


@metric(unit="deaths", better="lower", over_run="sum", source="S30b")
def crossfire_deaths(m: Model) -> float:
    """Civilians killed between the lines of battles."""
    return in_all(m, BATTLE, CIVILIANS)


@metric(unit="per 100,000 person-years", better="lower", over_run="ratio", source="S20h")
def civilian_death_rate(m: Model) -> tuple[float, float]:
    """Civilians killed by somebody per 100,000 person-years of residents and displaced people."""
    residents, displaced, _ = living(m)[:, -1].tolist()
    return 1e5 * 52 * sum(civilians_killed(m).tolist()), float(residents + displaced)


@metric(by="mission", unit="people", better="higher", over_run="sum", source="B-M2, E35")
def deaths_prevented_on_the_spot(m: Model) -> np.ndarray:
    """Potential deaths that did not happen in attacks that the mission answered."""
    return answers(m)[0][SAVED]


@metric(by="mission", unit="people", better="lower", over_run="sum", source="E35, B-H30")
def killed_unanswered(m: Model) -> np.ndarray:
    """Civilians killed in attacks that the mission knew of, in its reach, and did not answer."""
    return answers(m)[0][UNANSWERED]


@metric(by="mission", unit="share", better="higher", over_run="ratio", source="E35")
def attacks_answered_share(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Attacks answered by the mission, of those that it knew of (reported attacks are what E35 counted)."""
    made = answers(m)[0]
    return made[ANSWERED], made[KNOWN]


@metric(unit="share", better="higher", over_run="ratio", source="E35")
def attacks_answered_all(m: Model) -> tuple[float, float]:
    """Attacks answered by anybody, of all attacks."""
    attacked = in_all(m, ATTACK, ACTS) + in_all(m, ABUSE, ACTS)
    return float(answers(m)[1]), attacked


@metric(unit="share", better="higher", over_run="ratio", source="E35")
def attacks_answered_expected(m: Model) -> tuple[float, float]:
    """The same before luck: attacks and abuse expected x the chance that somebody answers them."""
    sums = layers(m)
    return sums[ANSWERS], sums[ATTACKS] + sums[ABUSES]


@metric(unit="ratio", better="lower", over_run="run", source="B-M22")
def protection_gap(m: Model) -> float:
    """Death rate of the worst-off identity group over that of the best-off, one death added to each; over the run.

    Of civilians killed in attacks, abuse and operations; not of those between lines, in clashes and by crime.
    """
    rates = (m.log.killed_by_audience + 1) / np.maximum(m.log.person_weeks, 1)
    return float(rates.max() / rates.min())


@metric(by="group", unit="people", better="neither", over_run="last", source="E46")
def fighters(m: Model) -> np.ndarray:
    """Fighters of each armed group."""
    return np.bincount(m.bands.group, m.bands.fighters, len(m.actors.groups))


@metric(by="actor", unit="share", better="neither", over_run="mean", source="B-M9")
def control(m: Model) -> np.ndarray:
    """Share of people who live where the actor has most armed persons, of those where anybody has."""
    b, people = m.bands, m.people_in
    return _held(m.reach[0], len(m.actors.names), m.actors.first_group, b.group, b.cell, b.fighters, people)


@njit(cache=True, nogil=True)
def _held(armed, actors, first_group, group, cell, fighters, people):
    """Share out people to the actor with most armed persons in their cell, the first of equals; none where nobody is.

    armed: of missions and hosts, the first actors; (these, cells).
    """
    most, strongest = np.zeros(people.size), np.full(people.size, -1)
    for a in range(armed.shape[0]):
        for c in range(people.size):
            more = armed[a, c] > most[c]
            most[c], strongest[c] = armed[a, c] if more else most[c], a if more else strongest[c]
    bands = np.zeros((actors - first_group, people.size))
    for b in range(cell.size):
        bands[group[b], cell[b]] += fighters[b]
    for b in range(cell.size):
        c, a = cell[b], first_group + group[b]
        here = bands[group[b], c]
        if here > most[c] or (here == most[c] and here > 0 and a < strongest[c]):
            most[c], strongest[c] = here, a
    held = np.zeros(actors)
    for c in range(people.size):
        if strongest[c] >= 0:
            held[strongest[c]] += people[c]
    return held / max(held.sum(), 1.0)
