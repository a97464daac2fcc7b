"""The heart: none, partner, UN, both; a careless partner with and without coordination; and what kills each side.

python benchmarks/heart.py [seeds] [first] [four|swap|alone|helmets|flip ...]      log: benchmarks/logs/heart.txt, or
heart_fresh.txt from another first seed; with some parts alone, heart_fresh_PARTS.txt
Seeds 0-39 were looked at while the parameters were calibrated; judge on others (400 and up).
Held to E12, E13 and definitions 5. Missions stand from week 0; 208 weeks.
"""

from __future__ import annotations

import sys

from study import Arms, Log

import sim

GROUPS = ("front", "militia", "raiders", "rebels")
METRICS = (
    ("killed by armed groups", "civilians_killed", GROUPS),
    ("the same, expected", "civilians_killed_expected", GROUPS),
    ("battle deaths", "battle_deaths", None),
    ("the same, expected", "battle_deaths_expected", None),
    ("killed by the state, expected", "civilians_killed_expected", ("host",)),
    ("civilians killed, all", "civilians_killed", None),
)
PARTS = ("troops", "police", "civilians", "observers")
DIALS = ("coordination", "delineation", "shared_communications")


def link(level: float) -> dict[str, float]:
    """Set the three dials of the partnership to one level."""
    return {f"partnerships.UN-AU.{dial}": level for dial in DIALS}


def base() -> sim.Scenario:
    """Return UN and regional force side by side from week 0."""
    return sim.load("un_au_parallel").but({"weeks": 208, "missions.UN.arrives": 0, "missions.AU.arrives": 0})


def careless(level: float) -> sim.Scenario:
    """Return the UN beside a careless counter-terror force, linked at one level."""
    force = {"missions.AU.profile": "bilateral_ct", "missions.AU.troops": 2000}
    return base().but(force | link(level)).named(f"careless {level:g}")


def four(log: Log, seeds: range) -> None:
    """E12 and E13: rebel killings none = partner > UN > both; battle deaths with both lowest."""
    both = base()
    arms = {
        "none": both.without("AU").without("UN"),
        "partner": both.without("UN"),
        "UN": both.without("AU"),
        "both": both,
    }
    a = Arms(arms, seeds)
    log(f"\nE12, E13: four arms, {len(seeds)} seeds. Expected: partner / none flat, UN / none lower, both / UN lower")
    for arm, against in (("partner", "none"), ("UN", "none"), ("both", "UN"), ("both", "none")):
        for label, metric, actors in METRICS:
            log(f"  {arm:8s}/ {against:5s} {label:32s} {a.against(arm, against, metric, actors)}")
    log(
        f"  hit rate of the partner: alone {a.value('partner', 'hit_rate:AU'):.2f}, beside the UN {a.value('both', 'hit_rate:AU'):.2f}"
    )


def knock(name: str) -> dict[str, object]:
    """Return the change that knocks one mechanism out, by rule name or by switch."""
    return {f"parameters.{name}": 0} if "." in name else {"disable": [name]}


def flip(log: Log, seeds: range, out: str | None = None) -> None:
    """Row 1 of the contrasts: civilians killed and the UN's impartiality, by level of the partnership's dials."""
    off = knock(out) if out else {}
    levels = (0.0, 0.25, 0.5, 1.0) if out is None else (0.0, 1.0)
    arms = {"UN": base().without("AU").but(off)} | {f"{x:g}": careless(x).but(off) for x in levels}
    a = Arms(arms, seeds)
    log(
        f"\nUN beside a careless partner against the UN alone, {len(seeds)} seeds" + (f"; without {out}" if out else "")
    )
    for x in levels:
        pair = a.against(f"{x:g}", "UN", "civilians_killed")
        expected = a.against(f"{x:g}", "UN", "civilians_killed_expected")
        moved = a.total(f"{x:g}", "impartiality:all->UN") - a.total("UN", "impartiality:all->UN")
        log(f"  dials {x:4g}: killed {pair}")
        log(
            f"     expected {expected}; impartiality of the UN {moved.mean():+.3f} ({(moved < 0).mean():.0%} of seeds down); "
            f"hit rate {a.value(f'{x:g}', 'hit_rate:AU'):.2f}"
        )


def swapped(log: Log, seeds: range) -> None:
    """The swap test: with the UN's profile and mandate, badge kept, the partner does what the UN does."""
    both = base()
    un, partner = both.without("AU"), both.without("UN")
    habits = {"profile": "un_multidimensional", "mandate": "poc", "arrives": 0}
    strength = {part: [list(step) for step in getattr(un.missions["UN"], part)] for part in PARTS}
    alike = partner.but({"missions.AU": habits | strength})
    a = Arms({"UN": un, "partner as UN": alike}, seeds)
    log(
        f"\nSwap test, {len(seeds)} seeds: a force with the partner's badge and the UN's profile against the UN. Expected: flat"
    )
    for label, metric, actors in METRICS:
        log(f"  {label:32s} {a.against('partner as UN', 'UN', metric, actors)}")


def nothing_in_common(log: Log, seeds: range) -> None:
    """With picture sharing and holding both off, a partner adds nothing to what the UN does."""
    off = {"parameters.picture.share": 0, "parameters.recruitment.holding": 0}
    for told, change in (("as it is", {}), ("without sharing and holding", off)):
        both = base().but(change)
        a = Arms({"UN": both.without("AU"), "both": both}, seeds)
        log(f"\nWhat the partner adds to the UN, {told}, {len(seeds)} seeds" + (". Expected: flat" if change else ""))
        for label, metric, actors in METRICS[:4]:
            log(f"  both / UN {label:32s} {a.against('both', 'UN', metric, actors)}")


def helmets(log: Log, seeds: range) -> None:
    """How many blue helmets it takes for the same drop, alone and beside the partner."""
    both, strengths = base(), (2000, 4000, 6000, 8000)
    arms = {"none": both.without("AU").without("UN")}
    for troops in strengths:
        some = both.but({"missions.UN.troops": troops})
        arms |= {f"{troops:,} alone": some.without("AU"), f"{troops:,} with partner": some}
    a = Arms(arms, seeds)
    log(f"\nBlue helmets, alone and with the partner, against nobody, {len(seeds)} seeds, expected before luck")
    for arm in list(arms)[1:]:
        rebels = a.against(arm, "none", "civilians_killed_expected", GROUPS)
        battles = a.against(arm, "none", "battle_deaths_expected")
        log(f"  {arm:20s} killed by armed groups {rebels.ratio:.2f} [{rebels.interval.low:.2f}, {rebels.interval.high:.2f}];"
            f" battle deaths {battles.ratio:.2f} [{battles.interval.low:.2f}, {battles.interval.high:.2f}]")  # fmt: skip


PARTS_OF_IT = {"four": four, "swap": swapped, "alone": nothing_in_common, "helmets": helmets, "flip": flip}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seeds, parts = range(first, first + count), sys.argv[3:]
    log = Log("_".join(["heart", *(["fresh"] if first else []), *parts]))
    log(f"seeds {first} to {first + count - 1}")
    for part in parts or PARTS_OF_IT:
        PARTS_OF_IT[part](log, seeds[: count // 2] if part == "helmets" else seeds)
    if not parts:
        for out in ("picture.share", "attribution", "offensives.harm", "recruitment.regrowth"):
            flip(log, seeds, out)
    log.close()


if __name__ == "__main__":
    main()
