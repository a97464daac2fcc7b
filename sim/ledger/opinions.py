"""What audiences think on average: opinions by actor, weighed by people; compiled."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def mean_views(values, met, weight, displaced, start, judged, means, unmet):
    """Average perceptions by actor and audience over those who have met the actor; and the share who have not.

    The last two audiences are the displaced and everybody. Only the first `judged` actors have all three perceptions.
    """
    groups = start.size - 1
    people = _people(weight, displaced, start)
    sums, known = np.zeros((3, groups + 2)), np.zeros(groups + 2)
    hosted = np.zeros(4)
    for a in range(values.shape[1]):
        said = 3 if a < judged else 1
        sums[:], known[:], hosted[:] = 0.0, 0.0, 0.0
        for g in range(groups):
            own = slice(start[g], start[g + 1])
            known[g] = _add_up(values[:said, a, own], met[a, own], weight[own], displaced[own], sums[:, g], hosted)
            known[groups + 1] += known[g]
            sums[:, groups + 1] += sums[:, g]
        known[groups], sums[:, groups] = hosted[0], hosted[1:]
        for who in range(groups + 2):
            unmet[a, who] = 1 - known[who] / people[who] if people[who] > 0 else np.nan
            for q in range(3):
                means[q, a, who] = sums[q, who] / known[who] if known[who] > 0 and q < said else np.nan


@njit(cache=True, nogil=True)
def _people(weight, displaced, start):
    """Count the people of each audience."""
    groups = start.size - 1
    people = np.zeros(groups + 2)
    for g in range(groups):
        for i in range(start[g], start[g + 1]):
            people[g] += weight[i]
            people[groups] += displaced[i]
        people[groups + 1] += people[g]
    return people


@njit(cache=True, nogil=True)
def _add_up(values, met, weight, displaced, sums, hosted):
    """Add up one group's opinions of an actor by people; return the people who hold one.

    hosted: the same by displaced people, holders first, added to what earlier groups left there.
    """
    known, first, second, third = 0.0, 0.0, 0.0, 0.0
    holders, one, two, three = hosted
    judged = values.shape[0] == 3
    for i in range(weight.size):
        here, moved = (weight[i], displaced[i]) if met[i] else (0.0, 0)
        known += here
        holders += moved
        first += here * values[0, i]
        one += moved * values[0, i]
        if judged:
            second += here * values[1, i]
            third += here * values[2, i]
            two += moved * values[1, i]
            three += moved * values[2, i]
    sums[0], sums[1], sums[2] = first, second, third
    hosted[0], hosted[1], hosted[2], hosted[3] = holders, one, two, three
    return known
