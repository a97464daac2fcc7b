"""What missions do, where they stand against where the threat is, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from sim.metrics.counts import REPORTED, add_up, answers
from sim.metrics.metric import metric, shared

if TYPE_CHECKING:
    from sim.model import Model


@shared
def reached(m: Model) -> tuple[np.ndarray, float, np.ndarray]:
    """Return the threat that each mission has in reach, and cells; all threat; threat and people by who is in reach.

    By mission: (2, missions); by how many missions are in reach, of none, one, two ...: (2, missions + 1).
    """
    return _reached(m.reach, len(m.actors.missions), m.cells.threat, m.people_in)


@njit(cache=True, nogil=True)
def _reached(reach, missions, threat, people):
    """Add up threat and cells by mission in reach, threat and people by how many missions are in reach."""
    by_mission, by_number, whole = np.zeros((2, missions)), np.zeros((2, missions + 1)), 0.0
    for cell in range(threat.size):
        number = 0
        for k in range(missions):
            if reach[0, k, cell] + reach[1, k, cell] > 0:
                by_mission[0, k] += threat[cell]
                by_mission[1, k] += 1
                number += 1
        by_number[0, number] += threat[cell]
        by_number[1, number] += people[cell]
        whole += threat[cell]
    return by_mission, whole, by_number


@metric(by="mission", unit="reports", better="higher", over_run="sum", source="B-M24")
def reports(m: Model) -> np.ndarray:
    """Reports that reach the mission from communities: on bands, and alerts of attacks."""
    return m.missions.heard_of + answers(m)[0][REPORTED]


@metric(by="mission", unit="share", better="higher", over_run="mean", source="B-M23")
def informed(m: Model) -> np.ndarray:
    """Share of the attacks of about the last quarter that the mission knew of."""
    return m.missions.informed.copy()


@metric(by="mission", unit="share", better="higher", over_run="ratio", source="S24")
def coverage(m: Model) -> tuple[np.ndarray, float]:
    """Threat in cells with a unit of the mission in reach, of all threat (deaths expected if no mission were near)."""
    by_mission, whole, _ = reached(m)
    return by_mission[0], whole


@metric(unit="share", better="higher", over_run="ratio", source="S24")
def coverage_all(m: Model) -> tuple[float, float]:
    """Threat in cells with a unit of any mission in reach, of all threat."""
    left, whole = gaps(m)
    return whole - left, whole


@metric(unit="share", better="lower", over_run="ratio", source="B-M70")
def gaps(m: Model) -> tuple[float, float]:
    """Threat in cells that no mission reaches, of all threat."""
    _, whole, by_number = reached(m)
    return float(by_number[0, 0]), whole


@metric(unit="share", better="neither", over_run="ratio", source="B-M70, B-M90")
def overlap(m: Model) -> tuple[float, float]:
    """People in reach of two missions or more, of those in reach of one or more."""
    people = reached(m)[2][1].tolist()
    return sum(people[2:]), sum(people[1:])


@metric(by="mission", unit="share", better="lower", over_run="mean", source="B-M8, B-M19")
def risk_presence_mismatch(m: Model) -> np.ndarray:
    """Half the sum of differences between each cell's share of threat and of the mission's people: 0 fits, 1 misses."""
    return misfits(m)[0]


@shared
def misfits(m: Model) -> np.ndarray:
    """Return half the sum of differences between cells' shares of threat and those of each mission's people, and map.

    Shape (2, missions); missing where a mission has nobody, or no map.
    """
    u = m.units
    return _misfits(m.cells.threat, u.mission, u.cell, u.people, m.missions.picture.T)


@njit(cache=True, nogil=True)
def _misfits(threat, mission, cell, people, maps):
    """Compare shares by cell; maps: (missions, cells)."""
    standing, number = np.zeros(maps.shape), np.zeros(maps.shape[0])
    for u in range(cell.size):
        if cell[u] >= 0:
            standing[mission[u], cell[u]] += people[u]
            number[mission[u]] += people[u]
    out, most = np.full((2, maps.shape[0]), np.nan), threat.sum()
    if most > 0:
        danger = threat / most
        for k in range(maps.shape[0]):
            out[0, k], out[1, k] = _misfit(danger, standing[k], number[k]), _misfit(danger, maps[k], maps[k].sum())
    return out


@njit(cache=True, nogil=True)
def _misfit(danger, layer, total):
    """Compare shares of danger with those of a layer; missing where that is empty."""
    apart = 0.0
    if not total > 0:
        return np.nan
    for cell in range(danger.size):
        apart += abs(danger[cell] - layer[cell] / total)
    return 0.5 * apart


@metric(by="mission", unit="share", better="lower", over_run="mean", source="B-M23")
def picture_error(m: Model) -> np.ndarray:
    """Half the sum of differences between each cell's share of threat and of the mission's map: 0 fits, 1 misses."""
    return misfits(m)[1]


@metric(by="mission", unit="events", better="neither", over_run="sum", source="B-M81")
def operations(m: Model) -> np.ndarray:
    """Operations that the mission carried out."""
    return m.missions.operations.copy()


@metric(by="mission", unit="share", better="higher", over_run="ratio", source="B-M13")
def hit_rate(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """Operations that met a band, of all operations."""
    return m.missions.hits.copy(), m.missions.operations.copy()


@metric(by="mission", unit="share", better="neither", over_run="mean", source="B-M3, B-M12")
def belief(m: Model) -> np.ndarray:
    """The chance that an attack in the mission's reach is met, as bands see it, on average."""
    return _means(m.bands.belief)


@njit(cache=True, nogil=True)
def _means(rows):
    """Average each row; missing where it is empty."""
    out = np.full(rows.shape[0], np.nan)
    for k in range(out.size if rows.shape[1] > 0 else 0):
        out[k] = add_up(rows[k]) / rows.shape[1]
    return out


@metric(by="mission", unit="people", better="neither", over_run="mean", source="S32")
def strength(m: Model) -> np.ndarray:
    """People deployed by the mission, all components."""
    return strengths(m)[0]


@shared
def strengths(m: Model) -> np.ndarray:
    """Return each mission's people deployed and authorised, and what it costs this week as far as it is paid for.

    Shape (3, missions).
    """
    t, p = m.missions, m.p.cost
    return _strengths(t.deployed, t.authorised, t.paid, p.uniformed, p.civilian)


@njit(cache=True, nogil=True)
def _strengths(deployed, authorised, paid, uniformed, civilian):
    """Add up people by mission, and what they cost in a week; deployed, authorised: (components, missions)."""
    out = np.zeros((3, paid.size))
    for k in range(paid.size):
        out[0, k], out[1, k] = deployed[:, k].sum(), authorised[:, k].sum()
        d = deployed[:, k]
        out[2, k] = ((d[0] + d[1] + d[3]) * uniformed + d[2] * civilian) / 52 * paid[k]
    return out


@metric(by="mission", unit="share", better="higher", over_run="ratio", source="S32, F-M118")
def strength_share(m: Model) -> tuple[np.ndarray, np.ndarray]:
    """People deployed of people authorised."""
    return strengths(m)[0], strengths(m)[1]


@metric(by="mission", unit="US$ million", better="lower", over_run="sum", source="B-M117")
def cost(m: Model) -> np.ndarray:
    """What the mission costs, as far as it is paid for."""
    return strengths(m)[2]


@metric(by="mission", unit="share", better="higher", over_run="mean", source="B-M108, B-H77")
def paid_share(m: Model) -> np.ndarray:
    """Share of what the mission needs at its present strength that is paid for."""
    return m.missions.paid.copy()


@metric(unit="US$ million", better="lower", over_run="sum", source="B-M117")
def cost_all(m: Model) -> float:
    """What all missions cost together."""
    return sum(strengths(m)[2].tolist(), 0.0)


@metric(unit="people", better="neither", over_run="mean", source="S32")
def strength_all(m: Model) -> float:
    """People deployed by all missions together."""
    return sum(strengths(m)[0].tolist(), 0.0)


@metric(by="mission", unit="weeks", better="lower", over_run="wait", source="B-M75")
def weeks_to_first_presence(m: Model) -> np.ndarray:
    """Weeks from the mission's mandate to its first unit in the field."""
    return reached(m)[0][1] > 0
