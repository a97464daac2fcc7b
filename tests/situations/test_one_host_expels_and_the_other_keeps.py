"""Each host consents for its own land: one sends a mission out, the other keeps it; out of both, it has to go.

Evidence: B-M45 (consent is withdrawn), S-M112 and S-H61 (a mission over several countries has as many consents).
"""

from __future__ import annotations

import numpy as np
from borders import BRIGADE, land, two_hosts

from sim.model import Model

WEEKS = 60
HASTY = {"parameters.consent.step": 0.2, "parameters.consent.rival": 0.8, "hosts.neighbour.dependence": 0.2}
"""The same drives at a quicker pace, so that the story fits into a year."""
PATIENT = BRIGADE | {"mandate": "poc", "tempo": 0.0, "delay": 8, "siting": "random"}


def story(*offers: str, seed: int = 0) -> list[tuple[bool, bool, bool]]:
    """Return for each week whether the mission stands on the host's land and the neighbour's, and is there at all."""
    lukewarm = {f"hosts.{name}.consent": 0.5 for name in offers} | HASTY | {"weeks": WEEKS}
    lukewarm |= {f"timeline.offer-{name}": {"week": 4, "event": "rival_offer", "host": name} for name in offers}
    m, seen = Model(two_hosts(lukewarm, UN=PATIENT), seed, keep={"weeks"}), []
    for _ in range(WEEKS):
        m.step()
        cells = m.units.cell[m.units.cell >= 0]
        stands = [bool(land(m, name)[cells].any()) for name in ("host", "neighbour")]
        seen.append((*stands, bool(m.at_work)))
    return seen


def test_without_offers_it_stays_on_both_sides():
    assert story()[-1] == (True, True, True)


def test_one_host_sends_it_out_and_the_other_keeps_it():
    for seed in range(3):
        weeks = story("neighbour", seed=seed)
        assert any(week[1] for week in weeks[:10]), "at first on both sides"
        assert not any(week[1] for week in weeks[25:45]), "then for long on one"
        assert all(week[0] and week[2] for week in weeks), "and never off the other's land"


def test_out_of_both_it_has_to_go():
    weeks = story("host", "neighbour")
    assert (False, False, False) in weeks


def test_a_scenario_may_decree_it_for_one_host():
    out = {"timeline.out": {"week": 5, "event": "expulsion", "mission": "UN", "host": "host"}}
    m = Model(two_hosts(out, UN=PATIENT), 0).run()
    cells = m.units.cell[m.units.cell >= 0]
    assert cells.size and land(m, "neighbour")[cells].all() and not m.missions.expelled[0]
    again = {"timeline.again": out["timeline.out"] | {"week": 9, "host": "neighbour"}}
    assert Model(two_hosts(out | again, UN=PATIENT), 0).run().missions.expelled[0]


def test_the_expelled_are_seen_in_the_waiting_time_and_in_who_stands_where():
    out = {"timeline.out": {"week": 5, "event": "expulsion", "mission": "UN", "host": "host"}}
    summary = Model(two_hosts(out, UN=PATIENT), 0).run().tables()["summary"].iloc[0]
    assert summary["weeks_to_expulsion:UN"] == 5
    assert summary["hosted_strength:neighbour"] > summary["hosted_strength:host"] > 0
    assert np.isfinite(summary["local_capacity_at_exit:host"])
