"""How likely each number of events is in the watched week, with all that isn't known counted in.

A negative binomial, averaged over how well its mean is known (normal on the log scale) and over the
chance of each dispersion (`areas.watch.clumping`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from areas.watch.clumping import SPREADS, put_back, spread_chances
from areas.watch.farrington import Baseline, tail
from areas.watch.reference import Reference

Floats = NDArray[np.float64]

NEGLIGIBLE = 1e-4
"""Dispersions with less chance than this are left out."""

_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(11)
_NODE_SHARE = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()
_MOST_DOUBLINGS = 12
_MOST_LOG = 40.0


@dataclass(frozen=True, eq=False)
class Outlook:
    """What chances of the watched week rest on, one row a series.

    Attributes
    ----------
    mean
        Mean that chances are reckoned by, shape (s,): the regression's with a few events thought
        in, and with what down-weighting takes off put back.
    unsure
        Variance of its logarithm, before dispersion, shape (s,).
    put_back
        The factor put back, shape (s,).
    spreads
        Chance of each of `areas.watch.clumping.SPREADS`, shape (s, d).
    """

    mean: Floats
    unsure: Floats
    put_back: Floats
    spreads: Floats

    @property
    def dispersion(self) -> Floats:
        """Return the mean dispersion, shape (s,)."""
        mean: Floats = self.spreads @ SPREADS
        return mean

    def take(self, rows: NDArray[np.int64]) -> Outlook:
        """Return the outlook of some series."""
        return Outlook(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def look(
    counts: Floats,
    base: Baseline,
    reference: Reference,
    sources: NDArray[np.str_],
    *,
    outbreak_residual: float,
) -> Outlook:
    """Return the outlook of every series.

    Parameters
    ----------
    counts
        Events by week, shape (s, weeks).
    base, reference
        The regressions and their weeks.
    sources
        Of the series, shape (s,); those of one source lend each other their dispersions.
    outbreak_residual
        As of `areas.watch.farrington.expect`.
    """
    spreads = spread_chances(
        counts[:, reference.weeks], base, reference, sources, outbreak_residual=outbreak_residual
    )
    back = put_back(base.guarded, spreads @ SPREADS, outbreak_residual)
    return Outlook(base.guarded * back, base.unsure, back, spreads)


def predictive(observed: Floats, outlook: Outlook) -> Floats:
    """Return the chance of at least so many, uncertainty of mean and dispersion counted in.

    Parameters
    ----------
    observed
        Events of the watched week, shape (s,).
    outlook
        Of the same series. The mean is averaged by 11 Gauss–Hermite nodes.
    """
    row, at = np.nonzero(outlook.spreads > NEGLIGIBLE)
    share, spread = outlook.spreads[row, at], SPREADS[at]
    off = np.sqrt(outlook.unsure[row] * spread)[:, None] * _NODES
    mean = np.exp(np.minimum(np.log(outlook.mean[row])[:, None] + off, _MOST_LOG))
    chance = tail(observed[row, None], mean, spread[:, None]) @ _NODE_SHARE
    n = len(observed)
    total: Floats = np.bincount(row, share * chance, n) / np.bincount(row, share, n)
    return total


def least_signal(outlook: Outlook, alpha: float) -> Floats:
    """Return the smallest number whose `predictive` chance is at most `alpha`, by halving."""
    low = np.floor(outlook.mean)
    high = low + np.ceil(stats.norm.isf(alpha) * np.sqrt(outlook.mean * outlook.dispersion)) + 1.0
    for _double in range(_MOST_DOUBLINGS):
        over = predictive(high, outlook) > alpha
        if not over.any():
            break
        low, high = np.where(over, high, low), np.where(over, 2 * high, high)
    while (high - low > 1).any():
        open_ = np.flatnonzero(high - low > 1)
        middle = np.floor((low[open_] + high[open_]) / 2)
        enough = predictive(middle, outlook.take(open_)) <= alpha
        high[open_] = np.where(enough, middle, high[open_])
        low[open_] = np.where(enough, low[open_], middle)
    return high
