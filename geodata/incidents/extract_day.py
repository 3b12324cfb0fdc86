"""When an export was made, as far as its rows tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geodata.incidents.options import ImportOptions
from geodata.incidents.understanding import Setting, times_of
from geodata.mapping import ColumnMap
from geodata.offence_codes import read_offence_codes
from geodata.reasons import code_of

SLACK: Final = pd.Timedelta(days=31)
"""How long after the last start an end is believed; a month known as such ends within it."""

MOST_DAYS: Final = 7
"""Days without events at the end of a month that is taken to be whole."""
MOST_QUIET: Final = 3.0
"""Events to expect in them: with more (5 %), the export ended earlier."""


@dataclass(frozen=True)
class ExtractDay:
    """The last day that an export tells of.

    Attributes
    ----------
    day
        The day.
    last
        Day of the last event; `day` is the end of its month where the days between may well be
        without events.
    later
        Rows with a later date, taken for mistyped.
    """

    day: date
    last: date
    later: int


def guess_extract_day(
    table: pa.Table, chosen: ColumnMap, *, timezone: str, today: date
) -> ExtractDay | None:
    """Return the last day of an export, dates passed over that lie long after all others.

    Exports mostly end with a month. Where the last event lies at most `MOST_DAYS` before that, and
    fewer than `MOST_QUIET` events are to be expected in the days between, the month is whole.

    Returns
    -------
    ExtractDay or None
        ``None`` where no column is taken for the date, or no date can be read.
    """
    setting = Setting("", timezone, today, None, read_offence_codes())
    times = times_of(table, chosen, ImportOptions(), setting)
    if times is None or times.faults:
        return None
    sound = times.reason == 0
    if not sound.any():
        return None
    later = np.isin(times.reason, (code_of("future_date"), code_of("long_after_others")))
    start = times.start[sound]
    last = min(last_day(start, times.end[sound]), today)
    return ExtractDay(min(_month_whole(start, last), today), last, int(later.sum()))


def _month_whole(start: pd.Series[pd.Timestamp], last: date) -> date:
    """Return the end of the month of a day where the days until then may well be empty."""
    end = (pd.Timestamp(last) + pd.offsets.MonthEnd(0)).date()
    days = start.dt.tz_localize(None)
    year = days[days > pd.Timestamp(last) - pd.Timedelta(days=365)]
    rate = len(year) / max((pd.Timestamp(last) - year.min()).days + 1, 1)
    quiet = (end - last).days
    return end if quiet <= MOST_DAYS and quiet * rate < MOST_QUIET else last


def last_day(start: pd.Series[pd.Timestamp], end: pd.Series[pd.Timestamp]) -> date:
    """Return the last local day of events: of starts, and of ends at most `SLACK` after those.

    An end long after the last start is mistyped: other events would have begun meanwhile.
    """
    until = end - pd.Timedelta(microseconds=1)  # of a day or a month the end is the moment after
    latest: pd.Timestamp = start.max()
    ends = until[until <= latest + SLACK]
    last: date = max(latest, ends.max() if len(ends) else latest).date()
    return last
