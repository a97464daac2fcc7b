"""Violence among the people themselves: clashes between identity groups, and crime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actors.acts import COMMUNAL, CRIME
from sim.metrics.counts import CLASHES, CRIMES, DEATHS, in_all, layers
from sim.metrics.metric import metric

if TYPE_CHECKING:
    from sim.model import Model


@metric(unit="deaths", better="lower", over_run="sum", source="E20, E32, S30")
def communal_deaths(m: Model) -> float:
    """Deaths in clashes between identity groups; they stand apart from civilians killed by armed actors."""
    return in_all(m, COMMUNAL, DEATHS)


@metric(unit="events", better="lower", over_run="sum", source="E20, E32")
def communal_expected(m: Model) -> float:
    """Clashes between identity groups expected this week, before luck."""
    return layers(m)[CLASHES]


@metric(unit="deaths", better="lower", over_run="sum", source="E34")
def crime_deaths(m: Model) -> float:
    """Deaths by organised crime."""
    return in_all(m, CRIME, DEATHS)


@metric(unit="events", better="lower", over_run="sum", source="E34")
def crime_expected(m: Model) -> float:
    """Crimes by gangs expected this week, before luck, deadly or not."""
    return layers(m)[CRIMES]
