"""Tables and metrics tell one story: each number again, from the rows that it is made of."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from helpers import HERE, LINK, SIX, UN, Model, played, small, tables

from sim.ledger import PERCEPTIONS
from sim.model import KEPT

LIVELY = {"parameters.attacks.base": 0.1, "partnerships.UN-AU": LINK, "timeline.m": {
    "week": 9, "event": "massacre", "by": "AU", "deaths": 30}}  # fmt: skip
HARM = ("attack_on_civilians", "state_abuse", "mission_harm")


@cache
def whole() -> tuple[Model, dict[str, pd.DataFrame]]:
    """Return a run of six missions with all tables."""
    m = played(small(LIVELY, missions=SIX), seed=1, keep={*KEPT, "communities"})
    return m, m.tables()


def summary(metric: str) -> float:
    """Return a metric over the run."""
    return whole()[1]["summary"][metric].item()


def events(*kinds: str) -> pd.DataFrame:
    """Return the run's events of some kinds."""
    found = whole()[1]["events"]
    return found[found.kind.isin(kinds)]


def names(column: pd.Series, name: str) -> pd.Series:
    """Say which rows of a column of names joined by `;` hold a name."""
    return column.str.split(";").map(lambda held: name in held)


@pytest.mark.parametrize("actor", ["host", "militia", "rebels", "AU", "UN"])
def test_harm_by_perpetrator(actor):
    theirs = events(*HARM)[lambda e: e.perpetrator == actor]
    assert summary(f"civilians_killed:{actor}") == theirs.civilians.sum()
    attacks = theirs[theirs.kind != "mission_harm"]
    assert summary(f"attacks_on_civilians:{actor}") == len(attacks)


def test_spill_over_is_what_groups_do_in_another_country_than_their_own():
    m = played(small({"hosts.other": {}, "parameters.attacks.base": 0.1}), seed=2)
    found, home = m.tables(), dict(zip(m.actors.groups, m.world.host[m.groups.home], strict=True))
    theirs = found["events"][found["events"].kind == "attack_on_civilians"]
    abroad = theirs[theirs.host != theirs.perpetrator.map(lambda name: m.world.host_names[home[name]])]
    assert found["summary"]["spill_over"].item() == len(abroad) > 0
    assert summary("spill_over") == 0  # one country


def test_battles():
    fought = events("battle")
    assert summary("battle_deaths") == (fought.deaths - fought.civilians).sum() > 0
    assert summary("crossfire_deaths") == fought.civilians.sum()


@pytest.mark.parametrize("mission", ["UN", "EU", "AU"])
def test_what_was_known_and_answered(mission):
    hurt = events("attack_on_civilians", "state_abuse")
    known, met = names(hurt.known, mission), names(hurt.answered_by, mission)
    reached = names(hurt.in_reach, mission)
    assert known.sum() > 0 and not (met & ~known).any()
    assert summary(f"attacks_answered_share:{mission}") == pytest.approx(met.sum() / known.sum())
    saved = (hurt.potential_deaths - hurt.civilians)[met].sum()
    assert summary(f"deaths_prevented_on_the_spot:{mission}") == saved
    assert summary(f"killed_unanswered:{mission}") == hurt.civilians[known & reached & ~met].sum()
    assert summary("attacks_answered_all") == pytest.approx(hurt.answered_by.ne("").mean())


def test_strength_and_units():
    found = whole()[1]
    fielded = found["units"].groupby(["week", "actor"], observed=True).people.sum()
    strength = found["actors"].query("metric == 'strength'").set_index(["week", "actor"]).value
    for (week, actor), people in fielded.items():
        assert people == strength[week, actor]
    assert summary("strength_all") == pytest.approx(found["weeks"].strength_all.mean())


def community_views(quantity: str, actor: str) -> pd.DataFrame:
    """Return what each community thinks of an actor at the end, with its people at the start; missing: no opinion."""
    m, found = whole()
    last = found["communities"].query("week == 19").copy()
    return last.assign(value=last[f"{quantity}:{actor}"], weight=m.opening["residents"])


def mean(view: pd.DataFrame) -> float:
    """Return the people-weighted mean of those with an opinion."""
    known = view.dropna(subset="value")
    return float(np.average(known.value, weights=known.weight))


@pytest.mark.parametrize("quantity", PERCEPTIONS)
@pytest.mark.parametrize("actor", ["UN", "host"])
def test_perceptions_by_audience(quantity, actor):
    view = community_views(quantity, actor)
    assert summary(f"{quantity}:all->{actor}") == pytest.approx(mean(view), abs=1e-12)
    for group, part in view.groupby("group", observed=True):
        assert summary(f"{quantity}:{group}->{actor}") == pytest.approx(mean(part), abs=1e-12)
    told = whole()[1]["perceptions"].query("week == 19 and actor == @actor and audience == 'all'")
    assert told[quantity].item() == summary(f"{quantity}:all->{actor}")


def test_what_a_mean_hides():
    views = community_views("impartiality", "UN")
    groups = [mean(part) for _, part in views.groupby("group", observed=True)]
    assert summary("impartiality_min:UN") == pytest.approx(min(groups), abs=1e-12)
    assert summary("impartiality_gap:UN") == pytest.approx(max(groups) - min(groups), abs=1e-12)
    known = views.dropna(subset="value")
    assert summary("no_opinion:UN") == pytest.approx(1 - known.weight.sum() / views.weight.sum())
    legitimate = community_views("legitimacy", "UN").dropna(subset="value")
    share = legitimate.weight[legitimate.value >= 0.5].sum() / legitimate.weight.sum()
    assert summary("popular_consent:UN") == pytest.approx(share)


def test_costs_of_a_mission_are_its_people_s():
    m, found = whole()
    people = found["actors"].query("metric == 'strength' and actor == 'AU'").value.sum()
    assert summary("cost:AU") == pytest.approx(people * m.p.cost.uniformed / 52)
    assert summary("cost_all") == pytest.approx(sum(summary(f"cost:{name}") for name in SIX))


def test_fighters_and_the_dead_at_the_end():
    m, found = whole()
    for k, name in enumerate(m.actors.groups):
        assert summary(f"fighters:{name}") == m.bands.fighters[m.bands.group == k].sum()
    last = found["communities"].query("week == 19")
    assert last.dead.sum() - m.communities.dead.sum() == 0 and last.residents.sum() == m.communities.residents.sum()


def test_coverage_is_threat_in_reach_of_all_threat():
    """In the last week, from where units stand and the yardstick of threat."""
    m, found = whole()
    reach = (m.reach[0] + m.reach[1])[m.actors.index["UN"]] > 0
    told = found["actors"].query("metric == 'coverage' and actor == 'UN' and week == 19").value.item()
    assert told == pytest.approx(m.cells.threat[reach].sum() / m.cells.threat.sum())


def test_first_presence_is_counted_from_the_mandate():
    late = tables(small(missions={"UN": UN | {"mandated": 4, "arrives": 6}}))["summary"]
    assert late["weeks_to_first_presence:UN"].item() == 2
    never = tables(small(missions={"UN": UN | {"arrives": 1000}}))["summary"]
    assert never["weeks_to_first_presence_ended:UN"].item() == 0


def test_contagion_is_the_share_of_blame_that_went_astray():
    """One act of harm in a run: what the metric says is what the week's blame says, weighed by people."""
    harm = {"h": {"week": 4, "event": "massacre", "by": "AU", "deaths": 9}}
    quiet = {"parameters.attacks.base": 0.0, "parameters.state_abuse.base": 0.0, "weeks": 5}
    missions = {"UN": UN | HERE, "AU": SIX["AU"] | HERE | {"tempo": 0.0}}
    m = played(small(quiet, missions=missions, timeline=harm))
    au, un, home = m.actors.index["AU"], m.actors.index["UN"], m.opening["residents"]
    share = (m.blame.mistaken[au, un] * home).sum() / (m.blame.heard[au] * home).sum()
    assert m.tables()["summary"]["contagion:AU->UN"].item() == pytest.approx(share)


@pytest.mark.parametrize("weeks", [4, 5, 6, 7])
def test_a_run_may_be_looked_at_in_any_week(weeks):
    m = played(small(missions={"UN": UN | HERE}), weeks)
    row = m.tables()["summary"].iloc[0]
    missing = [name for name in row.index if name.endswith((":host", "->host", ":rebels")) and pd.isna(row[name])]
    assert not [name for name in missing if "displaced" not in name]
