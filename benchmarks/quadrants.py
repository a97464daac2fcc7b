"""All four quadrants of row 1: civilians killed and the UN's impartiality, up or down beside a careless partner.

python benchmarks/quadrants.py [--seeds 12] [--first 600] [--jobs N]      log: benchmarks/logs/quadrants.txt
One situation, that of the contrast parallel_partner_impartiality (a hasty partner with little care; the UN watches over
rights in full), in four countries. Two jobs of a partnership are dialled apart: coordination (who knows where whom to
strike) and being told apart (delineation with shared communications). Against the UN alone on the same luck; signs as in
definitions.md 5. Then without the rules that should make each half.
"""

from __future__ import annotations

import argparse
from itertools import product
from typing import Any

import numpy as np
from study import Log

from sim.scenario import Scenario
from sim.validate.contrast import COUNTRIES, STUDY, contrast
from sim.validate.study import Played, compared

COORDINATION = "partnerships.UN-AU.coordination"
APART = ("partnerships.UN-AU.delineation", "partnerships.UN-AU.shared_communications")
OUTCOMES = {"civilians killed (expected)": "civilians_killed_expected", "impartiality_min:UN": "impartiality_min:UN"}
WITHOUT: dict[str, dict[str, Any]] = {
    "": {},
    "picture.share": {"parameters.picture.share": 0},
    "offensives.harm": {"parameters.offensives.harm": 0},
    "attribution": {"disable": ["attribution"]},
    "speaking_out": {"disable": ["speaking_out"]},
}


def arms(change: dict[str, Any]) -> dict[tuple[int, int, int], tuple[Scenario, Scenario]]:
    """Return UN with partner and UN alone, by country, coordination and being told apart."""
    c, found = contrast("parallel_partner_impartiality"), {}
    for country, together, apart in product(COUNTRIES, (0, 1), (0, 1)):
        dials = {COORDINATION: together, **dict.fromkeys(APART, apart)}
        found[country, together, apart] = c.arms(0, country, change | dials, STUDY)
    return found


def told(log: Log, change: dict[str, Any], seeds: range, jobs: int | None) -> None:
    """Play the four corners, and print both outcomes of each with interval and sign."""
    pairs = arms(change)
    played = Played([s for pair in pairs.values() for s in pair], seeds, jobs)
    for together, apart in product((0, 1), (0, 1)):
        log(f"  coordination {together}, told apart {apart}")
        for title, column in OUTCOMES.items():
            sides = [[played.total(s, [column]) for s in pairs[k, together, apart]] for k in COUNTRIES]
            one, other = (np.concatenate(side) for side in zip(*sides, strict=True))
            r = compared(one, other)
            sign = {1: "higher", -1: "lower", 0: "open"}[int(r["sign"])]
            log(
                f"    {title}: {r['one']:.4g} against {r['other']:.4g}, ratio {r['ratio']:.3f} [{r['low']:.3f}, {r['high']:.3f}], "
                f"difference {r['difference']:+.4g} [{r['difference_low']:+.4g}, {r['difference_high']:+.4g}], {r['agree']:.0%} of {r['n']}: {sign}"
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("seeds", 12), ("first", 600), ("jobs", None)):
        asked.add_argument(f"--{name}", type=int, default=default)
    given = asked.parse_args()
    seeds, log = range(given.first, given.first + given.seeds), Log("quadrants")
    log(f"UN and partner against UN alone, countries {', '.join(map(str, COUNTRIES))}, seeds {seeds[0]} to {seeds[-1]}")
    for name, change in WITHOUT.items():
        log(f"\nWithout {name}" if name else "\nAll rules")
        told(log, change, seeds, given.jobs)
    log.close()


if __name__ == "__main__":
    main()
