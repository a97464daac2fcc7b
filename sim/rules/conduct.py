"""Misconduct: what a mission's own people do to those among whom they live."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.actors.acts import MISCONDUCT
from sim.actors.presence import ARMED, UNARMED
from sim.ledger import NOTHING
from sim.rules.areas import area_number
from sim.rules.blame import LEGITIMACY, news_of
from sim.rules.contributors import discipline
from sim.rules.judgement import capped
from sim.rules.rule import rule
from sim.rules.violence import victims

if TYPE_CHECKING:
    from sim.model import Model


@rule(
    reads=(
        "timeline", "near", "missions.conduct", "missions.oversight", "missions.deployed", "contingents.left",
        "communities.residents",
        "communities.displaced", "communities.perceptions", "scenario.missions.conduct",),
    writes=("acts", "communities.perceptions"),
)  # fmt: skip
def conduct(m: Model) -> None:
    """Misconduct by a mission's own people lowers its legitimacy where news of it reaches, less if it is answered for.

    Incidents fall by luck where its people and communities meet, the fewer the better its discipline; a scandal of the
    scenario weighs many, and the whole country hears of it for some weeks. It says nothing of a mission's strength or
    of its side: so opinion suffers more than the willingness to inform it.
    Source: B-M38, B-M128, F-M62, F-M63, S-M17, E31. Basis: literature (signs), assumption (sizes).
    """
    p = m.p.conduct
    for k in m.at_work:
        known = incidents(m, k)
        felt = [*(news_of(m, *np.array(known).T) if known else ()), *scandals(m, k)]
        if felt:
            answered = 1 - p.accountable * m.missions.oversight[k]
            m.ledger.perceive("conduct", (LEGITIMACY,), k, capped(p.loss * answered * sum(felt), p.cap), NOTHING)


def incidents(m: Model, mission: int) -> list[tuple[int, int]]:
    """Let a mission's people misbehave, each slot by its own luck; return cell and community of each incident."""
    slots = int(m.p.conduct.slots)
    expected = m.p.conduct.rate * (1 - discipline(m, mission)) * m.in_field[mission].sum() / 1000
    u = m.luck("conduct", m.actors.names[mission], (slots, 3))
    happens = u[:, 0] < -np.expm1(-expected / slots)
    return _commit(m, mission, u[happens, 1:]) if np.count_nonzero(happens) else []


def scandals(m: Model, mission: int) -> list[np.ndarray]:
    """Let the scandals that the scenario sets become known; return how strongly each is felt by each community now.

    Most in its area, and less each week until it is out of the news.
    """
    p, out = m.p.conduct, []
    for event, age in m.lasting("scandal"):
        fresh = 1 - age / p.scandal_weeks
        if event.mission != m.actors.names[mission] or fresh <= 0:
            continue
        area = None if event.area is None else area_number(m, f"timeline.{event.name}.area", event.area)
        if age == 0:
            _commit(m, mission, m.luck.once("conduct/scandal", event.name, (1, 2)), area)
        out.append(p.scandal * fresh * np.where(m.communities.area == area, 1.0, p.national))
    return out


def _commit(m: Model, mission: int, u: np.ndarray, area: int | None = None) -> list[tuple[int, int]]:
    """Record acts where a mission's people meet communities (in an area, if said): an act for each row of luck."""
    cells = _meetings(m, mission, u[:, 0], area)
    community = victims(m, cells, u[:, 1])
    m.acts.add(cells.size, kind=MISCONDUCT, perpetrator=mission, cell=cells, community=community)
    return list(zip(cells.tolist(), community.tolist(), strict=True))


def _meetings(m: Model, mission: int, uniform: np.ndarray, area: int | None) -> np.ndarray:
    """Draw cells by how many people live there and how many of the mission's people are in reach."""
    places = m.world.places if area is None else m.world.places[m.world.area[m.world.places] == area]
    near = m.near[ARMED, mission][places] + m.near[UNARMED, mission][places]
    upto = np.cumsum(m.people_in[places] * near)
    if upto.size == 0 or upto[-1] == 0:
        return np.zeros(0, np.int64)
    return places[np.searchsorted(upto, uniform * upto[-1], side="right")]
