"""How clumped the events of each series come: chances of each dispersion, learnt together.

What chance reaches far out in the tail depends on the dispersion more than on anything else: a
tenth too little in it and a limit of 1 in 10,000 is passed twice as often. Pearson's estimate after
down-weighting, as in Noufaily et al. (2013), is both too small (weeks that are high by mere chance
weigh less too) and unsure where events are few. Here instead

* each series' dispersion is judged by the negative-binomial likelihood of its past weeks, adjusted
  for the levels fitted (Cox & Reid 1987, *JRSS B* 49: 1–39; for counts McCarthy, Chen & Smyth 2012,
  doi:10.1093/nar/gks042);
* a week that looks like an outbreak counts only as ”at least so high”, be it by chance or because
  it is one (`OUTBREAKS`): no past outbreak makes a series seem clumped without bound, and the high
  weeks that are chance's own aren't taken away;
* series of the same source lend each other their distribution of dispersions, whatever its form
  (empirical Bayes with the nonparametric maximum likelihood, Laird 1978, *JASA* 73: 805–811), and
  each keeps a chance for every dispersion rather than one estimate.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from areas.watch.farrington import Baseline, tail
from areas.watch.reference import Reference

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SPREADS: Final = np.concatenate([[1.0], np.geomspace(1.06, 1000.0, 48)])
"""Dispersions that are held possible, variance by mean; shape (d,)."""

ROUNDS: Final = 60
"""Of the EM by which the series' common distribution is found."""

OUTBREAKS: Final = 0.005
"""Share of past weeks that may be outbreaks: one in two hundred, a week in four years."""

LEAST_MEAN: Final = 1e-6
FURTHEST: Final = (0.3, 6.0)
"""Dispersions further from Pearson's than by these factors have no chance."""

MOST_MEAN: Final = 50.0
"""Means from which down-weighting takes off less than a hundredth."""


def spread_chances(
    past: Floats,
    base: Baseline,
    reference: Reference,
    sources: NDArray[np.str_],
    *,
    outbreak_residual: float,
) -> Floats:
    """Return the chance of each of `SPREADS` for each series, shape (s, d); rows sum to one.

    Parameters
    ----------
    past
        Events of the weeks compared with, shape (s, n); NaN where missing.
    base, reference
        What they were fitted by.
    sources
        Which series lend each other their distribution, shape (s,).
    outbreak_residual
        As of `areas.watch.farrington.expect`.
    """
    chance = _likelihoods(past, base, reference, outbreak_residual)
    for source in np.unique(sources):
        own = np.flatnonzero(sources == source)
        chance[own] *= common_prior(chance[own])
    chance /= chance.sum(axis=1, keepdims=True)
    return chance


def common_prior(likelihood: Floats) -> Floats:
    """Return the distribution that the dispersions of some series come from, shape (d,).

    Parameters
    ----------
    likelihood
        Of each dispersion, shape (s, d).

    Returns
    -------
    NDArray
        The mixture that makes the series likeliest; one more series that could be any is counted
        in, so that few series don't rule out what none of them shows.
    """
    even = np.full(likelihood.shape[1], 1 / likelihood.shape[1])
    prior = even
    for _round in range(ROUNDS):
        chance = likelihood * prior
        chance /= chance.sum(axis=1, keepdims=True)
        prior = (chance.sum(axis=0) + even) / (len(likelihood) + 1)
    return prior


def _likelihoods(
    past: Floats, base: Baseline, reference: Reference, outbreak_residual: float
) -> Floats:
    """Return the adjusted likelihood of each dispersion by the largest, shape (s, d)."""
    mean = np.maximum(base.fit.mean, LEAST_MEAN)
    known = np.isfinite(past)
    y = np.where(known, past, 0.0)
    least = least_outbreak(mean, base.dispersion[:, None], outbreak_residual)
    high = known & (y >= least)
    seen = known & ~high
    at = np.nonzero(high)
    held, wanted = np.where(seen, y, 0.0), np.where(seen, mean, 0.0)
    levels = fitted_levels(base, reference)
    log = np.full((len(past), len(SPREADS)), -np.inf)
    likely = np.minimum(base.dispersion, SPREADS[-1])
    low, top = likely * FURTHEST[0], np.maximum(likely * FURTHEST[1], SPREADS[1])
    for j, spread in enumerate(SPREADS):
        rows = np.flatnonzero((spread >= low) & (spread <= top))
        log[rows, j] = _log_chance(held[rows], np.maximum(wanted[rows], LEAST_MEAN), spread)
        log[rows, j] += 0.5 * levels[rows] * np.log(spread)
        beyond = tail(least[at], mean[at], np.full(len(at[0]), spread))
        either = OUTBREAKS + (1 - OUTBREAKS) * beyond
        log[:, j] += np.bincount(at[0], np.log(either), len(past))
    likelihood: Floats = np.exp(log - log.max(axis=1, keepdims=True))
    return likelihood


def _log_chance(y: Floats, mean: Floats, spread: float) -> Floats:
    """Return the log likelihood of each row but for what doesn't depend on the dispersion."""
    if spread <= 1:
        terms = y * np.log(mean) - mean
    else:
        size = mean / (spread - 1)
        rising = special.gammaln(y + size) - special.gammaln(size)
        terms = rising - size * np.log(spread) + y * np.log1p(-1 / spread)
    total: Floats = terms.sum(axis=1)
    return total


def fitted_levels(base: Baseline, reference: Reference) -> Floats:
    """Return how many levels and trends each series' own past has set, shape (s,).

    A part of the year drawn towards a common season counts by the share that is the series' own.
    """
    part = reference.period[:, None] == np.arange(reference.n_periods)
    own = np.minimum((base.fit.mean @ part) * base.fit.level_variance, 1.0).sum(axis=1)
    levels: Floats = own + base.trend
    return levels


def least_outbreak(mean: Floats, spread: Floats, residual: float) -> Floats:
    """Return the least number whose Anscombe residual is above `residual`."""
    reached = (residual * np.sqrt(spread) / 1.5 + np.sqrt(mean)) * mean ** (1 / 6)
    least: Floats = np.floor(reached**1.5) + 1
    return least


def put_back(mean: Floats, spread: Floats, residual: float) -> Floats:
    """Return by what factor down-weighting makes means too small when no week is an outbreak.

    By summing over all numbers a week could hold: those above the limit weigh less, as in
    `areas.watch.farrington.outbreak_weights`.

    Parameters
    ----------
    mean, spread
        Shape (s,).
    residual
        From which weeks weigh less.
    """
    factor = np.ones(len(mean))
    few = np.flatnonzero((mean < MOST_MEAN) & (mean > LEAST_MEAN))
    if not len(few):
        return factor
    m, d = mean[few, None], np.maximum(spread[few, None], SPREADS[1])
    most = float((m + 12 * np.sqrt(m * d) + 20).max())
    y = np.arange(np.ceil(most) + 1)
    size = m / (d - 1)
    log = special.gammaln(y + size) - special.gammaln(size) - special.gammaln(y + 1)
    chance = np.exp(log - size * np.log(d) + y * np.log1p(-1 / d))
    over = 1.5 * (np.cbrt(y) ** 2 * m ** (-1 / 6) - np.sqrt(m)) / np.sqrt(d)
    weight = chance * np.where(over > residual, np.maximum(over, 1.0) ** -2, 1.0)
    factor[few] = mean[few] * weight.sum(axis=1) / (weight @ y)
    return factor
