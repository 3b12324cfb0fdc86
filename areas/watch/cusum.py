"""Slow shifts: a cumulative sum of evidence that a series lies a stated factor above its past.

For each of the last weeks the likelihood of its number under ``shift`` times the expected mean is
set against that under the expected mean itself, both negative binomial with the same size; the
logarithms are summed, and the sum starts anew where it would fall below zero (Höhle & Paul 2008,
*Computational Statistics & Data Analysis* 52: 4357–4368).

How far the sum goes by chance is found by drawing weeks *with* a shift and weighing each by how
likely it would be without one. That reaches chances of one in a million with a few thousand draws.
The true level and dispersion of each draw differ from the estimated ones as much as these are
unsure, so an uncertain baseline isn't taken for a shift.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from areas.watch.clumping import SPREADS
from areas.watch.farrington import ADDED, Baseline
from areas.watch.outlook import Outlook
from areas.watch.reference import Reference

Floats = NDArray[np.float64]

NEARLY_POISSON = 1e-6
_PUSHES = np.arange(5.0)
MOST_ERROR = 5.0
"""Bound of the drawn error of a log mean: a factor of 150 says that nothing is known."""


@dataclass(frozen=True, eq=False)
class Sums:
    """The cumulative sums at the watched week, one entry a series.

    Attributes
    ----------
    value
        The sum, ≥ 0; shape (s,).
    since
        Weeks back that it has grown from, 0 = only this week; −1 where the sum is 0. Shape (s,).
    expected
        Means of the weeks summed over, shape (s, r).
    known
        Which of these weeks are not missing, shape (s, r).
    """

    value: Floats
    since: NDArray[np.int64]
    expected: Floats
    known: NDArray[np.bool_]


def evidence(counts: Floats, mean: Floats, excess: Floats, shift: float) -> Floats:
    """Return log f(y; shift · mean) − log f(y; mean), negative binomial, NaN counts give 0.

    Parameters
    ----------
    counts, mean
        Any shapes that broadcast.
    excess
        α of the variance ``mean + α · mean²``; 0 is Poisson.
    """
    alpha = np.maximum(excess, 0.0)
    dense = alpha > NEARLY_POISSON
    size = np.where(dense, alpha, 1.0)
    lost = np.where(
        dense,
        (counts + 1 / size) * (np.log1p(size * shift * mean) - np.log1p(size * mean)),
        (shift - 1) * mean,
    )
    found: Floats = np.where(np.isfinite(counts), counts * np.log(shift) - lost, 0.0)
    return found


def sums(
    counts: Floats, base: Baseline, outlook: Outlook, reference: Reference, shift: float
) -> Sums:
    """Return the sums at the watched week over the weeks that are left out of the comparison.

    Parameters
    ----------
    counts
        Events by week, shape (s, weeks).
    base, outlook, reference
        What the past leads to expect.
    shift
        The factor looked for.
    """
    eta, _variance = base.fit.predict(reference.recent_period, reference.recent_time, added=ADDED)
    mean = np.exp(eta)
    recent = counts[:, reference.recent]
    steps = evidence(recent, mean, excess_of(base, outlook.dispersion)[:, None], shift)
    # the sum up to the last week from the best start: the largest of all sums over last weeks
    back = np.cumsum(steps[:, ::-1], axis=1)
    best = back.max(axis=1)
    return Sums(
        value=np.maximum(best, 0.0),
        since=np.where(best > 0, back.argmax(axis=1), -1),
        expected=mean,
        known=np.isfinite(recent),
    )


def excess_of(base: Baseline, dispersion: Floats) -> Floats:
    """Return α of ``mean + α · mean²`` that gives each series a dispersion at its usual mean."""
    usual = base.fit.mean.mean(axis=1)
    excess: Floats = (dispersion - 1) / np.maximum(usual, 1e-9)
    return excess


def chance_bound(value: Floats, weeks: int) -> Floats:
    """Return a bound of the chance of so large a sum were the means known: weeks · exp(−sum)."""
    bound: Floats = np.minimum(weeks * np.exp(-value), 1.0)
    return bound


def chance(
    found: Sums,
    row: int,
    base: Baseline,
    outlook: Outlook,
    reference: Reference,
    *,
    shift: float,
    draws: int,
    seed: np.random.SeedSequence,
) -> float:
    """Return the chance of a sum at least as large when nothing has shifted.

    Parameters
    ----------
    found, row
        The sums, and the number of the series.
    base, outlook, reference
        As in `sums`.
    shift
        The factor looked for.
    draws
        Draws; the relative error is some 2 / √draws.
    seed
        Of the draws.
    """
    rng = np.random.default_rng(seed)
    weeks = len(reference.recent)
    told = found.expected[row]
    spread = rng.choice(SPREADS, (draws, 1), p=outlook.spreads[row])
    off, log_weight = _offsets(row, base, reference, draws, rng)
    off = np.clip(off * np.sqrt(spread), -MOST_ERROR, MOST_ERROR)
    true = told * outlook.put_back[row] * np.exp(off)
    usual = max(float(base.fit.mean[row].mean()), 1e-9)
    alpha = (spread - 1) / usual
    begin = rng.integers(0, weeks, (draws, 1))
    rate = true * np.where(np.arange(weeks) >= begin, shift, 1.0)
    size = 1 / np.maximum(alpha, NEARLY_POISSON)
    drawn = rng.poisson(rate * rng.gamma(np.broadcast_to(size, rate.shape)) / size)
    counts = np.where(found.known[row], drawn, np.nan)
    excess = np.full((1, 1), excess_of(base, outlook.dispersion)[row])
    seen = evidence(counts, told, excess, shift)
    reached = np.cumsum(seen[:, ::-1], axis=1).max(axis=1) >= found.value[row] - 1e-9
    likelihood = np.cumsum(evidence(counts, true, alpha, shift)[:, ::-1], axis=1)
    log_weight = log_weight - special.logsumexp(likelihood, axis=1) + np.log(weeks)
    return float(np.minimum(np.mean(np.where(reached, np.exp(log_weight), 0.0)), 1.0))


def _offsets(
    row: int, base: Baseline, reference: Reference, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw errors of the log mean of each week before dispersion, and the log of their weights.

    There is one error a part of the year, one of the trend, and one that the parts have in common
    where they are drawn towards a common season. Draws are pushed by 0, 1, … 4
    standard deviations in the direction that lifts the weeks most: a false signal of a long
    baseline comes from there, and pushed draws reach it.
    """
    fit, parts = base.fit, reference.n_periods
    variance = fit.level_variance[row]
    events = np.divide(1.0, variance, out=np.zeros(parts), where=variance > 0)
    away = reference.recent_time - fit.middle[row, reference.recent_period]
    lift = np.zeros((parts + 2, len(away)))
    lift[reference.recent_period, np.arange(len(away))] = (
        1 / np.sqrt(events + ADDED)[reference.recent_period]
    )
    lift[parts] = away * np.sqrt(fit.trend_variance[row])
    lift[parts + 1] = base.shared[row, reference.recent_period]
    ahead = lift.mean(axis=1)
    ahead /= np.linalg.norm(ahead)
    pushed = rng.choice(_PUSHES, draws)
    drawn = rng.standard_normal((draws, parts + 2)) + pushed[:, None] * ahead
    along = drawn @ ahead
    log_weight = -np.log(np.mean(np.exp(along[:, None] * _PUSHES - _PUSHES**2 / 2), axis=1))
    return drawn @ lift, log_weight
