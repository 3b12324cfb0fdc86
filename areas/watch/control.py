"""False signals held to a stated rate over everything that is watched.

Each week may hold ``false_signals / 10`` false signals on average. That is shared between the three
ways of looking, and within each by all its series alike (Bonferroni): the mean number of false
signals is then at most the stated one whatever the series have to do with each other, which a rate
of false discoveries would not promise.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARES: Final = {"week": 0.5, "shift": 0.25, "scan": 0.25}
"""Of the false signals allowed, by way of looking."""

WEEKS: Final = 10
"""The number of weeks that the allowed number is stated for."""

MOST_YEARS: Final = 100
"""A recurrence beyond this many years is told as ”more seldom than”."""

WEEKS_A_YEAR: Final = 52.1775


def limit(false_signals: float, way: str, n: int) -> float:
    """Return the p-value that a signal has to reach.

    Parameters
    ----------
    false_signals
        False signals allowed in ten weeks, everything counted.
    way
        A key of `SHARES`.
    n
        Series, or scans, looked at in that way.
    """
    return false_signals / WEEKS * SHARES[way] / max(n, 1)


def recurrence(p: Floats, way: str, n: int) -> Floats:
    """Return how many weeks lie between false signals as strong, everything counted.

    A signal with p at the limit has ``10 / false_signals`` weeks.
    """
    rate = np.maximum(p, 1e-15) * max(n, 1) / SHARES[way]
    return 1.0 / rate
