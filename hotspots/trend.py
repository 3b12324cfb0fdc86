"""Trend of a short series of counts: Mann-Kendall's test with ties, and Sen's slope.

Kendall (1975), *Rank Correlation Methods*; Mann (1945); Sen (1968). Ties are the rule in counts by
quarter, so the exact distribution is taken under ties too: the number of inversions of a random
arrangement of the values has the Gaussian multinomial coefficients as its distribution
(MacMahon 1916).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import erfc, factorial, nan, prod, sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MOST_EXACT: Final = 40
"""Longest series whose p is exact."""


@dataclass(frozen=True)
class Trend:
    """The trend of one series.

    Attributes
    ----------
    s
        Pairs that rise minus pairs that fall.
    tau
        Kendall's tau-b against time; NaN where all values are equal.
    p
        Two-sided p of `s` if the order were random; 1 where all values are equal.
    exact
        Whether `p` is exact; else normal with continuity correction and ties.
    slope
        Sen's slope: median change from one step to the next; NaN with fewer than two values.
    """

    s: int
    tau: float
    p: float
    exact: bool
    slope: float


def mann_kendall(values: Sequence[float] | NDArray[Any]) -> Trend:
    """Test a series for trend.

    Parameters
    ----------
    values
        One a step of time, in order, without missing ones.

    Notes
    -----
    The test takes the steps to be independent of one another. A season that repeats makes it
    careful rather than rash as long as the series holds whole years.
    """
    series = np.asarray(values, dtype=float)
    n = len(series)
    if n < 2:
        return Trend(0, nan, 1.0, exact=True, slope=nan)
    i, j = np.triu_indices(n, 1)
    rise = series[j] - series[i]
    s = int(np.sign(rise).sum())
    slope = float(np.median(rise / (j - i)))
    ties = tuple(sorted(np.unique(series, return_counts=True)[1].tolist()))
    pairs = n * (n - 1) // 2
    untied = pairs - sum(t * (t - 1) // 2 for t in ties)
    if untied == 0:
        return Trend(0, nan, 1.0, exact=True, slope=slope)
    exact = n <= MOST_EXACT
    p = _exact_p(s, ties) if exact else _normal_p(s, ties)
    return Trend(s, s / sqrt(pairs * untied), p, exact, slope)


def _exact_p(s: int, ties: tuple[int, ...]) -> float:
    ways = _inversions(ties)
    untied = len(ways) - 1
    extreme = sum(count for d, count in enumerate(ways) if abs(untied - 2 * d) >= abs(s))
    return extreme / (factorial(sum(ties)) // prod(map(factorial, ties)))


@lru_cache(maxsize=256)
def _inversions(ties: tuple[int, ...]) -> tuple[int, ...]:
    """Return how many arrangements of a multiset have 0, 1, 2, … inversions."""
    ways, m = [1], 0
    for t in ties:
        ways = _times_gaussian(ways, m, t)
        m += t
    return tuple(ways)


def _times_gaussian(ways: list[int], m: int, t: int) -> list[int]:
    """Multiply a polynomial by the Gaussian binomial coefficient of m + t over t."""
    out = ways + [0] * (m * t)
    for i in range(1, t + 1):
        for d in range(len(out) - 1, m + i - 1, -1):  # times 1 - q^(m+i)
            out[d] -= out[d - m - i]
        for d in range(i, len(out)):  # divided by 1 - q^i
            out[d] += out[d - i]
    return out


def _normal_p(s: int, ties: tuple[int, ...]) -> float:
    n = sum(ties)
    variance = n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)
    z = max(abs(s) - 1, 0) / sqrt(variance / 18)
    return erfc(z / sqrt(2))
