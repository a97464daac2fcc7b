"""What people think: legitimacy, impartiality and credibility apart, by audience and by actor, never one score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.metrics.counts import add_up
from sim.metrics.metric import metric, shared

if TYPE_CHECKING:
    from sim.model import Model


@metric(by=("audience", "actor"), unit="0-1", better="higher", over_run="last", source="B-M36, B-M46")
def legitimacy(m: Model) -> np.ndarray:
    """Right to be here and to act, in the eyes of each audience: resident-weighted mean of those with an opinion."""
    return m.views()[0].T.ravel()


@metric(by=("audience", "judged"), unit="0-1", better="higher", over_run="last", source="B-M6, B-M42")
def impartiality(m: Model) -> np.ndarray:
    """Even-handedness in the eyes of each audience; of missions and hosts."""
    return m.views()[1, : m.actors.judged].T.ravel()


@metric(by=("audience", "judged"), unit="0-1", better="higher", over_run="last", source="B-M12")
def credibility(m: Model) -> np.ndarray:
    """Ability to act in the eyes of each audience; of missions and hosts."""
    return m.views()[2, : m.actors.judged].T.ravel()


@shared
def spreads(m: Model) -> np.ndarray:
    """Return p90 - p10 over the communities with an opinion of missions and hosts; missing where nobody has one.

    Shape (3, judged).
    """
    c = m.communities
    return _spreads(c.perceptions, c.met, c.home, m.actors.judged)


@njit(cache=True, nogil=True)
def _spreads(values, met, home, judged):
    """Return the ninth decile less the first of each actor's row, over the communities that count."""
    out, parts = np.full((values.shape[0], judged), np.nan), np.empty(home.size, np.int64)
    for a in range(judged):
        rows = np.flatnonzero(met[a] & (home > 0))
        for q in range(values.shape[0] if rows.size > 0 else 0):
            kept = values[q, a][rows]
            count = np.zeros(257, np.int64)
            for i in range(kept.size):
                parts[i] = int(kept[i] * 256)
                count[parts[i]] += 1
            low, high = int(0.1 * (kept.size - 1)), int(0.9 * (kept.size - 1))
            out[q, a] = _smallest(kept, parts, count, high) - _smallest(kept, parts, count, low)
    return out


@njit(cache=True, nogil=True)
def _smallest(values, parts, count, k):
    """Return the value in place k of a sorted row: only those of the part of 0-1 in which it lies are sorted.

    parts: in which of the parts each value lies; count: how many lie in each.
    """
    part = 0
    while k >= count[part]:
        k -= count[part]
        part += 1
    inside, n = np.empty(count[part]), 0
    for i in range(values.size):
        if parts[i] == part:
            inside[n] = values[i]
            n += 1
    return np.sort(inside)[k]


@metric(by="judged", unit="0-1", better="neither", over_run="last", source="E36", every=4)
def legitimacy_spread(m: Model) -> np.ndarray:
    """How far communities differ over an actor's legitimacy: p90 - p10."""
    return spreads(m)[0]


@metric(by="judged", unit="0-1", better="neither", over_run="last", source="E36", every=4)
def impartiality_spread(m: Model) -> np.ndarray:
    """How far communities differ over an actor's impartiality: p90 - p10."""
    return spreads(m)[1]


@metric(by="judged", unit="0-1", better="neither", over_run="last", source="E36", every=4)
def credibility_spread(m: Model) -> np.ndarray:
    """How far communities differ over an actor's credibility: p90 - p10."""
    return spreads(m)[2]


@metric(by="mission", unit="0-1", better="higher", over_run="last", source="B-M22, B-M42")
def impartiality_min(m: Model) -> np.ndarray:
    """Impartiality in the eyes of the identity group that thinks least of it: a mean hides a partisan image."""
    return divided(m)[0]


@shared
def divided(m: Model) -> np.ndarray:
    """Return the least that any identity group thinks of each mission's impartiality, and how far groups differ."""
    groups = len(m.world.group_names)
    means = m.views()[1, : len(m.actors.missions), :groups]
    return _divided(means, m.communities.home, m.ledger.audiences.start)


@njit(cache=True, nogil=True)
def _divided(means, home, start):
    """Find the smallest of each row, and average the difference between each two groups, pairs of people; of opinions.

    means: (missions, groups). Missing where there is none. home: people of each community, group by group.
    """
    out = np.full((2, means.shape[0]), np.nan)
    people = [add_up(home[start[g] : start[g + 1]]) for g in range(start.size - 1)]
    for k in range(means.shape[0]):
        apart, pairs = 0.0, 0.0
        for a in range(means.shape[1]):
            if not np.isnan(means[k, a]) and not out[0, k] <= means[k, a]:
                out[0, k] = means[k, a]
            for b in range(a):
                if not np.isnan(means[k, a]) and not np.isnan(means[k, b]):
                    apart += people[a] * people[b] * abs(means[k, a] - means[k, b])
                    pairs += people[a] * people[b]
        if pairs > 0:
            out[1, k] = apart / pairs
    return out


@metric(by="mission", unit="0-1", better="lower", over_run="last", source="B-M22, B-M42")
def impartiality_gap(m: Model) -> np.ndarray:
    """How far identity groups differ over a mission's impartiality: people-weighted mean difference between groups."""
    return divided(m)[1]


@metric(by="mission", unit="share", better="higher", over_run="last", source="B-M46")
def popular_consent(m: Model) -> np.ndarray:
    """Share of people, of those with an opinion, for whom the mission's legitimacy is at least one half."""
    c = m.communities
    return _approving(c.perceptions[0], c.met, c.home, len(m.actors.missions))


@njit(cache=True, nogil=True, fastmath={"reassoc"})
def _approving(legitimacy, met, people, missions):
    """Return the share of people, of those who have met each mission, who grant it one half or more.

    They are whole numbers, and may be added up in any order.
    """
    out = np.full(missions, np.nan)
    for k in range(missions):
        known, approving = 0.0, 0.0
        for i in range(people.size):
            here = people[i] * met[k, i]
            known += here
            approving += here * (legitimacy[k, i] >= 0.5)
        if known > 0:
            out[k] = approving / known
    return out


@metric(by="mission", unit="share", better="neither", over_run="last", source="B-M41")
def no_opinion(m: Model) -> np.ndarray:
    """Share of people who have never met the mission and hold no opinion of it."""
    return m.unmet()[: len(m.actors.missions), -1]


@metric(by=("actor", "mission"), unit="share", better="lower", over_run="ratio", source="B-M72, S-H5")
def contagion(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """People-weighted blame of a mission for another actor's acts, of all blame for those acts (`a->m`)."""
    names, n = len(m.actors.names), len(m.actors.missions)
    part, whole = np.zeros((names, n)), np.zeros((names, n))
    if m.blame is not None:
        for doer, felt in m.blame.heard.items():
            whole[doer] = _over_people(felt, m.communities.home)
        for (doer, other), felt in m.blame.mistaken.items():
            if other < n:
                part[doer, other] = _over_people(felt, m.communities.home)
    return part.ravel(), whole.ravel()


@njit(cache=True, nogil=True)
def _over_people(felt, people):
    """Add up what communities feel, by their people."""
    return add_up(felt * people)


def _lost(m: Model, rule_name: str) -> np.ndarray:
    """Return what a rule took from the impartiality of each mission (everybody's mean) this week, by whose acts."""
    names, n = m.actors.names, len(m.actors.missions)
    out = np.zeros((len(names), n))
    for (_, _, actor, _, cause), change in m.ledger.this_week(rule_name, "impartiality"):
        if m.actors.index[actor] < n and cause in m.actors.index:
            out[m.actors.index[cause], m.actors.index[actor]] -= change
    return out.ravel()


@metric(by=("actor", "mission"), unit="0-1", better="lower", over_run="sum", source="B-M73, S-H7")
def complicity_loss(m: Model) -> np.ndarray:
    """Impartiality that a mission lost for having a part in another's acts.

    Though people know who did them (`a->m`).
    """
    return _lost(m, "complicity")


@metric(by=("actor", "mission"), unit="0-1", better="lower", over_run="sum", source="B-M72, S-H5")
def contagion_loss(m: Model) -> np.ndarray:
    """Impartiality that a mission lost to mistaken blame for another's acts (`a->m`)."""
    return _lost(m, "attribution")
