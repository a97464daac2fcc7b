"""Reviews of mandates: renewed as they are, narrowed to what can be done, or not renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.actors.staff import COMPONENTS
from sim.rules.conditions import delivered
from sim.rules.strength import authorise, step_at

if TYPE_CHECKING:
    from sim.model import Model
    from sim.scenario import Mandate


def review(m: Model) -> None:
    """Let those who gave a mandate look at it when its term is over [F-M116, F-M118, F-M124, B-M120].

    United and going by agreed language they renew it as it is. As far as they follow reports from the field they narrow
    it to what its means allow. Where they are divided, a mission that delivers little or that its host does not want
    may fail to be renewed, and winds down.
    """
    for k, name in enumerate(m.actors.missions):
        mandate, age = m.mandates[k], m.week - int(m.missions.mandated[k])
        neutral = mandate.unity == 1 and mandate.adapts == 0
        if neutral or age <= 0 or age % mandate.review or not m.missions.fielded[k] or leaves(m, k):
            continue
        merit = delivered(m, k) * float(m.hosts.consent[k].max())
        if m.luck("timeline/review", name, 1)[0] < (1 - mandate.unity) * (1 - merit):
            wind_down(m, k)
        elif mandate.adapts > 0:
            adapt(m, k, mandate, delivered(m, k))


def leaves(m: Model, mission: int) -> bool:
    """Say whether a mission is already to be gone in the end."""
    return not any(steps[-1][1] for steps in m.strengths[mission] if steps)


def adapt(m: Model, mission: int, mandate: Mandate, done: float) -> None:
    """Take weight from tasks, most from the least in priority, as far as the mandate asks for more than is done.

    A mandate that changes under way costs working time for a while [S-M101].
    """
    top = max(mandate.tasks.values(), default=1.0)
    cut = mandate.adapts * (1 - done)
    tasks = {task: round(p * (1 - cut * (1 - p / top)), 9) for task, p in mandate.tasks.items()}
    moved = sum(mandate.tasks.values()) - sum(tasks.values())
    if moved <= 0:
        return
    m.mandates[mission] = mandate.model_copy(update={"tasks": tasks})
    cost = m.p.review.friction * moved / sum(mandate.tasks.values())
    m.missions.friction[mission] = min(1.0, m.missions.friction[mission] + cost)


def wind_down(m: Model, mission: int) -> None:
    """Let a mission whose mandate is not renewed leave in equal parts, for good."""
    weeks = int(m.p.review.wind_down)
    for c in range(len(COMPONENTS)):
        steps = [step for step in m.strengths[mission][c] if step[0] <= m.week]
        now, m.strengths[mission][c] = step_at(steps, m.week), steps
        for i in range(weeks):
            authorise(m.strengths[mission], c, m.week + i, round(now * (1 - (i + 1) / weeks)))
