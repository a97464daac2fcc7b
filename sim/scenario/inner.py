"""Tables within tables: the condition of an event, where a mission's money comes from, who sends its people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario import catalogue
from sim.scenario.kinds import Piece, Share, Week, among, dial


class Condition(Piece):
    """What must hold before an event happens; it happens once."""

    measure: Annotated[str, among(catalogue.measures)] | None = dial(
        "What is watched; nothing if the event only follows another", None, source="B-M154; F-M92"
    )
    above: float | None = dial("It happens when the measure is above this", None, ge=0, le=100_000)
    below: float | None = dial("It happens when the measure is below this", None, ge=0, le=100_000)
    of: str | None = dial("The mission or host whose measure it is; the event's own if not said", None)
    area: str | None = dial("The area in which deaths are counted; the whole country if not said", None)
    weeks: int = dial("For so many weeks in a row", 4, unit="weeks", ge=1, le=520)
    after: Week = dial("Not before this week", 0, unit="week")
    by: Week | None = dial("In this week at the latest, whatever the measure says", None, unit="week")
    follows: str | None = dial("The event that must have happened before", None, source="B-M159")


class Funding(Piece):
    """Where a mission's money comes from, as shares of its budget; what is missing to 1 nobody pays."""

    assessed: Share = dial(
        "Dues that members owe: they come, and come late", 0.0, unit="share", source="B-M108; B-M116"
    )
    voluntary: Share = dial("Pledges to a fund, kept in part", 0.0, unit="share", source="B-M116; F-M91")
    donor: Share = dial(
        "Gifts of governments who look at the force's name besides", 0.0, unit="share", source="B-M111; F-M102"
    )

    @property
    def total(self) -> float:
        """The share of the budget that somebody is to pay."""
        return self.assessed + self.voluntary + self.donor


class Contributor(Piece):
    """Who sends part of a mission's soldiers and police, and on what terms."""

    share: Share = dial("Share of the mission's soldiers and police", unit="share", source="B-M17")
    caveats: Share = dial(
        "How far its units are held back: from answering, from operations, from leaving their post", 0.0,
        unit="share", source="F-M135; B-M17",
    )  # fmt: skip
    quality: float = dial(
        "What its units are worth in a fight, of the mission's usual", 1.0, unit="multiple", source="E10", ge=0, le=3
    )
    conduct: Share | None = dial(
        "Discipline of its people; the mission's if not said", None, unit="share", source="F-M94; B-M38"
    )
    casualty_tolerance: Annotated[float, Field(ge=0.1, le=1000)] | None = dial(
        "Deaths that it bears before it takes people home; the mission's if not said", None,
        unit="a year per 1,000 people", source="B-M16",
    )  # fmt: skip
