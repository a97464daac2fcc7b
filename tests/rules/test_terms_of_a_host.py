"""What a host denies a mission that it does not want (`authority`, `arrival`) and what it asks for its consent."""

from __future__ import annotations

import numpy as np
import pytest
from helpers import HERE, UN, after, column, played, small, village

from sim.actors.roster import HOST
from sim.rules.consent import drives

OPEN = {"parameters.consent.step": 0.0}
LUKEWARM = {"hosts.host.consent": 0.5, **OPEN}
RIGHTS = UN | HERE | {"mandate": {"tasks": ["presence", "human_rights_monitoring"]}}


def opened(host: dict) -> tuple[np.ndarray, np.ndarray]:
    """Return how open each cell is to the UN, and the host's memory of its own abuse there."""
    changes = LUKEWARM | {f"hosts.host.{key}": value for key, value in host.items()}
    m = after("authority", small(changes, missions={"UN": UN | HERE}), 6)
    return m.open_to[0], m.cells.memory[HOST].copy()


def test_a_host_that_obstructs_shuts_places_first_where_its_own_forces_struck():
    free, struck = opened({})
    shut, _ = opened({"obstruction": 1.0})
    kept = shut / free
    assert (kept < 1).all() and (kept >= 0.5 - 1e-9).all()
    assert struck.max() > 0 and kept[struck > 0].max() < kept[struck == 0].min() == pytest.approx(0.85)


def test_one_that_wants_the_mission_denies_it_nothing():
    friendly = {"consent": 1.0, "abusiveness": 0.0}
    assert (opened(friendly | {"obstruction": 1.0})[0] == opened(friendly)[0]).all()


def test_held_up_visas_stretch_the_time_to_full_strength():
    slow = UN | {"arrives": 0, "ramp": 16}

    def there(obstruction: float, weeks: int) -> int:
        m = played(small(LUKEWARM | {"weeks": 60, "hosts.host.obstruction": obstruction}, missions={"UN": slow}), weeks)
        return int(column(m, "missions.deployed").sum())

    assert there(1.0, 8) < 0.8 * there(0.0, 8)
    assert there(1.0, 40) == there(0.0, 40)


def bargained(bargaining: float, accommodation: float, dependence: float = 0.0, **changes):
    """Return a village whose host asks a price of the UN."""
    host = {"bargaining": bargaining, "dependence": dependence, "abusiveness": 0.5}
    told = {f"hosts.host.{key}": value for key, value in host.items()}
    return played(village(told | changes, missions={"UN": RIGHTS | {"accommodation": accommodation}}), 4)


def test_a_price_granted_wins_consent_and_one_refused_costs_it():
    asked = [drives(bargained(1.0, a), 0, 0, 0.0)["bargain"] for a in (0.0, 0.5, 1.0)]
    assert asked[0] < 0 == asked[1] < asked[2]
    assert drives(bargained(0.0, 1.0), 0, 0, 0.0)["bargain"] == 0


def test_the_price_is_silence():
    loud, half, mute = (float(bargained(1.0, a).missions.voice[0]) for a in (0.0, 0.5, 1.0))
    assert loud > 0 and half == pytest.approx(loud / 2) and mute == 0


def test_a_host_that_depends_on_support_can_ask_for_little():
    free, bound = (float(bargained(1.0, 1.0, dependence).missions.voice[0]) for dependence in (0.2, 1.0))
    assert free < bound == pytest.approx(float(bargained(0.0, 1.0).missions.voice[0]))


def test_support_that_conditions_would_stop_goes_on_as_far_as_the_price_is_granted():
    link = {"partnerships.l": {"between": ["UN", "host"], "support_level": 0.8, "vetting": 1.0}}
    flows = [
        float(bargained(1.0, a, **link, **{"hosts.host.abusiveness": 0.9}).links.support_now[0]) for a in (0.0, 0.5)
    ]
    assert flows == pytest.approx([0.0, 0.4])
