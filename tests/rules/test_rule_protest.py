"""The rule `protest`: towns in which a mission has lost its legitimacy turn out against it."""

from __future__ import annotations

import numpy as np
from helpers import HERE, IDLE, UN, column, played, small, village

from sim.actors.acts import PROTEST
from sim.actors.roster import COMMUNAL
from sim.model import Model
from sim.rules.protest import stirred

OFTEN = {"parameters.protest.rate": 5.0}
HATED, LIKED = {"parameters.perceptions.prior": 0.1}, {"parameters.perceptions.prior": 0.8}


def crowd(opinion, changes=None, weeks: int = 12) -> Model:
    """Return a small country with the UN all over it, hated or liked, after some weeks."""
    everywhere = UN | HERE | {"unit_size": 100, "mobility": 2.0}
    return played(small(OFTEN | opinion | dict(changes or {}), missions={"UN": everywhere}), weeks)


def count(m: Model) -> int:
    """Return the protests that the run recorded."""
    return int((m.tables()["events"].kind == "protest").sum())


def test_towns_protest_where_legitimacy_is_lost_and_only_there():
    assert count(crowd(HATED)) > 10 and count(crowd(LIKED)) == 0


def test_nobody_protests_against_a_mission_without_a_task():
    m = played(small(OFTEN | HATED, missions={"AAA": IDLE | {"arrives": 0}}), 8)
    assert count(m) == 0


def test_a_protest_names_who_rises_and_against_whom():
    events = crowd(HATED).tables()["events"].query("kind == 'protest'")
    assert set(events.target.astype(str)) == {"UN"}
    assert set(events.perpetrator.astype(str)) <= set(crowd(HATED, weeks=1).world.group_names)


def test_it_stops_patrols_and_leaves_anger():
    m = crowd(HATED)
    assert 0 < m.missions.hampered[0] <= 0.5 and m.hosts.anger[0, 0] > 0
    calm = crowd(LIKED)
    assert calm.missions.hampered[0] == 0 == calm.hosts.anger[0, 0]
    assert m.missions.patrols[0] < calm.missions.patrols[0]


def test_anger_fades():
    m = crowd(LIKED)
    m.hosts.anger[:] = 0.5
    m.step()
    assert 0 < m.hosts.anger[0, 0] < 0.5


def test_protests_stir_the_towns_near_them():
    m = crowd(LIKED)
    towns = m.world.towns
    m.past.clear()
    m.past.add(1, kind=PROTEST, perpetrator=len(m.actors.names), opponent=0, cell=int(towns[0]))
    felt, km = stirred(m, 0), m.space.distance(int(towns[0]), towns)
    assert felt[0] == felt.max() and felt[np.argmax(km)] == felt.min() < felt[0]


def test_some_die_and_are_buried_as_people_of_their_town():
    deadly = {"parameters.protest.deadly": 1.0}
    m, peaceful = crowd(HATED, deadly), crowd(HATED, {"parameters.protest.deadly": 0.0})
    events = m.tables()["events"].query("kind == 'protest'")
    assert set(events.deaths) <= {0, 1, 2} and events.deaths.sum() > 0
    assert column(m, "communities.dead").sum() > column(peaceful, "communities.dead").sum()


def test_protests_are_no_communal_violence():
    """They leave no memory that would breed clashes, in a country without any."""
    m = crowd(HATED, {"parameters.communal.base": 0.0})
    assert count(m) > 0 and not m.cells.memory[COMMUNAL].any()


def test_a_village_has_a_town_square():
    m = played(village(OFTEN | HATED, missions={"UN": UN | HERE}), 8)
    assert count(m) > 0
