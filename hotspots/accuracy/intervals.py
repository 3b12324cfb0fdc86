"""How sure a mean over consecutive folds is: the circular block bootstrap.

Politis & Romano (1992). Consecutive folds share most of their past and often their weather, so
whole blocks of them are drawn, their length the cube root of the number of folds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over folds with its standard error and 95 % interval; arrays of one shape."""

    mean: Floats
    error: Floats
    low: Floats
    high: Floats

    @property
    def beyond_noise(self) -> NDArray[np.bool_]:
        """Whether the interval leaves out 0."""
        return (self.low > 0) | (self.high < 0)


def block_length(folds: int) -> int:
    """Return the number of consecutive folds drawn together: the cube root, rounded."""
    return max(1, round(float(np.cbrt(folds))))


def draws(folds: int, *, n_bootstrap: int, seed: int) -> NDArray[np.int64]:
    """Return which folds each resample consists of, shape (n_bootstrap, folds)."""
    length = block_length(folds)
    blocks = -(-folds // length)
    starts = np.random.default_rng(seed).integers(0, folds, size=(n_bootstrap, blocks))
    drawn = (starts[:, :, None] + np.arange(length)) % folds
    return drawn.reshape(n_bootstrap, -1)[:, :folds].astype(np.int64)


def interval(values: Floats, *, n_bootstrap: int, seed: int) -> Interval:
    """Return mean and interval of a measure over consecutive folds.

    Parameters
    ----------
    values
        Shape (folds, …), no NaN. With the difference of two methods on the same folds, the
        interval is the paired one.
    n_bootstrap
        Resamples.
    seed
        The same gives the same.

    Returns
    -------
    Interval
        Mean ± t · error, t of Student's distribution with folds − 1 degrees of freedom: with a
        dozen folds, percentiles of the resamples are too narrow. The error is the deviation of the
        resampled means, times √(n/(n − block length)), which makes it unbiased for blocks of one.
    """
    folds = len(values)
    mean = np.asarray(values.mean(axis=0), dtype=np.float64)
    if folds < 3:
        unknown = np.full_like(mean, np.nan)
        return Interval(mean=mean, error=unknown, low=unknown, high=unknown)
    chosen = draws(folds, n_bootstrap=n_bootstrap, seed=seed)
    # How often each fold is in each resample: one product instead of a copy of all values.
    often = np.zeros((n_bootstrap, folds))
    np.add.at(often, (np.arange(n_bootstrap)[:, None], chosen), 1.0 / folds)
    means = np.tensordot(often, values, axes=1)
    widening = np.sqrt(folds / (folds - block_length(folds)))
    error = np.asarray(means.std(axis=0, mean=means.mean(axis=0, keepdims=True)) * widening)
    from scipy.stats import t as students_t  # half a second, which few runs need

    reach = float(students_t.ppf((1 + LEVEL) / 2, folds - 1)) * error
    return Interval(mean=mean, error=error, low=mean - reach, high=mean + reach)
