"""The rule `arrival`: strength ramps up from the week of arrival."""

from __future__ import annotations

from helpers import IDLE, UN, column, played, small, tables


def test_units_stand_in_the_country_from_the_week_of_arrival_and_grow_to_full_strength():
    units = tables(small({"weeks": 14}, missions={"UN": UN | {"arrives": 3, "ramp": 10}}))["units"]
    people = units.groupby("week").people.sum()
    authorised = sum(UN[part] for part in ("troops", "police", "civilians", "observers"))
    assert people.index.min() == 3 and 0 < people[3] < authorised
    assert people.is_monotonic_increasing and people[13] == authorised


def test_a_mission_without_a_task_has_staff_and_nobody_in_the_field():
    m = played(small(missions={"IDLE": IDLE | {"arrives": 0, "ramp": 1}}), 2)
    assert column(m, "missions.deployed").sum() == 2000 and (column(m, "units.cell") == -1).all()


def test_a_strength_that_falls_takes_units_out_of_the_field():
    units = tables(small({"weeks": 9}, missions={"UN": UN | {"ramp": 1, "troops": [[0, 2000], [6, 500]]}}))["units"]
    troops = units[units.kind.isin(["base", "mobile"])].groupby("week").people.sum()
    assert troops[5] == 2000 and troops[6] == 500


def test_bands_first_believe_what_the_mandate_says():
    """A mandate to protect is believed, one merely to be there is not [B-M12]."""
    belief = [column(played(small(missions={"M": UN | {"mandate": mandate}}), UN["arrives"] + 1), "bands.belief").mean()
              for mandate in ("poc", "presence")]  # fmt: skip
    assert belief[0] > 0.2 and belief[1] < 0.05
