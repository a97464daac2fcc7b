"""Say of a world made from data what it was made of, what was left out, and what was assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.world.events import Events
from sim.world.layers import Ints
from sim.world.records import digest

COARSEST = 4  # where_prec up to the first-order division; coarser events have no cell
CREDIT = {
    "events": "Events: UCDP Georeferenced Event Dataset (Sundberg & Melander 2013; Davies et al. 2023), CC BY 4.0; "
    "figures derived per cell, no events",
    "cells": "Cells: PRIO-GRID (Tollefsen, Strand & Buhaug 2012), CC BY 4.0",
    "resources": "Deposits: PRIO-GRID (Tollefsen, Strand & Buhaug 2012), CC BY 4.0",
    "gazetteer": "Towns: the gazetteer named below (Flee's locations: Suleimenova, Bell & Groen 2017, BSD-3)",
}
ALWAYS = (
    "identity groups: not in the data; areas (adm_1) are given to groups by distance, blending over their margins",
    "access: roads are the shortest links between towns, and people outside towns follow them",
    "wet season: amplitude grows with distance from the equator up to 15 degrees",
    "propensity: log of the events' count by cell, each drawn towards its neighbours' mean (gamma-Poisson)",
    "sides: 0.5 degree is taken as 55 km everywhere",
)
WITHOUT = {
    "cells": "cells: the events' convex hull and half a degree round it",
    "gazetteer": "towns: places that events name, sized by rank; the place named most is the capital",
    "people": "people: not given; from the towns' share of people, or as many as a fictional country has",
    "resources": "resources: not given; none",
}


def provenance(
    events: Events, cell: Ints, dropped: Mapping[str, int], given: Mapping[str, Any], credit: str | None = None
) -> dict[str, Any]:
    """Return the provenance of a world as a table for its head.

    `cell` holds each event's cell, -1 for none; `dropped` what the gazetteer lost; `given` the importer's inputs by
    name (a path or paths, or a number of people), None where left out; `credit` takes the place of the usual sources.
    """
    there = {name: value for name, value in given.items() if value is not None}
    return {
        "made_by": "sim world from-ged",
        "attribution": [credit] if credit else [text for name, text in CREDIT.items() if name in there],
        "assumptions": [*ALWAYS, *(text for name, text in WITHOUT.items() if name not in there)],
        "window": {"first": str(events.day.min()), "last": str(events.day.max())},
        "counts": _counts(events, cell) | dict(dropped),
        "inputs": {path.name: f"sha256:{digest(path)}" for path in _paths(there)},
    }


def _counts(events: Events, cell: Ints) -> dict[str, int]:
    """Count the events that were used and those that were not."""
    coarse = events.precision > COARSEST
    return {
        "events": len(events),
        "events without a cell (where_prec above 4)": int(coarse.sum()),
        "events off the cells": int(((cell < 0) & ~coarse).sum()),
        "events used": int((cell >= 0).sum()),
    }


def _paths(given: Mapping[str, Any]) -> list[Path]:
    """Return the files among the inputs."""
    values: list[Any] = []
    for value in given.values():
        values += list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return [Path(value) for value in values if isinstance(value, str | Path)]
