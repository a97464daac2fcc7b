"""The rule `authority`: a mission does only what its mandate names, from the week in which it begins."""

from __future__ import annotations

from helpers import AU, UN, after, column, small

ARMED_GROUPS, HOST = 0, 1


def column_of(name: str, week: int = 0, **dials):
    """Return what a mission may do in a week, by column."""
    return column(after("authority", small(missions={"M": UN | dials}), week), f"missions.{name}")


def test_nothing_before_the_mandate_begins():
    later = {"mandated": 5, "arrives": 5}
    assert column_of("cover", 4, **later).max() == 0 and column_of("hears", 4, **later).max() == 0
    assert column_of("cover", 5, **later).max() > 0 and column_of("hears", 5, **later).max() > 0


def test_the_mandate_says_whose_violence_it_covers_and_force_how_far():
    protect = {"tasks": ["protect_civilians"], "covers": ["armed_groups"], "use_of_force": "protection"}
    cover = column_of("cover", mandate=protect)[:, 0]
    timid = column_of("cover", mandate=protect | {"use_of_force": "self_defence"})[:, 0]
    assert cover[ARMED_GROUPS] == 1 and cover[HOST] == 0
    assert 0 < timid[ARMED_GROUPS] < cover[ARMED_GROUPS]
    assert column_of("cover", mandate=protect | {"tasks": ["presence"]}).max() == 0


def test_liaison_works_as_far_as_tasks_put_it_to_work():
    patrols, network = (column_of("hears", mandate={"tasks": t})[0] for t in (["presence"], ["early_warning"]))
    nothing = column_of("hears", mandate={"tasks": []})[0]
    assert nothing == 0 < patrols < network


def test_only_offensive_tasks_let_a_mission_strike():
    tempo = {"tempo": 1.0}
    assert column_of("strikes", mandate="poc", **tempo)[0] == 0
    assert column_of("strikes", mandate={"tasks": {"counter_terrorism": 0.5}}, **tempo)[0] == 0.5


def test_a_mandate_for_one_area_opens_that_area_only():
    m = after("authority", small(missions={"M": AU}), 0)
    area = m.world.area_names[0]
    narrow = AU | {"mandate": {"tasks": ["presence"], "area": [area]}}
    m = after("authority", small(missions={"M": narrow}), 0)
    open_to = column(m, "open_to")[0]
    assert (open_to[m.world.area == 0] > 0).all() and (open_to[m.world.area != 0] == 0).all()
