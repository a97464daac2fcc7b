"""The rule `offensives`: missions that may attack strike where they think bands are; they hit only if one is there."""

from __future__ import annotations

import numpy as np
from helpers import AU, HERE, LINK, UN, column, played, small, tables, total, village

from sim.actors.presence import ARMED
from sim.rules.offensives import within_reach

STRIKING = AU | HERE | {"tempo": 3.0, "liaison": 1.0}
KEEN = {"parameters.offensives.harm_miss": 1.0, "parameters.offensives.harm_hit": 1.0}


def run(changes=None, seed: int = 0, **dials):
    """Play a village with an enforcement mission in it."""
    return played(village({"weeks": 12} | (changes or {}), missions={"AU": STRIKING | dials}), seed=seed)


def test_struck_bands_lose_fighters():
    m = run({"parameters.recruitment.regrowth": 0})
    battles = m.tables()["events"].query("kind == 'battle'")
    assert set(battles.perpetrator) == {"AU"} and set(battles.target) == {"rebels"}
    assert total(m, "offensives", "fighters", "operations") < -0.1 * m.opening["fighters"].sum()


def test_most_operations_that_meet_a_band_kill_nobody():
    deaths = [run(seed=s).tables()["events"].query("kind == 'battle'").deaths.eq(0).mean() for s in range(8)]
    assert 0.5 < np.mean(deaths) < 0.95


def test_harm_to_civilians_follows_lack_of_care():
    dead = [sum(run(KEEN, s, care=care).tables()["summary"].civilians_killed.item() for s in range(4))
            for care in (1.0, 0.7, 0.0)]  # fmt: skip
    assert dead[0] == 0 < dead[1] < dead[2]


def test_a_miss_harms_more_often_than_a_hit():
    """By the model's numbers: a force that always misses against one that always hits [B-M13]."""
    blind, sharp = run({"armed_groups.rebels.fighters": 0}, care=0.0), run(care=0.0)
    harm = [m.tables()["events"].kind.eq("mission_harm").sum() for m in (blind, sharp)]
    operations = [m.tables()["summary"]["operations:AU"].item() for m in (blind, sharp)]
    assert blind.tables()["summary"]["hit_rate:AU"].item() == 0
    assert harm[0] / operations[0] > 2 * harm[1] / operations[1]


def test_without_targets_there_are_no_operations():
    deaf = {"liaison": 0.0, "sensing": 0.0}
    none = run({"parameters.reports.false_alerts": 0.0}, **deaf)
    assert none.tables()["summary"]["operations:AU"].item() == 0 < run().tables()["summary"]["operations:AU"].item()


def test_bands_where_a_band_was_struck_scatter():
    m = played(small({"weeks": 8}, missions={"AU": STRIKING | {"tempo": 8.0}}), 2)
    seen = False
    while not seen and m.week < 7:
        m.step()
        struck = column(m, "bands.scattered")
        seen = bool(struck.any())
    assert seen and len(set(column(m, "bands.cell")[struck])) < struck.size


def test_struck_ground_is_remembered_as_cleared():
    assert column(run(), "missions.cleared").sum() > 0
    found = tables(village({"weeks": 12}, missions={"AU": STRIKING | {"mandate": "poc"}}))
    assert found["summary"]["operations:AU"].item() == 0


def test_partners_who_post_together_strike_from_each_other_s_bases():
    """F-M104: by how far they know and trust each other; nobody gains a soldier."""
    pair = {"AU": STRIKING, "UN": UN | HERE}
    alone, joint = (
        played(small({"partnerships.l": LINK | {"trust": 1.0, "shared_posts": s}}, missions=pair), 5)
        for s in (0.0, 1.0)
    )
    au, un = joint.actors.index["AU"], joint.actors.index["UN"]
    assert np.array_equal(within_reach(alone, au), alone.near[ARMED, au])
    assert np.allclose(within_reach(joint, au), joint.near[ARMED, au] + 0.6 * joint.near[ARMED, un])
