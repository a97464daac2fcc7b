"""What cannot come about is refused when a scenario is read, in one line that says where and why."""

from __future__ import annotations

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import Problems, SimError
from sim.model import Model
from sim.scenario import Scenario, load


@pytest.fixture(scope="module")
def joint():
    """Return a scenario of two missions whose mandates hold everywhere, linked as UN-AU."""
    return load(ROOT / "scenarios" / "un_au_parallel.toml")


def area(mission: str, *names: str) -> dict:
    """Return the change that gives a mission's mandate some areas."""
    return {f"missions.{mission}.mandate.area": list(names)}


APART = area("UN", "north") | area("AU", "south", "west")
HOST = {"between": ["UN", "host"]}
OVER = {"week": 60, "event": "handover", "mission": "AU", "to": "UN"}
WAITING = {"missions.AU.on_expulsion_of": "UN"}
LEFT = {"missions.UN.troops": [[0, 8000], [50, 0]], "missions.UN.police": 0, "missions.UN.civilians": 0,
        "missions.UN.observers": 0}  # fmt: skip
GONE = {"week": 40, "event": "withdrawal", "mission": "UN", "duration": 10}
TO_NORTH = {
    "week": 9,
    "event": "mandate_change",
    "mission": "AU",
    "mandate": {"tasks": ["presence"], "area": ["north"]},
}

CASES = [
    # a form that does not fit who the partners are, or where they may go
    ({"partnerships.x": HOST | {"form": "hybrid"}}, "partnerships.x.form: got 'hybrid'; allowed: one of parallel, "),
    ({"partnerships.x": HOST | {"form": "re_hatted"}}, "host is a host and no mission"),
    ({"partnerships.x": HOST | {"form": "sequential"}}, "partnerships.x.form: got 'sequential'"),
    (APART | {"partnerships.UN-AU.form": "joint"}, "partnerships.UN-AU.form: got 'joint'"),
    (APART | {"partnerships.UN-AU.form": "hybrid"}, "UN in north and AU in south, west never meet"),
    ({"partnerships.UN-AU.form": "hibrid"}, "did you mean 'hybrid'?"),
    # roles that nobody can play
    ({"partnerships.x": HOST | {"recipient": "UN", "support_level": 0.5}}, "missions support hosts, not hosts"),
    ({"partnerships.x": HOST | {"chains": 2}}, "partnerships.x.chains: got 2; allowed: 1"),
    ({"partnerships.UN-AU.chains": 4}, "partnerships.UN-AU.chains: got 4; allowed: a whole number from 1 to 3"),
    ({"partnerships.UN-AU.lead": "EU"}, "partnerships.UN-AU.lead: got 'EU'; allowed: one of UN, AU"),
    ({"missions.nobody": {"org_type": "un", "profile": "political", "mandate": "political"}}, "missions.nobody"),
    # missions that never come
    (WAITING | {"missions.UN.on_expulsion_of": "AU"}, "missions.AU.on_expulsion_of: got 'UN'; allowed: a mission"),
    (WAITING | {"missions.UN.on_expulsion_of": "AU"}, "UN waits for AU waits for UN"),
    # handovers from nobody, to nobody, of more than all, and to where nobody may go
    ({"timeline.x": OVER | {"week": 26}}, "timeline.x.week: got 26; allowed: a week after 26, when AU arrives"),
    ({"timeline.x": OVER | {"mission": "UN", "to": "AU"}} | WAITING, "AU comes when it is expelled"),
    ({"timeline.x": OVER} | LEFT, "timeline.x.to: got 'UN'; allowed: a mission that is there in week 60; UN has left"),
    ({"timeline.x": OVER, "timeline.y": GONE}, "timeline.x.to: got 'UN'; allowed: a mission that is there in week 60"),
    ({"timeline.x": OVER} | APART, "timeline.x.to: got 'UN'; allowed: a mission that may go where AU is"),
    ({"timeline.x": OVER | {"share": 0.7}, "timeline.y": OVER | {"share": 0.6}}, "at most 1 in all handovers by AU"),
    # mandates for nowhere
    (area("AU"), "missions.AU.mandate.area: got []; allowed: \"all\", or at least one area"),
    ({"timeline.x": TO_NORTH | {"mandate": {"tasks": ["presence"], "area": []}}}, "timeline.x.mandate.area: got []"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "told"), CASES)
def test_what_cannot_come_about_is_a_line_that_says_where_and_why(joint, change, told):
    with pytest.raises(Problems) as error:
        joint.but(change)
    found = str(error.value).splitlines()
    assert any(told in line for line in found), found
    assert all(line.startswith("un_au_parallel: ") and "; allowed: " in line for line in found)


FINE = [
    APART,  # side by side in different areas is what parallel missions may do
    APART | {"timeline.x": TO_NORTH, "partnerships.UN-AU.form": "joint"},  # they meet from week 9 on
    {"partnerships.x": {"between": ["host", "UN"], "form": "support_package"}},  # the host receives, whoever is first
    {"timeline.x": OVER | {"share": 0.5}, "timeline.y": OVER | {"share": 0.5}},
    {"timeline.x": OVER, "timeline.y": GONE | {"share": 0.5}},
    {"timeline.x": OVER, "timeline.y": GONE, "timeline.z": {"week": 55, "event": "reinforcement", "mission": "UN"}},
    {"timeline.x": OVER, "missions.UN.troops": 0, "missions.UN.police": 0},  # all its troops are re-hatted
    {"partnerships.UN-AU.form": "joint", "partnerships.UN-AU.lead": "nobody"},
]


@pytest.mark.parametrize("change", FINE)
def test_what_is_odd_but_possible_loads(joint, change):
    assert isinstance(joint.but(change), Scenario)


def test_a_form_that_is_led_is_led_by_the_first_partner_and_a_host_is_who_gets_support(joint):
    links = joint.but({"partnerships.UN-AU.form": "joint", **FINE[2]}).partnerships
    assert links["UN-AU"].lead == "UN" and links["x"].recipient == "host" and links["x"].support_level > 0


SMALL = {"world.grid": [6, 6], "world.places": 20, "world.people": 60_000, "spin_up": 0}


def test_areas_that_the_country_lacks_are_all_told_before_the_first_week(joint):
    event = {"week": 300, "event": "massacre", "by": "AU", "area": "Ys", "deaths": 9}
    lost = joint.but(SMALL | area("UN", "Atlantis") | {"weeks": 400, "timeline.m": event})
    with pytest.raises(SimError) as error:
        Model(lost)
    told = str(error.value).splitlines()
    assert len(told) == 2 and all("; allowed: one of " in line for line in told)
    assert "missions.UN.mandate.area: got 'Atlantis'" in told[0] and "timeline.m.area: got 'Ys'" in told[1]


def test_check_tells_of_areas_that_the_country_lacks(workplace):
    file = workplace / "scenarios" / "lost.toml"
    file.write_text(
        'question = "?"\nextends = "un_alone"\n[missions.UN.mandate]\ntasks = ["presence"]\narea = ["Atlantis"]\n'
    )
    done = CliRunner().invoke(app, ["check", str(file)])
    assert done.exit_code == 2 and "missions.UN.mandate.area: got 'Atlantis'" in done.stderr
