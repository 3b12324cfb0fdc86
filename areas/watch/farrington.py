"""The expected number of a week and how far above it chance reaches, for many series at once.

A quasi-Poisson regression on the past with level by season and trend; weeks of past outbreaks are
told by their Anscombe residuals and weigh less in a second fit; what chance reaches is a negative
binomial with the fitted mean and dispersion. Noufaily, Enki, Farrington, Garthwaite, Andrews &
Charlett (2013), doi:10.1002/sim.5595; the numbers are those of ``farringtonFlexible`` (R package
surveillance, threshold ``nbPlugin``).

The p-value that signals rest on goes further (`areas.watch.outlook`): far out in the tail, where a
limit over hundreds of series lies, a plain negative binomial with estimates put in gives too many
signals, and from the wrong series.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from areas.watch.glm import Fit, fit
from areas.watch.reference import Reference
from areas.watch.season import Season, draw_towards

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LEAST_YEARS_OF_TREND = 3
"""Over fewer years a trend can't be told from the season (Noufaily et al. 2013)."""

ADDED = 0.5
"""Events thought into each part of the year where chances are reckoned."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """What the past leads to expect, one row a series.

    Attributes
    ----------
    fit
        The final regressions.
    expected
        Mean of the watched week, shape (s,).
    guarded
        The same with `ADDED` events thought into each part of the year, shape (s,): what chances
        are reckoned by, so that a season without any event in the past isn't taken to be certain.
    unsure
        Variance of the logarithm of that, before dispersion, shape (s,).
    dispersion
        Variance by mean, at least 1, shape (s,).
    trend
        Whether the series got a trend, shape (s,).
    shared
        Standard deviation, before dispersion, of the error that the levels of a series' parts of
        the year have in common, shape (s, p); 0 where each part stands for itself.
    """

    fit: Fit
    expected: Floats
    guarded: Floats
    unsure: Floats
    dispersion: Floats
    trend: Bools
    shared: Floats


def expect(
    counts: Floats,
    reference: Reference,
    *,
    trend: bool,
    outbreak_residual: float,
    season: Season | None = None,
    regressed: tuple[Fit, Bools] | None = None,
) -> Baseline:
    """Fit the past of every series and say what to expect of the watched week.

    Parameters
    ----------
    counts
        Events by week, shape (s, weeks), position 0 the first week; NaN where missing.
    reference
        The weeks to compare with.
    trend
        Whether to let series have a trend. A series has none where the past is under three years,
        or where it would lead to more than any past week has held.
    outbreak_residual
        Anscombe residual above which a past week weighs less.
    season
        What the levels of the parts of the year are drawn towards; None, as ``farringtonFlexible``:
        each series has its own only.
    regressed
        From `regress` on the same past, where that has been done.
    """
    past = counts[:, reference.weeks]
    if regressed is None:
        regressed = regress(past, reference, trend=trend, outbreak_residual=outbreak_residual)
    fitted, slope = regressed
    shared = np.zeros((len(past), reference.n_periods))
    if season is not None:
        fitted, shared = draw_towards(fitted, np.isfinite(past), season, reference)
    here = np.array([reference.n_periods - 1])
    eta, _spread = fitted.predict(here, np.zeros(1))
    guarded, variance = fitted.predict(here, np.zeros(1), added=ADDED)
    return Baseline(
        fit=fitted,
        expected=np.exp(eta[:, 0]),
        guarded=np.exp(guarded[:, 0]),
        unsure=variance[:, 0] + shared[:, -1] ** 2,
        dispersion=fitted.dispersion,
        trend=slope,
        shared=shared,
    )


def regress(
    past: Floats, reference: Reference, *, trend: bool, outbreak_residual: float
) -> tuple[Fit, Bools]:
    """Fit the past of every series by itself, and say which got a trend.

    Parameters
    ----------
    past
        Events of the weeks compared with, shape (s, n).
    reference, trend, outbreak_residual
        As of `expect`.
    """
    slope = np.full(len(past), trend and reference.years >= LEAST_YEARS_OF_TREND)
    fitted = _refit(past, reference, trend=bool(slope.any()), limit=outbreak_residual)
    if slope.any():
        ahead = np.exp(
            fitted.predict(reference.period[-1:] * 0 + reference.n_periods - 1, np.zeros(1))[0][
                :, 0
            ]
        )
        top = np.nanmax(np.where(np.isfinite(past), past, 0.0), axis=1, initial=0.0)
        slope &= (ahead <= top) & fitted.converged
        flat = np.flatnonzero(~slope)
        if len(flat):
            level = _refit(past[flat], reference, trend=False, limit=outbreak_residual)
            fitted = _merge(fitted, level, flat)
    return fitted, slope


def _refit(past: Floats, reference: Reference, *, trend: bool, limit: float) -> Fit:
    """Fit, let past outbreaks weigh less, fit again."""
    first = fit(past, np.ones_like(past), reference, trend=trend)
    return fit(past, outbreak_weights(past, first, limit), reference, trend=trend)


def outbreak_weights(past: Floats, first: Fit, limit: float) -> Floats:
    """Return weights by standardised Anscombe residuals s: ∝ s⁻² above the limit, else equal.

    They sum to the number of weeks. Missing weeks have none.
    """
    known = np.isfinite(past)
    y, mean = np.where(known, past, 0.0), first.mean
    residual = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean))
    spread = np.sqrt(first.dispersion[:, None] * np.maximum(1 - first.leverage, 1e-12))
    residual = np.where(known, residual / spread, 0.0)
    over = residual > limit
    raw = np.where(known, np.where(over, np.where(over, residual, 1.0) ** -2, 1.0), 0.0)
    total = raw.sum(axis=1, keepdims=True)
    scale = np.divide(
        known.sum(axis=1, keepdims=True), total, out=np.ones_like(total), where=total > 0
    )
    weights: Floats = raw * scale
    return weights


def _merge(fitted: Fit, other: Fit, rows: NDArray[np.int64]) -> Fit:
    """Return `fitted` with some of its rows from `other`."""
    values = {name: getattr(fitted, name).copy() for name in Fit.__dataclass_fields__}
    for name, array in values.items():
        array[rows] = getattr(other, name)
    return replace(fitted, **values)


def plug_in(observed: Floats, base: Baseline) -> Floats:
    """Return the chance of at least so many by a negative binomial with the estimates put in."""
    return tail(observed, base.expected, base.dispersion)


def threshold(base: Baseline, alpha: float) -> Floats:
    """Return the ``1 − alpha`` quantile of that negative binomial."""
    mean, spread = base.expected, base.dispersion
    over = spread > 1
    wide = np.where(over, spread, 2.0)
    return np.where(
        over,
        stats.nbinom.ppf(1 - alpha, mean / (wide - 1), 1 / wide),
        stats.poisson.ppf(1 - alpha, mean),
    )


def tail(observed: Floats, mean: Floats, spread: Floats) -> Floats:
    """Return P(Y ≥ observed) of a negative binomial with variance ``spread · mean``."""
    y, mean, spread = np.broadcast_arrays(observed, mean, spread)
    none = ~(y > 0)
    known = np.where(none | ~np.isfinite(y), 1.0, y)
    over = spread > 1 + 1e-9
    wide = np.where(over, spread, 2.0)
    chance = np.where(
        over,
        special.betainc(known, mean / (wide - 1), 1 - 1 / wide),
        special.gammainc(known, mean),
    )
    return np.where(np.isfinite(y), np.where(none, 1.0, chance), np.nan)
