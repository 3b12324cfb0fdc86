"""From columns to an earliest and a latest time of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd

from geodata.columns import Column, quote
from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.reasons import code_of
from geodata.schema import PRECISIONS
from geodata.times.clocks import read_clocks
from geodata.times.late import long_after
from geodata.times.moments import MONTH_DAYS, Moments, Small, end_stamps, interval, moments_of
from geodata.times.options import TimeOptions
from geodata.times.order import EPOCH_ORDINAL
from geodata.times.stamps import Stamps, combine, read_stamps
from geodata.times.tell import Told, notices_of
from geodata.times.zones import calendar, times, zone_exists


@dataclass(frozen=True)
class ParsedTimes:
    """The times of a file's rows, one entry a row.

    Attributes
    ----------
    start, end
        ``datetime64[us, zone]``: earliest and latest time; NaT where `reason` is not 0. `end` is
        exclusive where the precision is day or month.
    precision
        int8, position in `schema.PRECISIONS`.
    reason
        int8, position in `reasons.CODES`; 0 for a row without fault.
    details
        What was read, for rows with a reason; the index is the position of the row.
    notices
        What was chosen for the user and what they should look at.
    faults
        What stops the work: ``mixed_date_orders``, ``unknown_timezone``.
    """

    start: pd.Series
    end: pd.Series
    precision: Small
    reason: Small
    details: pd.Series
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


def read_times(
    *,
    date: Column,
    time: Column | None = None,
    end_date: Column | None = None,
    end_time: Column | None = None,
    options: TimeOptions,
    timezone: str,
    today: date,
) -> ParsedTimes:
    """Read the dates and times of a file.

    The rules stand at the top of `geodata.times`.

    Parameters
    ----------
    date, time, end_date, end_time
        Raw columns as they stand in the file, of equal length: text, whole numbers, decimal
        numbers (a spreadsheet's days), dates or time stamps.
    options
        How they are written.
    timezone
        The project's time zone.
    today
        Rows that start or end after this day are rejected.

    Returns
    -------
    ParsedTimes
        With the reasons ``missing_date``, ``unreadable_date``, ``unreadable_time``,
        ``future_date``, ``long_after_others``, ``too_old_date`` and ``end_before_start``.
    """
    columns = {"date": date, "time": time, "end_date": end_date, "end_time": end_time}
    given = {name: column for name, column in columns.items() if column is not None}
    zone = options.time_zone or timezone
    if not zone_exists(zone):
        return _refused(len(date), timezone, zone)
    dates = [given[name] for name in ("date", "end_date") if name in given]
    read = read_stamps(dates, options=options, timezone=timezone, today=today)
    clocks = {
        name: read_clocks(given[name], options) for name in ("time", "end_time") if name in given
    }
    days = tuple(day.toordinal() - EPOCH_ORDINAL for day in (options.earliest_date, today))
    span = (days[0] - 1, days[1] + MONTH_DAYS + 1)
    zones = (calendar(zone, *span), calendar(timezone, *span))
    stamps = combine(read.stamps[0], clocks.get("time"))
    whole = moments_of(stamps, (days[0], days[1]), zones)
    moved = 0
    if len(dates) > 1 or "end_time" in clocks:
        ends, moved = end_stamps(stamps, read.stamps[1:], clocks.get("end_time"))
        end = moments_of(ends, (days[0], days[1]), zones)
        whole = interval(whole, stamps, end, ends)
    late = 0
    if options.late_dates == "reject":
        whole, late = _without_late(whole, stamps)
    told = Told(
        stamps=read.stamps[0],
        clocks=clocks.get("time"),
        as_hours=any(found.as_hours for found in clocks.values()),
        skipped=int((whole.skipped & (whole.reason == 0)).sum()),
        doubled=int((whole.doubled & (whole.reason == 0)).sum()),
        past_midnight=moved,
        late=late,
    )
    bad = whole.reason != 0
    return ParsedTimes(
        start=times(whole.first, bad, timezone),
        end=times(whole.last, bad, timezone),
        precision=whole.precision,
        reason=whole.reason,
        details=_details(list(given.values()), whole.reason, read.stamps),
        notices=(*read.notices, *notices_of(told, timezone)),
        faults=read.faults,
    )


def _without_late(moments: Moments, stamps: Stamps) -> tuple[Moments, int]:
    """Give the rows dated long after all others their reason; return how many they are."""
    sound = np.flatnonzero(moments.reason == 0)
    late = sound[long_after(stamps.day[sound])]
    if not len(late):
        return moments, 0
    reason = moments.reason.copy()
    reason[late] = code_of("long_after_others")
    return replace(moments, reason=reason), len(late)


def _details(
    columns: Sequence[Column],
    reason: Small,
    dates: Sequence[Stamps],
) -> pd.Series:
    """Return what was read on the rows with a reason."""
    rows = np.flatnonzero(reason)
    slips = np.logical_or.reduce([stamps.leap_slip[rows] for stamps in dates])
    details = quote(columns, rows)
    leap = _(" (29 februari finns bara i skottår)")
    texts = [
        text + (leap if slip else "") for text, slip in zip(details, slips.tolist(), strict=True)
    ]
    return pd.Series(texts, index=rows, dtype="str")


def _refused(size: int, timezone: str, zone: str) -> ParsedTimes:
    """Return a result that holds one fault: the zone of the times is unknown."""
    every = np.ones(size, dtype=bool)
    nothing = times(np.zeros(size, dtype=np.int64), every, timezone)
    fault = Fault(
        code="unknown_timezone",
        what=_("Okänd tidszon ”{name}”.").format(name=zone),
        where="[[input]] time_zone",
        next_step=_("Skriv som ”Europe/Stockholm” eller ”UTC”."),
    )
    return ParsedTimes(
        start=nothing,
        end=nothing,
        precision=np.full(size, PRECISIONS.index("day"), dtype=np.int8),
        reason=np.full(size, code_of("unreadable_time"), dtype=np.int8),
        details=pd.Series([], dtype="str"),
        notices=(),
        faults=(fault,),
    )
