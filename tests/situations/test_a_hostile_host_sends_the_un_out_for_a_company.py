"""The scenario `private_company`: rumours and a rival's offer end in expulsion by the rules, and the company comes.

Evidence: B-M45, B-M104, E16. No event of the scenario says that the UN is expelled; here in a smaller country.
"""

from __future__ import annotations

from pathlib import Path

from sim.model import Model
from sim.scenario import load

SMALLER = {
    "world.grid": [12, 12], "world.places": 80, "world.people": 700_000, "missions.UN.troops": 1200,
    "missions.company.troops": 300,
} | {f"armed_groups.{name}.fighters": 90 for name in ("rebels", "front", "raiders", "militia")}  # fmt: skip


def test_expulsion_is_reached_in_most_runs_and_the_company_follows():
    setup = load(Path(__file__).parents[2] / "scenarios" / "private_company.toml")
    assert not [e for e in setup.timeline if e.event == "expulsion"]
    reached = 0
    for seed in range(4):
        m = Model(setup.but(SMALLER), seed, keep={"weeks"}).run()
        un, company = m.actors.index["UN"], m.actors.index["company"]
        present = m.log.values["strength"] > 0
        assert not (present[:, un] & present[:, company]).any()
        reached += bool(present[:, company].any())
    assert reached >= 3
