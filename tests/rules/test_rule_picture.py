"""The rule `picture`: each mission keeps a map of where bands are thought to be."""

from __future__ import annotations

import itertools

from helpers import AU, HERE, LINK, RULES, UN, after, before, column, played, small, village, without

NO_FALSE = {"parameters.reports.false_alerts": 0.0, "parameters.picture.sight": 0.0}
DEAF = AU | HERE | {"liaison": 0.0}


def test_what_people_tell_stands_on_the_map():
    m = after("picture", village(NO_FALSE, missions={"UN": UN | HERE}), 3)
    assert column(m, "missions.picture").sum() > 0


def test_what_nobody_tells_anew_fades_within_weeks():
    m = without(played(village(NO_FALSE, missions={"UN": UN | HERE}), 4), "reports")
    m.items.told[:] = False
    level = [column(m, "missions.picture").sum()]
    for _ in range(6):
        m.step()
        level.append(column(m, "missions.picture").sum())
    assert level[6] < 0.2 * level[0] and all(b < a for a, b in itertools.pairwise(level))


def test_a_deaf_partner_knows_what_the_other_passes_on():
    both = {"UN": UN | HERE, "AU": DEAF}
    link = {"partnerships.l": LINK | {"coordination": 1.0, "trust": 1.0}}
    alone = after("picture", small(NO_FALSE, missions=both), 4)
    linked = after("picture", small(NO_FALSE | link, missions=both), 4)
    au = linked.actors.index["AU"]
    assert column(alone, "missions.picture")[:, au].sum() == 0 < column(linked, "missions.picture")[:, au].sum()


def test_units_see_for_themselves_what_nobody_tells():
    keen = {"parameters.reports.false_alerts": 0.0, "parameters.picture.sight": 1.0}
    assert column(after("picture", village(keen, missions={"AU": DEAF}), 2), "items.seen").any()
    assert not column(after("picture", village(NO_FALSE, missions={"AU": DEAF}), 2), "items.seen").any()


def test_partners_who_analyse_together_clear_each_other_s_maps_where_they_see_nobody():
    both, keen = {"UN": UN | HERE, "AU": DEAF | {"sensing": 0.0}}, {"parameters.picture.sight": 1.0}
    maps = []
    for joint in (False, True):
        link = {"partnerships.l": LINK | {"coordination": 0.0, "trust": 1.0, "joint_analysis": joint}}
        m = before("picture", small(keen | link, missions=both), 4)
        au = m.actors.index["AU"]
        m.missions.picture[:, au] = 1.0
        RULES["picture"](m)
        maps.append(column(m, "missions.picture")[:, au])
    assert (maps[1] <= maps[0]).all() and maps[1].sum() < 0.95 * maps[0].sum()
