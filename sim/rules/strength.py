"""Authorised strength over time: lists of (week, people) by component, which events extend."""

from __future__ import annotations

Steps = list[tuple[int, int]]


def step_at(strength: Steps, week: int) -> int:
    """Return the people authorised in a week: the last step at or before it."""
    for start, people in reversed(strength):
        if start <= week:
            return people
    return 0


def authorise(strengths: list[Steps], component: int, week: int, people: int) -> None:
    """Set the strength authorised from a week on, until the scenario's next step."""
    strengths[component] = sorted([*(s for s in strengths[component] if s[0] != week), (week, people)])
