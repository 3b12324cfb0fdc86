"""Rates of small areas drawn towards the level that all areas share: empirical Bayes.

Clayton & Kaldor, *Empirical Bayes estimates of age-standardized relative risks for use in disease
mapping*, Biometrics 43 (1987): counts are Poisson, the areas' true rates gamma. The gamma is fitted
by the moments of Marshall, *Mapping disease and mortality rates using empirical Bayes estimators*,
Applied Statistics 40 (1991). The interval takes the fitted gamma for true, so it is a little too
narrow where the areas are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from areas.picture.intervals import LEVEL, poisson_limits

Floats = NDArray[np.float64]

FEWEST: Final = 5
"""Areas that a gamma is fitted to at least."""


@dataclass(frozen=True)
class Prior:
    """The level that areas share.

    Attributes
    ----------
    mean
        Events per unit of exposure.
    variance
        Of the areas' true rates; 0 where they differ no more than chance has them.
    n
        Events it was fitted to.
    exposure
        Exposure it was fitted to.
    """

    mean: float
    variance: float
    n: float
    exposure: float


def fit_prior(n: Floats, exposure: Floats) -> Prior | None:
    """Fit the prior to areas that don't overlap.

    Parameters
    ----------
    n
        Events by area, shape (m,).
    exposure
        Inhabitants × years or the like, shape (m,); those ≤ 0 or missing are left out.

    Returns
    -------
    Prior or None
        ``None`` with fewer than `FEWEST` areas or no events at all.
    """
    use = np.isfinite(exposure) & (exposure > 0)
    counts, size = n[use].astype(np.float64), exposure[use].astype(np.float64)
    if len(counts) < FEWEST or counts.sum() == 0:
        return None
    total, whole = float(counts.sum()), float(size.sum())
    mean = total / whole
    spread = float((size * (counts / size - mean) ** 2).sum()) / whole
    variance = max(spread - mean / (whole / len(size)), 0.0)
    return Prior(mean, variance, total, whole)


def shrink(n: Floats, exposure: Floats, prior: Prior) -> tuple[Floats, Floats, Floats]:
    """Return the rates drawn towards the prior, with limits.

    Parameters
    ----------
    n, exposure
        As of `fit_prior`, of the areas asked about.
    prior
        Their common level.

    Returns
    -------
    tuple
        Mean and limits of the posterior, events per unit of exposure; NaN without exposure. Where
        the prior has no variance all have its mean, with the exact limits of that.
    """
    size = np.where(exposure > 0, exposure, np.nan)
    if prior.variance <= 0:
        low, high = poisson_limits(prior.n)
        flat = np.where(np.isnan(size), np.nan, 1.0)
        ends = [float(value) / prior.exposure for value in (low, high)]
        return prior.mean * flat, ends[0] * flat, ends[1] * flat
    from scipy import special

    rate = prior.mean / prior.variance
    shape = prior.mean * rate
    tail = (1 - LEVEL) / 2
    a, b = shape + n, rate + size
    low = special.gammaincinv(a, tail) / b
    high = special.gammainccinv(a, tail) / b
    return a / b, low, high
