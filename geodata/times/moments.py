"""The earliest and the latest instant of each row, and why a row has none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from geodata.columns import Codes
from geodata.reasons import code_of
from geodata.schema import PRECISIONS
from geodata.times.clocks import NO_ZONE, Clocks, Flags
from geodata.times.stamps import Stamps, combine
from geodata.times.words import BAD, DAY_US, NONE
from geodata.times.zones import Calendar

Small = np.ndarray[tuple[int], np.dtype[np.int8]]

_MINUTE, _HOUR, _DAY, _MONTH = range(len(PRECISIONS))
_LAST_MINUTE_US: Final = 59 * 60_000_000
MONTH_DAYS: Final = 33
"""Days after today that a month that starts by tomorrow may reach."""


@dataclass(frozen=True)
class Moments:
    """Earliest and latest instant of each row, from one pair of columns.

    Attributes
    ----------
    first, last
        Microseconds since 1970-01-01 UTC.
    exclusive
        `last` is the first moment after.
    precision
        Position in `schema.PRECISIONS`.
    reason
        Position in `reasons.CODES`.
    skipped, doubled
        The clock time falls in an hour that was skipped, or passed twice.
    """

    first: Codes
    last: Codes
    exclusive: Flags
    precision: Small
    reason: Small
    skipped: Flags
    doubled: Flags


def moments_of(stamps: Stamps, days: tuple[int, int], zones: tuple[Calendar, Calendar]) -> Moments:
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
    until = np.where(bad, days[1] + 1, np.minimum(stamps.until, days[1] + MONTH_DAYS))
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
    return Moments(first, last, ~known, precision, reason, skipped, doubled)


def end_stamps(
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


def interval(start: Moments, start_stamps: Stamps, end: Moments, stamps: Stamps) -> Moments:
    """Join start and end of each row.

    A row without an end, or whose end only repeats the day of its start, ends as its start does.
    """
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
        skipped=start.skipped | (end.skipped & ~alone),
        doubled=start.doubled | (end.doubled & ~alone),
    )
