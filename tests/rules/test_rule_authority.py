"""The rule `authority`: a mission does only what its mandate names, from the week in which it begins."""

from __future__ import annotations

from helpers import AU, HERE, UN, after, column, small

from sim.actors.staff import TASK

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


def delivery(mandate: dict, **dials) -> dict[str, float]:
    """Return the share of the working time that each task of a mandate calls for which it gets."""
    m = after("authority", small(missions={"M": UN | {"mandate": mandate} | dials}), 0)
    return {task: float(m.missions.delivery[TASK[task], 0]) for task in mandate["tasks"]}


FEW = {"presence": 1.0, "protect_civilians": 0.9}
MANY = FEW | {"offensive_operations": 0.8, "border_control": 0.6, "protect_sites": 0.5, "humanitarian_access": 0.4}


def test_breadth_over_means_lowers_the_delivery_of_every_task():
    """E17: fragmented mandates are implemented less."""
    few, many = delivery({"tasks": FEW}), delivery({"tasks": MANY})
    assert all(share == 1 for share in few.values())
    assert all(many[task] < 1 for task in MANY)


def test_prioritised_cuts_spare_what_matters_most_and_drop_the_rest():
    alike, in_order = delivery({"tasks": MANY}), delivery({"tasks": MANY}, cuts="prioritised")
    assert in_order["protect_civilians"] == in_order["presence"] == 1 > alike["presence"]
    assert in_order["humanitarian_access"] < alike["humanitarian_access"]


def test_work_of_civilians_takes_soldiers_longer():
    """B-M19: the military without civilians drifts."""
    task = {"tasks": {"community_engagement": 1.0, "good_offices": 1.0, "rule_of_law": 1.0}}
    assert delivery(task)["good_offices"] == 1 > delivery(task, civilians=0, police=0, observers=0)["good_offices"]


def test_without_patrols_a_mission_reaches_less_far():
    patrols = column_of("patrols", mandate={"tasks": ["presence"]})[0]
    posts = column_of("patrols", mandate={"tasks": ["protect_civilians"]})[0]
    assert posts < patrols == 1


def supplied(split: float, tempo: float) -> float:
    """Return what a fighting force gets of the support of an office that does nothing else."""
    office = UN | HERE | {"mandate": {"tasks": {"logistics_support": 1.0}}}
    link = {"between": ["UN", "AU"], "form": "support_package", "support_level": 1.0, "split_supply": split}
    force = {"UN": office, "AU": AU | HERE | {"tempo": tempo}}
    m = after("authority", small({"partnerships.l": link}, missions=force), 5)
    return float(m.missions.supply[m.actors.index["AU"]])


def test_supply_under_another_institution_comes_late_to_those_who_fight():
    """B-M78, B-M79: the later the faster they fight; a force that does not is served in full."""
    assert supplied(0.0, 4.0) == supplied(0.0, 0.0) == supplied(1.0, 0.0) == 1
    assert supplied(1.0, 4.0) < supplied(1.0, 1.0) < 1 and supplied(1.0, 4.0) < supplied(0.5, 4.0)
