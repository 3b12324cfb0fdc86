"""A negative-binomial regression whose dispersion is found by moments.

Var(y) = μ + α μ². α makes Pearson's χ² equal the degrees of freedom (Breslow, *Extra-Poisson
variation in log-linear models*, Applied Statistics 33, 1984), which allows for the number of
coefficients, as maximum likelihood doesn't in short series. Fitted by statsmodels.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]

LEAST: Final = 1e-6
MOST: Final = 10.0
"""Dispersion is looked for between these; below, it is Poisson."""


@dataclass(frozen=True, eq=False)
class Regression:
    """A fitted regression.

    Attributes
    ----------
    coefficients, covariance
        Shapes (k,) and (k, k).
    mean
        Fitted means, shape (n,).
    alpha
        Dispersion; 0 is Poisson.
    free
        Degrees of freedom left.
    """

    coefficients: Floats
    covariance: Floats
    mean: Floats
    alpha: float
    free: int


def fit(y: Floats, design: Floats, *, offset: Floats | None = None) -> Regression | None:
    """Fit log μ = design · β + offset.

    Parameters
    ----------
    y
        Counts, shape (n,).
    design
        Of full rank, shape (n, k), k < n.
    offset
        Log of what each count is over, shape (n,).

    Returns
    -------
    Regression or None
        ``None`` where the fit doesn't settle.
    """
    free: int = len(y) - design.shape[1]
    start = None

    def beyond(log_alpha: float) -> float:
        nonlocal start
        alpha = float(np.exp(log_alpha))
        made = _fit(y, design, offset, alpha, start)
        start = made.params  # the next fit is near this one
        return _pearson(y, np.asarray(made.fittedvalues, dtype=np.float64), alpha) - free

    alpha = 0.0
    if beyond(np.log(LEAST)) > 0:
        alpha = MOST
        if beyond(np.log(MOST)) < 0:
            alpha = float(np.exp(brentq(beyond, np.log(LEAST), np.log(MOST), xtol=1e-3)))
    fitted = _fit(y, design, offset, alpha, start)
    if not fitted.converged:
        return None
    return Regression(
        coefficients=np.asarray(fitted.params, dtype=np.float64),
        covariance=np.asarray(fitted.normalized_cov_params, dtype=np.float64),
        mean=np.asarray(fitted.fittedvalues, dtype=np.float64),
        alpha=alpha,
        free=free,
    )


def newey_west(y: Floats, design: Floats, fitted: Regression, lags: int) -> Floats:
    """Return the covariance of Newey and West (1987), which allows for what hangs together in time.

    Parameters
    ----------
    y, design
        As of `fit`, in order of time.
    fitted
        What `fit` found.
    lags
        How many blocks apart values may still hang together.
    """
    spread = 1 + fitted.alpha * fitted.mean
    scores = design * ((y - fitted.mean) / spread)[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        together = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (together + together.T)
    n = len(y)
    covariance: Floats = fitted.covariance @ middle @ fitted.covariance * (n / fitted.free)
    return covariance


def _fit(
    y: Floats, design: Floats, offset: Floats | None, alpha: float, start: Floats | None
) -> Any:  # noqa: ANN401 (results of statsmodels)
    from statsmodels.genmod.families import NegativeBinomial, Poisson  # a second to import
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    family = NegativeBinomial(alpha=alpha) if alpha > 0 else Poisson()
    model = GLM(y, design, family=family, offset=offset)
    with warnings.catch_warnings():
        # Counts that a level explains to the last event are no separation; `fit` asks whether the
        # fit has settled.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return model.fit(start_params=start, attach_wls=False)


def _pearson(y: Floats, mean: Floats, alpha: float) -> float:
    return float(((y - mean) ** 2 / (mean + alpha * mean**2)).sum())
