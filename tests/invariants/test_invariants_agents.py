"""Everybody is a Mesa agent: a handle on a row, which reads and writes its own state by name."""

from __future__ import annotations

import gc
import weakref

import mesa
import numpy as np
import pytest
from helpers import LINK, SIX, Model, played, small

KINDS = {
    "Community": "communities", "ArmedGroup": "groups", "Band": "bands", "HostGovernment": "hosts",
    "StateForce": "forces", "Mission": "missions", "MissionUnit": "units",
}  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    """Return six missions at work."""
    return played(small({"partnerships.UN-AU": LINK}, missions=SIX), 8)


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_of_each_kind_is_an_agent(model, kind):
    rows = getattr(model, KINDS[kind]).rows
    mine = [a for a in model.agents if type(a).__name__ == kind]
    assert rows > 0 and sorted(a.row for a in mine) == list(range(rows))
    assert all(isinstance(a, mesa.Agent) for a in mine)


def of(model: Model, kind: str, row: int = 0):
    """Return one agent."""
    return next(a for a in model.agents if type(a).__name__ == kind and a.row == row)


def test_mesa_s_own_ways_of_asking_work(model):
    (bands,) = [found for kind, found in model.agents_by_type.items() if kind.__name__ == "Band"]
    assert bands.agg("fighters", sum) == model.bands.fighters.sum()
    strong = model.agents.select(lambda a: type(a).__name__ == "Band" and a.fighters > 40)
    assert len(strong) == (model.bands.fighters > 40).sum()


def test_a_community_speaks_of_actors_by_name(model):
    community = of(model, "Community", 3)
    un = model.actors.index["UN"]
    assert community.legitimacy["UN"] == model.communities.perceptions[0, un, 3]
    assert community.residents == model.communities.residents[3]
    assert "UN" in repr(community.impartiality)


def test_an_agent_writes_its_own_row_and_no_other(model):
    mission, before = of(model, "Mission", 2), model.missions.care.copy()
    mission.care = 0.123
    assert model.missions.care[2] == 0.123 and np.array_equal(np.delete(model.missions.care, 2), np.delete(before, 2))
    mission.care = before[2]


def test_an_agent_stands_on_the_grid(model):
    band = of(model, "Band")
    row, col = band.place
    assert model.world.cell_at[row, col] == band.cell
    assert of(model, "MissionUnit", int(np.flatnonzero(model.units.cell < 0)[0])).place is None


def test_an_unknown_column_is_an_error_that_says_what_there_is(model):
    with pytest.raises(AttributeError, match="fighters"):
        _ = of(model, "Band").soldiers


def test_a_model_that_is_done_with_is_freed_at_once():
    """Mesa keeps models alive, in a class variable or by methods bound to them; `dispose` lets go."""
    m = played(small(missions=SIX), 1)
    kept = weakref.ref(m)
    gc.disable()
    try:
        m.dispose()
        del m
        assert kept() is None
    finally:
        gc.enable()
