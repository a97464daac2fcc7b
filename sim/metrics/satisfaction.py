"""The survey operator: what a poll in towns would say of a mission. Legitimacy is not satisfaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from sim.metrics.metric import metric, share, shared

if TYPE_CHECKING:
    from sim.model import Model


def satisfied(
    credibility: np.ndarray, delivered: np.ndarray, expected: np.ndarray, middle: float, spread: float
) -> np.ndarray:
    """Return the share of each community that is satisfied: credibility + delivered - expected beats their threshold.

    Thresholds differ between persons: normal, with the given middle and spread. Arrays of one shape.
    """
    return ndtr((credibility + delivered - expected - middle) / spread)


def survey(satisfied: np.ndarray, met: np.ndarray, weight: np.ndarray) -> float:
    """Return the share of respondents who say that they are satisfied; weight: respondents by community.

    Those who have never met the mission are asked too, and do not say so. NaN where nobody is asked.
    """
    asked = float(weight.sum())
    return float((weight * np.where(met, satisfied, 0.0)).sum()) / asked if asked > 0 else float("nan")


def sampled(truth: float, respondents: float, uniform: float) -> float:
    """Return what a poll of so many respondents says where the share is `truth`, by the luck of who is asked."""
    error = np.sqrt(max(truth * (1 - truth), 0.0) / respondents)
    return float(np.clip(truth + error * ndtri(np.clip(uniform, 1e-12, 1 - 1e-12)), 0.0, 1.0))


class Poll:
    """Who is asked: rows of communities in towns and regional capitals [E36], their weight and area.

    The weight is their residents at week 0. Where a country has no town, everybody is asked.
    """

    def __init__(self, m: Model) -> None:
        c = m.communities
        inside = np.isin(c.cell, m.world.towns)
        self.rows = np.flatnonzero(inside if inside.any() else np.ones(c.rows, bool))
        self.weight, self.area = c.home[self.rows], c.area[self.rows]
        self.by_area = np.bincount(self.area, self.weight, len(m.world.area_names))


@shared
def contents(m: Model) -> list[np.ndarray]:
    """Return which share of each community that is asked is satisfied with each mission."""
    return [content(m, k) for k in range(len(m.actors.missions))]


def content(m: Model, mission: int) -> np.ndarray:
    """Return which share of each community that is asked is satisfied with a mission."""
    rows, p = m.log.poll.rows, m.p.survey
    got, hoped = _balance(m, mission, rows)
    return satisfied(m.communities.perceptions[2, mission, rows], got, hoped, p.threshold, p.spread)


def _balance(m: Model, mission: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the protection that communities received from a mission, and what they expected of it; 0-1 each."""
    c = m.communities
    return c.delivered[mission, rows], c.expected[mission, rows]


@metric(by="mission", unit="share", better="higher", over_run="last", source="E36", every=13)
def satisfied_share(m: Model) -> np.ndarray:
    """Share of respondents in towns who are satisfied with the mission: the only series to compare with surveys.

    Credibility + protection received - expectation beats a personal threshold; with the sampling error of a poll.
    """
    poll, out = m.log.poll, np.full(len(m.actors.missions), np.nan)
    for k, name in enumerate(m.actors.missions):
        truth = survey(contents(m)[k], m.communities.met[k, poll.rows], poll.weight)
        out[k] = sampled(truth, m.p.survey.respondents, m.luck.once("record/survey", name, 1)[0])
    return out


@metric(by="mission", unit="share", better="neither", over_run="last", source="E36", every=13)
def satisfied_range(m: Model) -> np.ndarray:
    """How far areas differ: the share satisfied where most are, less where fewest are; without the luck of polls."""
    poll, out = m.log.poll, np.full(len(m.actors.missions), np.nan)
    for k in range(out.size):
        happy = poll.weight * np.where(m.communities.met[k, poll.rows], contents(m)[k], 0.0)
        found = share(np.bincount(poll.area, happy, poll.by_area.size), poll.by_area)[poll.by_area > 0]
        out[k] = found.max() - found.min() if found.size else np.nan
    return out
