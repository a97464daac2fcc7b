"""Agents are Mesa agents: they are found, selected and read the Mesa way, and stand on a grid."""

from __future__ import annotations

import pytest

import sim
from sim.actors.armed_group import Band
from sim.actors.community import Community
from sim.actors.mission import MissionUnit
from sim.model import Model


@pytest.fixture(scope="module")
def model():
    tiny = {"world.grid": [12, 12], "world.places": 50, "missions.UN.arrives": 0, "weeks": 2, "spin_up": 2}
    m = Model(sim.load("un_alone").but(tiny), 1)
    m.step()
    return m


def test_all_seven_kinds_are_there(model):
    kinds = {kind.__name__ for kind in model.agents_by_type}
    assert kinds == {"Community", "ArmedGroup", "Band", "HostGovernment", "StateForce", "Mission", "MissionUnit"}


def test_an_agent_reads_its_row(model):
    band = model.agents_by_type[Band][3]
    assert band.cell == model.bands.cell[3]
    community = model.agents_by_type[Community][0]
    mission = model.actors.missions[0]
    assert community.legitimacy[mission] == model.communities.perceptions[0, 0, 0]


def test_what_the_ledger_keeps_cannot_be_written(model):
    with pytest.raises(ValueError):
        model.agents_by_type[Band][0].fighters = 0


def test_agents_are_selected_and_aggregated_as_in_mesa(model):
    strong = model.agents_by_type[Band].select(lambda band: band.fighters > 0)
    assert strong.agg("fighters", sum) == model.bands.fighters.sum()


def test_the_grid_carries_layers_and_agents_stand_on_it(model):
    grid = model.grid
    assert grid.people.data.sum() == model.people_in.sum()
    unit = next(u for u in model.agents_by_type[MissionUnit] if u.cell >= 0)
    assert grid[unit.place].coordinate == unit.place
    assert grid.land.data[unit.place] == 1
