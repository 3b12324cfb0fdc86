"""From columns to an earliest and a latest time of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from geodata.columns import Codes, Column, quote
from geodata.errors import Fault, Notice
from geodata.language import gettext as _
from geodata.reasons import code_of
from geodata.schema import PRECISIONS
from geodata.times.options import TimeOptions
from geodata.times.order import EPOCH_ORDINAL
from geodata.times.stamps import NO_ZONE, Clocks, Flags, Stamps, combine, read_clocks, read_stamps
from geodata.times.tell import Told, notices_of
from geodata.times.words import BAD, DAY_US, NONE
from geodata.times.zones import Calendar, times, zone_exists

_MINUTE, _HOUR, _DAY, _MONTH = range(len(PRECISIONS))
_LAST_MINUTE_US: Final = 59 * 60_000_000


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
    precision: np.ndarray[tuple[int], np.dtype[np.int8]]
    reason: np.ndarray[tuple[int], np.dtype[np.int8]]
    details: pd.Series
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Moments:
    """Earliest and latest instant of each row, from one pair of columns."""

    first: Codes
    last: Codes
    exclusive: Flags
    precision: np.ndarray[tuple[int], np.dtype[np.int8]]
    reason: np.ndarray[tuple[int], np.dtype[np.int8]]
    skipped: Flags
    doubled: Flags


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

    Rules, beside those of the settings:

    - A row without a known clock time has the precision ``day``: from 00:00 to the next 00:00.
    - Only the hour: precision ``hour``, from 14:00 to 14:59. Only the month: ``month``.
    - A column of time stamps that are all midnight holds days only, in whichever zone they stand.
    - Time stamps with a zone are instants, so their midnight is a clock time like any other.
    - Without an end the row ends when it starts. An end time without an end date belongs to the
      day of the start, or to the next when it is earlier than the start. An end date without a
      time ends at the next midnight, unless it is the day of a start whose time is known.
    - The precision of an interval is the coarser of its two.
    - A clock time that the change to summer time skips is not known: precision ``day``. In the
      hour that is passed twice, the start is the first and the end the second.

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
        ``future_date``, ``too_old_date`` and ``end_before_start``.
    """
    columns: dict[str, Column | None] = {
        "date": date,
        "time": time,
        "end_date": end_date,
        "end_time": end_time,
    }
    given = {name: column for name, column in columns.items() if column is not None}
    zone = options.time_zone or timezone
    if not zone_exists(zone):
        return _refused(len(date), timezone, zone)
    dates = [given[name] for name in ("date", "end_date") if name in given]
    read = read_stamps(dates, options=options, timezone=timezone, today=today)
    clocks: dict[str, Clocks] = {
        name: read_clocks(given[name], options) for name in ("time", "end_time") if name in given
    }
    today_no = today.toordinal() - EPOCH_ORDINAL
    earliest_no = options.earliest_date.toordinal() - EPOCH_ORDINAL
    days = (earliest_no, today_no)
    zones = (
        Calendar.of(zone, earliest_no - 1, today_no + 3),
        Calendar.of(timezone, earliest_no - 1, today_no + 33),
    )
    start_stamps = combine(read.stamps[0], clocks.get("time"))
    start = _moments(start_stamps, days, zones)
    told = Told(
        dates=tuple(read.stamps),
        clocks=clocks,
        skipped=int(start.skipped.sum()),
        doubled=int(start.doubled.sum()),
    )
    whole = start
    if len(dates) > 1 or "end_time" in clocks:
        end_stamps, moved = _end_stamps(start_stamps, read.stamps[1:], clocks.get("end_time"))
        end = _moments(end_stamps, days, zones)
        whole = _interval(start, start_stamps, end, end_stamps)
        told = replace(
            told,
            past_midnight=moved,
            skipped=told.skipped + int(end.skipped.sum()),
            doubled=told.doubled + int(end.doubled.sum()),
        )
    bad = whole.reason != 0
    return ParsedTimes(
        start=times(whole.first, bad, timezone),
        end=times(whole.last, bad, timezone),
        precision=whole.precision,
        reason=whole.reason,
        details=_details(given, whole.reason, read.stamps),
        notices=(*read.notices, *notices_of(told, options=options, timezone=timezone)),
        faults=read.faults,
    )


def _moments(stamps: Stamps, days: tuple[int, int], zones: tuple[Calendar, Calendar]) -> _Moments:
    """Turn the days and clock times of rows into instants."""
    data_zone, project = zones
    reason = np.zeros(len(stamps.day), dtype=np.int8)
    reason[stamps.day > days[1] + 1] = code_of("future_date")
    reason[stamps.day < days[0]] = code_of("too_old_date")
    reason[stamps.clock == BAD] = code_of("unreadable_time")
    reason[stamps.unreadable] = code_of("unreadable_date")
    reason[stamps.missing] = code_of("missing_date")
    bad = reason != 0
    day = np.where(bad, days[1], stamps.day)
    until = np.where(bad, days[1] + 1, np.minimum(stamps.until, days[1] + 33))
    month = until - day > 1
    known = (stamps.clock >= 0) & ~month & ~bad
    next_day = stamps.clock == DAY_US
    wall_day = day + (next_day & known)
    wall_clock = np.where(known & ~next_day, stamps.clock, 0)
    first, last, skipped = data_zone.instants(wall_day, wall_clock)
    zoned = known & (stamps.offset != NO_ZONE)
    if zoned.any():
        instant = wall_day * DAY_US + wall_clock - stamps.offset * 60_000_000
        first, last = np.where(zoned, instant, first), np.where(zoned, instant, last)
        skipped &= ~zoned
    skipped &= known
    known &= ~skipped
    doubled = known & (last != first)
    last = np.where(known & stamps.hour, last + _LAST_MINUTE_US, last)
    first = np.where(known, first, project.start_of(day))
    last = np.where(known, last, project.start_of(until))
    late = (first >= project.start_of(np.array([days[1] + 1]))[0]) & ~bad
    reason[late] = code_of("future_date")
    precision = np.full(len(day), _DAY, dtype=np.int8)
    precision[known] = _MINUTE
    precision[known & stamps.hour] = _HOUR
    precision[month] = _MONTH
    return _Moments(first, last, ~known, precision, reason, skipped, doubled)


def _end_stamps(
    start: Stamps, dates: tuple[Stamps, ...], clocks: Clocks | None
) -> tuple[Stamps, int]:
    """Return the ends of the rows, and how many were moved to the day after the start.

    A row without any end has neither day nor clock time: `missing` and `NONE`.
    """
    if dates:
        end = combine(dates[0], clocks)
    else:
        size = len(start.day)
        nothing, no = np.full(size, NONE), np.zeros(size, dtype=bool)
        zeros, yes = np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
        empty = Stamps(zeros, zeros, nothing, np.full(size, NO_ZONE), no, yes, no, no)
        end = combine(empty, clocks)
    borrows = end.missing & (end.clock >= 0) & ~start.missing & ~start.unreadable
    if not borrows.any():
        return end, 0
    moved = borrows & (start.clock >= 0) & (end.clock < start.clock)
    day = np.where(borrows, start.day + moved, end.day)
    until = np.where(borrows, day + 1, end.until)
    return replace(end, day=day, until=until, missing=end.missing & ~borrows), int(moved.sum())


def _interval(start: _Moments, start_stamps: Stamps, end: _Moments, stamps: Stamps) -> _Moments:
    """Join start and end of each row."""
    missing = stamps.missing & (stamps.clock != BAD)
    same_day = (stamps.day == start_stamps.day) & (stamps.until == start_stamps.until)
    nothing_new = same_day & (stamps.clock < 0) & (stamps.clock != BAD) & (end.reason == 0)
    alone = missing | nothing_new
    reason = np.where(start.reason == 0, np.where(alone, 0, end.reason), start.reason)
    reason[(reason == code_of("missing_date")) & (start.reason == 0)] = code_of("unreadable_time")
    last = np.where(alone, start.last, end.last)
    exclusive = np.where(alone, start.exclusive, end.exclusive)
    early = (last < start.first) | (exclusive & (last <= start.first))
    reason[early & (reason == 0)] = code_of("end_before_start")
    precision = np.where(alone, start.precision, np.maximum(start.precision, end.precision))
    return replace(
        start,
        last=last,
        exclusive=exclusive,
        precision=precision.astype(np.int8),
        reason=reason.astype(np.int8),
    )


def _details(
    columns: dict[str, Column],
    reason: np.ndarray[tuple[int], np.dtype[np.int8]],
    dates: Sequence[Stamps],
) -> pd.Series:
    """Return what was read on the rows with a reason."""
    rows = np.flatnonzero(reason)
    slips = np.logical_or.reduce([stamps.leap_slip[rows] for stamps in dates])
    details = quote(list(columns.values()), rows)
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
        precision=np.full(size, _DAY, dtype=np.int8),
        reason=np.full(size, code_of("unreadable_time"), dtype=np.int8),
        details=pd.Series([], dtype="str"),
        notices=(),
        faults=(fault,),
    )
