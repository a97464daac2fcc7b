"""What a coder would have written down, of what happened: fewer events, some in the wrong place."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, QUIET, UN, Model, before, played, small, tables

from sim.actors.acts import CRIME
from sim.rules import observation

DEADLY = {"parameters.attacks.base": 0.1}
SURE = DEADLY | {"parameters.record.coded": 1.0}
NEVER_OFF = {"parameters.record.misplaced": 0.0}
RIGHTS = UN | HERE | {"oversight": 1.0, "mandate": {"tasks": ["human_rights_monitoring"]}}


def week(setup, number: int = 6) -> Model:
    """Return a model that stands before the last rule of a week."""
    return before("record", setup, number)


def test_a_sure_coder_in_the_right_place_sees_what_is_so():
    found = tables(small(SURE | NEVER_OFF))
    events, row = found["events"], found["summary"].iloc[0]
    deadly = (events.deaths > 0) & (events.perpetrator != "criminals")
    assert (events.observed == deadly).all() and (events.recorded_cell == events.cell).all()
    assert row.civilians_killed_observed == row.civilians_killed > 0
    assert row.events_observed == deadly.sum()


def test_what_is_observed_is_told_apart_from_what_is_so():
    found = tables(small(DEADLY), seed=1)
    events, row = found["events"], found["summary"].iloc[0]
    harm = events[events.kind.isin(["attack_on_civilians", "state_abuse"])]
    assert 0 < row.civilians_killed_observed == harm.civilians[harm.observed].sum() < row.civilians_killed
    assert (
        row["civilians_killed_observed:rebels"] == harm.civilians[harm.observed & (harm.perpetrator == "rebels")].sum()
    )


def test_more_is_recorded_where_somebody_watches_over_rights():
    m = week(small(DEADLY, missions={"UN": RIGHTS}))
    cells, acts = m.all_cells, np.arange(m.acts.size)
    assert 0 < observation.watched(m, cells).max() <= 1 and observation.watched(m, cells).min() == 0
    watched = observation.chance(m, acts)
    m.missions.voice[:] = 0.0
    assert (watched > observation.chance(m, acts)).any()
    assert (observation.watched(m, cells) == 0).all()


def test_rights_staff_are_seen_by_the_coder_in_a_placebo_run_too():
    """Else the record of a placebo would be less biased than the run that it is held against."""
    m = week(small(DEADLY | {"placebo": True}, missions={"UN": RIGHTS}))
    assert observation.watched(m, m.all_cells).max() > 0


def test_crimes_without_a_name_are_not_recorded():
    m = week(small(SURE))
    for doer in (m.actors.index["rebels"], len(m.doers) - 1):
        m.acts.add(1, kind=CRIME, perpetrator=doer, cell=int(m.world.places[0]), deaths=3)
    assert observation.coded(m)[0][-2:].tolist() == [True, False]


def test_some_events_are_put_near_and_not_where_they_were():
    found = tables(small(DEADLY | {"parameters.record.misplaced": 0.5}), seed=2)["events"]
    off = found.recorded_cell != found.cell
    assert 0.15 < off.mean() < 0.5  # of the half that are off, some fall back into their cell or into the sea
    apart = np.hypot(found.recorded_x - found.x, found.recorded_y - found.y)
    assert (apart[~off] == 0).all() and 25 <= apart[off].median() <= 60


@pytest.mark.parametrize("km", [14.0, 25.0])
def test_how_far_off_is_a_matter_of_km_and_not_of_cells(km):
    off = {"parameters.record.misplaced": 1.0, "parameters.record.misplaced_km": 30}
    found = tables(small(DEADLY | off | {"world.side_km": km, "world.grid": [20, 20]}), seed=2)["events"]
    apart = np.hypot(found.recorded_x - found.x, found.recorded_y - found.y)
    assert 15 < apart.median() < 50


def test_the_same_run_is_recorded_the_same_however_the_truth_goes_on():
    """Luck of the record moves nothing else: a better coder changes no event."""
    poor, good = (tables(small(c))["events"] for c in (DEADLY, SURE))
    truth = [c for c in poor if c not in ("scenario", "observed")]
    assert poor[truth].equals(good[truth]) and good.observed.sum() > poor.observed.sum()


def test_nothing_happened_and_nothing_is_recorded():
    row = played(small(QUIET), 5).tables()["summary"].iloc[0]
    assert row.events_observed == row.civilians_killed_observed == 0
