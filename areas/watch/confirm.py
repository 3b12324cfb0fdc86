"""Signals tried a second time: what the estimates would have been in other equally likely pasts.

Weeks that look like outbreaks weigh less, also those that are mere chance, so mean and dispersion
come out too low, most where events are few and clumped. How much is found by drawing pasts from
the fitted model, fitting those in the same way, and turning the error round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from areas.watch.farrington import ADDED, Baseline, expect, tail
from areas.watch.reference import Reference
from areas.watch.season import Season, season_of

Floats = NDArray[np.float64]

LEAST_DISPERSION = 1.2
"""Pasts are drawn with at least this: few weeks seldom show that events come in clumps."""

MOST_RATIO = 10.0
"""Bound of how wrong an estimate is taken to be."""


@dataclass(frozen=True, eq=False)
class Errors:
    """How far off the estimates of one series were in pasts drawn from its own fit.

    Attributes
    ----------
    mean
        True by estimated mean of the watched week, shape (draws,).
    spread
        Dispersion from which pasts were drawn.
    dispersion
        True by estimated dispersion, shape (draws,).
    """

    mean: Floats
    spread: float
    dispersion: Floats


def errors_of(
    row: int,
    counts: Floats,
    base: Baseline,
    reference: Reference,
    *,
    outbreak_residual: float,
    season: Season | None = None,
    draws: int,
    seed: np.random.SeedSequence,
) -> Errors:
    """Draw pasts of one series and fit them as the real one was fitted.

    Parameters
    ----------
    row
        Number of the series in `base` and `counts`.
    counts
        Events by week, shape (s, weeks), NaN where missing: missing weeks are missing in the drawn
        pasts too.
    base, reference, outbreak_residual, season
        As of `areas.watch.farrington.expect`. Where a series is drawn towards a season, its drawn
        pasts have seasons about its own as unlike it as the fit is unsure, and are drawn towards
        its own: towards the common one they would be twice.
    draws
        Pasts.
    seed
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    spread = max(float(base.dispersion[row]), LEAST_DISPERSION)
    own, off = _seasons(row, base, season, draws, rng)
    mean = base.fit.mean[row] * np.exp(off[:, reference.period])
    rate = rng.gamma(mean / (spread - 1)) * (spread - 1)
    drawn = rng.poisson(rate).astype(np.float64)
    drawn[:, ~np.isfinite(counts[row, reference.weeks])] = np.nan
    past = np.full((draws, counts.shape[1]), np.nan)
    past[:, reference.weeks] = drawn
    other = expect(
        past,
        reference,
        trend=bool(base.trend[row]),
        outbreak_residual=outbreak_residual,
        season=own,
    )
    true = base.guarded[row] * np.exp(off[:, -1])
    return Errors(
        mean=np.clip(true / other.guarded, 1 / MOST_RATIO, MOST_RATIO),
        spread=spread,
        dispersion=np.clip(spread / other.dispersion, 1 / MOST_RATIO, MOST_RATIO),
    )


def _seasons(
    row: int, base: Baseline, season: Season | None, draws: int, rng: np.random.Generator
) -> tuple[Season | None, Floats]:
    """Return what drawn pasts are drawn towards, and how their log levels differ, (draws, p)."""
    shape = (draws, base.shared.shape[1])
    if season is None or not np.isfinite(season.log_rate[row]).all():
        return None, np.zeros(shape)
    own = season_of(base.fit, added=ADDED)[0][row]
    unsure = np.sqrt(base.fit.level_variance[row] * base.dispersion[row])
    off = rng.standard_normal(shape) * unsure
    return Season(np.broadcast_to(own, shape), np.broadcast_to(season.events[row], shape)), off


def confirm(observed: float, row: int, base: Baseline, errors: Errors) -> float:
    """Return the chance of at least so many, the error of the whole fit counted in.

    The mean over pasts of a negative-binomial tail whose mean and dispersion are the estimates
    put right by the error made in that past.
    """
    chances = tail(
        np.full(len(errors.mean), observed),
        base.guarded[row] * errors.mean,
        np.maximum(errors.spread * errors.dispersion, 1.0),
    )
    return float(chances.mean())
