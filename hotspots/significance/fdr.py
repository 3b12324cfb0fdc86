"""Corrections for testing everywhere: the share of false finds among the finds (FDR)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def benjamini_hochberg(p: Floats) -> Floats:
    """Return p corrected so that cells with q ≤ a hold at most a share a of false finds.

    For tests that are independent or positively dependent, as those of neighbouring cells are.
    (Benjamini & Hochberg 1995.)

    Parameters
    ----------
    p
        Shape (n,), 0–1; missing ones are no tests and stay missing.

    Returns
    -------
    numpy.ndarray
        q, shape (n,): the smallest level at which each would be among the finds.
    """
    return _step_up(p, 1.0)


def benjamini_yekutieli(p: Floats) -> Floats:
    """Return q as `benjamini_hochberg` but for any dependence: larger by Σ 1/i.

    (Benjamini & Yekutieli 2001.)
    """
    m = int(np.count_nonzero(~np.isnan(p)))
    return _step_up(p, float(np.sum(1 / np.arange(1, m + 1))))


def _step_up(p: Floats, factor: float) -> Floats:
    q = np.full(len(p), np.nan)
    tested = np.flatnonzero(~np.isnan(p))
    m = len(tested)
    if m == 0:
        return q
    order = np.argsort(p[tested])  # q of equal p are equal, so their order does not matter
    ranked = p[tested][order] * (factor * m) / np.arange(1, m + 1)
    lowest = np.minimum.accumulate(ranked[::-1])[::-1]
    q[tested[order]] = np.minimum(lowest, 1.0)
    return q
