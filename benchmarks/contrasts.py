"""Both sides can win: each contrast of the sources as a study of five levels of its dial in four countries.

python benchmarks/contrasts.py [NAME ...] [--seeds 12] [--first 600] [--box 24] [--box-seeds 2] [--jobs N] [--quick]
log: benchmarks/logs/contrasts/NAME.txt; results beside it: NAME.levels.csv, NAME.box.csv
Also each knock-out at both ends, and the share of the plausible box on each side. A contrast that does not flip is
printed as not reached, with what was tried; never dropped. --quick plays the two ends in one small country.
"""

from __future__ import annotations

import argparse

import pandas as pd
from study import LOGS, Log

from sim.validate import study
from sim.validate.contrast import COUNTRIES, SMALL, STUDY, Contrast, contrast, names


def line(row: pd.Series) -> str:
    """Return one level as a line of the log."""
    sign = {1: "higher", -1: "lower", 0: "open"}[int(row.sign)]
    return (f"{row.one:10.4g} against {row.other:10.4g}, ratio {row.ratio:.3f} [{row.low:.3f}, {row.high:.3f}], "
            f"{row.agree:.0%} of {row.n}: {sign}")  # fmt: skip


def dial(log: Log, c: Contrast, rows: pd.DataFrame) -> None:
    """Print five levels, all countries together, then the ends by country, then the verdict."""
    for _, row in rows[rows.country == "all"].iterrows():
        ways = "; ".join(f"{k.removeprefix('way:')} {row[k]:.3g}" for k in rows if k.startswith("way:"))
        log(f"  {row.level:6g}: {line(row)}")
        log(f"          {ways}")
    for country, part in rows[rows.country != "all"].groupby("country", sort=False):
        log(f"  country {country}: " + ", ".join(f"{r.level:g}: {r.ratio:.3f}" for _, r in part.iterrows()))
    log(f"  verdict: {study.flips(c, rows)}")


def knocked(log: Log, c: Contrast, given: argparse.Namespace) -> None:
    """Print both ends without each rule or switch that should kill one of them."""
    for knock in c.knocks:
        rows = study.levels(
            c,
            seeds(given),
            COUNTRIES[: 1 if given.quick else 2],
            small(c, given) | knock.changes,
            (0, 4),
            world(given),
            given.jobs,
        )
        log(f"\n  without {knock.name} (should kill: {knock.kills})")
        for _, row in rows[rows.country == "all"].iterrows():
            log(f"  {row.level:6g}: {line(row)}")


def seeds(given: argparse.Namespace) -> range:
    """Return the seeds of a study."""
    return range(given.first, given.first + given.seeds)


def small(c: Contrast, given: argparse.Namespace) -> dict:
    """Return what a contrast changes in the small country."""
    return c.quick if given.quick else {}


def world(given: argparse.Namespace) -> dict:
    """Return the country of a study."""
    return SMALL if given.quick else STUDY


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--first", type=int, default=600)
    parser.add_argument("--box", type=int, default=24, help="draws over the plausible box; 0: none")
    parser.add_argument("--box-seeds", type=int, default=2, help="seeds for each draw")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    folder = LOGS / "contrasts"
    folder.mkdir(parents=True, exist_ok=True)
    for name in given.names or names():
        c = contrast(name)
        log = Log(f"contrasts/{name}")
        log(f"{c.question}\n  {c.one.title} against {c.other.title}; {' + '.join(c.outcome)}, {c.better} is better")
        log(
            f"  dial: {c.dial.meaning}; expected at the first level: {c.first}; seeds {given.first} to {given.first + given.seeds - 1}"
        )
        countries, numbers = (
            (COUNTRIES[:1], (0, 2, 4) if c.shape == "peak" else (0, 4)) if given.quick else (COUNTRIES, range(5))
        )
        rows = study.levels(c, seeds(given), countries, small(c, given), numbers, world(given), given.jobs)
        rows.drop(columns="each").to_csv(folder / f"{name}.levels.csv", index=False, float_format="%.6g")
        dial(log, c, rows)
        knocked(log, c, given)
        if given.box:
            found = study.box(c, given.box, range(given.box_seeds), world=world(given), jobs=given.jobs)
            found.to_csv(folder / f"{name}.box.csv", index=False, float_format="%.6g")
            log(
                f"\n  {given.box} draws of all parameters over their plausible ranges, {given.box_seeds} seeds each: {study.shares(found)}"
            )
        if not c.reached:
            log(f"  not reached; tried: {c.tried}")
        log.close()


if __name__ == "__main__":
    main()
