"""Spans of days as each profile may tell them."""

from __future__ import annotations

from datetime import date

from geodata.disclosure.options import Profile
from geodata.language import day
from geodata.language import gettext as _


def quarter(of: date) -> str:
    """Return the quarter that a day lies in, ``2024 kvartal 1``."""
    return _("{year} kvartal {n}").format(year=of.year, n=(of.month + 2) // 3)


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
