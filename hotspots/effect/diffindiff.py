"""Difference in differences with several control places, by a negative-binomial regression.

Each place has its level and each block of days its own, so season and what happened everywhere fall
away; what is left to the treated place after the measure began is the effect.

With one treated place no error that is clustered by place can be trusted: it comes out far too
small (MacKinnon & Webb, *The wild bootstrap for few (treated) clusters*, Econometrics Journal 21,
2018). Instead the spread of the control places' own changes, beyond what chance gives, is added to
the variance, as in a meta-analysis (DerSimonian & Laird 1986), with degrees of freedom after
Satterthwaite (Donald & Lang 2007 on few groups).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hotspots.effect.negbin import fit

Floats = NDArray[np.float64]
Why = Literal["no_control", "few_blocks", "no_events", "not_settled"]

FEWEST_CONTROLS = 2
FEWEST_BLOCKS = 2
"""On either side."""


@dataclass(frozen=True)
class Ratio:
    """A ratio with its interval, or why there is none.

    Attributes
    ----------
    estimate, low, high
        1 is no effect; NaN where there is none; `high` is infinite where there was none before.
    p
        Two-sided.
    dispersion
        Variance by mean of a block's count at the place.
    free
        Degrees of freedom of the interval.
    why
        Why there is no figure.
    """

    estimate: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    dispersion: float = np.nan
    free: float = np.nan
    why: Why | Literal["few_points"] | None = None

    @property
    def certain(self) -> bool:
        """Tell whether the interval excludes no change."""
        return self.low > 1 or self.high < 1


def ratio_of(log: float, variance: float, free: float, *, dispersion: float, level: float) -> Ratio:
    """Return the ratio of a logarithm with Student's limits."""
    error = float(np.sqrt(variance))
    reach = float(stats.t.ppf(0.5 + level / 2, free)) * error
    p = float(2 * stats.t.sf(abs(log) / error, free))
    low, high = float(np.exp(log - reach)), float(np.exp(log + reach))
    return Ratio(float(np.exp(log)), low, high, p, dispersion, free)


def diff_in_diff(counts: NDArray[np.int64], n_before: int, *, level: float = 0.95) -> Ratio:
    """Return the treated place's change over that of the control places.

    Parameters
    ----------
    counts
        Events by place and block of days, the treated place first, shape (1 + k, t). Blocks of the
        same days for all places.
    n_before
        Blocks before the measure began; they come first.
    level
        Confidence.

    Returns
    -------
    Ratio
        Without a figure, ``why`` is ``no_control`` (fewer than two control places with events
        both before and after), ``few_blocks`` (fewer than two on either side), ``no_events`` (at
        the treated place, or at all others) or ``not_settled``. With no event at the treated place
        on one side, no regression can be fitted: the ratio is then 0 or not known, and its one
        limit the exact one of a binomial, all other places' share taken as known.
    """
    n_after = counts.shape[1] - n_before
    if min(n_before, n_after) < FEWEST_BLOCKS:
        return Ratio(why="few_blocks")
    before, after = counts[:, :n_before].sum(axis=1), counts[:, n_before:].sum(axis=1)
    if before[0] == 0 or after[0] == 0:
        return _none_on_one_side(counts, n_before, level)
    used = (before + after) > 0
    if (before[1:] > 0).sum() < FEWEST_CONTROLS or (after[1:] > 0).sum() < FEWEST_CONTROLS:
        return Ratio(why="no_control")
    panel = counts[used]
    late = np.arange(panel.shape[1]) >= n_before
    # A block in which nothing was counted anywhere says nothing and would have the level −∞; so
    # would one in which only the treated place had events, but there that is the effect itself.
    blocks = panel[1:].sum(axis=0) > 0
    panel, late = panel[:, blocks].astype(np.float64), late[blocks]
    if min(panel[0, ~late].sum(), panel[0, late].sum()) == 0:
        return _none_on_one_side(counts, n_before, level)
    fitted = fit(panel.ravel(), _design(panel.shape, late))
    if fitted is None:
        return Ratio(why="not_settled")
    inflation = 1 + fitted.alpha * float(fitted.mean.mean())
    own = float(fitted.covariance[-1, -1])
    between, n_controls = _between(before[1:], after[1:], inflation)
    spread = between * (1 + 1 / n_controls)
    free = (own + spread) ** 2 / (own**2 / fitted.free + spread**2 / (n_controls - 1))
    return ratio_of(
        float(fitted.coefficients[-1]),
        own + spread,
        free,
        dispersion=1 + fitted.alpha * float(fitted.mean[: panel.shape[1]].mean()),
        level=level,
    )


def _none_on_one_side(counts: NDArray[np.int64], n_before: int, level: float) -> Ratio:
    """Return the exact limit where the treated place had no event before, or none after."""
    sides = counts[:, :n_before].sum(axis=1), counts[:, n_before:].sum(axis=1)
    (own_before, own_after), (before, after) = (
        [float(side[0]) for side in sides],
        [float(side[1:].sum()) for side in sides],
    )
    if own_before + own_after == 0 or before == 0 or after == 0:
        return Ratio(why="no_events")
    dispersion = dispersion_within(counts, n_before)
    n = (own_before + own_after) / dispersion
    # The share of all n on the empty side that would leave it empty as seldom as half of the rest
    # of the level; as odds, and over those of the other places.
    odds = (0.5 - level / 2) ** (-1 / n) - 1
    share = after / (before + after)
    if own_after == 0:
        p = min(1.0, 2 * (1 - share) ** n)
        return Ratio(0.0, 0.0, odds * before / after, p, dispersion, np.inf)
    p = min(1.0, 2 * share**n)
    return Ratio(np.nan, before / after / odds, np.inf, p, dispersion, np.inf)


def _design(shape: tuple[int, ...], late: NDArray[np.bool_]) -> Floats:
    """Return a column a place, one a block but the first, and the treated place afterwards."""
    places, blocks = shape
    place = np.repeat(np.arange(places), blocks)
    block = np.tile(np.arange(blocks), places)
    columns = [
        place[:, None] == np.arange(places),
        block[:, None] == np.arange(1, blocks),
        ((place == 0) & late[block])[:, None],
    ]
    return np.concatenate(columns, axis=1).astype(np.float64)


def _between(before: Floats, after: Floats, inflation: float) -> tuple[float, int]:
    """Return the variance of the control places' log changes beyond chance, and their number."""
    known = (before + after) > 0
    low, high = before[known] + 0.5, after[known] + 0.5
    change, variance = np.log(high / low), inflation * (1 / low + 1 / high)
    weight = 1 / variance
    mean = (weight * change).sum() / weight.sum()
    excess = (weight * (change - mean) ** 2).sum() - (len(change) - 1)
    scale = weight.sum() - (weight**2).sum() / weight.sum()
    return max(0.0, float(excess / scale)), len(change)


def dispersion_within(counts: NDArray[np.int64], n_before: int) -> float:
    """Return the variance by mean of the blocks' counts, at least 1.

    Pearson's χ² by its degrees of freedom of the tables place × block, before and after each for
    itself, so that levels of places and blocks, and the effect, are allowed for.
    """
    chi, free = 0.0, 0
    for part in (counts[:, :n_before], counts[:, n_before:]):
        kept = part[part.sum(axis=1) > 0][:, part.sum(axis=0) > 0].astype(np.float64)
        if min(kept.shape) < 2:
            continue
        expected = kept.sum(axis=1, keepdims=True) * kept.sum(axis=0) / kept.sum()
        chi += float(((kept - expected) ** 2 / expected).sum())
        free += (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return max(1.0, chi / free) if free else 1.0
