"""Weeks, months or quarters: the periods that methods learn from and are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.accuracy.options import AccuracyOptions

Ints = NDArray[np.int64]
Unit = Literal["week", "month", "quarter"]

PER_YEAR: Final[dict[Unit, int]] = {"week": 52, "month": 12, "quarter": 4}


@dataclass(frozen=True)
class Periods:
    """Consecutive periods of one length.

    Attributes
    ----------
    unit
        Their length.
    edges
        First day of each, and the day after the last; ``datetime64[D]``, ascending.
    """

    unit: Unit
    edges: NDArray[np.datetime64]

    def __len__(self) -> int:
        return len(self.edges) - 1

    @property
    def per_year(self) -> int:
        """Periods in a year."""
        return PER_YEAR[self.unit]

    def number(self, days: NDArray[np.datetime64]) -> Ints:
        """Return the period of each day, −1 outside."""
        at = np.searchsorted(self.edges, days, side="right") - 1
        return np.where((at >= 0) & (at < len(self)), at, -1).astype(np.int64)


def choose_periods(
    days: NDArray[np.datetime64], *, last: date, by_month: bool, options: AccuracyOptions
) -> Periods | None:
    """Return the shortest periods that hold enough events and aren't too many.

    ``None`` when none holds enough; the longest that does when all are too many.

    Parameters
    ----------
    days
        Of the counted events, shape (n,), n ≥ 1.
    last
        Last day that is fully recorded.
    by_month
        Days aren't known: no weeks.
    options
        The length asked for, and the least numbers of events a period and of periods.
    """
    asked: tuple[Unit, ...] = ("week", "month", "quarter")
    if options.period != "auto":
        asked = (options.period,)
    found = None
    for unit in asked:
        if unit == "week" and by_month:
            continue
        periods = _cut(days.min().astype(date), last, unit)
        n = len(periods)
        if n < options.min_periods:
            continue
        inside = int((periods.number(days) >= 0).sum())
        if inside >= options.min_events_per_period * n:
            found = periods
            if n <= options.max_periods:
                break
    return found


def _cut(first: date, last: date, unit: Unit) -> Periods:
    """Return the whole periods up to the last day, back to the one that holds the first.

    Weeks are counted back from the last day; months and quarters are the calendar's, and one that
    has not ended on the last day is left out.
    """
    after = pd.Timestamp(last) + pd.Timedelta(days=1)
    if unit == "week":
        n = max(int(np.ceil((after - pd.Timestamp(first)).days / 7)), 0)
        edges = np.array([after - pd.Timedelta(days=7 * i) for i in range(n, -1, -1)])
    else:
        rule = "MS" if unit == "month" else "QS-JAN"
        start = pd.Timestamp(first).to_period(unit[0].upper()).start_time
        edges = pd.date_range(start, after, freq=rule).to_numpy()
    return Periods(unit=unit, edges=edges.astype("datetime64[D]"))
