"""Which season each series is drawn towards: that of its source and class in the municipality."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from areas.watch.farrington import ADDED, expect, regress
from areas.watch.glm import Fit, invert, take
from areas.watch.options import WatchOptions
from areas.watch.reference import Reference
from areas.watch.season import Season, season_of, unlikeness
from areas.watch.series import Series

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_SHARE: Final = 0.9
"""A series that is nearly all of the common one says nothing of how unlike seasons are."""


def common_season(
    series: Series, rows: Ints, fitted: Fit, reference: Reference, options: WatchOptions
) -> Season | None:
    """Return the season of each of some series.

    The municipality's series of all of a source's events keeps its own season; those of one class
    are drawn towards it; and those of areas and places towards the municipality's of their source
    and class. What a season weighs is one by the variance between seasons (within each source) and
    of the season itself, and ``season_events`` at most.

    Parameters
    ----------
    series
        All series.
    rows
        Numbers of those asked for.
    fitted
        Their regressions, each by its own past.
    reference
        The weeks they are compared with.
    options
        Settings; ``season_events`` of 0 means none.

    Returns
    -------
    Season or None
        Rows NaN where a series has none.
    """
    whole = np.flatnonzero((series.keys["unit"] == "municipality").to_numpy())
    if not options.season_events or not len(whole):
        return None
    kinds = list(zip(series.keys["source"], series.keys["class"], strict=True))
    at = {kinds[i]: number for number, i in enumerate(whole.tolist())}
    tops = np.array([at.get((source, "all"), -1) for source, _kind in at], dtype=np.int64)
    tops[tops == np.arange(len(whole))] = -1
    past = series.counts[whole][:, reference.weeks]
    regressed = regress(
        past, reference, trend=options.trend, outbreak_residual=options.outbreak_residual
    )
    lent = _Lent(regressed[0], tops, regressed[0])
    top = _lend(series, whole, lent, reference, options)
    drawn = expect(
        series.counts[whole],
        reference,
        trend=options.trend,
        outbreak_residual=options.outbreak_residual,
        season=top,
        regressed=regressed,
    )
    parents = np.array([at.get(kinds[i], -1) for i in rows.tolist()], dtype=np.int64)
    parents[np.isin(rows, whole)] = -1
    under = _lend(series, rows, _Lent(fitted, parents, drawn.fit), reference, options)
    own = np.isin(rows, whole)
    of_whole = top.of(np.searchsorted(whole, np.where(own, rows, whole[0])))
    return Season(
        np.where(own[:, None], of_whole.log_rate, under.log_rate),
        np.where(own[:, None], of_whole.events, under.events),
    )


class _Lent(NamedTuple):
    """Fits of series, by which of the common ones each is lent to (−1: none), and the common."""

    fitted: Fit
    parents: Ints
    common: Fit


def _lend(
    series: Series, rows: Ints, lent: _Lent, reference: Reference, options: WatchOptions
) -> Season:
    """Return what series are lent by the fits of others, NaN where the parent is −1.

    Parameters
    ----------
    series, rows
        The series, and numbers of those lent to.
    lent
        Who lends to whom.
    reference, options
        As of `common_season`.
    """
    fitted, parents, common = lent
    has = parents >= 0
    log_rate, variance = season_of(common, added=ADDED)
    rate = np.where(has[:, None], log_rate[parents], np.nan)
    unsure = np.where(has[:, None], variance[parents], np.nan)
    known = np.isfinite(series.counts[rows][:, reference.weeks])
    total = invert(common.level_variance).sum(axis=1)[parents]
    share = invert(fitted.level_variance).sum(axis=1) * invert(total)
    apart = np.full(len(rows), np.inf)
    sources = series.keys["source"].to_numpy()[rows]
    for source in np.unique(sources[has]):
        own = has & (sources == source)
        some = np.flatnonzero(own & (share < MOST_SHARE))
        apart[own] = unlikeness(take(fitted, some), known[some], rate[some], share[some], reference)
    events = 1 / np.maximum(apart[:, None] + unsure, 1 / options.season_events)
    told = has & np.isfinite(apart)
    return Season(np.where(told[:, None], rate, np.nan), np.where(told[:, None], events, np.nan))
