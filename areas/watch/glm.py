"""Quasi-Poisson regressions of many series at once, by iteratively reweighted least squares.

All series share their weeks: a level for each part of the year and, if asked for, one trend. The
normal equations of that model are an arrow (levels don't meet each other), so they are solved in
closed form by sums over the parts, for all series together, without any matrix being inverted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from areas.watch.reference import Reference

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

CLOSE = 1e-8
"""Relative change of the deviance at which a fit is done, as in R's ``glm``."""
MOST_ROUNDS = 50
FAR = 40.0
"""Bound of the linear predictor: exp(±40) is nothing, or everything, that a count can be."""


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted regressions, one row a series.

    Attributes
    ----------
    mean
        Fitted means of the reference weeks, shape (s, n).
    leverage
        Diagonal of the hat matrix, shape (s, n).
    level
        Of each part of the year on the log scale, at its own middle time, shape (s, p).
    level_variance, middle
        Their variances before dispersion, one by the weighted events of the part, and those middle
        times (weeks), shape (s, p).
    trend, trend_variance
        Change of the log mean a week, and its variance before dispersion, shape (s,); 0 without.
    dispersion
        Pearson's, at least 1, shape (s,).
    converged
        Shape (s,).
    """

    mean: Floats
    leverage: Floats
    level: Floats
    level_variance: Floats
    middle: Floats
    trend: Floats
    trend_variance: Floats
    dispersion: Floats
    converged: Bools

    def predict(
        self, period: NDArray[np.int64], time: Floats, *, added: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return the log mean of other weeks and its variance before dispersion, shape (s, m).

        Parameters
        ----------
        period, time
            Of the weeks, shape (m,).
        added
            Events thought into each part of the year, so that a part without any has a mean, and
            an uncertainty, that can be reckoned with.
        """
        events = invert(self.level_variance)
        more = np.where(events > 0, np.log1p(added * self.level_variance), 0.0)
        variance = invert(events + added) if added else self.level_variance
        away = time[None, :] - self.middle[:, period]
        eta = (self.level + more)[:, period] + self.trend[:, None] * away
        spread = variance[:, period] + self.trend_variance[:, None] * away**2
        return np.clip(eta, -FAR, FAR), spread


def take(fitted: Fit, rows: NDArray[np.int64]) -> Fit:
    """Return the regressions of some series."""
    return Fit(**{field.name: getattr(fitted, field.name)[rows] for field in fields(Fit)})


@dataclass(eq=False)
class _Solved:
    eta: Floats
    level: Floats
    spread: Floats
    middle: Floats
    trend: Floats
    trend_spread: Floats


def fit(counts: Floats, weights: Floats, reference: Reference, *, trend: bool) -> Fit:
    """Fit every series.

    Parameters
    ----------
    counts
        Events of the reference weeks, shape (s, n); NaN where a week is missing.
    weights
        Prior weights, shape (s, n).
    reference
        Where the weeks lie; ``weeks`` of length n.
    trend
        Whether there is a linear trend on the log scale.

    Returns
    -------
    Fit
        Starting values, order of steps and stopping rule are those of R's ``glm``, so that means
        and dispersion agree with it also where a part of the year holds no event at all.
    """
    known = np.isfinite(counts)
    y = np.where(known, counts, 0.0)
    prior = np.where(known, weights, 0.0)
    design = _Design.of(reference, trend=trend)
    eta = np.log(np.where(known, y + 0.1, 1.0))
    mean = np.exp(eta)
    deviance = _deviance(y, mean, prior)
    open_ = np.arange(len(y))
    kept = _Solved(eta, *design.blanks(len(y)))
    working = prior * mean
    converged = np.zeros(len(y), dtype=bool)
    for _round in range(MOST_ROUNDS):
        if not len(open_):
            break
        now, seen = mean[open_], y[open_]
        work = prior[open_] * now
        solved = design.solve(work, kept.eta[open_] + (seen - now) / now)
        after = np.exp(solved.eta)
        fresh = _deviance(seen, after, prior[open_])
        done = np.abs(fresh - deviance[open_]) < CLOSE * (np.abs(fresh) + 0.1)
        for name in ("eta", "level", "spread", "middle", "trend", "trend_spread"):
            getattr(kept, name)[open_] = getattr(solved, name)
        mean[open_], deviance[open_], working[open_] = after, fresh, work
        converged[open_[done]] = True
        open_ = open_[~done]
    pearson = (working * ((y - mean) / mean) ** 2).sum(axis=1)
    free = known.sum(axis=1) - (kept.spread > 0).sum(axis=1) - (trend & (kept.trend_spread > 0))
    dispersion = np.where(free > 0, pearson / np.maximum(free, 1), 1.0)
    return Fit(
        mean=mean,
        leverage=design.leverage(working, kept),
        level=kept.level,
        level_variance=invert(kept.spread),
        middle=kept.middle,
        trend=kept.trend,
        trend_variance=invert(kept.trend_spread),
        dispersion=np.maximum(dispersion, 1.0),
        converged=converged,
    )


@dataclass(frozen=True, eq=False)
class _Design:
    """One column a part of the year, shape (n, p), and the time of each week, shape (n,)."""

    part: Floats
    period: NDArray[np.int64]
    time: Floats
    trend: bool

    @staticmethod
    def of(reference: Reference, *, trend: bool) -> _Design:
        part = np.zeros((len(reference.weeks), reference.n_periods))
        part[np.arange(len(part)), reference.period] = 1.0
        return _Design(part, reference.period, reference.time, trend)

    def blanks(self, n: int) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Return level, spread, middle, trend and its spread before anything is fitted."""
        wide = (n, self.part.shape[1])
        return np.zeros(wide), np.zeros(wide), np.zeros(wide), np.zeros(n), np.zeros(n)

    def solve(self, work: Floats, target: Floats) -> _Solved:
        """Regress the target on parts and time, weighted."""
        spread = work @ self.part
        inverse = invert(spread)
        middle = ((work * self.time) @ self.part) * inverse
        level = ((work * target) @ self.part) * inverse
        trend, trend_spread = np.zeros(len(work)), np.zeros(len(work))
        away = self.time - middle[:, self.period]
        if self.trend:
            weighted = work * away
            trend_spread = (weighted * away).sum(axis=1)
            lift = (weighted * (target - level[:, self.period])).sum(axis=1)
            trend = lift * invert(trend_spread)
        eta = level[:, self.period] + trend[:, None] * away
        return _Solved(np.clip(eta, -FAR, FAR), level, spread, middle, trend, trend_spread)

    def leverage(self, work: Floats, solved: _Solved) -> Floats:
        """Return the diagonal of the hat matrix, shape (s, n)."""
        variance = invert(solved.spread)[:, self.period]
        if self.trend:
            away = self.time - solved.middle[:, self.period]
            variance = variance + invert(solved.trend_spread)[:, None] * away**2
        return work * variance


def invert(values: Floats) -> Floats:
    """Return 1 / values, and 0 where there is nothing to divide by."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _deviance(y: Floats, mean: Floats, prior: Floats) -> Floats:
    """Return the Poisson deviance of each series."""
    ratio = np.where(y > 0, y, 1.0) / np.where(y > 0, mean, 1.0)
    parts: Floats = prior * (y * np.log(ratio) - (y - mean))
    total: Floats = 2.0 * parts.sum(axis=1)
    return total
