"""Weeks that an export ought to hold and doesn't: a gap in the exports is not a quiet week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

BUSY: Final = 5.0
"""Events a week in the mean from which a week without any is worth telling: by chance it would
happen once in 150 weeks."""


def missing_weeks(starts: pd.Series, known_until: date | None) -> list[date]:
    """Return the Mondays of whole ISO weeks without an event.

    Parameters
    ----------
    starts
        Start of the events of an export.
    known_until
        Day of the last event of earlier exports of the same kind; weeks from there to the first
        of this export are looked at too. ``None`` for the first export.

    Returns
    -------
    list of date
        Between the first and the last event, those weeks not counted; empty when the export has
        fewer than `BUSY` events in the mean of the weeks with any.
    """
    if starts.empty:
        return []
    days = starts.dt.tz_localize(None).dt.floor("D")
    mondays = (days - pd.to_timedelta(days.dt.day_of_week, unit="D")).to_numpy("datetime64[D]")
    seen = np.unique(mondays)
    first, last = seen[0], seen[-1]
    if len(starts) < BUSY * len(seen):
        return []
    if known_until is not None:
        monday = np.datetime64(known_until - timedelta(days=known_until.weekday()), "D")
        first = min(first, monday)
    every = np.arange(first, last + 1, 7)
    lacking = every[1:-1][~np.isin(every[1:-1], seen)]
    return [day.astype(object) for day in lacking]
