"""The weighted displacement difference of Wheeler and Ratcliffe.

*A simple weighted displacement difference test to evaluate place based crime interventions*, Crime
Science 7:11 (2018); the weights after their R package ptools. The change of the treated place less
that of the control place, plus the same for the places around, where offences may have moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import stats

EVEN_TIMES = (1.0, 1.0)
EVEN_AREAS = (1.0, 1.0, 1.0, 1.0)


class Change(NamedTuple):
    """Events before and after; whole numbers, or sums of weights."""

    before: float
    after: float


@dataclass(frozen=True)
class Difference:
    """A difference with its interval.

    Attributes
    ----------
    estimate
        Events; below 0 is fewer than the control places lead one to expect.
    variance
        Of the estimate.
    z, p
        Its standard score and two-sided p; NaN where no event was counted.
    low, high
        Limits; NaN where no event was counted.
    """

    estimate: float
    variance: float
    z: float
    p: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """Return the standard error."""
        return float(np.sqrt(self.variance))

    @property
    def certain(self) -> bool:
        """Tell whether the interval excludes no change."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Displacement:
    """What `wdd` finds.

    Attributes
    ----------
    local
        Change of the treated place less that of the control place.
    displaced
        The same of the places around; ``None`` when none were given.
    total
        Their sum.
    """

    local: Difference
    displaced: Difference | None
    total: Difference


def wdd(
    control: Change,
    treated: Change,
    around_control: Change | None = None,
    around_treated: Change | None = None,
    *,
    time_weights: Sequence[float] = EVEN_TIMES,
    area_weights: Sequence[float] = EVEN_AREAS,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Displacement:
    """Return the weighted displacement difference.

    Parameters
    ----------
    control, treated
        Events of the control place and of the treated place.
    around_control, around_treated
        Of the places around them, both or neither.
    time_weights
        Before and after, > 0: counts are divided by them and variances by their squares, so that
        periods of unequal length can be compared.
    area_weights
        Of control, treated, around control, around treated, > 0, used in the same way. Several
        control places together have their number as weight.
    dispersion
        Variance of a count by its mean. The published test has 1 (Poisson); events that come in
        bouts have more, and the interval grows with its root.
    level
        Confidence.

    Raises
    ------
    ValueError
        Only one of the two places around is given.
    """
    if (around_control is None) != (around_treated is None):
        msg = "both places around are needed, or neither"
        raise ValueError(msg)
    fall, spread = [], []
    for change, weight in zip(
        (control, treated, around_control, around_treated), area_weights, strict=True
    ):
        if change is None:
            continue
        before, after = (weight * time for time in time_weights)
        fall.append(change.after / after - change.before / before)
        spread.append(change.after / after**2 + change.before / before**2)
    local = _difference(fall[1] - fall[0], dispersion * (spread[0] + spread[1]), level)
    if around_control is None:
        return Displacement(local, None, local)
    displaced = _difference(fall[3] - fall[2], dispersion * (spread[2] + spread[3]), level)
    total = _difference(
        local.estimate + displaced.estimate, local.variance + displaced.variance, level
    )
    return Displacement(local, displaced, total)


def _difference(estimate: float, variance: float, level: float) -> Difference:
    if variance <= 0:
        return Difference(estimate, 0.0, np.nan, np.nan, np.nan, np.nan)
    error = float(np.sqrt(variance))
    z = estimate / error
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    p = float(2 * stats.norm.sf(abs(z)))
    return Difference(estimate, variance, z, p, estimate - reach, estimate + reach)
