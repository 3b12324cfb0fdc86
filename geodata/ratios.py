"""How a change compares with another change: the ratio of two ratios of counts, with its limits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class RatioOfRatios(NamedTuple):
    """A ratio with its limits; NaN where it can't be reckoned."""

    estimate: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Tell whether the limits exclude no difference."""
        return self.low > 1 or self.high < 1


def rri(before: float, after: float, all_before: float, all_after: float) -> float:
    """Return the recapture rate index of Levine: (after / before) / (all after / all before).

    NaN where one of the three that are divided by is 0.
    """
    if before <= 0 or all_before <= 0 or all_after <= 0:
        return float("nan")
    return (after / before) / (all_after / all_before)


def ratio_of_ratios(
    own: tuple[float, float],
    other: tuple[float, float],
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> RatioOfRatios:
    """Return (own after / own before) / (other after / other before) with its limits.

    Parameters
    ----------
    own, other
        Events before and after; the two share no event. Lengths of the periods cancel out as long
        as both are counted over the same days.
    dispersion
        Variance of a count by its mean.
    level
        Confidence.

    Returns
    -------
    RatioOfRatios
        The logarithm is taken as normal, its variance the sum of the inverse counts, each with one
        half added (Woolf 1955, Gart 1966), so that a count of 0 doesn't end it. NaN where `own` or
        `other` has no event at all.
    """
    if sum(own) <= 0 or sum(other) <= 0:
        return RatioOfRatios(np.nan, np.nan, np.nan)
    from scipy.special import ndtri

    counts = np.array([*own, *other], dtype=np.float64) + 0.5
    log = np.log(counts[1] / counts[0]) - np.log(counts[3] / counts[2])
    reach = ndtri(0.5 + level / 2) * np.sqrt(dispersion * (1 / counts).sum())
    return RatioOfRatios(float(np.exp(log)), float(np.exp(log - reach)), float(np.exp(log + reach)))
