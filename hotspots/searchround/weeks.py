"""The week of a round: an ISO week, Monday first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from geodata.errors import Fault, SettingsError
from geodata.language import gettext as _

_WEEK: Final = re.compile(r"(\d{4})-?[Ww](\d{1,2})")


def monday_of(week: str, today: date) -> date:
    """Return the first day of a week, of the week after `today` where none is given.

    Raises
    ------
    SettingsError
        If the week can't be read, or the year has no such week.
    """
    if not week:
        return today + timedelta(days=7 - today.weekday())
    match = _WEEK.fullmatch(week.strip())
    if match is not None:
        year, number = (int(part) for part in match.groups())
        try:
            return date.fromisocalendar(year, number, 1)
        except ValueError:
            pass  # told below: the year has no such week
    raise SettingsError(
        Fault(
            code="bad_week",
            what=_("Veckan ”{week}” går inte att läsa eller finns inte.").format(week=week),
            where="[round] week",
            next_step=_("Skriv som 2026-W48."),
        )
    )


def week_text(monday: date) -> str:
    """Return an ISO week as ``2026-W48``."""
    year, number, _weekday = monday.isocalendar()
    return f"{year}-W{number:02d}"
