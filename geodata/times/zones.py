"""From the clock on the wall to instants and back, by arithmetic on the days.

Almost every day of a zone lasts 24 hours: on such a day an instant is the day's start plus the
clock time. Only the rows of the few days on which the clocks are changed are looked up one by one.
Instants are int64 microseconds since 1970-01-01 00:00 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from geodata.columns import Codes
from geodata.times.words import DAY_US

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]


def zone_exists(name: str) -> bool:
    """Tell whether a name is a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _index(micros: Codes) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(micros.astype(np.int64).view("datetime64[us]"))


def _micros(index: pd.DatetimeIndex) -> Codes:
    utc = index.tz_convert("UTC").tz_localize(None)
    return utc.to_numpy(dtype="datetime64[us]").view(np.int64).copy()


def local(utc: Codes, zone: str) -> Codes:
    """Return what the clock on the wall shows at instants, as if it were UTC."""
    shown = _index(utc).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return shown.to_numpy(dtype="datetime64[us]").view(np.int64).copy()


def times(utc: Codes, missing: Flags, zone: str) -> pd.Series:
    """Return instants as a column in a zone, NaT where missing."""
    stamps = utc.view("datetime64[us]").copy()
    stamps[missing] = np.datetime64("NaT")
    return pd.Series(pd.DatetimeIndex(stamps).tz_localize("UTC").tz_convert(zone))


@dataclass(frozen=True)
class Calendar:
    """The start of each day of a zone.

    Attributes
    ----------
    zone
        Name of the zone.
    first
        First day, since 1970-01-01.
    starts
        int64, instant of the first moment of each day from `first` on.
    """

    zone: str
    first: int
    starts: Codes

    def start_of(self, day: Codes) -> Codes:
        """Return the instants at which days start."""
        return self.starts[day - self.first]

    def instants(self, day: Codes, clock: Codes) -> tuple[Codes, Codes, Flags]:
        """Return when the clock showed a time on a day.

        Parameters
        ----------
        day, clock
            Days since 1970-01-01 and microseconds after midnight, shape (n,).

        Returns
        -------
        tuple
            The first and the last instant of that clock time – they differ in the hour that is
            passed twice – and whether the clock never showed it. For such rows both instants are
            the start of the day.
        """
        at = day - self.first
        first = self.starts[at] + clock
        last = first
        skipped = np.zeros(len(first), dtype=bool)
        changed = np.diff(self.starts) != DAY_US
        rows = np.flatnonzero(changed[at]) if changed.any() else np.empty(0, dtype=np.int64)
        if len(rows):
            last = first.copy()
            wall = _index(day[rows] * DAY_US + clock[rows])
            early, late = (
                wall.tz_localize(self.zone, ambiguous=np.full(len(rows), summer), nonexistent="NaT")
                for summer in (True, False)
            )
            gone = np.asarray(early.isna())
            skipped[rows] = gone
            start = self.starts[at[rows]]
            first[rows] = np.where(gone, start, _micros(early))
            last[rows] = np.where(gone, start, _micros(late))
        return first, last, skipped


@lru_cache(maxsize=8)
def calendar(zone: str, first: int, last: int) -> Calendar:
    """Return the days of a zone from `first` to `last`, both included, since 1970-01-01."""
    midnights = _index(np.arange(first, last + 1, dtype=np.int64) * DAY_US)
    # Some zones change their clocks at midnight: then the day starts at the first moment after
    # the gap, or at the earlier of the two midnights.
    localised = midnights.tz_localize(
        zone, ambiguous=np.ones(len(midnights), dtype=bool), nonexistent="shift_forward"
    )
    return Calendar(zone, first, _micros(localised))
