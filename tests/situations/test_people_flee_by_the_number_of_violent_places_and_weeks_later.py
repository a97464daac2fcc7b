"""People flee by the number of places where there is violence more than by how many die, a month or two later.

Evidence: E42 (geographical scope matters, intensity does not), S36 (arrivals follow deaths by one to two months),
S35 (tens to hundreds flee for each death). Partly built in: that a place counts once a week, and the delay, are the
rule's; that the country's flight therefore follows places and not deaths is what comes out.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from helpers import played, small

WEEKS, SEEDS = 208, 6
RARE = {"parameters.battles.base": 0.002, "parameters.attacks.base": 0.003, "parameters.state_abuse.base": 0.004}


@cache
def months(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return for every four weeks of a run: who fled, cells with violence, and deaths."""
    found = played(small(RARE | {"weeks": WEEKS, "spin_up": 26}), seed=seed).tables()
    book, events = found["ledger"].query("rule == 'flight' and quantity == 'residents'"), found["events"]
    fled = -book.groupby(book.week // 4).change.sum().reindex(range(WEEKS // 4), fill_value=0)
    month = events.groupby(events.week // 4)
    cells, deaths = (v.reindex(fled.index, fill_value=0) for v in (month.cell.nunique(), month.deaths.sum()))
    return fled.to_numpy(float), cells.to_numpy(float), deaths.to_numpy(float)


def ranks(values: np.ndarray) -> np.ndarray:
    """Return the place of each value in their order."""
    return values.argsort().argsort().astype(float)


def follows(seed: int, lag: int) -> float:
    """Return the rank correlation of deaths with those who flee some months later."""
    fled, _, deaths = months(seed)
    return float(np.corrcoef(ranks(deaths[: deaths.size - lag]), ranks(fled[lag:]))[0, 1])


def test_flight_follows_deaths_by_one_or_two_months():
    by_lag = [np.mean([follows(seed, lag) for seed in range(SEEDS)]) for lag in range(5)]
    assert np.argmax(by_lag) in (1, 2) and max(by_lag) > 0.2


def test_flight_follows_the_number_of_places_more_than_deaths():
    weights = []
    for seed in range(SEEDS):
        fled, *causes = (np.convolve(v, np.ones(3), "valid") for v in months(seed))
        standard = [(v - v.mean()) / v.std() for v in (*causes, fled)]
        weights.append(np.linalg.lstsq(np.stack(standard[:2], axis=1), standard[2], rcond=None)[0])
    places, deaths = np.mean(weights, axis=0)
    assert places > 0.3 and places > 2 * abs(deaths)


def test_tens_or_hundreds_flee_for_each_death():
    for seed in range(SEEDS):
        fled, _, deaths = months(seed)
        assert 10 < fled.sum() / deaths.sum() < 1000
