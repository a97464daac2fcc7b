"""The ledger adds up: what was, plus what each rule moved, is what is; nobody is lost, and nothing is left over."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from helpers import AU, CT, LINK, RULES, SIX, UN, chooser, column, played, random_setup, small, tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.ledger import GRAIN, PERCEPTIONS
from sim.model import Model
from sim.scenario import Scenario

ENTRIES = {*RULES, "first_contact", "composition"}
LIVING_AND_GONE = ("residents", "displaced", "refugees", "dead", "recruited")
OTHER_STOCKS = {"trust": ("links.trust",), "consent": ("hosts.consent", "missions.area_consent")}


@st.composite
def plays(draw: st.DrawFn) -> Model:
    """Return a random small scenario, played for some weeks with random luck."""
    setup = random_setup(chooser(draw(st.integers(0, 2**32))))
    return played(setup, draw(st.integers(1, setup.weeks)), draw(st.integers(0, 5)))


thorough = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def accounts(m: Model) -> Iterator[tuple[int, int, np.ndarray]]:
    """Go through the books: quantity, actor and what each community was moved by."""
    for number, moves in m.ledger.running.items():
        _, quantity, actor, _, _ = m.ledger.keys[number]
        if quantity in PERCEPTIONS:
            yield PERCEPTIONS.index(quantity), m.actors.index[actor], moves


def booked(m: Model, quantity: str, by: int | None = None, name: str | None = None) -> float:
    """Return what all rules moved a stock by, or its part for one actor (by=2) or audience (by=3)."""
    rows = m.ledger.totals.items()
    return sum(step for key, step in rows if key[1] == quantity and (by is None or key[by] == name))


@thorough
@given(plays())
def test_each_community_s_perceptions_add_up_to_the_last_bit(m):
    sums = m.opening["perceptions"].copy()
    for quantity, actor, moves in accounts(m):
        sums[quantity, actor] += moves
    assert np.array_equal(sums, m.communities.perceptions)


@thorough
@given(plays())
def test_perceptions_are_shares_on_the_grid(m):
    values = m.communities.perceptions
    assert (values >= 0).all() and (values <= 1).all()
    assert np.array_equal(values * GRAIN, np.rint(values * GRAIN))
    assert all(np.array_equal(v * GRAIN, np.rint(v * GRAIN)) for _, _, v in accounts(m))


@thorough
@given(plays())
def test_people_are_conserved_in_each_identity_group(m):
    c = m.communities
    before = Model(m.setup, m.run_seed).communities  # with the dead and recruits of the spin-up
    now, start = (sum(getattr(who, stock) for stock in LIVING_AND_GONE) - who.demobilised for who in (c, before))
    for g, name in enumerate(m.world.group_names):
        mine = c.group == g
        assert now[mine].sum() == start[mine].sum(), name
        for stock in (*LIVING_AND_GONE, "demobilised"):
            change = int(getattr(c, stock)[mine].sum() - getattr(before, stock)[mine].sum())
            assert booked(m, stock, 3, name) == change, (name, stock)
    assert min(getattr(c, stock).min(initial=0) for stock in (*LIVING_AND_GONE, "left")) >= 0
    assert c.left.sum() >= c.displaced.sum(), "whoever is displaced has left somewhere"


@thorough
@given(plays())
def test_fighters_are_conserved_in_each_group(m):
    before, now = m.opening["fighters"], m.bands.fighters
    assert now.min(initial=0) >= 0
    for g, name in enumerate(m.actors.groups):
        mine = m.bands.group == g
        assert booked(m, "fighters", 2, name) == now[mine].sum() - before[mine].sum()
    recruits = sum(n for k, n in m.ledger.totals.items() if k[1] == "fighters" and k[4] == "recruits")
    assert recruits == booked(m, "recruited"), "each recruit leaves a community"
    disarmed = sum(n for k, n in m.ledger.totals.items() if k[1] == "fighters" and k[4] == "disarmament")
    assert -disarmed == booked(m, "demobilised"), "each fighter who disarms comes home"


@thorough
@given(plays())
def test_the_dead_of_the_events_are_the_dead_of_the_communities(m):
    events = m.tables()["events"]
    dead = booked(m, "dead")
    assert events.civilians.sum() == dead == -booked_dead_residents(m)
    assert (events.civilians <= events.potential_deaths).all() and (events.civilians <= events.deaths).all()


def booked_dead_residents(m: Model) -> float:
    """Return what rules that kill took from those who live in communities: who left or laid arms down is not dead."""
    moved = ("recruitment", "services", "flight", "return_home")
    return sum(n for k, n in m.ledger.totals.items() if k[1] in ("residents", "displaced") and k[0] not in moved)


@thorough
@given(plays())
def test_trust_and_consent_add_up(m):
    start = Model(m.setup, m.run_seed)
    for quantity, names in OTHER_STOCKS.items():
        now, then = (sum(column(model, name).sum() for name in names) for model in (m, start))
        assert now == then + booked(m, quantity)
    assert all(column(m, name).min(initial=0) >= 0 for names in OTHER_STOCKS.values() for name in names)
    assert all(column(m, name).max(initial=1) <= 1 for names in OTHER_STOCKS.values() for name in names)


@thorough
@given(plays())
def test_audience_means_add_up_from_the_weekly_table(m):
    opening, closing = m.opening["views"], m.views()
    table = m.tables()["ledger"]
    moves = table.groupby(["quantity", "actor", "audience"], observed=True).change.sum()
    for q, quantity in enumerate(PERCEPTIONS):
        for a, actor in enumerate(m.actors.names):
            for k, audience in enumerate(m.ledger.audiences.names):
                began, ended = opening[q, a, k], closing[q, a, k]
                if not np.isnan(ended):
                    moved = moves.get((quantity, actor, audience), 0.0)
                    assert np.nan_to_num(began) + moved == pytest.approx(ended, abs=1e-9), (quantity, actor, audience)


@thorough
@given(plays())
def test_every_entry_has_a_rule_and_moves_something(m):
    table = m.tables()["ledger"]
    assert set(table.rule) <= ENTRIES
    assert (table.change != 0).all() and np.isfinite(table.change).all()
    assert set(table.week) <= set(range(m.week + 1))


def test_the_ledger_only_writes():
    """Columns that belong to the ledger refuse to be written to, whole or by an agent."""
    m = played(small({"partnerships.UN-AU": LINK}, missions={"UN": UN, "AU": AU}), 4)
    kept = ("communities.perceptions", "communities.legitimacy", "communities.residents", "communities.dead",
            "communities.met", "bands.fighters", "hosts.consent", "links.trust")  # fmt: skip
    for name in kept:
        with pytest.raises(ValueError, match="read-only"):
            m.state()[name][...] = 0
    band = next(agent for agent in m.agents if type(agent).__name__ == "Band")
    with pytest.raises(ValueError, match="read-only"):
        band.fighters = 7


def test_first_contact_is_an_entry_and_moves_no_community():
    m = played(small(missions={"UN": UN}), UN["arrives"] + 1)
    table = m.tables()["ledger"]
    first = table.query("rule == 'first_contact' and actor == 'UN' and audience == 'all'")
    assert set(first.quantity) == set(PERCEPTIONS) and set(first.week) == {UN["arrives"]}
    assert not any(m.ledger.keys[number][0] == "first_contact" for number in m.ledger.running)


def test_entries_name_cause_and_places():
    """A massacre by rebels in one area lowers what people think of them, and the entry says where."""
    massacre = {"week": 3, "event": "massacre", "by": "rebels", "deaths": 60}
    m = played(small({"parameters.attacks.base": 0.0, "parameters.harm.news": 0.0}, timeline={"m": massacre}), 4)
    found = m.tables()
    entry = found["ledger"].query("rule == 'harm_seen' and actor == 'rebels' and audience == 'all' and week == 3")
    cell = found["events"].query("kind == 'attack_on_civilians' and week == 3").cell.item()
    assert entry.cause.tolist() == ["rebels"] and entry.change.item() < 0
    assert entry.cells.item() == cell


def careless(**parameters: float) -> Scenario:
    """Return six large forces without any care that strike all the time where everybody sees them."""
    force = CT | {"arrives": 0, "ramp": 1, "troops": 20_000, "care": 0.0, "tempo": 10.0}
    most = {"offensives.harm_miss": 1.0, "offensives.harm_hit": 1.0, "offensives.harm_mu": 3.0, "attribution.blur": 3.0,
            "attribution.clarity": 0.0, "reports.false_alerts": 20.0}  # fmt: skip
    changes = {f"parameters.{path}": value for path, value in (most | parameters).items()}
    links = {f"partnerships.L{k}": {"between": [f"M{k}", "host"], "support_level": 1.0} for k in range(6)}
    return small(
        {"world.grid": [2, 2], "world.places": 3} | changes | links, missions={f"M{k}": force for k in range(6)}
    )


LOSSES = (
    "harm.cap", "attribution.cap", "complicity.cap", "inaction.cap", "perceptions.decay", "expectation.cap",
    "conduct.cap", "coverage_by_group.cap", "talk.cap", "disinformation.cap",
)  # fmt: skip
GAINS = (
    "protection_seen.cap", "speaking_out.cap", "contact.cap", "services.cap", "perceptions.decay",
    "coverage_by_group.cap", "talk.cap",
    "talk.radio_cap",
)  # fmt: skip
TOPS = {p.path: p.range[1] for p in small().parameters if p.path in (*LOSSES, *GAINS)}


@pytest.mark.parametrize("rules", [LOSSES, GAINS], ids=["losses", "gains"])
def test_no_allowed_values_let_a_week_move_a_perception_beyond_its_ends(rules):
    """The caps of all rules that act one way add up to at most 1 - decay, also at the ends of their ranges."""
    assert sum(TOPS[path] for path in rules) <= 1


def assert_shares(m: Model) -> None:
    """Fail if in some week of a run what anybody thinks of anybody is no share."""
    for _ in range(12):
        m.step()
        assert m.communities.perceptions.min() >= 0 and m.communities.perceptions.max() <= 1


@pytest.mark.parametrize("caps", [{}, TOPS], ids=["defaults", "largest caps"])
def test_perceptions_stay_shares_whatever_harm_many_do_at_once(caps):
    assert_shares(Model(careless(**caps)))


@pytest.mark.parametrize("caps", [{}, TOPS], ids=["defaults", "largest caps"])
def test_perceptions_stay_shares_whatever_good_is_seen_at_once(caps):
    """Everybody in sight, attacks met, abuse named, and all of it felt as strongly as parameters allow."""
    felt = {"contact.gain": 0.5, "contact.staff": 5.0, "protection_seen.calm": 1.0, "protection_seen.answer": 1.0,
            "speaking_out.gain": 2.0, "protection_seen.unrest": 0.0, "protection_seen.impartial": 1.0}  # fmt: skip
    saint = UN | {"arrives": 0, "ramp": 1, "troops": 20_000, "unit_size": 100, "oversight": 1.0, "risk_tolerance": 1.0}
    strong = {"hosts.host.abusiveness": 1.0, "parameters.state_abuse.base": 0.3, "parameters.perceptions.prior": 0.9}
    changes = strong | {f"parameters.{path}": value for path, value in (felt | caps).items()}
    assert_shares(Model(small(changes, missions={"UN": saint})))


def test_nobody_dies_twice_in_weeks_of_massacres():
    doers = ("rebels", "militia", "host")
    timeline = {
        f"{d}{w}": {"week": w, "event": "massacre", "by": d, "deaths": 9000} for d in doers for w in range(3, 8)
    }
    place = {"world.grid": [2, 2], "world.places": 3, "world.people": 3000, "parameters.attacks.base": 2.0}
    for seed in range(4):
        m = played(small(place, timeline=timeline), seed=seed)
        dead, events = booked(m, "dead"), m.tables()["events"]
        assert m.communities.residents.min() >= 0 and events.civilians.sum() == dead > 0


def test_books_that_are_not_kept_still_add_up():
    lean = played(small(missions=SIX), keep={"weeks"})
    full = played(small(missions=SIX))
    assert list(lean.tables()) == ["weeks"]
    assert np.array_equal(lean.communities.perceptions, full.communities.perceptions)
    sums = lean.opening["perceptions"].copy()
    for quantity, actor, moves in accounts(lean):
        sums[quantity, actor] += moves
    assert np.array_equal(sums, lean.communities.perceptions)


def test_the_weekly_table_names_its_columns():
    table = tables(small(missions={"UN": UN}))["ledger"]
    names = ["scenario", "seed", "week", "rule", "quantity", "actor", "audience", "cause", "change", "cells"]
    assert list(table.columns) == names
