"""The scenarios that ship: each configuration of the sources, as data that runs and does not repeat another."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations

import pandas as pd
import pytest
from conftest import ROOT

from sim.experiment.results import run
from sim.scenario import Scenario, load
from sim.scenario.page import NO_FORECAST, page
from sim.scenario.words import timing

UN, AU, REGION, EU = "un", "au", "regional", "eu"
TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "no_mission": {},
    "un_alone": {"UN": (UN, "poc")},
    "un_observers": {"UN": (UN, "observe")},
    "un_intervention_brigade": {"UN": (UN, "intervention_brigade")},
    "un_au_parallel": {"UN": (UN, "poc"), "AU": (REGION, "enforcement")},
    "un_bilateral_ct_parallel": {"UN": (UN, "poc"), "CT": ("bilateral", "counter_terrorism")},
    "crowded_theatre": {
        "UN": (UN, "poc_and_support"), "CT": ("bilateral", "counter_terrorism"),
        "joint_force": ("ad_hoc", "counter_terrorism"), "EU_training": (EU, "training"),
        "EU_capacity": (EU, "civilian_capacity"), "AU_political": (AU, "political"),
    },
    "au_then_un": {"AU": (AU, "poc"), "UN": (UN, "poc")},
    "eu_bridge": {"EU": (EU, "bridging"), "AU": (AU, "poc"), "UN": (UN, "poc")},
    "au_with_un_support": {
        "AU": (AU, "enforcement"), "UN_support": (UN, "support_office"), "UN_office": (UN, "political"),
        "EU_training": (EU, "training"),
    },
    "hybrid": {"AU": (AU, "poc"), "UN": (UN, "poc")},
    "regional_alone": {"REGION": (REGION, "enforcement"), "INVITED": ("bilateral", "enforcement")},
    "police_led": {
        "police_mission": ("police_led", "policing"), "UN_office": (UN, "political"),
        "UN_support": (UN, "support_office"),
    },
    "eu_training_only": {"EU_training": (EU, "training"), "EU_capacity": (EU, "civilian_capacity")},
    "political_mission": {"UN": (UN, "political"), "backer": ("bilateral", "enforcement")},
    "private_company": {"UN": (UN, "poc"), "company": ("private", "enforcement")},
    "shelter_at_bases": {"UN": (UN, "own")},
    "drawdown_by_date": {"UN": (UN, "poc"), "bridge": (UN, "policing")},
    "drawdown_by_condition": {"UN": (UN, "poc"), "bridge": (UN, "policing")},
    "liquidity_crisis": {"UN": (UN, "broad")},
    "assessed_au": {"AU": (AU, "peace_support"), "UN": (UN, "political")},
    "rumour_season": {"UN": (UN, "poc")},
    "resource_belt": {"UN": (UN, "trade")},
    "herders_and_farmers": {"UN": (UN, "local_peace")},
    "epidemic": {"UN": (UN, "poc_and_health")},
}  # fmt: skip
"""The missions of each scenario with organisation and mandate; the first is the one that the scenario is about."""
MAIN = {name: next(iter(missions)) for name, missions in TABLE.items() if missions}
SHRUNK = {"world.places": 120, "world.grid": [14, 14], "weeks": 64, "spin_up": 8}
LONGER = 96
"""Weeks by which whatever sets one scenario apart from another has begun."""
TAG = re.compile(r"[BSF]-[MHK]\d+|[ES]\d+[a-h]?")


def shipped(name: str) -> Scenario:
    return load(ROOT / "scenarios" / f"{name}.toml")


@cache
def played(name: str, mandate: str = "", weeks: int = SHRUNK["weeks"]) -> pd.Series:
    """Return the summary of a run in a small country, the scenario's main mission under another mandate if said."""
    change = {f"missions.{MAIN[name]}.mandate": mandate} if mandate else {}
    setup = shipped(name).but(SHRUNK | {"weeks": weeks} | change)
    return run([setup], seeds=1, jobs=1, keep=["summary"], progress=False).summary.iloc[0].drop("scenario").dropna()


def test_every_file_but_those_on_real_ground_stands_in_the_table():
    files = {file.stem for file in (ROOT / "scenarios").glob("*.toml")}
    assert set(TABLE) <= files and all(shipped(name).world.file for name in files - set(TABLE) - ELSEWHERE)


ELSEWHERE = {"border_war", "ad_hoc_coalition"}  # several countries: they have a test of their own


@pytest.mark.parametrize("name", TABLE)
def test_missions_organisations_and_mandates_are_those_of_the_table(name):
    found = {m.name: (m.org_type, m.mandate.name) for m in shipped(name).missions.values()}
    assert found == TABLE[name]


@pytest.mark.parametrize("name", TABLE)
def test_every_scenario_says_what_it_asks_and_on_what_it_rests(name):
    setup = shipped(name)
    assert setup.question.endswith("?") and setup.title and len(setup.sources) >= 2
    assert all(TAG.fullmatch(tag) for tag in setup.sources)
    assert setup.based_on or not setup.missions


@pytest.mark.parametrize("name", TABLE)
def test_its_page_names_everybody_and_predicts_nothing(name):
    setup, told = shipped(name), " ".join(page(shipped(name)).split())
    named = [*setup.missions, *setup.hosts, *setup.armed_groups, *setup.based_on, *setup.sources, setup.question]
    named += [timing(event) for event in setup.timeline]
    assert not [word for word in named if " ".join(word.split()) not in told]
    assert NO_FORECAST in told and setup.digest in told
    assert max(map(len, page(setup).splitlines())) <= 100


@pytest.mark.parametrize("name", TABLE)
def test_people_are_killed_and_missions_arrive(name):
    told, setup = played(name), shipped(name)
    assert told["civilians_killed"] > 0 and told["battle_deaths"] > 0
    due = [m.name for m in setup.missions.values() if m.on_expulsion_of is None and m.arrives < SHRUNK["weeks"] - 4]
    assert due or not setup.missions
    assert all(told[f"strength:{mission}"] > 0 and told[f"cost:{mission}"] > 0 for mission in due)


def test_no_two_scenarios_come_out_alike():
    seen = {name: played(name) for name in TABLE}
    alike = [(a, b) for a, b in combinations(seen, 2) if seen[a].equals(seen[b])]
    assert len(alike) < 4  # what differs only later: a campaign of false claims, the way out
    assert not [(a, b) for a, b in alike if played(a, weeks=LONGER).equals(played(b, weeks=LONGER))]


@pytest.mark.parametrize("name", MAIN)
def test_what_the_main_mission_may_do_moves_what_happens_to_others(name):
    """All that does not name the mission: who is killed by whom, who flees, what armed groups and the host become."""
    usual, other = played(name), played(name, "presence")
    about_it = re.compile(rf"[:>+]{MAIN[name]}(?![A-Za-z_])|_all\b|^(cost|strength|task|mandate)")
    columns = [c for c in usual.index.intersection(other.index) if not about_it.search(c)]
    moved = [c for c in columns if usual[c] != other[c]]
    assert len(moved) > 3, moved


def test_a_bridge_is_missed_and_conditions_keep_the_mission_longer():
    date, condition = (shipped(f"drawdown_by_{how}") for how in ("date", "condition"))
    left = [{e.name: e for e in s.timeline}["leaving"].share or 1.0 for s in (date, condition)]
    assert left[0] == 1.0 > left[1] and len(condition.timeline) > len(date.timeline)
    gap = shipped("eu_bridge").without("EU")
    assert "EU" not in gap.missions and not [p for p in gap.partnerships.values() if "EU" in p.between]
