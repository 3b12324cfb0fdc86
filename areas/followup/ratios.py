"""Ratios of two periods' counts with exact limits, and what a count could show.

Conditioned on the sum of both periods a count is binomial (Przyborowski & Wilenski 1940; limits of
Clopper & Pearson 1934). Reports come in bouts, so the limits of plain counts are too narrow: counts
are divided by their dispersion first, as in quasi-likelihood, and the limits widen by about its
root.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from areas.picture.intervals import rate_ratio

Floats = NDArray[np.float64]

TAIL = 0.025


def dispersion_of(before: Floats, now: Floats, *, paired: bool) -> Floats:
    """Return the variance by mean of the weeks' counts, at least 1, one a row.

    Parameters
    ----------
    before, now
        Counts by week (or month) of each period, shapes (k, a) and (k, b).
    paired
        The periods are the same part of the year: weeks are compared in pairs, so that season
        falls away. Otherwise each period has one level.
    """
    if paired:
        weeks = min(before.shape[1], now.shape[1])
        own = now[:, :weeks]
        pair = before[:, :weeks] + own
        total = pair.sum(axis=1)
        share = np.divide(own.sum(axis=1), total, where=total > 0, out=np.full(len(pair), 0.5))
        away = ((own - pair * share[:, None]) ** 2).sum(axis=1)
        usual = total * share * (1 - share)
        used = (pair > 0).sum(axis=1)
        free = used - 1
    else:
        away, usual, used, free = np.zeros((4, len(before)))
        for part in (before, now):
            mean = part.mean(axis=1, keepdims=True)
            there = mean[:, 0] > 0
            away += ((part - mean) ** 2).sum(axis=1)
            usual += part.sum(axis=1)
            used += np.where(there, part.shape[1], 0)
            free += np.where(there, part.shape[1] - 1, 0)
    # A ratio of sums: the mean of the weeks' own ratios would weigh a week of one event as much as
    # one of ten, and come out too small where events come in bouts.
    known = (usual > 0) & (free > 0)
    found: Floats = np.divide(away, usual, where=known, out=np.ones(len(away)))
    found = found * np.divide(used, free, where=known, out=np.ones(len(away)))
    return np.maximum(1.0, found)


def period_ratio(
    before: Floats, now: Floats, days_before: Floats, days_now: Floats, dispersion: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return events per day now over before, with limits; shape (k,). NaN as `rate_ratio`."""
    return rate_ratio(now / dispersion, days_now, before / dispersion, days_before)


def chance_to_show(
    total: Floats, days_before: Floats, days_now: Floats, dispersion: Floats, change: float
) -> Floats:
    """Return the chance that the limits exclude no change when there is one of a stated size.

    Parameters
    ----------
    total
        Events of both periods, shape (k,); they are laid as they would lie without a change.
    days_before, days_now
        Lengths.
    dispersion
        As of `dispersion_of`.
    change
        The fall, as a share.
    """
    from scipy import stats

    share = days_now / np.maximum(days_before + days_now, 1)
    usual = total / dispersion
    n = np.floor(usual * (1 - share) + usual * share * (1 - change) + 1e-9)
    fallen = share * (1 - change) / (1 - share * change)
    # The most events now whose upper limit still lies below no change.
    most = stats.binom.ppf(TAIL, n, share)
    most = np.where(stats.binom.cdf(most, n, share) > TAIL, most - 1, most)
    power = np.where(most >= 0, stats.binom.cdf(most, n, fallen), 0.0)
    return np.where(n > 0, power, 0.0)
