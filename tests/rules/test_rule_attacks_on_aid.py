"""The rule `attacks_on_aid`: bands attack aid where there is any, and aid stays away from danger."""

from __future__ import annotations

import numpy as np
from helpers import CT, HERE, UN, column, played, small, tables, village

AID = "cells.aid"
BEARS = {"parameters.attacks_on_aid.tolerance": 20.0}
OFTEN = BEARS | {"parameters.attacks_on_aid.base": 0.02, "weeks": 20, "spin_up": 30}
BESIDE = UN | HERE | {"mandate": {"tasks": ["presence"], "use_of_force": "protection"}, "risk_tolerance": 0.0}
ESCORT = BESIDE | {"mandate": {"tasks": ["presence", "humanitarian_access"], "use_of_force": "protection"}}


def attacked(changes=None, seeds: int = 5, **dials) -> float:
    """Return how often bands of a village attack aid in it, beside a mission with given dials."""
    setup = village(OFTEN | (changes or {}), missions={"UN": BESIDE | dials})
    return np.mean([tables(setup, s)["summary"].attacks_on_aid.item() for s in range(seeds)])


def test_bands_attack_aid_and_kill_no_resident():
    found = tables(village(OFTEN | {"parameters.attacks_on_aid.base": 0.1}))["events"]
    assert len(found) > 10 and set(found.kind) == {"attack_on_aid"} and set(found.perpetrator) == {"rebels"}
    assert found.civilians.sum() == 0 and (found.deaths == 0).mean() > 0.4 and found.deaths.sum() > 0


def test_without_aid_nobody_attacks_it():
    assert attacked({"parameters.attacks_on_aid.back": 0.0}) == 0 < attacked()


def test_escorts_that_people_find_impartial_protect_it():
    """The task lowers attacks; those whom people find partial guard less well [S-M10]."""
    liked, disliked = (attacked({"parameters.perceptions.prior": p}, **ESCORT) for p in (0.9, 0.1))
    assert liked < 0.8 * disliked and liked < 0.8 * attacked()


def test_beside_a_hard_target_bands_turn_to_the_soft_one():
    strong = {"parameters.attacks_on_aid.softer": 2.0}
    assert attacked(strong, force_protection=1.0, troops=20_000) >= attacked(strong, force_protection=0.0)


def presence(changes=None, weeks: int = 20, missions=None) -> np.ndarray:
    """Return where aid is after some weeks in a small country."""
    m = played(small({"weeks": 30, "spin_up": 30} | (changes or {}), missions=missions or {}), weeks)
    return column(m, AID)


def test_aid_goes_where_people_are_and_are_afraid():
    m = played(small({"spin_up": 40, "parameters.attacks_on_aid.base": 0.0, "parameters.battles.base": 0.0}), 1)
    aid, people, fear = column(m, AID), m.people_in, column(m, "cells.fear")
    assert (aid[people == 0] == 0).all() and (aid[people > 0] > 0.2).all()
    assert aid[fear > 0.05].mean() > aid[(people > 0) & (fear < 0.01)].mean()


def test_aid_leaves_where_it_is_attacked_beyond_what_it_bears():
    often = {"parameters.attacks_on_aid.base": 0.3}
    brave, shy = (presence(often | {"parameters.attacks_on_aid.tolerance": t}).sum() for t in (20.0, 0.0))
    assert shy < 0.8 * brave


def test_aid_stays_away_from_a_striking_force():
    force = CT | HERE | {"troops": 20_000}
    quiet = {"parameters.attacks_on_aid.base": 0.0}
    striking, idle = (presence(quiet, missions={"CT": force | {"tempo": t}}).sum() for t in (3.0, 0.0))
    assert striking < 0.8 * idle


def test_escorts_open_roads_and_battles_close_them():
    def access(**missions) -> float:
        return tables(small({"weeks": 12}, missions=missions))["summary"].humanitarian_access.item()

    assert access(UN=ESCORT | {"troops": 20_000}) > 1.05 * access(UN=BESIDE | {"troops": 20_000})
    setups = (small({"parameters.battles.base": base}) for base in (0.0, 0.03))
    peace, war = (tables(setup)["summary"].humanitarian_access.item() for setup in setups)
    assert war < 0.9 * peace
