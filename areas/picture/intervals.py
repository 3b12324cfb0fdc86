"""Exact intervals of counts and of the ratio of two rates.

Garwood, *Fiducial limits for the Poisson distribution*, Biometrika 28 (1936): the limits of a count
by the chi-squared (gamma) distribution. The ratio of two Poisson rates is conditioned on their sum,
which leaves a binomial (Przyborowski & Wilenski, Biometrika 31, 1940) with the limits of Clopper &
Pearson, Biometrika 26 (1934). All cover at least what they say.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95


def poisson_limits(n: ArrayLike, *, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Return the exact limits of Poisson counts.

    Parameters
    ----------
    n
        Counts ≥ 0, any shape.
    level
        Confidence.

    Returns
    -------
    tuple
        Lower and upper limits, as counts; the lower limit of 0 is 0.
    """
    from scipy import special

    counts = np.asarray(n, dtype=np.float64)
    tail = (1 - level) / 2
    low = np.where(counts > 0, special.gammaincinv(np.maximum(counts, 1.0), tail), 0.0)
    high = special.gammainccinv(counts + 1.0, tail)
    return low, np.asarray(high, dtype=np.float64)


def rate_ratio(
    n: ArrayLike,
    exposure: ArrayLike,
    n_other: ArrayLike,
    exposure_other: ArrayLike,
    *,
    level: float = LEVEL,
) -> tuple[Floats, Floats, Floats]:
    """Return the ratio of two rates with exact limits.

    Parameters
    ----------
    n, n_other
        Counts ≥ 0 of shapes that broadcast.
    exposure, exposure_other
        What they count over, > 0, in the same unit.
    level
        Confidence.

    Returns
    -------
    tuple
        Ratio, lower and upper limit; NaN where both counts are 0 or an exposure is missing or 0.
        Where only the other count is 0, ratio and upper limit are infinite: written as NaN, and the
        lower limit stands.
    """
    from scipy import special

    one, two, e_one, e_two = (
        np.asarray(a, dtype=np.float64)
        for a in np.broadcast_arrays(n, n_other, exposure, exposure_other)
    )
    total = one + two
    known = (total > 0) & (e_one > 0) & (e_two > 0)
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        part_low = np.where(one > 0, special.betaincinv(np.maximum(one, 1), two + 1, tail), 0.0)
        part_high = np.where(
            two > 0, special.betaincinv(one + 1, np.maximum(two, 1), 1 - tail), 1.0
        )
        scale = e_two / e_one
        ratio = one / two * scale
        low = part_low / (1 - part_low) * scale
        high = part_high / (1 - part_high) * scale
    made = [np.where(known & np.isfinite(value), value, np.nan) for value in (ratio, low, high)]
    return made[0], made[1], made[2]


def share_limits(
    n: ArrayLike, total: ArrayLike, *, level: float = LEVEL
) -> tuple[Floats, Floats, Floats]:
    """Return shares with the exact limits of Clopper & Pearson; NaN where the total is 0.

    Parameters
    ----------
    n, total
        Counts, 0 ≤ n ≤ total, of one shape.
    level
        Confidence.
    """
    from scipy import special

    part, whole = np.asarray(n, dtype=np.float64), np.asarray(total, dtype=np.float64)
    tail, rest = (1 - level) / 2, whole - part
    with np.errstate(divide="ignore", invalid="ignore"):
        share = part / whole
        low = np.where(part > 0, special.betaincinv(np.maximum(part, 1), rest + 1, tail), 0.0)
        high = np.where(rest > 0, special.betaincinv(part + 1, np.maximum(rest, 1), 1 - tail), 1.0)
    known = whole > 0
    return share, np.where(known, low, np.nan), np.where(known, high, np.nan)
