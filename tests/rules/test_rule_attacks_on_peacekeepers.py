"""The rule `attacks_on_peacekeepers`: bands attack missions in their reach, which then guard themselves."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import AU, HERE, UN, before, column, played, small, tables, village

from sim.actors.acts import ON_PEACEKEEPERS
from sim.rules.targets import attacks_on_peacekeepers, guarded_share

OFTEN = {"parameters.attacks_on_peacekeepers.base": 0.01, "weeks": 20}


def attacked(changes=None, seeds: int = 6, name: str = "UN", missions=None, **dials) -> float:
    """Return how often bands of a village attack a mission in it."""
    setup = village(OFTEN | (changes or {}), missions=missions or {"UN": UN | HERE | dials})
    return np.mean([tables(setup, s)["summary"][f"attacks_on_peacekeepers:{name}"].item() for s in range(seeds)])


def test_bands_attack_a_mission_that_is_there_and_kill_a_few_of_its_people():
    found = tables(village(OFTEN | {"parameters.attacks_on_peacekeepers.base": 0.1}, missions={"UN": UN | HERE}))
    hit = found["events"].query("kind == 'attack_on_peacekeepers'")
    assert len(hit) > 20 and set(hit.perpetrator) == {"rebels"} and set(hit.target) == {"UN"}
    assert (hit.deaths == 0).mean() >= 0.5 and hit.civilians.sum() == 0 < hit.deaths.sum()
    assert found["summary"]["peacekeepers_killed:UN"].item() == hit.deaths.sum()
    assert attacked(missions={"UN": UN | HERE | {"arrives": 30}}) == 0


def after_losses(share: float) -> float:
    """Return the attacks on a mission in one week by bands that lost a share of their fighters lately."""
    setup = village({"parameters.attacks_on_peacekeepers.base": 0.02}, missions={"UN": UN | HERE})
    number = []
    for seed in range(30):
        m = before("attacks_on_peacekeepers", setup, 3, seed)
        m.bands.lost[:] = share
        attacks_on_peacekeepers(m)
        number.append(m.acts.of(ON_PEACEKEEPERS).size)
    return float(np.sum(number))


def test_they_attack_after_losses():
    assert after_losses(0.3) > 1.5 * after_losses(0.0) > 0


def test_they_attack_a_mission_that_people_find_partial():
    liked, disliked = (attacked({"parameters.perceptions.prior": prior}) for prior in (0.9, 0.1))
    assert disliked > 1.4 * liked > 0


def test_they_attack_the_mission_that_struck_them():
    """Beside a force that strikes, another that does not is attacked less than it."""
    force = AU | HERE | {"tempo": 10.0, "force_protection": 0.3, "troops": 2000}
    both = {"UN": UN | HERE | {"force_protection": 0.3}, "AU": force}
    spared = {"parameters.offensives.loss": 0.0, "parameters.attacks_on_peacekeepers.struck_size": 6.0}
    assert attacked(spared, name="AU", missions=both) > 1.3 * attacked(spared, missions=both)


def test_a_mission_on_guard_is_attacked_less():
    as_usual = {"parameters.attacks_on_peacekeepers.guard_attacks": 100.0}
    assert attacked(as_usual, force_protection=1.0) < 0.8 * attacked(as_usual, force_protection=0.0)


def guard(changes, week: int) -> float:
    """Return the share of a mission that guards it in a week."""
    m = played(village(changes | {"weeks": 60}, missions={"UN": UN | HERE}), week)
    return float(column(m, "missions.guarding")[0])


def test_a_mission_that_is_attacked_guards_itself_and_one_that_is_not_does_as_its_profile_says():
    usual = village(missions={"UN": UN | HERE}).missions["UN"].force_protection
    quiet = {"parameters.attacks_on_peacekeepers.base": 0.0}
    assert guard(quiet, 8) == usual < guard(OFTEN | {"parameters.attacks_on_peacekeepers.base": 0.05}, 8)


def test_guard_fades_in_a_quarter():
    m = played(village({"weeks": 60}, missions={"UN": UN | HERE}), 5)
    m.missions.harassed[:] = 6.0
    shares = []
    for _ in range(27):
        m.step()
        shares.append(float(column(m, "missions.guarding")[0] - column(m, "missions.force_protection")[0]))
    assert shares[0] > 1.5 * shares[13] > 2.2 * shares[26] > 0


@pytest.mark.parametrize("attacks", [0.0, 1.0, 100.0])
def test_the_share_on_guard_stays_between_the_usual_and_all(attacks):
    share = guarded_share(np.array([0.3]), np.array([attacks]), 4.0)[0]
    assert 0.3 <= share <= 1 and (share == 0.3) == (attacks == 0)


def test_attacks_on_a_mission_stir_up_no_other_violence():
    hot, calm = (
        played(small({"parameters.attacks_on_peacekeepers.base": base}, missions={"UN": UN | {"arrives": 2}}), 4)
        for base in (0.5, 0.0)
    )
    assert hot.acts.of(ON_PEACEKEEPERS).size + hot.past.of(ON_PEACEKEEPERS).size > 0
    assert np.array_equal(column(hot, "cells.memory"), column(calm, "cells.memory"))
