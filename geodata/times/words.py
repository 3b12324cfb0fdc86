"""One text at a time: what day it names and what clock time.

Nothing here looks at other rows. A day whose order can't be told from the text alone keeps its
three numbers and the group it belongs to; `geodata.times.order` decides the group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

DAY_US: Final = 86_400_000_000
NONE: Final = -1
"""No clock time given."""
UNKNOWN: Final = -2
"""A clock time that stands for unknown, such as 9999."""
BAD: Final = -3
"""A clock time that can't be read."""

_MONTHS: Final = (
    ("januari", "january"),
    ("februari", "february"),
    ("mars", "march"),
    ("april",),
    ("maj", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augusti", "august"),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("december",),
)
_WEEKDAY = (
    r"(?:(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag(?:en)?)?|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri"
    r"|sat(?:ur)?|sun)(?:day)?)\.?,? +"
)
_LEAD = re.compile(rf"^(?:{_WEEKDAY})?(?:den +)?")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_SWEDISH = re.compile(r"(\d{1,2})/(\d{1,2})[ -]+(\d{4}|\d{2})")
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})")
_NAMED = re.compile(r"(\d{1,2})[.:]?[ -]*([a-zåäö]{3,})\.?,?[ -]*(\d{4}|\d{2})")
_NAME_FIRST = re.compile(r"([a-z]{3,})\.? +(\d{1,2})(?:st|nd|rd|th)?, *(\d{4})")
_YEAR_NAMED = re.compile(r"(\d{4})[ -]+([a-zåäö]{3,})\.?[ -]+(\d{1,2})")
_MONTH_NUMBER = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[-/](\d{4})")
_MONTH_NAME = re.compile(r"([a-zåäö]{3,})\.?[ -]*(\d{4}|\d{2})|(\d{4})[ -]+([a-zåäö]{3,})\.?")

_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class DayText:
    """What a text says of the day.

    Attributes
    ----------
    group
        ``""`` when the parts are year, month, day; otherwise which rows it must agree with:
        ``long`` (31/1/2025), ``short`` (31/1/25) with the separator, or ``six`` (250131).
    parts
        The three numbers as they stand; day 0 is the whole month.
    short_year
        The year stands with two figures.
    """

    group: str
    parts: tuple[int, int, int]
    short_year: bool = False


def month_number(word: str) -> int:
    """Return 1–12 for a Swedish or English month, whole or cut to three letters or more; else 0."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(word) for name in names) or (word == "sept" and number == 9):
            return number
    return 0


def read_day(text: str) -> DayText | None:  # noqa: PLR0911 (one return a way of writing)
    """Return the day that a plain text (lower case, trimmed) names; ``None`` when it names none."""
    text = _LEAD.sub("", text)
    if m := _YEAR_FIRST.fullmatch(text):
        return DayText("", (int(m[1]), int(m[3]), int(m[4])))
    if m := _COMPACT.fullmatch(text):
        return DayText("", (int(m[1]), int(m[2]), int(m[3])))
    if m := _YEAR_LAST.fullmatch(text):
        return DayText(f"long {m[2]}", (int(m[1]), int(m[3]), int(m[4])))
    if m := _SHORT.fullmatch(text):
        return DayText(f"short {m[2]}", (int(m[1]), int(m[3]), int(m[4])), short_year=True)
    if m := _SIX.fullmatch(text):
        return DayText("six", (int(m[1]), int(m[2]), int(m[3])), short_year=True)
    if m := _SWEDISH.fullmatch(text):
        return _fixed(m[3], int(m[2]), int(m[1]))
    return _read_named(text) or _read_serial(text)


def _read_named(text: str) -> DayText | None:
    if m := _NAMED.fullmatch(text):
        return _named(m[3], m[2], int(m[1]))
    if m := _NAME_FIRST.fullmatch(text):
        return _named(m[3], m[1], int(m[2]))
    if m := _YEAR_NAMED.fullmatch(text):
        return _named(m[1], m[2], int(m[3]))
    if m := _MONTH_NUMBER.fullmatch(text):
        return DayText("", (int(m[1] or m[4]), int(m[2] or m[3]), 0))
    if m := _MONTH_NAME.fullmatch(text):
        return _named(m[2] or m[3], m[1] or m[4], 0)
    return None


def _named(year: str, month: str, day: int) -> DayText | None:
    number = month_number(month)
    return _fixed(year, number, day) if number else None


def _fixed(year: str, month: int, day: int) -> DayText:
    return DayText("", (int(year), month, day), short_year=len(year) == 2)


def _read_serial(text: str) -> DayText | None:
    """Read a spreadsheet's day number, whole days since 1899-12-30."""
    m = _SERIAL.fullmatch(text)
    if m is None:
        return None
    day = _EXCEL_EPOCH + timedelta(days=int(m[1]))
    return DayText("", (day.year, day.month, day.day))


SPLIT_FAST: Final = r"^(?P<day>[0-9/.-]+)[Tt ](?P<clock>[0-9]{1,2}:[0-9]{2}[^,]*)$"
"""Date, one separator, clock time: one pass without backtracking, for columns of time stamps."""

SPLIT: Final = (
    r"(?i)^(?:(?P<serial>[0-9]{5})(?P<fraction>[.,][0-9]+)"
    r"|(?P<day_t>[0-9/.-]+)t(?P<clock_t>[0-9][0-9:.,]+ *(?:z|[+-][0-9:]{2,6})?)"
    r"|(?P<day>.*?)(?:[ ,]+(?:kl\.?|klockan)? *(?P<clock>[0-9]{1,2}(?:[:.][0-9]{2}){1,2}"
    r"(?:[.,][0-9]+)? *(?:[ap]\.?m\.?|fm|em)? *(?:z|utc|gmt|ces?t|[+-][0-9:]{2,6})?)"
    r"|[ ,]+(?:kl\.?|klockan) *(?P<clock_kl>[0-9]{1,4}))?)$"
)
"""Any text into its day and its clock time, in RE2 syntax: a spreadsheet's day number with its
fraction; T between them; a space, with or without ”kl”; or a day alone."""

_CLOCK = re.compile(
    r"(?:kl\.?|klockan)? *(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?"
    r" *([ap]\.?m\.?|fm|em)? *(z|utc|gmt|ces?t|[+-]\d{2}:?(?:\d{2})?)?"
)
_DIGITS = re.compile(r"(?:kl\.?|klockan|t)? *(\d{1,6})(z|[+-]\d{2}:?(?:\d{2})?)?")
_FRACTION = re.compile(r"[01]?[.,](\d{3,})")
_ZONES: Final = {"z": 0, "utc": 0, "gmt": 0, "cet": 60, "cest": 120}


@dataclass(frozen=True)
class ClockText:
    """What a text says of the time of day.

    Attributes
    ----------
    clock
        Microseconds after midnight (at most 24 hours), `UNKNOWN` or `BAD`.
    offset
        Minutes east of UTC when the text says so.
    hour
        Only the hour is stated.
    """

    clock: int
    offset: int | None = None
    hour: bool = False


def clock_digits(text: str) -> str:
    """Return the figures of a clock time that is figures only; empty for any other."""
    m = _DIGITS.fullmatch(text)
    return m[1] if m else ""


def read_clock(text: str, mode: str, unknown: frozenset[str]) -> ClockText:
    """Return the clock time that a plain text names.

    Parameters
    ----------
    text
        Lower case and trimmed.
    mode
        How figures without a colon are read: ``hhmm``, ``hhmmss`` or ``hour``. Zeros lost at the
        front are put back: ``5`` is 00:05 and ``930`` is 09:30 as ``hhmm``.
    unknown
        The times that stand for unknown, as four figures; one with its own zone is an instant and
        never unknown.
    """
    if m := _FRACTION.fullmatch(text):
        seconds = round(float(text.replace(",", ".")) * 86_400)
        minutes, second = divmod(seconds, 60)
        return _checked(*divmod(minutes, 60), second, unknown=unknown)
    if m := _DIGITS.fullmatch(text):
        return _read_digits(m[1], mode, unknown, _offset(m[2]))
    m = _CLOCK.fullmatch(text)
    if m is None:
        return ClockText(BAD)
    hour, minute, second = int(m[1]), int(m[2]), int(m[3] or 0)
    half = (m[5] or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        return ClockText(BAD)
    if half:
        hour = hour % 12 + (12 if half in ("pm", "em") else 0)
    if (m[6] or "").startswith("-") and not m[3]:
        return ClockText(BAD)  # 14:05-15:00 is a span of time, not a zone
    micro = int((m[4] or "").ljust(6, "0")[:6])
    return _checked(hour, minute, second, micro, unknown=unknown, offset=_offset(m[6]))


def _read_digits(
    digits: str, mode: str, unknown: frozenset[str], offset: int | None = None
) -> ClockText:
    if mode == "hour":
        if digits in unknown or int(digits) > 24:
            return ClockText(UNKNOWN if digits in unknown else BAD)
        return ClockText(int(digits) * 3_600_000_000, offset, hour=True)
    if digits.zfill(4) in unknown:
        return ClockText(UNKNOWN)
    if mode == "hhmmss":
        full = digits.zfill(6)
        return _checked(
            int(full[:2]), int(full[2:4]), int(full[4:]), unknown=unknown, offset=offset
        )
    full = digits.zfill(4)
    return _checked(int(full[:-2]), int(full[-2:]), unknown=unknown, offset=offset)


def _checked(
    hour: int,
    minute: int,
    second: int = 0,
    micro: int = 0,
    *,
    unknown: frozenset[str],
    offset: int | None = None,
) -> ClockText:
    clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro
    if offset is None and second == micro == 0 and f"{hour:02}{minute:02}" in unknown:
        return ClockText(UNKNOWN)
    if minute > 59 or second > 59 or clock > DAY_US:
        return ClockText(BAD)
    return ClockText(clock, offset)


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone in _ZONES:
        return _ZONES[zone]
    figures = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(figures[:2]) * 60 + int(figures[2:])
    return -minutes if zone[0] == "-" else minutes
