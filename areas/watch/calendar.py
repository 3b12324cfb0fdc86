"""Which week is watched: the last whole one, or the one asked for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

import pandas as pd

from areas.watch.reference import monday, week_of
from geodata.errors import Fault, Notice, SettingsError
from geodata.language import day
from geodata.language import gettext as _

_WEEK: Final = re.compile(r"(\d{4})-?[WwVv](\d{1,2})")


def week_name(week: int) -> str:
    """Return a week as ISO 8601 writes it, ``2025-W50``."""
    year, number_, _weekday = monday(week).isocalendar()
    return f"{year}-W{number_:02d}"


def week_words(week: int) -> str:
    """Return a week as people say it, ”vecka 50 2025”."""
    year, number_, _weekday = monday(week).isocalendar()
    return _("vecka {week} {year}").format(week=number_, year=year)


def read_week(text: str) -> int:
    """Return the number of a week written as ``2025-W50``.

    Raises
    ------
    SettingsError
        ``bad_week``.
    """
    found = _WEEK.fullmatch(text.strip())
    try:
        if not found:
            raise ValueError(text)
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError as error:
        raise SettingsError(
            Fault(
                code="bad_week",
                what=_("Veckan ”{text}” går inte att tyda.").format(text=text),
                where="[watch] week",
                next_step=_("Skriv ISO-veckan som 2025-W50."),
            )
        ) from error


def choose_week(
    first: date, last: date, *, extract_date: date | None, asked: str
) -> tuple[int, tuple[Notice, ...]]:
    """Return the week to watch.

    Parameters
    ----------
    first, last
        Days of the first and the last event.
    extract_date
        Day of the extract; ``None`` when it isn't stated.
    asked
        The week asked for as ``2025-W50``; empty: the last whole week.

    Returns
    -------
    tuple
        Number of the week, and notices: a week that isn't over is left out and said.

    Raises
    ------
    SettingsError
        ``bad_week`` for one that can't be read, ``week_outside`` for one without data,
        ``week_unfinished`` for one that the data cover in part.
    """
    end = covered_until(last, extract_date)
    newest = week_of(end + timedelta(days=1)) - 1
    if asked:
        week = read_week(asked)
        if week > newest or monday(week) < first:
            raise SettingsError(_outside(week, newest, first, end))
        return week, ()
    if end == monday(newest) + timedelta(days=6):
        return newest, ()
    text = _(
        "Uttaget slutar {end}, mitt i {unfinished}. Den veckan är inte färdig och lämnas utanför; "
        "{week} bevakas."
    ).format(end=day(end), unfinished=week_words(newest + 1), week=week_words(newest))
    return newest, (Notice(code="unfinished_week", text=text, data={"week": week_name(newest)}),)


def covered_until(last: date, extract_date: date | None) -> date:
    """Return the last day that the data cover.

    The day of the extract, where the events go on to within a week of it; else the last event's.
    """
    if extract_date is not None and last <= extract_date <= last + timedelta(days=7):
        return extract_date
    return last


def _outside(week: int, newest: int, first: date, end: date) -> Fault:
    unfinished = newest < week <= newest + 1
    return Fault(
        code="week_unfinished" if unfinished else "week_outside",
        what=_("{week} går inte att bevaka.").format(week=week_words(week).capitalize()),
        where="[watch] week",
        why=_("Händelserna går från {first} till {end}.").format(first=day(first), end=day(end)),
        next_step=_("Den senaste hela veckan är {week}.").format(week=week_name(newest)),
    )


def event_weeks(start: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Return the number of the week in which each event began, by its local day."""
    days = start.dt.tz_localize(None).dt.normalize()
    since = (days - pd.Timestamp(monday(0))).dt.days
    return (since // 7).astype("int64")
