"""A sweep as a page to read before it is played: question, arms, unknowns with what they rest on, runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.experiment.sweeps.sweep import Sweep
from sim.scenario.changes import spelt
from sim.scenario.turnable import rows

METHODS = {"latin_hypercube": "a Latin hypercube", "sobol": "a Sobol sequence", "morris": "Morris trajectories",
           "saltelli": "Saltelli's design"}  # fmt: skip


def page(sweep: Sweep) -> str:
    """Return a sweep as text."""
    lines = [sweep.name, f"  {sweep.about.question}", "", *_choices(sweep), *_unknowns(sweep), *_plan(sweep)]
    return "\n".join(lines)


def _choices(sweep: Sweep) -> Iterator[str]:
    """Yield the scenarios, what is changed in all, and what planners decide."""
    yield f"Scenario    {', '.join(sweep.about.scenario)}"
    if sweep.about.baseline is not None:
        yield f"Baseline    {sweep.about.baseline}, without the choices"
    for path, value in sweep.about.set.items():
        yield f"  always    {path} = {spelt(value)}"
    yield f"Choices     {len(sweep.arms)} arms" + ("" if sweep.choices else ": the scenarios as they are")
    for path, values in sweep.about.choices.items():
        yield f"  {path}: {', '.join(map(spelt, values))}"


def _unknowns(sweep: Sweep) -> Iterator[str]:
    """Yield what nobody knows, with the range, the unit and the source."""
    if not sweep.unknowns:
        yield "Unknowns    none is sampled: every parameter stands at its value"
        return
    told = sweep.about.design
    yield f"Unknowns    {len(sweep.unknowns)}, in {len(sweep.points)} points by {METHODS[told.method]}"
    known = {row["path"]: row for row in rows(sweep.arms[0].setup)}
    for path, unknown in sweep.unknowns.items():
        about = known[path]
        source = about["source"] or "no source is given"
        yield f"  {path}: {unknown.least:g} to {unknown.most:g} {about['unit']} ({about['basis']}; {source})"


def _plan(sweep: Sweep) -> Iterator[str]:
    """Yield how many runs there are, when it stops, and how it is kept."""
    first, last = sweep.stages[0].last, sweep.stages[-1].last
    asked = sweep.about.enough
    seeds = f"{first} seeds" if asked is None else f"{first} to {last} seeds"
    own = ", others for each point" if sweep.about.design.own_luck and len(sweep.points) > 1 else ""
    yield f"Runs        at most {sweep.most_runs:,}: {seeds} for every arm and point, the same for all arms{own}"
    if asked is not None:
        yield f"  enough    as soon as {asked.metric} is known within ±{asked.within:.0%} of its mean in every arm"
    yield f"  kept      {', '.join(sweep.keep)}; {sweep.batch_size} runs to a part"


def content(sweep: Sweep) -> dict[str, Any]:
    """Return a sweep as plain values: its file, its arms, the ranges of its unknowns, its runs."""
    return {
        "name": sweep.name, **sweep.about.model_dump(mode="json", exclude_none=True),
        "arms": [{"name": arm.setup.name, "choices": dict(arm.choices)} for arm in sweep.arms],
        "ranges": {path: [u.least, u.most] for path, u in sweep.unknowns.items()}, "most_runs": sweep.most_runs,
    }  # fmt: skip
