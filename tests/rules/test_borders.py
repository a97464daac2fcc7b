"""What a border does to missions, armies, bands and people: who stays on which side, and who may cross."""

from __future__ import annotations

import numpy as np
import pytest
from borders import BRIGADE, ONE_SIDE, PURSUIT, TOLERATED, land, two_hosts
from helpers import UN, after, before, played

from sim.actors.acts import ABUSE, BATTLE, MISSION_HARM
from sim.actors.presence import READY
from sim.actors.roster import HOST
from sim.errors import SimError
from sim.model import Model
from sim.rules.authority import authority
from sim.rules.hazards import battle_rates, group_restraint
from sim.rules.information import chance_of_report
from sim.rules.movement import band_moves, stopped_at_borders
from sim.rules.offensives import offensives
from sim.rules.recruitment import from_backers
from sim.rules.response import chance_to_act


def belt(m: Model) -> np.ndarray:
    """Return the neighbour's cells within the length of a pursuit from the host's land."""
    return land(m, "neighbour") & (m.space.from_land(land(m, "host")) <= m.p.borders.pursuit_km)


# ---------------------------------------------------------------- missions


def test_a_mission_of_one_side_stands_sees_and_is_told_on_that_side_only():
    m = played(two_hosts(UN=BRIGADE | ONE_SIDE), 20)
    over = land(m, "neighbour")
    assert (m.units.cell >= 0).any() and not over[m.units.cell[m.units.cell >= 0]].any()
    assert not m.near[:, 0, over].any() and m.near[READY, 0, ~over].any()
    assert not chance_of_report(m, 0, over.nonzero()[0]).any()
    assert not m.communities.met[0, over[m.communities.cell]].any()
    assert not m.missions.picture[over, 0].any()


def test_its_answers_and_operations_end_at_the_border():
    m = Model(two_hosts(UN=BRIGADE | ONE_SIDE), 0)
    for _ in range(30):
        m.step()
        mine = np.isin(m.acts.kind, (BATTLE, MISSION_HARM)) & (m.acts.perpetrator == 0)
        over = land(m, "neighbour")[m.acts.cell]
        assert not (over & (mine | m.acts.answered[0])).any()
    cells = land(m, "neighbour").nonzero()[0]
    assert not chance_to_act(m, 0, cells, HOST, np.ones(cells.size)).any()


def test_what_it_is_told_by_a_partner_of_the_other_side_is_no_target():
    m = before("offensives", two_hosts(UN=BRIGADE | ONE_SIDE | {"tempo": 10.0}), 6)
    over = land(m, "neighbour")
    m.missions.picture[:, 0] = np.where(over, 50.0, 0.0)
    offensives(m)
    assert m.missions.operations[0] == 0
    m.missions.picture[:, 0] = 50.0
    offensives(m)
    assert m.missions.operations[0] > 0


def test_with_a_right_of_pursuit_it_reaches_a_belt_beyond_the_border_and_posts_nobody_there():
    m = played(two_hosts(UN=BRIGADE | PURSUIT), 20)
    over, near = land(m, "neighbour"), belt(m)
    assert not over[m.units.cell[m.units.cell >= 0]].any()
    assert m.near[READY, 0, near].any() and not m.near[:, 0, over & ~near].any()
    assert (m.open_to[0, near] > 0).all() and not m.open_to[0, over & ~near].any()


def test_consent_decides_where_the_mandate_does_not():
    m = after("authority", two_hosts({"hosts.neighbour.consent": {"UN": 0.0}}, UN=UN), 3)
    assert m.hosts.admits[0].tolist() == [True, False]
    assert np.array_equal(m.missions.posts[:, 0], land(m, "host"))
    both = after("authority", two_hosts(UN=UN), 3)
    assert both.missions.posts.all() and (both.open_to > 0).all()


def test_a_host_that_is_not_asked_has_no_consent_to_give():
    setup = two_hosts(UN=UN | ONE_SIDE)
    assert setup.hosts["neighbour"].consent_to("UN") == 0 < setup.hosts["host"].consent_to("UN")
    assert two_hosts(UN=UN | PURSUIT).hosts["neighbour"].consent_to("UN") > 0


def test_units_leave_land_that_is_closed_to_them():
    out = {"timeline.out": {"week": 10, "event": "expulsion", "mission": "UN", "host": "neighbour"}}
    m = played(two_hosts(out, UN=BRIGADE), 10)
    assert land(m, "neighbour")[m.units.cell[m.units.cell >= 0]].any()
    fielded = np.count_nonzero(m.units.cell >= 0)
    m.step()
    assert not land(m, "neighbour")[m.units.cell[m.units.cell >= 0]].any()
    assert np.count_nonzero(m.units.cell >= 0) == fielded and m.at_work == [0]


def test_a_mission_restrains_groups_only_where_it_may_be_by_the_people_there():
    m = before("attacks", two_hosts(UN=UN | ONE_SIDE | {"arrives": 0, "ramp": 1}), 12)
    m.bands.cell[::2], m.bands.cell[1::2] = land(m, "host").argmax(), land(m, "neighbour").argmax()
    factor = group_restraint(m)
    assert (factor[::2] < 1).all() and (factor[1::2] == 1).all()


# ---------------------------------------------------------------- armies


def army_reaches(changes: dict) -> tuple[Model, np.ndarray]:
    """Return a model after some weeks, and where the host's army is ready."""
    m = played(two_hosts({"parameters.state_moves.leave": 0.5, "hosts.host.forces": 40} | changes), 12)
    return m, m.near[READY, m.actors.first_host] > 0


def test_an_army_stays_on_its_land_unless_it_may_pursue():
    m, at_home = army_reaches({})
    assert not at_home[land(m, "neighbour")].any()
    m, beyond = army_reaches({"hosts.host.pursuit": ["neighbour"]})
    assert beyond[belt(m)].any() and not beyond[land(m, "neighbour") & ~belt(m)].any()


def test_bands_fight_the_army_of_the_land_or_one_that_pursues_there():
    def fought(changes):
        m, seen = Model(two_hosts({"parameters.battles.base": 0.2, "hosts.host.forces": 40} | changes), 0), set()
        for _ in range(20):
            m.step()
            found = (m.acts.kind == BATTLE).nonzero()[0]
            over = land(m, "neighbour")[m.acts.cell[found]]
            seen |= set(zip(over.tolist(), (m.acts.opponent[found] - m.actors.first_host).tolist(), strict=True))
        return seen

    assert fought({}) == {(False, 0), (True, 1)}
    assert fought({"hosts.host.pursuit": ["neighbour"]}) == {(False, 0), (True, 1), (True, 0)}


def test_an_army_that_pursues_harms_people_there():
    def harmed(changes):
        dials = {"hosts.host.abusiveness": 1.0, "hosts.host.forces": 200, "parameters.state_abuse.anywhere": 0.0}
        m, n = Model(two_hosts(dials | changes), 0), 0
        for _ in range(20):
            m.step()
            by_host = (m.acts.kind == ABUSE) & (m.acts.perpetrator == m.actors.first_host)
            n += np.count_nonzero(by_host & land(m, "neighbour")[m.acts.cell])
        return n

    assert harmed({}) == 0 < harmed({"hosts.host.pursuit": ["neighbour"]})


def test_a_tolerant_host_fights_a_group_less_on_its_land():
    def rates(changes):
        m = before("battles", two_hosts({"spin_up": 0} | changes), 0)
        m.bands.cell[::2], m.bands.cell[1::2] = m.world.capital
        found = battle_rates(m)
        return found[::2].sum(), found[1::2].sum()

    (home, over), (home_again, over_tolerated) = rates({}), rates(TOLERATED)
    assert home == home_again and over > 0 == over_tolerated


def test_a_host_that_backs_a_group_feeds_bands_on_its_land():
    m = played(two_hosts({"hosts.neighbour.backs": {"rebels": 0.5}}), 2)
    m.bands.cell[::2], m.bands.cell[1::2] = m.world.capital
    chance = from_backers(m)[m.band_spans[0]]
    assert (chance[::2] == 0).all() and (chance[1::2] == 0.5 * m.p.recruitment.backing).all()
    strong = played(
        two_hosts({"hosts.neighbour.backs": {"rebels": 1.0}} | {"armed_groups.rebels.host": "neighbour"}), 40
    )
    alone = played(two_hosts({"armed_groups.rebels.host": "neighbour"}), 40)
    assert strong.groups.abroad[0] > alone.groups.abroad[0]


# ---------------------------------------------------------------- bands and people


def test_a_watched_border_stops_bands():
    watch = {"tasks": ["border_control"], "use_of_force": "protection"}
    m = before("band_moves", two_hosts(UN=BRIGADE | {"mandate": watch, "troops": 20000}), 10)
    everybody, over = np.arange(m.bands.rows), int(m.world.capital[1])
    m.bands.cell[:] = m.world.capital[0]
    m.near[READY, 0] = 1e6
    to = np.full(m.bands.rows, over)
    assert not (stopped_at_borders(m, everybody, to) == over).any()
    m.near[READY, 0] = 0.0
    assert (stopped_at_borders(m, everybody, to) == over).all()
    within = np.full(m.bands.rows, int(m.world.towns[m.world.host[m.world.towns] == 0][-1]))
    m.near[READY, 0] = 1e6
    assert (stopped_at_borders(m, everybody, within) == within).all()


def test_hard_pressed_bands_prefer_the_land_of_a_tolerant_host():
    def over(changes, scattered):
        n = 0
        for seed in range(8):
            m = before("band_moves", two_hosts(changes | {"parameters.moves.refuge": 6.0}), 6, seed)
            border = land(m, "host") & (m.space.from_land(land(m, "neighbour")) <= m.world.side_km)
            m.bands.cell[:], m.bands.scattered[:] = border.argmax(), scattered
            band_moves(m)
            n += np.count_nonzero(land(m, "neighbour")[m.bands.cell])
        return n

    assert over(TOLERATED, True) > 2 * over({}, True) > 0
    assert over(TOLERATED, False) == over({}, False), "who is not pressed does not seek it"


def test_flight_over_an_inner_border_is_to_the_neighbour_s_places_not_abroad():
    """A place in the middle of the map but on the border sends nobody out of the map, and some across."""
    m = played(two_hosts(), 0)
    inner = np.argmin(np.where(m.world.border_km < m.world.side_km, -m.world.edge_km, 0.0))
    assert m.world.edge_km[inner] > m.world.border_km[inner]
    assert m.share_abroad[inner] < m.p.flight.abroad * np.exp(-m.world.border_km[inner] / m.p.flight.border_km)
    alone = played(two_hosts().but({"hosts.neighbour": None}), 0)
    assert np.array_equal(alone.world.edge_km, alone.world.border_km)


# ---------------------------------------------------------------- one host, another host


def test_a_mission_works_with_the_hosts_that_let_it_in():
    teach = {"mandate": {"tasks": ["train_host_forces", "rule_of_law"]}, "arrives": 0, "ramp": 1}
    skilled = {"parameters.host_conduct.build": 1.0}

    def gains(**where):
        m = played(two_hosts(skilled, UN=UN | teach | where), 40)
        left = played(two_hosts(skilled), 40)
        return m.hosts.capacity - left.hosts.capacity

    one, both = gains(**ONE_SIDE), gains()
    assert one[0] > 0 and both[0] > 0 and both[1] > 0.5 * both[0]
    assert one[1] < 0.2 * one[0], "but for what calm on one side does for the other"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"missions.UN.hosts": ["nowhere"]}, "missions.UN.hosts: got 'nowhere'; allowed: one of host, neighbour"),
        ({"missions.UN.hosts": []}, 'missions.UN.hosts: got []; allowed: "all" or at least one host'),
        ({"missions.UN.pursuit": ["host"]}, "missions.UN.pursuit: got 'host'; allowed: a host that is not in"),
        ({"hosts.host.pursuit": ["host"]}, "hosts.host.pursuit: got 'host'; allowed: one of neighbour"),
        ({"hosts.host.backs": {"rebel": 1.0}}, "hosts.host.backs: got 'rebel'; allowed: one of rebels"),
        ({"armed_groups.rebels.host": "hosts"}, "armed_groups.rebels.host: got 'hosts'; allowed: one of host"),
    ],
)
def test_borders_that_cannot_be_are_told(change, told):
    with pytest.raises(SimError) as error:
        two_hosts(UN=UN).but(change)
    assert told in str(error.value)


def test_a_host_taken_away_takes_what_names_it():
    setup = two_hosts(UN=UN | PURSUIT).but({"hosts.neighbour": None})
    assert setup.missions["UN"].pursuit == () and setup.missions["UN"].hosts == ("host",)
    with_backer = two_hosts({"hosts.host.backs": {"rebels": 1.0}}).but({"armed_groups.rebels": None})
    assert dict(with_backer.hosts["host"].backs) == {}


def test_authority_is_the_rule_that_draws_the_lines():
    m = before("authority", two_hosts(UN=UN | ONE_SIDE), 2)
    m.missions.posts[:] = True
    authority(m)
    assert np.array_equal(m.missions.posts[:, 0], land(m, "host"))
