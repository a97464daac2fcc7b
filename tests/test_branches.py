"""Futures of one state: a branch is an exact copy, and an attack inserted in one of them breeds others."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest
from conftest import ROOT
from helpers import AU, HERE, LINK, UN, after, played, small

from sim.actors.acts import ATTACK

QUIET = {
    "parameters.attacks.episode": 0.0,
    "parameters.attacks.base": 0.001,
    "parameters.battles.base": 0.0,
    "parameters.violence.near_repeat": 4.0,
}


@pytest.fixture(scope="module")
def branches():
    """Return benchmarks/branches.py as a module."""
    spec = importlib.util.spec_from_file_location("branches", ROOT / "benchmarks" / "branches.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def all_state(model) -> np.ndarray:
    """Play a model to its end and return every number of its state, and what it has recorded, in one row."""
    model.run()
    recorded = [model.log.values["attacks_expected"]]
    return np.concatenate([np.ravel(x).astype(float) for x in (*model.state().values(), *recorded)])


def test_a_branch_goes_on_to_the_last_bit_like_the_model_it_came_from(branches):
    model = played(small(missions={"UN": UN | {"arrives": 2}}), 8)
    first, second = (branches.in_child(lambda: all_state(model)) for _ in range(2))
    assert model.week == 7, "what a branch does changes nothing here"
    own = all_state(model)
    assert np.array_equal(own, first, equal_nan=True) and np.array_equal(own, second, equal_nan=True)


def test_what_goes_wrong_in_a_branch_is_told(branches):
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        branches.in_child(lambda: np.array(1 / 0))


def test_an_inserted_attack_is_like_any_other_and_takes_a_free_slot(branches):
    model = played(small(), 5)
    model.rules = model.rules[: [rule.name for rule in model.rules].index("attacks") + 1]
    model.step()
    before = model.acts.size
    branches.more_attacks(3, "test")(model)
    assert model.acts.size == before + 3 and (model.acts.kind[before:] == ATTACK).all()
    band = model.band_of(model.acts.source[before:])
    assert (model.bands.cell[band] == model.acts.cell[before:]).all() and (model.bands.expected[0, band] > 0).all()
    attacks = model.acts.source[model.acts.of(ATTACK)]
    assert np.unique(attacks).size == attacks.size


def test_an_attack_breeds_others_where_little_else_happens(branches):
    """Without near-repeat it hardly does: the same pairs of futures, memory switched off."""
    caused = []
    for change in ({}, {"parameters.violence.near_repeat": 0.0, "parameters.moves.memory_weight": 0.0}):
        pairs = [branches.response(played(small(QUIET | change, weeks=12), 6, seed), 4) for seed in range(4)]
        assert not np.array(pairs)[:, :, 0].any(), "the week of the attack expects what it expected"
        caused.append(np.array(pairs)[:, :, 1:4].sum(axis=2).mean(axis=1))
    assert (caused[0] > 0.02).all() and np.abs(caused[1]).mean() < 0.1 * caused[0].mean()


@pytest.fixture(scope="module")
def befallen():
    """Return benchmarks/impulses.py, and what each kind changes in one small country; (kinds, pairs, weeks, READ)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        impulses = importlib.import_module("impulses")
    here = {"missions": {"UN": UN | HERE, "AU": AU | HERE}, "partnerships.UN-AU": LINK, "weeks": 70}
    model = played(small({"parameters.perceptions.decay": 0.05}, **here), 18)
    return impulses, impulses.responses(model, "UN", 1)


def change(befallen, kind: str, name: str) -> np.ndarray:
    """Return by week what one kind of impulse changed in one reading."""
    impulses, found = befallen
    return found[list(impulses.BEFALLS).index(kind), 0, :, impulses.READ.index(name)]


def test_a_killed_peacekeeper_makes_a_mission_cautious_for_a_while(befallen):
    risks, guard = (change(befallen, "one peacekeeper killed", x) for x in ("risks it takes", "share on guard"))
    assert risks[0] < 0 and guard[0] == 0 < guard[1], "it takes fewer risks at once and is on guard the week after"
    assert abs(risks[-4:].mean()) < 0.5 * abs(risks[:4].mean()) and abs(guard[-4:].mean()) < 0.5 * guard[1:5].mean()


def test_a_mistaken_blame_costs_impartiality_and_reports_and_fades(befallen):
    kind = "one mistaken blame"
    assert change(befallen, kind, "blame laid at it by mistake")[0] > 0 == change(befallen, kind, "share on guard")[0]
    for name in ("legitimacy", "impartiality"):
        lost = change(befallen, kind, name)
        assert lost[0] < -0.001 and abs(lost[-4:].mean()) < 0.5 * abs(lost[:4].mean())
    assert change(befallen, kind, "credibility")[0] == 0 > change(befallen, kind, "reports on bands")[:4].sum()


def test_a_threat_of_expulsion_is_what_it_says_and_comes_back(befallen):
    kind = "one threat of expulsion"
    consent = change(befallen, kind, "consent of the host")
    assert consent[0] == pytest.approx(-0.1, abs=1e-6) and not change(befallen, kind, "weeks expelled").any()
    assert abs(consent[-4:].mean()) < abs(consent[:4].mean())
    assert change(befallen, kind, "attacks on civilians")[0] == 0


def test_an_attack_that_kills_a_peacekeeper_comes_from_a_band_that_could_have_made_it(befallen):
    impulses, _ = befallen
    model = after("attacks_on_peacekeepers", small(missions={"UN": UN | HERE, "AU": AU | HERE}), 10)
    un, before = model.actors.index["UN"], model.acts.size
    impulses.is_killed(model, un, "test")
    band = model.band_of(model.acts.source[before:])
    assert model.acts.deaths[before:].tolist() == [1] and (model.acts.opponent[before:] == un).all()
    assert (model.bands.cell[band] == model.acts.cell[before:]).all()
    assert (impulses.expected_on(model, un)[band] > 0).all()
