"""Which past weeks a week is compared with, and in what part of the year each of them lies.

The weeks of the same season, ``half_window`` to each side of the same date of earlier years, form
one period with the week that is watched; the rest of each year is cut into equal periods. The last
weeks before the watched one are left out, so that what is going on doesn't hide itself. As in
Noufaily et al. (2013), *Statistics in Medicine* 32: 1206–1222, and ``farringtonFlexible`` of the R
package surveillance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MONDAY = date(1970, 1, 5).toordinal()
"""The Monday that week 0 begins on."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The weeks behind one watched week.

    Attributes
    ----------
    weeks
        Positions of the past weeks compared with, shape (n,), ascending.
    period
        Part of the year of each, 0…p−1, shape (n,); p−1 is the season of the watched week.
    time
        Weeks from the watched one, shape (n,), all negative.
    recent
        Positions of the weeks left out and the watched one itself, last, shape (r,).
    recent_period, recent_time
        The same of these, shape (r,).
    n_periods
        p.
    years
        How many years back the comparison goes.
    """

    weeks: Ints
    period: Ints
    time: Floats
    recent: Ints
    recent_period: Ints
    recent_time: Floats
    n_periods: int
    years: int


def monday(week: int) -> date:
    """Return the first day of a week, counted from that of 5 January 1970."""
    return date.fromordinal(MONDAY + 7 * week)


def week_of(day: date) -> int:
    """Return the number of the week in which a day lies."""
    return (day.toordinal() - MONDAY) // 7


def same_week(week: int, years: int) -> int:
    """Return the week whose Monday is nearest to the same date so many years earlier."""
    first = monday(week)
    try:
        then = first.replace(year=first.year - years)
    except ValueError:  # 29 February
        then = date(first.year - years, 3, 1)
    return (then.toordinal() - MONDAY + 3) // 7


def years_back(week: int, first_week: int, half_window: int, most: int) -> int:
    """Return how many whole years of comparison there are between two weeks, at most `most`."""
    years = 0
    while years < most and same_week(week, years + 1) - half_window >= first_week:
        years += 1
    return years


def make_reference(
    week: int, first_week: int, *, years: int, half_window: int, n_periods: int, left_out: int
) -> Reference:
    """Return the weeks to compare a week with.

    Parameters
    ----------
    week
        The watched week; weeks are numbered as by `week_of`.
    first_week
        Number of the week that stands at position 0 of the series.
    years
        Years to go back, as from `years_back`.
    half_window
        Weeks to each side of the same week of an earlier year.
    n_periods
        Parts that a year is cut into; 1: only the weeks of the same season are compared with.
    left_out
        Weeks before the watched one that are left out.
    """
    now = week - first_week
    anchors = [same_week(week, year) - first_week for year in range(years + 1)]
    period = np.full(now + 1, -1, dtype=np.int64)
    period[max(now - half_window, 0) :] = n_periods - 1
    for later, earlier in pairwise(anchors):
        period[max(earlier - half_window, 0) : earlier + half_window + 1] = n_periods - 1
        if n_periods > 1:
            between = np.arange(earlier + half_window + 1, later - half_window)
            parts = np.array_split(between, n_periods - 1)
            for number, part in enumerate(parts):
                period[part] = number
    recent = np.arange(max(now - left_out, 0), now + 1)
    weeks = np.flatnonzero(period >= 0)
    weeks = weeks[weeks < recent[0]]
    return Reference(
        weeks=weeks,
        period=period[weeks],
        time=(weeks - now).astype(np.float64),
        recent=recent,
        recent_period=np.where(period[recent] < 0, n_periods - 1, period[recent]),
        recent_time=(recent - now).astype(np.float64),
        n_periods=n_periods,
        years=years,
    )
