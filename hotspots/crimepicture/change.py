"""How much two counts of equally long periods differ, with what chance may have done."""

from __future__ import annotations

from math import nan
from typing import Final

from scipy.special import betaincinv

CONFIDENCE: Final = 0.95


def rate_change(now: int, before: int) -> tuple[float, float, float]:
    """Return the ratio of two Poisson counts of equally long periods, and its interval.

    Given their sum, the later count is binomial with one half as its chance when nothing has
    changed; the exact interval of Clopper and Pearson (1934) of that chance becomes that of the
    ratio (Przyborowski & Wilenski 1940).

    Parameters
    ----------
    now, before
        Events of the later and of the earlier period, ≥ 0.

    Returns
    -------
    tuple of float
        Ratio, lower and upper end at `CONFIDENCE`; missing (NaN) where there is none: the ratio and
        its upper end without events before, all of them without any events.
    """
    n = now + before
    if n == 0:
        return nan, nan, nan
    tail = (1 - CONFIDENCE) / 2
    low = float(betaincinv(now, before + 1, tail)) if now else 0.0
    high = float(betaincinv(now + 1, before, 1 - tail)) if before else 1.0
    ratio = now / before if before else nan
    return ratio, low / (1 - low), high / (1 - high) if before else nan
