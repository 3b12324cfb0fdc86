"""Columns of dates and of clock times cut into distinct texts, or read straight when typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.columns import Codes, Column, as_array, distinct, is_text, plain_texts, repeats
from geodata.times.words import DAY_US, SPLIT, SPLIT_FAST

_GAPS: Final = "[\\s\u00a0\u2007\u2009\u202f]+"


@dataclass(frozen=True)
class Cut:
    """A text column as distinct days and distinct clock times.

    Attributes
    ----------
    days, clocks
        Distinct plain texts; ``""`` where there is none.
    day_of, clock_of
        int64, one a row: position in `days` and in `clocks`; −1 for null.
    """

    days: list[str]
    clocks: list[str]
    day_of: Codes
    clock_of: Codes


@dataclass(frozen=True)
class Typed:
    """A column of time stamps or dates, as microseconds since 1970-01-01 00:00.

    Attributes
    ----------
    micros
        int64, one a row; 0 for null.
    null
        bool, one a row.
    instant
        The values are instants (UTC) rather than what the clock on the wall showed.
    zone
        Zone the column was written in; empty for none.
    day_only
        The type holds no clock time.
    clock_only
        The type holds no day.
    """

    micros: Codes
    null: np.ndarray[tuple[int], np.dtype[np.bool_]]
    zone: str = ""
    day_only: bool = False
    clock_only: bool = False


def load(column: Column) -> Cut | Typed:
    """Return a raw column, typed or cut into texts."""
    array = as_array(column)
    kind = array.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_time(kind):
        return _typed(array)
    if is_text(kind):
        return _cut(array)
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _cut(_float_texts(array.cast(pa.float64())))
    if pa.types.is_null(kind):
        return _cut(pa.nulls(len(array), pa.string()))
    return _cut(array.cast(pa.string()))


def _typed(array: pa.Array) -> Typed:
    kind = array.type
    null = array.is_null().to_numpy(zero_copy_only=False)
    clock_only = pa.types.is_time(kind)
    zone = (kind.tz or "") if pa.types.is_timestamp(kind) else ""
    if clock_only:
        micros = array.cast(pa.time64("us"), safe=False).cast(pa.int64())
    else:
        micros = array.cast(pa.timestamp("us", zone or None), safe=False).cast(pa.int64())
    values = micros.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    return Typed(values, null, zone, pa.types.is_date(kind), clock_only)


def _float_texts(array: pa.Array) -> pa.Array:
    """Write numbers as a person would: 1405.0 as 1405, 14.05 as such, 0.25 as a fraction of a day.

    In a column whose every number lies from 0 to 1 the decimals are fractions of a day, written
    with nine decimals so that 0.25 isn't taken for a quarter past midnight.
    """
    found = distinct(array)
    values = found.values.to_numpy(zero_copy_only=False)
    fraction = bool(len(values)) and bool(((values >= 0) & (values <= 1)).all())
    texts = [_float_text(float(value), fraction=fraction) for value in values]
    codes = pa.array(found.codes, mask=found.codes < 0)
    return pa.array(texts, pa.string()).take(codes)


def _float_text(value: float, *, fraction: bool) -> str:
    if value.is_integer():
        return str(int(value))
    return f"{value:.9f}" if fraction or value > 366 else f"{value:.2f}"


def _cut(array: pa.Array) -> Cut:
    """Cut texts, each distinct text once where texts repeat."""
    if not repeats(array):
        days, clocks = _split(array)
        of = None
    else:
        found = distinct(array)
        days, clocks = _split(found.values)
        of = found.codes
    day, clock = distinct(days), distinct(clocks)
    day_of, clock_of = day.codes, clock.codes
    if of is not None:
        day_of = np.append(day_of, -1)[of]
        clock_of = np.append(clock_of, -1)[of]
    return Cut(plain_texts(day.values), plain_texts(clock.values), day_of, clock_of)


def _split(values: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Split each text into its day and its clock time; ``""`` for the part that is missing."""
    values = pc.utf8_trim_whitespace(values)
    long = pc.and_(pc.utf8_is_decimal(values), pc.greater_equal(pc.utf8_length(values), 12))
    if pc.any(long).as_py():
        stamp = pc.replace_substring_regex(values, "^([0-9]{8})([0-9]{4}(?:[0-9]{2})?)$", r"\1T\2")
        values = pc.if_else(long, stamp, values)
    fast = pc.extract_regex(values, SPLIT_FAST)
    day, clock = fast.field("day"), fast.field("clock")
    hit = fast.is_valid()
    if pc.all(pc.or_(hit, values.is_null())).as_py():
        return pc.if_else(hit, day, None), pc.if_else(hit, clock, None)
    rest = pc.replace_substring_regex(pc.if_else(hit, None, values), _GAPS, " ")
    slow = pc.extract_regex(pc.utf8_trim(rest, " '\""), SPLIT)
    slow_day = _join(slow, "serial", "day_t", "day")
    slow_clock = _join(slow, "fraction", "clock_t", "clock", "clock_kl")
    # A text that not even the slow pattern matches stays whole, to be told.
    slow_day = pc.coalesce(pc.if_else(slow.is_valid(), slow_day, None), values)
    slow_clock = pc.if_else(slow.is_valid(), slow_clock, pc.if_else(values.is_valid(), "", None))
    return pc.if_else(hit, day, slow_day), pc.if_else(hit, clock, slow_clock)


def _join(parts: pa.StructArray, *names: str) -> pa.Array:
    """Return the one of several alternatives that matched; the others are empty texts."""
    fields = [pc.fill_null(parts.field(name), "") for name in names]
    return pc.binary_join_element_wise(*fields, pa.scalar("", fields[0].type))


def day_and_clock(micros: Codes) -> tuple[Codes, Codes]:
    """Return whole days since 1970-01-01 and microseconds after midnight."""
    day = micros // DAY_US
    return day, micros - day * DAY_US
