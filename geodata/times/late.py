"""Dates long after all others of a file: mistyped years, which would move every period."""

from __future__ import annotations

from typing import Final

import numpy as np

from geodata.columns import Codes
from geodata.times.clocks import Flags

GAP_DAYS: Final = 120
"""Days without any row, before dates that may be wrong."""
FEW_SHARE: Final = 0.005
"""Share of the rows that may be wrong together."""
ENOUGH: Final = 20
"""Rows from which one alone may be wrong, though it is a larger share."""
TIMES_WIDER: Final = 3
"""How many times wider than any other gap the one before a single row is."""


def long_after(days: Codes) -> Flags:
    """Return which rows have a date long after all others.

    Dates are taken for wrong when at least `GAP_DAYS` lie between them and the day before, and
    together they are at most `FEW_SHARE` of the rows – or one row of at least `ENOUGH`, with a gap
    `TIMES_WIDER` times any other. Many late rows, or late ones without a gap, are the data.

    Parameters
    ----------
    days
        Day of each row as a number, shape (n,).

    Returns
    -------
    numpy.ndarray
        bool, shape (n,).
    """
    if not len(days):
        return np.zeros(0, dtype=bool)
    first = int(days.min())
    counts = np.bincount(days - first)
    used = np.flatnonzero(counts)
    gaps = np.diff(used)
    after = counts[used][::-1].cumsum()[::-1][1:]  # rows on each day or later
    wrong = (gaps >= GAP_DAYS) & (after <= FEW_SHARE * len(days))
    if len(days) >= ENOUGH and len(gaps) > 1 and after[-1] == 1:
        alone = gaps[-1] >= max(GAP_DAYS, TIMES_WIDER * int(gaps[:-1].max()))
        wrong[-1] = wrong[-1] or alone
    cut = np.flatnonzero(wrong)
    if not len(cut):
        return np.zeros(len(days), dtype=bool)
    late: Flags = days > first + used[cut[0]]
    return late
