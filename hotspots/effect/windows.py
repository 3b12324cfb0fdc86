"""The days before and after a measure, and the blocks that they are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.effect.options import EffectOptions

State = Literal["outside", "short_after", "short_before"]
Days = NDArray[np.datetime64]

WEEK: Final = 7
BLOCK: Final = 28
LEAST_BEFORE: Final = 28
"""Days of the period before without which nothing is compared."""
LONG: Final = 6 * BLOCK
"""Days of the period after from which blocks of four weeks are used; else weeks."""


@dataclass(frozen=True, eq=False)
class Windows:
    """What is compared.

    Attributes
    ----------
    first_before, last_before, first_after, last_after
        Both periods, both days included.
    same_season
        Whether both are the same part of the year.
    edges
        First days of the blocks of equal length (calendar months where only months are known) and
        the day after the last: ``n_before + 1`` of the period before, then those of the period
        after.
    n_before
        Blocks before it.
    long_edges, n_long
        The same with as much time before as the series uses.
    match
        First and last day that control places are chosen by.
    matched_apart
        Whether these lie before the period before.
    earlier
        The same days one year before the period before; ``None`` where the extract doesn't reach.
    """

    first_before: date
    last_before: date
    first_after: date
    last_after: date
    same_season: bool
    edges: Days
    n_before: int
    long_edges: Days
    n_long: int
    match: tuple[date, date]
    matched_apart: bool
    earlier: tuple[date, date] | None

    @property
    def days_before(self) -> int:
        """Return the days of the period before."""
        return (self.last_before - self.first_before).days + 1

    @property
    def days_after(self) -> int:
        """Return the days of the period after."""
        return (self.last_after - self.first_after).days + 1


def find_windows(
    began: date,
    ended: date | None,
    span: tuple[date, date],
    options: EffectOptions,
    *,
    by_month: bool,
) -> Windows | State:
    """Return what can be compared, or why nothing can.

    Parameters
    ----------
    began, ended
        First and last day of the measure; ``None`` while it goes on.
    span
        First and last day that the extract covers.
    options
        Lengths. A measure that lasted shorter than ``short_days`` is followed as long as that.
    by_month
        Only months are known: both periods are then whole months, and the month in which a measure
        began is left out unless it began on its first day.
    """
    first, end = pd.Timestamp(span[0]), pd.Timestamp(span[1]) + pd.Timedelta(days=1)
    start = pd.Timestamp(began)
    if start >= end or (ended is not None and pd.Timestamp(ended) < first):
        return "outside"
    stop = min(end, start + pd.DateOffset(months=options.months_after))
    if ended is not None:
        lasted = pd.Timestamp(ended) + pd.Timedelta(days=1)
        stop = min(stop, max(lasted, start + pd.Timedelta(days=options.short_days)))
    turn = start  # the day after the last that the measure can't have touched
    if by_month:
        turn, start = _month(start), _month(start, up=True)
        stop, first = _month(stop), _month(first, up=True)
    if (stop - start).days < WEEK:
        return "short_after"
    low, high, same_season = _before_period(start, stop, turn, first)
    if (high - low).days < min(LEAST_BEFORE, (stop - start).days):
        return "short_before"
    earlier = max(first, low - pd.DateOffset(months=options.months_matching))
    apart = (low - earlier).days >= options.months_matching * BLOCK // 2
    longer_ago = low - pd.DateOffset(years=1), high - pd.DateOffset(years=1)
    reaches = same_season and longer_ago[0] >= first
    far = max(first, turn - pd.DateOffset(months=options.series_months))
    size = BLOCK if (stop - start).days >= LONG else WEEK
    step = None if by_month else size
    before, after = _on(low, high, step), _on(start, stop, step)
    step = None if by_month else BLOCK
    long, late = _back(far, turn, step), _on(start, stop, step)
    match = (earlier, low) if apart else (low, turn)
    return Windows(
        first_before=low.date(),
        last_before=_before(high),
        first_after=start.date(),
        last_after=_before(stop),
        same_season=same_season,
        edges=np.concatenate([before, after]),
        n_before=len(before) - 1,
        long_edges=np.concatenate([long, late]),
        n_long=len(long) - 1,
        match=(match[0].date(), _before(match[1])),
        matched_apart=apart,
        earlier=(longer_ago[0].date(), _before(longer_ago[1])) if reaches else None,
    )


def _before_period(
    start: pd.Timestamp, stop: pd.Timestamp, turn: pd.Timestamp, first: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp, bool]:
    """Return the period before, and whether it is the same part of the year.

    It is the same days one year earlier, or as many years as the period after is long. Where the
    extract doesn't reach so far, it is as many days just before the measure.
    """
    years = 1
    while start + pd.DateOffset(years=years) < stop:
        years += 1
    low, high = start - pd.DateOffset(years=years), stop - pd.DateOffset(years=years)
    if low >= first and high <= turn:
        return low, high, True
    return max(first, turn - (stop - start)), turn, False


def count_blocks(days: Days, edges: Days, n_before: int) -> NDArray[np.int64]:
    """Count the days that fall in each block, shape (t,); those between the periods in none.

    Parameters
    ----------
    days
        Of the events, any order.
    edges, n_before
        As of `Windows`: ``n_before + 1`` edges, then those of the blocks after.
    """
    parts = edges[: n_before + 1], edges[n_before + 1 :]
    ordered = np.sort(days)
    counted = [np.diff(np.searchsorted(ordered, part)) for part in parts]
    return np.concatenate(counted).astype(np.int64)


def block_days(edges: Days, n_before: int) -> NDArray[np.int64]:
    """Return the days of each block, shape (t,)."""
    parts = edges[: n_before + 1], edges[n_before + 1 :]
    return np.concatenate([np.diff(part) for part in parts]).astype(np.int64)


def block_starts(edges: Days, n_before: int) -> Days:
    """Return the first day of each block, shape (t,)."""
    return np.concatenate([edges[: n_before + 1][:-1], edges[n_before + 1 :][:-1]])


def _back(low: pd.Timestamp, high: pd.Timestamp, size: int | None) -> Days:
    """Return the edges of whole blocks counted back from `high`; months without a size."""
    if size is None:
        return _months(low, high)
    n = (high - low).days // size
    return np.datetime64(high.date()) - np.timedelta64(size, "D") * np.arange(n, -1, -1)


def _on(low: pd.Timestamp, high: pd.Timestamp, size: int | None) -> Days:
    """Return the edges of whole blocks counted on from `low`; months without a size."""
    if size is None:
        return _months(low, high)
    n = (high - low).days // size
    return np.datetime64(low.date()) + np.timedelta64(size, "D") * np.arange(n + 1)


def _months(low: pd.Timestamp, high: pd.Timestamp) -> Days:
    return pd.date_range(low, high, freq="MS").to_numpy().astype("datetime64[D]")


def _month(day: pd.Timestamp, *, up: bool = False) -> pd.Timestamp:
    """Return the first day of the month, or with `up` the first month that begins on the day."""
    start = day.normalize().replace(day=1)
    return start if start == day or not up else start + pd.DateOffset(months=1)


def _before(day: pd.Timestamp) -> date:
    return (day - pd.Timedelta(days=1)).date()
