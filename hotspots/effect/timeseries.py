"""Interrupted time series: the place against its own history.

A segmented negative-binomial regression with trend, season and a change of level when the measure
begins (Wagner et al. 2002; Bernal, Cummins & Gasparrini, *Interrupted time series regression for
the evaluation of public health interventions*, Int. J. Epidemiology 46, 2017). It needs no control
place, but two whole years before: with less, a season can't be told from a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hotspots.effect.diffindiff import Ratio, ratio_of
from hotspots.effect.negbin import fit, newey_west

Floats = NDArray[np.float64]

YEARS_BEFORE: Final = 2
FEWEST_AFTER: Final = 6
FEWEST_EVENTS: Final = 30
YEAR_DAYS: Final = 365.25
WAVES: Final = 2
"""Waves a year and half a year long, so that a short summer or a school's terms are followed."""
LAGS: Final = 2


@dataclass(frozen=True, eq=False)
class Interrupted:
    """The change of level, and the blocks' expected counts had nothing begun, shape (t,)."""

    ratio: Ratio
    expected: Floats | None


def interrupted(
    counts: NDArray[np.int64],
    days: NDArray[np.int64],
    n_before: int,
    *,
    level: float = 0.95,
) -> Interrupted:
    """Return the change of level when the measure began.

    Parameters
    ----------
    counts, days
        Events and days of each block, in order of time, shape (t,).
    n_before
        Blocks before it began.
    level
        Confidence.

    Returns
    -------
    Interrupted
        ``ratio.why`` is ``few_points`` with less than `YEARS_BEFORE` years before (a block short
        will do), fewer than `FEWEST_AFTER` blocks after or `FEWEST_EVENTS` events in all,
        ``no_events`` without any before or after.
    """
    n_after = len(counts) - n_before
    short = days[:n_before].sum() < YEARS_BEFORE * YEAR_DAYS - days.max()
    if short or n_after < FEWEST_AFTER or counts.sum() < FEWEST_EVENTS:
        return Interrupted(Ratio(why="few_points"), None)
    if counts[:n_before].sum() == 0 or counts[n_before:].sum() == 0:
        return Interrupted(Ratio(why="no_events"), None)
    middle = np.cumsum(days) - days / 2
    columns = [np.ones(len(counts)), (middle - middle[:n_before].mean()) / YEAR_DAYS]
    for wave in range(1, WAVES + 1):
        angle = 2 * np.pi * wave * middle / YEAR_DAYS
        columns += [np.cos(angle), np.sin(angle)]
    late = (np.arange(len(counts)) >= n_before).astype(np.float64)
    design = np.column_stack([*columns, late])
    y = counts.astype(np.float64)
    fitted = fit(y, design, offset=np.log(days))
    if fitted is None:
        return Interrupted(Ratio(why="not_settled"), None)
    robust = newey_west(y, design, fitted, LAGS)
    variance = max(float(fitted.covariance[-1, -1]), float(robust[-1, -1]))
    ratio = ratio_of(
        float(fitted.coefficients[-1]),
        variance,
        fitted.free,
        dispersion=1 + fitted.alpha * float(fitted.mean.mean()),
        level=level,
    )
    return Interrupted(ratio, fitted.mean / np.where(late > 0, ratio.estimate, 1.0))
