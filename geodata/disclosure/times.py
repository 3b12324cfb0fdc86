"""Spans of days as each profile may tell them."""

from __future__ import annotations

from datetime import date, timedelta

from geodata.disclosure.options import Profile
from geodata.language import day
from geodata.language import gettext as _


def quarter(of: date) -> str:
    """Return the quarter that a day lies in, ``2024 kvartal 1``."""
    return _("{year} kvartal {n}").format(year=of.year, n=(of.month + 2) // 3)


def begins_quarter(day_: date) -> bool:
    """Return whether a day is the first of a quarter."""
    return day_.day == 1 and day_.month % 3 == 1


def whole_quarters(first: date, last: date) -> bool:
    """Return whether a span of days is whole quarters."""
    return begins_quarter(first) and begins_quarter(last + timedelta(days=1))


def last_quarter_end(on: date) -> date:
    """Return the last day of the last quarter that is over at the end of a day."""
    after = on + timedelta(days=1)
    return date(after.year, 3 * ((after.month - 1) // 3) + 1, 1) - timedelta(days=1)


def span_told(first: date, last: date, profile: Profile) -> str:
    """Return a span of days: to the day, or publicly by quarters, which is all the public is told.

    Parameters
    ----------
    first, last
        Its ends, both within.
    profile
        Whom it is for.
    """
    if profile != "publik":
        return f"{day(first)} – {day(last)}"
    ends = dict.fromkeys((quarter(first), quarter(last)))
    return " – ".join(ends)
