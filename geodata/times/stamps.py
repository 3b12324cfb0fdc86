"""A column read into the day, the clock time and the zone of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from geodata.columns import Codes, Column
from geodata.errors import Fault, Notice
from geodata.times.clocks import NO_ZONE, Clocks, Flags, mark_unknown, spread, unknown_keys
from geodata.times.columns import Cut, Typed, day_and_clock, load
from geodata.times.options import TimeOptions
from geodata.times.order import Orders, choose_orders, is_leap_slip, span
from geodata.times.words import (
    DAY_US,
    NONE,
    ClockText,
    DayText,
    clock_digits,
    read_clock,
    read_day,
)
from geodata.times.zones import local

MIDNIGHT_SHARE: Final = 0.5
"""A column of instants with this share of midnights holds days; by chance it is 1 in 1,440."""

_MISSING_DAYS: Final = frozenset(("", "0", "0000-00-00", "00000000", "000000", "00/00/0000"))


@dataclass(frozen=True)
class Stamps:
    """One entry a row.

    Attributes
    ----------
    day, until
        First day and first day after, since 1970-01-01; both 0 where `missing` or `unreadable`.
    clock
        Microseconds after midnight, `NONE`, `UNKNOWN` or `BAD`.
    offset
        Minutes east of UTC, or `NO_ZONE`.
    hour
        Only the hour is stated.
    missing, unreadable, leap_slip
        No day; a day that isn't one; of these, 29 February of a year that has none.
    midnights
        Rows whose clock time was midnight only because the column keeps days as time stamps.
    """

    day: Codes
    until: Codes
    clock: Codes
    offset: Codes
    hour: Flags
    missing: Flags
    unreadable: Flags
    leap_slip: Flags
    midnights: int = 0


@dataclass(frozen=True)
class StampsRead:
    """The stamps of some columns, and what is to be told of them."""

    stamps: tuple[Stamps, ...]
    notices: tuple[Notice, ...]
    faults: tuple[Fault, ...]


def read_stamps(
    columns: Sequence[Column], *, options: TimeOptions, timezone: str, today: date
) -> StampsRead:
    """Read the date columns of a file, which may hold clock times too.

    The order of day and month is decided from all columns together.

    Parameters
    ----------
    columns
        Raw columns of equal length.
    timezone
        The project's zone: columns of instants that are all midnight there hold days only.
    """
    loaded = [load(column) for column in columns]
    texts = [
        {raw: read_day(raw) for raw in cut.days} if isinstance(cut, Cut) else {} for cut in loaded
    ]
    votes: Counter[str] = Counter()
    for cut in loaded:
        if isinstance(cut, Cut):
            counts = np.bincount(cut.day_of[cut.day_of >= 0], minlength=len(cut.days))
            for raw, rows in zip(cut.days, counts.tolist(), strict=True):
                votes[raw] += rows
    known = {raw: text for found in texts for raw, text in found.items() if text is not None}
    orders = choose_orders(
        [(raw, text, votes[raw]) for raw, text in sorted(known.items())],
        setting=options.date_order,
        today=today,
        earliest=options.earliest_date,
    )
    stamps = tuple(
        _from_texts(cut, found, orders, options, today, timezone)
        if isinstance(cut, Cut)
        else _from_typed(cut, options, timezone)
        for cut, found in zip(loaded, texts, strict=True)
    )
    return StampsRead(stamps, orders.notices, orders.faults)


def _from_texts(
    cut: Cut,
    texts: dict[str, DayText | None],
    orders: Orders,
    options: TimeOptions,
    today: date,
    timezone: str,
) -> Stamps:
    table = np.zeros((len(cut.days) + 1, 5), dtype=np.int64)  # the last entry is null
    table[-1, 2] = 1
    for at, raw in enumerate(cut.days):
        text = texts[raw]
        if raw in _MISSING_DAYS:
            table[at, 2] = 1
            continue
        order = orders.of.get(text.group, "") if text else ""
        found = span(text, order, today) if text else None
        if found is not None:
            table[at, :2] = found.day, found.until
        else:
            table[at, 3] = 1
            table[at, 4] = text is not None and is_leap_slip(text, order, today)
    day, until = (table[:, k].copy()[cut.day_of] for k in (0, 1))
    missing, unreadable, leap_slip = (table[:, k].astype(bool)[cut.day_of] for k in (2, 3, 4))
    unknown = unknown_keys(options)
    clock, offset, hour = spread([_stamp_clock(t, unknown) for t in cut.clocks], cut.clock_of)
    stamps = Stamps(day, until, clock, offset, hour, missing, unreadable, leap_slip)
    given = [_stamp_clock(text, frozenset()).clock for text in cut.clocks if text]
    if given and not any(given):
        return _without_clock(stamps, np.ones(len(day), dtype=bool))
    return _drop_midnights(stamps, ("UTC", timezone))


def _stamp_clock(text: str, unknown: frozenset[str]) -> ClockText:
    """Read the clock time of a time stamp: its figures say by their number what they are."""
    if not text:
        return ClockText(NONE)
    digits = len(clock_digits(text))
    mode = "hour" if digits <= 2 else "hhmm" if digits <= 4 else "hhmmss"
    return read_clock(text, mode, unknown)


def _from_typed(typed: Typed, options: TimeOptions, timezone: str) -> Stamps:
    size = len(typed.micros)
    day, clock = day_and_clock(typed.micros)
    no = np.zeros(size, dtype=bool)
    if typed.clock_only:
        return Stamps(day, day, clock, np.full(size, NO_ZONE), no, typed.null, ~typed.null, no)
    offset = np.full(size, 0 if typed.zone else NO_ZONE, dtype=np.int64)
    clock[typed.null] = NONE
    stamps = Stamps(day, day + 1, clock, offset, no, typed.null, no, no)
    every = np.ones(size, dtype=bool)
    if typed.day_only:
        return replace(_without_clock(stamps, every), midnights=0)
    if not np.any(clock > 0):
        return _without_clock(stamps, every)
    if typed.zone:
        return _drop_midnights(stamps, ("UTC", typed.zone, timezone))
    return replace(stamps, clock=mark_unknown(clock, unknown_keys(options)))


def _without_clock(stamps: Stamps, rows: Flags) -> Stamps:
    """Return stamps that hold only days on some rows."""
    return replace(
        stamps,
        clock=np.where(rows, NONE, stamps.clock),
        offset=np.where(rows, NO_ZONE, stamps.offset),
        midnights=int((rows & (stamps.clock != NONE)).sum()),
    )


def _drop_midnights(stamps: Stamps, zones: tuple[str, ...]) -> Stamps:
    """Take instants for days where most of them are midnight in a zone.

    Databases that keep dates as instants write 31 January as 31 January 00:00 UTC, or as
    30 January 23:00 UTC when they stand in Sweden. Moving such a day to another zone would put it
    on the day before. ``UTC`` among the zones stands for the clock as written.
    """
    zoned = (stamps.clock >= 0) & (stamps.offset != NO_ZONE)
    if not zoned.any():
        return stamps
    written = stamps.day * DAY_US + stamps.clock
    utc = written - np.where(zoned, stamps.offset, 0) * 60_000_000
    for zone in zones:
        shown = written if zone == "UTC" else local(utc, zone)
        days = zoned & (shown % DAY_US == 0)
        if days.sum() >= MIDNIGHT_SHARE * zoned.sum():
            day = np.where(days, shown // DAY_US, stamps.day)
            until = np.where(days, day + 1, stamps.until)
            return _without_clock(replace(stamps, day=day, until=until), days)
    return stamps


def combine(stamps: Stamps, clocks: Clocks | None) -> Stamps:
    """Return stamps with the clock times of their own column; a blank leaves that of the stamp."""
    if clocks is None:
        return stamps
    own = clocks.clock != NONE
    if own.all():
        return replace(stamps, clock=clocks.clock, offset=clocks.offset, hour=clocks.hour)
    merged: dict[str, Any] = {
        name: np.where(own, getattr(clocks, name), getattr(stamps, name))
        for name in ("clock", "offset", "hour")
    }
    return replace(stamps, **merged)
