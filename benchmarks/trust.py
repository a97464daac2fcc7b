"""From lost impartiality to lost protection: a mission beside a careless partner whose harm is, or is not, held against it.

python benchmarks/trust.py [seeds] [first]      log: benchmarks/logs/trust.txt
Two arms with the same forces, the same dials and the same luck. In one, people lay part of the partner's harm at the UN's
door (attribution, complicity); in the other nobody does. What differs later comes by way of what people think of the UN.
"""

from __future__ import annotations

import sys

from study import Arms, Log

import sim

GROUPS = ("front", "militia", "raiders", "rebels")
OTHER_ROADS = ("attacks_on_peacekeepers", "consent", "protest")
ROADS = ("reports", "attacks_on_peacekeepers", "peacekeepers_killed", "protests")
SHARES = ("impartiality:all->UN", "legitimacy:all->UN", "area_access:UN", "guarding:UN", "coverage:UN", "informed:UN")


def beside_a_careless_partner() -> sim.Scenario:
    """Return the UN beside a careless counter-terror force that nobody tells apart from it."""
    told = {f"partnerships.UN-AU.{dial}": 0.0 for dial in ("coordination", "delineation", "shared_communications")}
    force = {"missions.AU.profile": "bilateral_ct", "missions.AU.troops": 3000, "missions.AU.care": 0.0}
    seen = {"partnerships.UN-AU.form": "joint", "missions.AU.badge": "au", "parameters.attribution.blur": 2.0}
    early = {"weeks": 208, "missions.UN.arrives": 0, "missions.AU.arrives": 0}
    return sim.load("un_au_parallel").but(told | force | seen | early)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 400
    log, held = Log("trust"), beside_a_careless_partner()
    arms = {"held against it": held, "not held against it": held.but({"disable": ["attribution", "complicity"]})}
    fewer = {name: sorted({*arm.disable, *OTHER_ROADS}) for name, arm in arms.items()}
    arms |= {f"{name}, reports alone": arm.but({"disable": fewer[name]}) for name, arm in list(arms.items())}
    a = Arms(arms, range(first, first + count))
    for tail, told in (("", "the whole week"), (", reports alone", "no other road than reports")):
        one, other = (f"{name}{tail}" for name in ("held against it", "not held against it"))
        log(f"\nHarm by a careless partner held against the UN, over not held: {count} seeds from {first}; {told}")
        for column in SHARES:
            moved = a.total(one, column) - a.total(other, column)
            log(
                f"  {column:28s} {a.value(other, column):.3f} -> {a.value(one, column):.3f}; {(moved < 0).mean():.0%} of seeds down"
            )
        for metric in ROADS:
            log(f"  {metric + ':UN':28s} {a.against(one, other, metric, ('UN',))}")
        log(f"  killed by armed groups       {a.against(one, other, 'civilians_killed', GROUPS)}")
        log(f"  the same, expected           {a.against(one, other, 'civilians_killed_expected', GROUPS)}")
    log(
        "\nWhat moved the UN's impartiality where harm is held against it (everybody's mean, by rule, mean over 4 seeds)"
    )
    runs = sim.run([held.named("held")], seeds=range(first, first + 4), progress=False)
    log(str(runs.why("impartiality", actor="UN")))
    log.close()


if __name__ == "__main__":
    main()
