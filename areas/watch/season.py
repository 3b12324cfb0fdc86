"""A season held in common: what the whole municipality's reports say of the year, lent to few.

Ten parts of a year over two years hold a handful of weeks each. A series with few events can't tell
its own season from those, and a baseline that unsure lets nothing be a signal. So the level of each
part of the year is drawn towards the season of the same source and class in the whole municipality,
as if a number of events had followed that season (a gamma prior on the rate, its mean the common
season at the series' own level). How many is found from how unlike the series' seasons are, beyond
what chance makes them (moments, as in an empirical Bayes). Series with many events keep their own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from areas.watch.glm import Fit, invert
from areas.watch.reference import Reference

Floats = NDArray[np.float64]


FAR = 30.0
TINY = 1e-12
USUAL_UNLIKENESS = 0.05
"""Variance of log rates by which terms are weighed, as of series of some tens of events."""

LEAST_EVENTS = 0.01
"""Fitted events under which a part of the year is held to be without any."""


@dataclass(frozen=True, eq=False)
class Season:
    """The season that each series is drawn towards.

    Attributes
    ----------
    log_rate
        Log rate of each part of the year, shape (s, p), up to a constant of each series; NaN in a
        row that has none and keeps its own.
    events
        Events that it weighs in each part, shape (s, p).
    """

    log_rate: Floats
    events: Floats

    def of(self, rows: NDArray[np.int64]) -> Season:
        """Return the seasons of some series."""
        return Season(self.log_rate[rows], self.events[rows])


def season_of(fitted: Fit, *, added: float) -> tuple[Floats, Floats]:
    """Return the season that regressions found, for other series to be drawn towards.

    Parameters
    ----------
    fitted
        Regressions.
    added
        Events thought into each part of the year, so that a part without any has a rate.

    Returns
    -------
    tuple
        Log rate of each part with the trend taken off, and its variance; both of shape (s, p).
    """
    parts = np.arange(fitted.level.shape[1])
    eta, variance = fitted.predict(parts, np.zeros(len(parts)), added=added)
    trend = fitted.trend_variance[:, None] * fitted.middle**2
    return eta, (variance - trend) * fitted.dispersion[:, None]


@dataclass(frozen=True, eq=False)
class _Lent:
    """A common season at each series' own level and trend, shapes (s, p) but for `total`, (s,)."""

    events: Floats
    exposure: Floats
    rate: Floats
    total: Floats

    @staticmethod
    def of(fitted: Fit, known: NDArray[np.bool_], log_rate: Floats, reference: Reference) -> _Lent:
        events = invert(fitted.level_variance)
        parts = range(log_rate.shape[1])
        weeks = np.stack([known[:, reference.period == k].sum(axis=1) for k in parts], axis=1)
        # the working events of a part without any lag behind its level, which falls without end
        exposure = np.where(events > LEAST_EVENTS, events * np.exp(-fitted.level), weeks)
        ahead = log_rate + fitted.trend[:, None] * fitted.middle
        total = events.sum(axis=1)
        led = np.maximum((exposure * np.exp(ahead)).sum(axis=1), TINY)
        scale = np.log(np.maximum(total, TINY)) - np.log(led)
        return _Lent(events, exposure, np.exp(np.clip(ahead + scale[:, None], -FAR, FAR)), total)


def unlikeness(
    fitted: Fit,
    known: NDArray[np.bool_],
    log_rate: Floats,
    share: Floats,
    reference: Reference,
) -> float:
    """Return how unlike the seasons of series are to the common one: the variance of log rates.

    Squares of what each part of the year differs by, less what chance adds, over the squares of
    what was to expect (moments, weighted by their certainty); a standard error is added to be on
    the safe side. Few series with few events so give a large number.

    Parameters
    ----------
    fitted, known, reference
        As of `draw_towards`.
    log_rate
        The common season of each series, shape (s, p).
    share
        How much of the common season's events are the series' own, 0–1, shape (s,).
    """
    lent = _Lent.of(fitted, known, log_rate, reference)
    wanted = lent.exposure * lent.rate
    of_total = wanted * invert(lent.total)[:, None]
    chance = fitted.dispersion[:, None] * wanted
    left = (lent.events - wanted) ** 2 - chance * (1 - of_total) * (1 - share[:, None])
    spread = (chance + USUAL_UNLIKENESS * wanted**2) ** 2
    information = float((wanted**4 * invert(spread)).sum())
    if information <= 0:
        return np.inf
    found = float((left * wanted**2 * invert(spread)).sum()) / information
    return max(found, 0.0) + float(np.sqrt(2 / information))


def draw_towards(
    fitted: Fit, known: NDArray[np.bool_], season: Season, reference: Reference
) -> tuple[Fit, Floats]:
    """Return the regressions with their levels drawn towards a season.

    Parameters
    ----------
    fitted
        Regressions by the series' own weeks.
    known
        Which weeks of the reference they rest on, shape (s, n).
    season
        What their levels are drawn towards.
    reference
        Where the weeks lie.

    Returns
    -------
    tuple
        The regressions with other levels, their variances and means; and the standard deviation,
        before dispersion, that each level shares with all others because the series' own total
        places the season, shape (s, p). Rows without a season are as they were, with zeros.
    """
    told = np.asarray(np.isfinite(season.log_rate).all(axis=1))[:, None]
    lent = _Lent.of(fitted, known, np.where(told, season.log_rate, 0.0), reference)
    pick = told & (lent.total > 0)[:, None]
    spread = fitted.dispersion[:, None]
    worth = np.where(pick, season.events, 1.0)
    weight = lent.events / spread + worth
    level = np.log(weight) - np.log(lent.exposure / spread + worth / lent.rate)
    shared = worth / weight * np.sqrt(invert(lent.total))[:, None]
    lift = np.where(pick, level - fitted.level, 0.0)[:, reference.period]
    drawn = replace(
        fitted,
        mean=fitted.mean * np.exp(lift),
        level=np.where(pick, level, fitted.level),
        level_variance=np.where(pick, 1 / (weight * spread), fitted.level_variance),
    )
    return drawn, np.where(pick, shared, 0.0)
