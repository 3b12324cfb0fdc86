"""Columns of clock times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata.columns import Codes, Column, pairs
from geodata.times.columns import Cut, Typed, day_and_clock, load
from geodata.times.options import TimeOptions
from geodata.times.words import (
    BAD,
    NONE,
    UNKNOWN,
    ClockText,
    clock_digits,
    read_clock,
    read_day,
)

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]

NO_ZONE: Final = -9999
"""Offset of a clock time that states no zone."""


def unknown_keys(options: TimeOptions) -> frozenset[str]:
    """Return the times that stand for unknown, figures only, at least four."""
    figures = ("".join(c for c in text if c.isdecimal()) for text in options.unknown_times)
    return frozenset(text.zfill(4) for text in figures if text)


def spread(read: Sequence[ClockText], codes: Codes) -> tuple[Codes, Codes, Flags]:
    """Return clock, offset and hour flag of each row; null rows have no clock time."""
    every = [*read, ClockText(NONE)]
    clock = np.array([c.clock for c in every], dtype=np.int64)
    offset = np.array([NO_ZONE if c.offset is None else c.offset for c in every], dtype=np.int64)
    hour = np.array([c.hour for c in every], dtype=bool)
    return clock[codes], offset[codes], hour[codes]


def mark_unknown(clock: Codes, unknown: frozenset[str]) -> Codes:
    """Return clock times with those of the list of unknown ones marked as such."""
    marks = [
        (int(key[:2]) * 60 + int(key[2:])) * 60_000_000
        for key in unknown
        if len(key) == 4 and int(key) < 2400
    ]
    return np.where(np.isin(clock, marks), UNKNOWN, clock)


@dataclass(frozen=True)
class Clocks:
    """A column of clock times, one entry a row: as in `Stamps`.

    Attributes
    ----------
    unknown_rows
        Rows of each text that stands for unknown.
    as_hours
        Figures were taken for whole hours without being told so.
    """

    clock: Codes
    offset: Codes
    hour: Flags
    unknown_rows: dict[str, int]
    as_hours: bool = False


def read_clocks(column: Column, options: TimeOptions) -> Clocks:
    """Read a column of clock times, whatever it wraps them in.

    A time stamp gives its clock time; one that is midnight on every row, or a date, gives none.
    """
    loaded = load(column)
    unknown = unknown_keys(options)
    if isinstance(loaded, Typed):
        return _typed_clocks(loaded, unknown)
    days, clocks, codes = pairs(loaded.day_of, loaded.clock_of)
    texts = [
        _clock_part(loaded, at, clock_at)
        for at, clock_at in zip(days.tolist(), clocks.tolist(), strict=True)
    ]
    mode = _mode(texts, options, unknown)
    read = [_column_clock(text, mode, unknown) for text in texts]
    clock, offset, hour = spread(read, codes)
    rows = np.bincount(codes, minlength=len(texts)).tolist()
    unknown_rows: Counter[str] = Counter()
    for text, found, count in zip(texts, read, rows, strict=True):
        if found.clock == UNKNOWN:
            unknown_rows[text] += count
    return Clocks(
        clock, offset, hour, dict(sorted(unknown_rows.items())), mode == "hour" != options.clock
    )


def _clock_part(cut: Cut, day: int, clock: int) -> str:
    """Return the clock time of a cut text, or all of it when it holds none."""
    text = cut.clocks[clock] if clock >= 0 else ""
    return text or (cut.days[day] if day >= 0 else "")


def _mode(texts: Sequence[str], options: TimeOptions, unknown: frozenset[str]) -> str:
    """Decide how figures without a colon are read, from the whole column."""
    if options.clock != "auto":
        return options.clock
    figures = [digits for text in texts if (digits := clock_digits(text))]
    figures = [digits for digits in figures if digits.zfill(4) not in unknown]
    if any(int(digits) > 9999 for digits in figures):
        return "hhmmss"
    if figures and all(len(digits) <= 2 and int(digits) <= 24 for digits in figures):
        return "hour"
    return "hhmm"


def _column_clock(text: str, mode: str, unknown: frozenset[str]) -> ClockText:
    if not text:
        return ClockText(NONE)
    found = read_clock(text, mode, unknown)
    if found.clock == BAD and not clock_digits(text) and read_day(text) is not None:
        return ClockText(UNKNOWN)
    return found


def _typed_clocks(typed: Typed, unknown: frozenset[str]) -> Clocks:
    _day, clock = day_and_clock(typed.micros)
    size = len(clock)
    empty = not typed.clock_only and not np.any(clock)
    if empty:
        clock = np.full(size, UNKNOWN, dtype=np.int64)
    elif not typed.zone:
        clock = mark_unknown(clock, unknown)
    clock[typed.null] = NONE
    offset = np.full(size, 0 if typed.zone and not empty else NO_ZONE, dtype=np.int64)
    count = int((clock == UNKNOWN).sum())
    return Clocks(clock, offset, np.zeros(size, dtype=bool), {"00:00": count} if count else {})
