"""The ledger's arithmetic: shares move on a grid, and each move is summed by audience; compiled.

Shares move in multiples of 2^-32: every contribution is rounded before it is applied, so sums are exact in any order.
"""

from __future__ import annotations

import numpy as np
from numba import njit

GRAIN = 2.0**32
GRAIN_1 = 2.0**-32
ROUNDER = 1.5 * 2.0**52  # adding and taking it away rounds to whole numbers, half to even


def on_grid(values: np.ndarray | float) -> np.ndarray:
    """Round shares to multiples of 2^-32, the grid on which sums are exact."""
    return np.rint(np.asarray(values) * GRAIN) / GRAIN


@njit(cache=True, nogil=True)
def _top(best: np.ndarray, where: np.ndarray, size: float, cell: int) -> None:
    """Keep the three largest contributions, each cell once."""
    if size <= best[2]:
        return
    for k in range(3):
        if where[k] == cell:
            if size > best[k]:
                best[k] = size
            return
    k = 2
    while k > 0 and best[k - 1] < size:
        best[k], where[k] = best[k - 1], where[k - 1]
        k -= 1
    best[k], where[k] = size, cell


@njit(cache=True, nogil=True)
def _steps(value, opinion, rate, target, met, running, step):
    """Move one group's values towards a target by steps on the grid of 2^-32; return whether anything moved.

    Without branches, so that it compiles to wide arithmetic; rate and target have one value, or one for each row.
    """
    one_rate, one_target = rate.size == 1, target.size == 1
    moved = False
    for i in range(step.size):
        delta = rate[0 if one_rate else i] * (target[0 if one_target else i] - opinion[i])
        rounded = ((delta * GRAIN + ROUNDER) - ROUNDER) * GRAIN_1  # to the nearest multiple of 2^-32
        step[i] = rounded if met[i] else 0.0
        moved |= step[i] != 0.0
    if moved:
        for i in range(step.size):
            value[i] += step[i]
            running[i] += step[i]
    return moved


@njit(cache=True, nogil=True)
def _keep(best, rows, size, row):
    """Put a contribution among the three largest, after those of its size; return the third."""
    if size <= best[2]:
        return best[2]
    k = 2
    while k > 0 and best[k - 1] < size:
        best[k], rows[k] = best[k - 1], rows[k - 1]
        k -= 1
    best[k], rows[k] = size, row
    return best[2]


@njit(cache=True, nogil=True)
def _weigh(step, weight, cell, best, where, rows):
    """Return the sum of one group's steps by weight, and keep the three largest; each cell comes once. rows: room.

    Four at a time, since adding up one after another is what takes time; on the grid of 2^-32 any order is exact.
    """
    one, two, three, four, least = 0.0, 0.0, 0.0, 0.0, 0.0
    for k in range(3):
        best[k], rows[k] = 0.0, -1
    whole = step.size // 4 * 4
    for i in range(0, whole, 4):
        a, b, c, d = (
            weight[i] * step[i],
            weight[i + 1] * step[i + 1],
            weight[i + 2] * step[i + 2],
            weight[i + 3] * step[i + 3],
        )
        one, two, three, four = one + a, two + b, three + c, four + d
        if max(max(abs(a), abs(b)), max(abs(c), abs(d))) > least:
            for j in range(i, i + 4):
                least = _keep(best, rows, abs(weight[j] * step[j]), j)
    for i in range(whole, step.size):
        one += weight[i] * step[i]
        least = _keep(best, rows, abs(weight[i] * step[i]), i)
    for k in range(3):
        where[k] = cell[rows[k]] if rows[k] >= 0 else -1
    return one + two + three + four


@njit(cache=True, nogil=True)
def _part(values, first, last, rows):
    """Return one group's part of an array by community; an array by place or of one value serves every group."""
    return values[first:last] if values.size == rows else values


@njit(cache=True, nogil=True)
def _apply(value, opinion, rate, target, met, running, who, total, means, cells, room):
    """Move towards a target, round and add up; return whether anything moved. Means and top cells come out.

    rate and target have a value for each community, for each place (the same for all its groups), or one for all.
    """
    weight, displaced, start, cell = who
    best, most, there, held, steps = room
    groups, rows = start.size - 1, start[-1]
    best[:] = 0.0
    means[:] = 0.0
    cells[:] = -1
    moved = False
    for g in range(groups):
        a, b = start[g], start[g + 1]
        step = steps[: b - a]
        toward = _part(target, a, b, rows)
        if _steps(value[a:b], opinion[a:b], _part(rate, a, b, rows), toward, met[a:b], running[a:b], step):
            moved = True
            means[g] = _weigh(step, weight[a:b], cell[a:b], best[g], cells[g], held)
            if total[groups] > 0.0:
                means[groups] += _weigh(step, displaced[a:b], cell[a:b], most, there, held)
                for k in range(3):
                    if there[k] >= 0:
                        _top(best[groups], cells[groups], most[k], there[k])
    if moved:
        _sum_up(means, cells, best, total)
    return moved


@njit(cache=True, nogil=True)
def _row(values, actor, quantity):
    """Return the row of an actor and a quantity; one row serves all along either axis."""
    return values[min(actor, values.shape[0] - 1), min(quantity, values.shape[1] - 1)]


@njit(cache=True, nogil=True)
def apply_each(values, opinion, actors, quantities, rate, target, met, sums, rows, who, total, keys, week, size, book):
    """Move some perceptions of some actors and enter those that moved; return the number of entries there are then.

    rate and target: by actor and quantity, one row serving all along either axis; rows: of the running sums; who:
    weight, displaced, start and cell of audiences.
    """
    key, when, change, cells = book
    room = (
        np.zeros((who[2].size + 1, 3)),
        np.zeros(3),
        np.full(3, -1),
        np.full(3, -1),
        np.empty(who[2][-1]),
    )
    for n in range(actors.size):
        actor = actors[n]
        for i in range(quantities.size):
            q = quantities[i]
            if _apply(values[q, actor], opinion[q, actor], _row(rate, n, i), _row(target, n, i), met[actor],
                      sums[rows[n, i]], who, total[actor], change[size], cells[size], room):  # fmt: skip
                key[size], when[size] = keys[n, i], week
                size += 1
    return size


@njit(cache=True, nogil=True)
def _sum_up(means, cells, best, total):
    """Turn sums by group into means by audience, and find the top cells of everybody."""
    groups = total.size - 2
    for g in range(groups):
        means[groups + 1] += means[g]
        for k in range(3):
            if cells[g, k] >= 0:
                _top(best[groups + 1], cells[groups + 1], best[g, k], cells[g, k])
    for a in range(groups + 2):
        means[a] = means[a] / total[a] if total[a] > 0.0 else 0.0


@njit(cache=True, nogil=True)
def enter(key, week, change, cells, row, number, now, step):
    """Write the entry of a stock that is one number: its account, its week and by how much it changed."""
    key[row], week[row] = number, now
    change[row] = 0.0
    change[row, 0] = step
    cells[row] = -1


@njit(cache=True, nogil=True)
def enter_sums(stocks, numbers, start, keys, totals, keep, week, size, book):
    """Add whole numbers to stocks and enter what each owner's rows gain; return the number of entries there are then.

    start: first row of each owner and the end; keys: the account of each owner and stock.
    """
    key, when, change, cells = book
    for owner in range(keys.shape[0]):
        for n in range(len(stocks)):
            stock, number, gain = stocks[n], numbers[n], 0
            for i in range(start[owner], start[owner + 1]):
                stock[i] += number[i]
                gain += number[i]
            if gain != 0:
                totals[keys[owner, n]] += gain
                if keep:
                    enter(key, when, change, cells, size, keys[owner, n], week, gain)
                    size += 1
    return size


@njit(cache=True, nogil=True)
def people(weight, displaced, met, start):
    """Count people by audience among those who have met an actor."""
    groups = start.size - 1
    total = np.zeros(groups + 2)
    hosted = 0.0
    for g in range(groups):
        here = 0.0
        for i in range(start[g], start[g + 1]):
            here += weight[i] if met[i] else 0.0
            hosted += displaced[i] if met[i] else 0
        total[g] = here
        total[groups + 1] += here
    total[groups] = hosted
    return total


@njit(cache=True, nogil=True)
def _average(values, weight, displaced, met, start, total):
    """Average a perception by audience over those who have met an actor, 0 where nobody has; total: how many."""
    groups = start.size - 1
    sums, hosted = np.zeros(groups + 2), 0.0
    for g in range(groups):
        here = 0.0
        for i in range(start[g], start[g + 1]):
            here += weight[i] * values[i] if met[i] else 0.0
            hosted += displaced[i] * values[i] if met[i] else 0.0
        sums[g] = here
        sums[groups + 1] += here
    sums[groups] = hosted
    for a in range(groups + 2):
        sums[a] = sums[a] / total[a] if total[a] > 0 else 0.0
    return sums


@njit(cache=True, nogil=True)
def first_contact(values, weight, displaced, met, first, start):
    """Return by how much means change as more communities meet an actor, (perceptions, audiences), and people then."""
    later, change = met | first, np.empty((values.shape[0], start.size + 1))
    before, after = people(weight, displaced, met, start), people(weight, displaced, later, start)
    for q in range(values.shape[0]):
        change[q] = _average(values[q], weight, displaced, later, start, after)
        change[q] -= _average(values[q], weight, displaced, met, start, before)
    return change, after


@njit(cache=True, nogil=True)
def people_each(weight, displaced, met, start):
    """Count people by audience among those who have met each actor; (actors, audiences)."""
    total = np.empty((met.shape[0], start.size + 1))
    for actor in range(met.shape[0]):
        total[actor] = people(weight, displaced, met[actor], start)
    return total


@njit(cache=True, nogil=True)
def recomposed_each(values, met, before, after, judged):
    """Return by how much means among the displaced change as they do; (actors, 3), zero where nobody is displaced.

    Only the first `judged` actors have all three perceptions.
    """
    rows = np.flatnonzero((before > 0) | (after > 0))
    change = np.zeros((values.shape[1], values.shape[0]))
    for actor in range(values.shape[1]):
        for q in range(values.shape[0] if actor < judged else 1):
            change[actor, q] = _recomposed(rows, values[q, actor], met[actor], before, after)
    return change


@njit(cache=True, nogil=True)
def _recomposed(rows, values, met, before, after):
    """Return by how much a mean among the displaced in some communities changes as they change."""
    old, new, olds, news = 0.0, 0.0, 0.0, 0.0
    for i in rows:
        if met[i]:
            olds += before[i]
            news += after[i]
            old += before[i] * values[i]
            new += after[i] * values[i]
    return (new / news if news > 0 else 0.0) - (old / olds if olds > 0 else 0.0)
