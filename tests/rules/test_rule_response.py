"""The rule `response`: units in reach of an attack act on it, or are seen not to; bands learn which."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from helpers import AU, HERE, UN, column, played, small, tables, total, village

ALWAYS = {"parameters.response.base_chance": 1.0, "parameters.response.strength_people": 20.0}
BOLD = UN | HERE | {"risk_tolerance": 1.0, "force_protection": 0.0}
RAIDS = {f"r{w}": {"week": w, "event": "massacre", "by": "rebels", "deaths": 40} for w in range(2, 10)}


def raids(changes=None, **missions):
    """Return the raids on a village, one a week, and how they were met."""
    setup = village({"weeks": 10} | (changes or {}), missions=missions, timeline=RAIDS)
    return tables(setup)["events"].query("kind == 'attack_on_civilians'")


def answered(changes=None, seeds: int = 6, **dials) -> float:
    """Return the share of raids that a mission answers."""
    setup = village({"weeks": 10} | (changes or {}), missions={"UN": BOLD | dials}, timeline=RAIDS)
    return np.mean([tables(setup, s)["events"].query("potential_deaths == 40").answered_by.ne("").mean()
                    for s in range(seeds)])  # fmt: skip


def test_an_answer_saves_half_of_those_who_would_have_died():
    found = raids(ALWAYS, UN=BOLD)
    met, unmet = found[found.answered_by == "UN"], found[found.answered_by == ""]
    assert len(met) and (met.civilians == 20).all() and (unmet.civilians == 40).all()


def test_most_attacks_go_unanswered():
    """At defaults, by a typical UN mission, whoever stands in reach [E35]."""
    share = answered(seeds=12, risk_tolerance=UN_RISK, force_protection=0.3)
    assert 0.05 < share < 0.5


UN_RISK = 0.8


SHARED = {"parameters.units.thinning": 1.0, "parameters.response.base_chance": 1.0,
          "parameters.response.strength_people": 2000.0}  # fmt: skip


def test_mobile_units_whose_hours_are_shared_out_answer_where_they_are_told_to_come():
    """The same people on patrol: less often there by chance, and all of them there when somebody tells them."""
    roving = {"mobile_share": 1.0, "mobility": 1.5}
    deaf, told = SHARED | {"parameters.reports.alert": 0.0}, SHARED | {"parameters.reports.alert": 5.0}
    assert answered(deaf, **roving) < answered(told, **roving)
    assert answered(deaf, **roving) < answered(deaf | {"parameters.units.thinning": 0.0}, **roving)


def test_answers_expected_are_those_that_happen():
    """Before luck as after it, with hours shared out or not."""
    for changes in ({"parameters.units.thinning": 0.0}, {"parameters.units.thinning": 1.0}):
        setup = village({"weeks": 40, "parameters.attacks.base": 1.0} | changes, missions={"UN": BOLD})
        found = [tables(setup, s)["summary"].iloc[0] for s in range(6)]
        all_, expected = (sum(f[c] for f in found) for c in ("attacks_answered_all", "attacks_answered_expected"))
        assert all_ == pytest.approx(expected, rel=0.35) and expected > 0


@pytest.mark.parametrize(
    "dials",
    [{"mandate": "presence"}, {"risk_tolerance": 0.0}, {"force_protection": 1.0}],
    ids=["no mandate", "no risk", "all on guard"],
)
def test_without_mandate_will_or_free_troops_nobody_answers(dials):
    assert answered(ALWAYS, **dials) == 0 < answered(ALWAYS)


def test_against_the_state_answers_are_rare():
    by_host = {name: event | {"by": "host"} for name, event in RAIDS.items()}
    setup = village({"weeks": 10} | ALWAYS, missions={"UN": BOLD}, timeline=by_host)
    share = np.mean([tables(setup, s)["events"].query("kind == 'state_abuse'").answered_by.ne("").mean()
                     for s in range(6)])  # fmt: skip
    assert 0 < share < 0.5 * answered(ALWAYS)


def test_each_mission_answers_once_and_in_sorted_order():
    found = raids(ALWAYS, UN=BOLD, AU=AU | BOLD | {"badge": "au"})
    assert {"AU", "UN", "AU;UN"} & set(found.answered_by) and not found.answered_by.str.contains("UN;AU").any()


LIVE = {"parameters.attacks.base": 0.3, "weeks": 8}


def test_an_answer_costs_the_attacker_fighters():
    answering = played(village(LIVE | ALWAYS, missions={"UN": BOLD}))
    assert total(answering, "response", "fighters", "answers") < 0
    assert total(played(village(LIVE, missions={"UN": BOLD | {"risk_tolerance": 0.0}})), "response", "fighters") == 0


UNDETERRED = {"parameters.restraint.local": 0, "parameters.restraint.group": 0}


def test_bands_learn_whether_attacks_are_met():
    """Belief rises where attacks are answered and falls where they are not [B-M3, B-M11]."""
    never = ALWAYS | {"parameters.response.base_chance": 0.0}
    first, met, unmet = (
        column(played(village(LIVE | UNDETERRED | chance, missions={"UN": BOLD}), weeks), "bands.belief").mean()
        for weeks, chance in ((1, ALWAYS), (8, ALWAYS), (8, never))
    )
    assert unmet < first < met


def told_of(*coordination: float) -> float:
    """Return the share of attacks far from a deaf mission of which it knows, by how well two partners coordinate."""
    informed = UN | HERE | {"troops": 20_000, "unit_size": 50}
    deaf = AU | HERE | {"liaison": 0.0, "troops": 50, "unit_size": 50, "siting": "random"}
    links = {f"partnerships.{giver}": {"between": [giver, "T"], "coordination": c, "trust": 1.0}
             for giver, c in zip("GH", coordination, strict=True)}  # fmt: skip
    setup = small(
        links | UNDETERRED | {"parameters.attacks.base": 0.2}, missions={"G": informed, "H": informed, "T": deaf}
    )
    found = pd.concat(tables(setup, seed)["events"].query("kind == 'attack_on_civilians'") for seed in range(4))
    return float(found.known[~found.in_reach.str.contains("T")].str.contains("T").mean())


def test_a_mission_knows_of_the_attacks_that_partners_tell_it_of():
    """Two who each pass on every second attack tell of three in four [B-M35, B-M92]."""
    assert told_of(0.0, 0.0) == 0
    assert 0.35 < told_of(0.5, 0.0) < 0.6 < told_of(0.5, 0.5) < 0.85 < told_of(1.0, 0.5) <= 1
