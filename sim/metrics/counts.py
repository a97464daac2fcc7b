"""What several metrics of a week read: acts and people, counted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.actors.acts import KINDS
from sim.metrics.metric import shared

if TYPE_CHECKING:
    from sim.model import Model

ACTS, CIVILIANS, DEATHS = range(3)
BATTLES, ANSWERS, ABUSES, ATTACKS, CLASHES, CRIMES, SHELTERED, PEOPLE = range(8)
REPORTED, KNOWN, ANSWERED, SAVED, UNANSWERED = range(5)
RESIDENTS, DISPLACED, REFUGEES = range(3)


@shared
def tally(m: Model) -> np.ndarray:
    """Return acts, civilians and all people killed this week by kind of act: of each doer, of each actor faced, of all.

    Shape (3, kinds, 2 x doers + 1): doers, then actors faced, and last all.
    """
    a = m.acts
    return _tally(a.kind, a.perpetrator, a.opponent, a.civilians, a.deaths, len(KINDS), len(m.doers))


@njit(cache=True, nogil=True)
def _tally(kind, doer, faced, civilians, deaths, kinds, doers):
    """Count acts, civilians and deaths by kind and doer, by kind and opponent where there is one, and by kind."""
    out = np.zeros((3, kinds, 2 * doers + 1))
    for act in range(kind.size):
        for n, number in enumerate((1, civilians[act], deaths[act])):
            out[n, kind[act], doer[act]] += number
            out[n, kind[act], -1] += number
            if faced[act] >= 0:
                out[n, kind[act], doers + faced[act]] += number
    return out


def by_perpetrator(m: Model, kinds: tuple[int, ...], what: int = ACTS) -> np.ndarray:
    """Count acts of some kinds, or those whom they killed, by perpetrator; shape (actors,)."""
    done, actors = tally(m), len(m.actors.names)
    out = done[what, kinds[0], :actors]
    for kind in kinds[1:]:
        out = out + done[what, kind, :actors]
    return out


def by_target(m: Model, kind: int, what: int = ACTS) -> np.ndarray:
    """Count acts of a kind, or those whom they killed, by the mission that they were aimed at; shape (missions,)."""
    first = len(m.doers)
    return tally(m)[what, kind, first : first + len(m.actors.missions)]


def in_all(m: Model, kind: int, what: int) -> float:
    """Return how many acts of a kind killed."""
    return float(tally(m)[what, kind, -1])


@shared
def layers(m: Model) -> tuple[float, ...]:
    """Return what is expected this week, before luck, and who is where: each added up over all cells or bands.

    Battle deaths, answers to attacks and abuse, abuse, attacks, clashes, crimes; people in sites, and people.
    """
    c = m.cells
    return _layers(
        c.expected_battles, m.missions.expected_operations, c.expected_answers, c.expected_abuse, m.bands.expected,
        c.expected_communal, c.expected_crimes, c.sheltered, m.people_in,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _layers(battles, operations, answers, abuse, bands, communal, crimes, sheltered, people):
    """Add up each layer; of what bands are expected to do, the attacks."""
    return (
        add_up(battles) + add_up(operations), add_up(answers), add_up(abuse), add_up(bands[0]), add_up(communal),
        add_up(crimes), add_up(sheltered), add_up(people),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def add_up(values):
    """Add up numbers in halves of halves, down to 128 in eight rows: few errors of rounding; the same as `values.sum`.

    values: next to each other in memory.
    """
    size = values.size
    if size > 128:
        half = size // 2 - size // 2 % 8
        return add_up(values[:half]) + add_up(values[half:])
    total, rest = 0.0, size % 8
    if size >= 8:
        a, b, c, d, e, f, g, h = values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7]
        for i in range(8, size - rest, 8):
            a, b, c, d = a + values[i], b + values[i + 1], c + values[i + 2], d + values[i + 3]
            e, f, g, h = e + values[i + 4], f + values[i + 5], g + values[i + 6], h + values[i + 7]
        total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(size - rest, size):
        total += values[i]
    return total


@shared
def answers(m: Model) -> tuple[np.ndarray, int]:
    """Return what each mission made of this week's acts, shape (5, missions); and how many acts anybody answered.

    Acts reported to it, known, answered; people saved by its answers, and killed where it knew, could and did not act.
    """
    return _answers(m.acts.flags(), m.acts.potential, m.acts.civilians)


@njit(cache=True, nogil=True)
def _answers(flags, potential, civilians):
    """Count for each mission; flags: in the order of FLAGS."""
    known, near, reported, answered = flags
    out, by_anybody = np.zeros((5, known.shape[0])), 0
    for act in range(civilians.size):
        anybody = False
        for k in range(known.shape[0]):
            out[REPORTED, k] += reported[k, act]
            out[KNOWN, k] += known[k, act]
            if answered[k, act]:
                anybody = True
                out[ANSWERED, k] += 1
                out[SAVED, k] += potential[act] - civilians[act]
            elif known[k, act] and near[k, act]:
                out[UNANSWERED, k] += civilians[act]
        by_anybody += anybody
    return out, by_anybody


@shared
def living(m: Model) -> np.ndarray:
    """Return residents, displaced people and refugees of each identity group, and last of all; (3, groups + 1)."""
    c = m.communities
    return _living(c.residents, c.displaced, c.refugees, m.ledger.audiences.start)


@njit(cache=True, nogil=True)
def _living(residents, displaced, refugees, start):
    """Add up people by group and in all."""
    out = np.zeros((3, start.size), np.int64)
    for g in range(start.size - 1):
        for i in range(start[g], start[g + 1]):
            out[RESIDENTS, g] += residents[i]
            out[DISPLACED, g] += displaced[i]
            out[REFUGEES, g] += refugees[i]
        out[:, -1] += out[:, g]
    return out
