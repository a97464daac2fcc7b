"""A mission of two masters gets to where violence has moved later, answers less, and spends time on asking.

Evidence: B-M78 (split command costs unity), F-M135 (caveats), S-F3 and berlin-2025 3.4 (a hybrid mission is owned by
two; the sources claim nothing of its effects, so that sizes here are assumptions). The two arms differ in who has to
agree, and in nothing else.
"""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, QUIET, UN, column, played, small

from sim.actors.presence import ARMED
from sim.actors.roster import ARMED as BY_ARMED
from sim.actors.staff import TASK
from sim.actors.table import Table
from sim.model import Model
from sim.rules.response import chance_answered

BRAVE = {"mandate": "poc", "risk_tolerance": 0.8, "mobile_share": 1.0, "civilians": 60}
MISSIONS = {"UN": UN | HERE | BRAVE, "AU": AU | HERE | BRAVE | {"profile": "un_multidimensional"}}
WEEKS = 40


def arm(chains: int, changes: dict | None = None, **link) -> dict:
    """Return the changes that link the two under one or two chains of command, all else alike."""
    spec = {"between": ["UN", "AU"], "form": "hybrid", "chains": chains, "shared_posts": 0.0} | link
    return {"partnerships.l": spec, "weeks": WEEKS} | dict(changes or {})


def units_there(chains: int, seed: int) -> np.ndarray:
    """Return week by week how many people stand in an area to which all violence has moved in week 10."""
    first = played(small(arm(chains), missions=MISSIONS), 0, seed)
    names, people = first.world.area_names, np.bincount(first.world.area, first.world.people)
    target = int(np.argsort(people)[len(people) // 2])
    raids = {f"r{w}": {"week": w, "event": "massacre", "by": "rebels", "deaths": 5, "area": names[target]}
             for w in range(10, 30)}  # fmt: skip
    m = Model(small(arm(chains, QUIET), missions=MISSIONS, timeline=raids), seed, keep={"weeks"})
    there = np.zeros(WEEKS)
    for week in range(WEEKS):
        m.step()
        inside = (m.units.cell >= 0) & (m.world.area[m.units.cell] == target)
        there[week] = m.units.people[inside].sum()
    return there


def test_they_come_later_to_where_violence_has_moved():
    one, two = (np.mean([units_there(chains, seed) for seed in range(3)], axis=0) for chains in (1, 2))
    after = slice(12, 40)
    assert two[after].mean() < 0.95 * one[after].mean()


def answers(chains: int, **dials) -> float:
    """Return the chance that an attack by armed men in reach of a mission is answered, as a mean over places."""
    missions = {"UN": MISSIONS["UN"] | dials, "AU": MISSIONS["AU"]}
    m = played(small(arm(chains), missions=missions), 12)
    near = m.world.places[m.near[ARMED][:, m.world.places].sum(axis=0) > 0]
    return float(chance_answered(m, near, BY_ARMED).mean())


def test_they_answer_less_of_what_they_know_and_least_if_one_is_careful():
    one, two, careful = answers(1), answers(2), answers(2, risk_tolerance=0.1)
    assert careful < two < 0.9 * one
    assert answers(1, risk_tolerance=0.1) > 2 * careful  # under one command the bolder partner is not held back


def missions_after(chains: int, **link) -> Table:
    """Return the missions after a few weeks."""
    return played(small(arm(chains, **link), missions=MISSIONS), 6).missions


def test_asking_takes_time_from_the_work_of_civilians_and_a_lead_saves_part_of_it():
    task = TASK["community_engagement"]
    work = [float(missions_after(c, **lead).delivery[task, 1]) for c, lead in ((1, {}), (2, {"lead": "UN"}), (2, {}))]
    assert work[0] > work[1] > work[2]
    unity = [float(missions_after(c, **lead).unity[1]) for c, lead in ((1, {}), (2, {"lead": "UN"}), (2, {}))]
    assert unity[0] == 1 > unity[1] > unity[2]


def test_a_place_is_open_only_as_far_as_both_are_let_in():
    consent = {"hosts.host.consent": {"UN": 0.2, "AU": 0.9}}
    one, two = (played(small(arm(c, consent), missions=MISSIONS), 6) for c in (1, 2))
    un, au = one.actors.index["UN"], one.actors.index["AU"]
    assert column(one, "open_to")[au].mean() > 1.5 * column(one, "open_to")[un].mean()
    assert column(two, "open_to")[au] == pytest.approx(column(two, "open_to")[un], rel=1e-9)
