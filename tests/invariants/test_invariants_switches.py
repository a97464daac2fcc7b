"""Each switch at 0 takes away what it says, and nothing else."""

from __future__ import annotations

import pytest
from helpers import LINK, SIX, UN, column, fingerprint, played, small, tables, total

ACTIVE = {name: mission | {"tempo": 3.0} for name, mission in SIX.items()}


def off(switch: str) -> dict[str, float]:
    """Return the change that turns a switch off."""
    return {f"parameters.{switch}": 0}


def active(changes=None, **dials):
    """Return six missions that strike often, with further dials for each."""
    return small(changes, missions={name: mission | dials for name, mission in ACTIVE.items()})


FREE = {"disable": ["partner_trust"], "parameters.partner_trust.staff": 0.0}
"""Coordination that costs no staff and moves no trust."""

SAME_AS = {
    "offensives.harm": (active(off("offensives.harm")), active(care=1.0)),
    "recruitment.holding": (active(off("recruitment.holding")), active(holding=0.0)),
    "attacks.desperation": (active(off("attacks.desperation")), active({"parameters.attacks.desperation_size": 0.0})),
    "picture.share": (
        active({"partnerships.l": LINK} | FREE | off("picture.share"), siting="random"),
        active({"partnerships.l": LINK | {"coordination": 0.0}} | FREE, siting="random"),
    ),
    "attribution.blur": (active(off("attribution.blur")), active({"disable": ["attribution"]})),
}
"""What a switch takes away, said in another way: both scenarios play alike to the last bit."""


@pytest.mark.parametrize("switch", SAME_AS)
def test_off_is_as_if_the_mechanism_had_no_strength(switch):
    without, weightless = (fingerprint(tables(s)) for s in SAME_AS[switch])
    assert without == weightless


@pytest.mark.parametrize("switch", SAME_AS)
def test_on_the_mechanism_does_something(switch):
    without = SAME_AS[switch][0]
    assert fingerprint(tables(without)) != fingerprint(tables(without.but({f"parameters.{switch}": 1})))


def test_without_local_and_group_restraint_missions_restrain_nobody():
    """Restraint is the only way by which a mission that answers and holds nothing lowers the rate of attacks."""
    still = {"parameters.moves.cost_weight": 0.0, "parameters.campaigns.cost_weight": 0.0}
    still |= {"parameters.response.base_chance": 0.0} | off("recruitment.holding")
    big, second = UN | {"troops": 20_000, "unit_size": 100, "ramp": 1}, UN["arrives"] + 1

    def expected(*switches: str, **missions) -> float:
        gone = {path: 0 for s in switches for path in off(s)}
        found = tables(small(still | gone | {"weeks": second + 1}, missions=missions))["actors"]
        return found.query("metric == 'attacks_expected' and week == @second and actor == 'rebels'").value.item()

    nobody = expected()
    assert expected("restraint.local", "restraint.group", UN=big) == nobody
    assert expected("restraint.group", UN=big) < nobody
    assert expected("restraint.local", UN=big) < nobody


def scattered(setup) -> bool:
    """Say whether any band must move at the end of some week."""
    m, seen = played(setup, 4), False
    for _ in range(10):
        m.step()
        seen |= bool(column(m, "bands.scattered").any())
    return seen


def test_without_scatter_struck_bands_need_not_move():
    assert scattered(active()) and not scattered(active(off("offensives.scatter")))


def test_without_regrowth_groups_only_lose():
    m = played(active(off("recruitment.regrowth") | {"parameters.recruitment.inflow": 0.0}))
    assert total(m, "recruitment", "fighters") == 0 and total(m, "offensives", "fighters") < 0
    assert total(played(active()), "recruitment", "fighters", "recruits") > 0
