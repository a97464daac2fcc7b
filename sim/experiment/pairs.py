"""Two arms of one metric, seed by seed: what they differ by, with its interval."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.experiment import statistics as st
from sim.experiment.about import About, about, whole_of

JUDGED_SEEDS = 100


@dataclass(frozen=True)
class Pairs:
    """Values of a metric in the baseline (a) and in an arm (b) on the same seeds, shape (seeds,).

    For a ratio of sums, whole_a and whole_b are what each run's value is a share of; alone: each arm's own mean, told
    where no seed has both.
    """

    about: About
    a: np.ndarray
    b: np.ndarray
    whole_a: np.ndarray | None = None
    whole_b: np.ndarray | None = None
    alone: tuple[float, float] = (float("nan"), float("nan"))

    @property
    def n(self) -> int:
        """The number of seeds on which both arms have a value."""
        return len(self.a)

    @property
    def differences(self) -> np.ndarray:
        """The difference b - a on each seed."""
        return self.b - self.a

    @property
    def pooled(self) -> bool:
        """Whether the metric is a ratio whose sums are known."""
        return self.whole_a is not None and self.whole_b is not None

    def first(self, n: int) -> Pairs:
        """Return the first n seeds."""
        whole_a, whole_b = (None if x is None else x[:n] for x in (self.whole_a, self.whole_b))
        return Pairs(self.about, self.a[:n], self.b[:n], whole_a, whole_b)

    @property
    def mean_a(self) -> float:
        """The baseline's mean over seeds; a ratio's is the ratio of sums."""
        return _mean(self.a, self.whole_a) if self.n else self.alone[0]

    @property
    def mean_b(self) -> float:
        """The arm's mean over seeds; a ratio's is the ratio of sums."""
        return _mean(self.b, self.whole_b) if self.n else self.alone[1]

    def _drawn_shares(self) -> np.ndarray:
        """Return the difference of ratios of sums in every bootstrap sample of seeds."""
        a, b = ((self.a, self.whole_a), (self.b, self.whole_b))
        drawn = [st.resampled_ratio(x * w, w) for x, w in (a, b) if w is not None]
        return drawn[1] - drawn[0]

    def interval(self, level: float = 0.95) -> st.Interval:
        """Return the interval of the difference: Student's t, or for a ratio of sums by bootstrap over seeds."""
        return st.percentiles(self._drawn_shares(), level) if self.pooled else st.student(self.differences, level)

    def p(self) -> float:
        """Return the two-sided p of no difference, which orders the arms for Holm's correction."""
        return st.percentile_p(self._drawn_shares()) if self.pooled else st.student_p(self.differences)

    @property
    def has_ratio(self) -> bool:
        """Whether b / a means something: neither a share nor negative, and not all zero in the baseline."""
        positive = self.n > 0 and min(self.a.min(), self.b.min()) >= 0 and self.a.sum() > 0
        return bool(positive) and not self.about.is_share

    def ratio_interval(self, level: float = 0.95) -> st.Interval:
        """Return the percentile bootstrap interval over seeds of the ratio of sums b / a."""
        return st.percentiles(st.resampled_ratio(self.b, self.a), level) if self.has_ratio else st.NOTHING

    def sign(self, level: float = 0.95) -> int:
        """Return the sign that holds (1 or -1), or 0; judged on at most 100 seeds."""
        some = self.first(JUDGED_SEEDS)
        return st.sign_holds(some.interval(level), st.agreement(some.differences), st.effect(some.a, some.b))

    def null(self) -> bool:
        """Say whether a null holds: by the ratio, or for shares by the difference."""
        share = self.about.is_share
        return st.null_holds(self.interval(0.9) if share else self.ratio_interval(0.9), share)


@dataclass(frozen=True)
class Quotient(Pairs):
    """A ratio of two means over seeds, held against what it is if nothing differs; not estimable where below may be 0.

    above, below: what each seed adds to either. a is that neutral value (0 or 1) and b the seed's own ratio.
    """

    above: np.ndarray = field(default_factory=lambda: np.empty(0))
    below: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def estimable(self) -> bool:
        """Whether the interval of the lower mean leaves zero out."""
        return st.student(self.below).side != 0

    def first(self, n: int) -> Quotient:
        """Return the first n seeds."""
        return quotient(self.about, self.above[:n], self.below[:n], float(self.a[0]) if self.n else 0.0)

    @property
    def mean_b(self) -> float:
        """The ratio of means, none where it cannot be estimated."""
        return st.ratio(self.above, self.below) if self.estimable else float("nan")

    def _draws(self) -> np.ndarray:
        """Return the ratio of sums, less the neutral value, in every bootstrap sample of seeds."""
        return st.resampled_ratio(self.above, self.below) - self.mean_a

    def interval(self, level: float = 0.95) -> st.Interval:
        """Return the percentile bootstrap interval over seeds; none where the lower mean may be zero."""
        return st.percentiles(self._draws(), level) if self.estimable else st.NOTHING

    def p(self) -> float:
        """Return the two-sided p of a ratio of zero."""
        return st.percentile_p(self._draws()) if self.estimable else 1.0

    @property
    def has_ratio(self) -> bool:
        """A ratio is not set against none."""
        return False


def quotient(what: About, above: np.ndarray, below: np.ndarray, neutral: float = 0.0) -> Quotient:
    """Return the ratio of two means over seeds; neutral: what it is if nothing differs."""
    each = np.divide(above, below, out=np.full(len(above), neutral), where=below != 0)
    return Quotient(what, np.full(len(above), neutral), each, above=above, below=below)


def _mean(values: np.ndarray, whole: np.ndarray | None) -> float:
    """Return the mean over seeds, or the ratio of sums where it is known what the values are shares of."""
    return float(np.mean(values)) if whole is None else st.ratio(values * whole, whole)


def pair_up(a: pd.DataFrame, b: pd.DataFrame, column: str) -> Pairs:
    """Return the pairs of a column from two summaries indexed by seed; seeds without a value in either are left out.

    An actor who is not in an arm has 0 of what is counted there, and no value of anything else.
    """
    what = about(column)
    seeds = a.index.intersection(b.index, sort=False)
    values = pd.DataFrame(
        {"a": arm_values(a, column, what), "b": arm_values(b, column, what)}, index=seeds, dtype=float
    )
    whole = whole_of(column)
    if what.over_run == "ratio" and whole in a and whole in b:
        values["whole_a"], values["whole_b"] = a[whole].reindex(seeds), b[whole].reindex(seeds)
    both = values.dropna()
    alone = (float(values["a"].mean()), float(values["b"].mean()))
    return Pairs(what, **{name: both[name].to_numpy() for name in both.columns}, alone=alone)


def arm_values(frame: pd.DataFrame, column: str, what: About) -> pd.Series:
    """Return a column of an arm, 0 where it counts something of an actor that the arm does not have."""
    absent = column not in frame or frame[column].isna().all()
    if absent and what.adds_up and what.key:
        return pd.Series(0.0, index=frame.index)
    return frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
