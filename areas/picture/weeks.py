"""ISO weeks: Monday to Sunday, week 1 the one with the year's first Thursday (ISO 8601)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Days = NDArray[np.datetime64]

WEEK: Final = timedelta(days=7)
_EPOCH_MONDAY: Final = np.datetime64("1970-01-05", "D")


def local_days(times: pd.Series[Any]) -> Days:
    """Return the local day of each time, ``datetime64[D]``, shape (n,)."""
    naive: Days = times.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return naive.astype("datetime64[D]")


def mondays(days: Days) -> Days:
    """Return the Monday of each day's week, ``datetime64[D]``."""
    since = (days - _EPOCH_MONDAY).astype(np.int64)
    return _EPOCH_MONDAY + (since // 7 * 7).astype("timedelta64[D]")


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def last_complete(day: date) -> date:
    """Return the Monday of the last week that has ended when `day` has."""
    return monday(day + timedelta(days=1)) - WEEK


def same_week_last_year(start: date) -> date:
    """Return the Monday of the week with the same number the ISO year before.

    Week 53 of a year that follows one of 52 weeks is held against the week 364 days earlier, which
    covers the same days but one: week 1 of its own ISO year.
    """
    year, week, _day = start.isocalendar()
    try:
        return date.fromisocalendar(year - 1, week, 1)
    except ValueError:
        return start - 52 * WEEK


def iso(starts: Days) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ISO year and number of weeks by their Mondays, int64, shape (n,)."""
    calendar = pd.DatetimeIndex(starts.astype("datetime64[us]")).isocalendar()
    return (
        calendar["year"].to_numpy(dtype=np.int64),
        calendar["week"].to_numpy(dtype=np.int64),
    )
