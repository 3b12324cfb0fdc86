"""The two periods that are compared: the same part of the year, in days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pandas as pd

from areas.followup.options import FollowupOptions
from geodata.errors import Fault, Notice, SettingsError
from geodata.language import day, number
from geodata.language import gettext as _

WEEK: Final = 7
LEAST_DAYS: Final = 28
"""Shorter periods, when cut by the extract, are not compared."""
YEAR: Final = 12


@dataclass(frozen=True)
class Periods:
    """First and last days, all included."""

    first_before: date
    last_before: date
    first_now: date
    last_now: date

    @property
    def days_before(self) -> int:
        """Return the days of the period before."""
        return (self.last_before - self.first_before).days + 1

    @property
    def days_now(self) -> int:
        """Return the days of the period now."""
        return (self.last_now - self.first_now).days + 1

    @property
    def alike(self) -> bool:
        """Tell whether both are the same part of the year, so that season falls away."""
        same = (self.first_before.month, self.first_before.day) == (
            self.first_now.month,
            self.first_now.day,
        )
        return same and abs(self.days_before - self.days_now) <= 1


def check_periods(options: FollowupOptions) -> None:
    """Refuse periods that can't be.

    Raises
    ------
    SettingsError
        ``period_reversed``, ``period_short`` (shorter than a week), ``periods_overlap``.
    """
    faults: list[Fault] = []
    for first, last in (("date_from", "date_to"), ("before_from", "before_to")):
        low, high = getattr(options, first), getattr(options, last)
        if low is None or high is None:
            continue
        where = f"[followup] {first}, {last}"
        if high < low:
            what = _("Perioden slutar {last}, innan den börjar {first}.").format(
                first=day(low), last=day(high)
            )
            step = _("Byt plats på {first} och {last}.").format(first=first, last=last)
            faults.append(Fault(code="period_reversed", what=what, where=where, next_step=step))
        elif (high - low).days + 1 < WEEK:
            what = _("Perioden {first}–{last} är kortare än en vecka.").format(
                first=day(low), last=day(high)
            )
            faults.append(Fault(code="period_short", what=what, where=where))
    if (
        options.before_to is not None
        and options.date_from is not None
        and options.before_to >= options.date_from
    ):
        what = _("Perioden före slutar {last}, inte före {first} då den andra börjar.").format(
            last=day(options.before_to), first=day(options.date_from)
        )
        where = "[followup] before_to, date_from"
        faults.append(Fault(code="periods_overlap", what=what, where=where))
    if faults:
        raise SettingsError(faults)


def choose_periods(
    span: tuple[date, date], options: FollowupOptions, *, by_month: bool
) -> tuple[Periods | None, list[Notice]]:
    """Return the periods, and what to say about them.

    Parameters
    ----------
    span
        First and last day that the extract covers.
    options
        Days asked for. What isn't is filled in: the last twelve months, and the same days a year
        earlier.
    by_month
        Only months are known: the periods are cut to whole months.

    Returns
    -------
    tuple
        ``None`` and a notice where the extract doesn't reach. Where it begins within the period
        before, both periods are cut to the same part of the year.
    """
    check_periods(options)
    last = min(options.date_to or span[1], span[1])
    if by_month:
        last = _month_last(last, span[1])
    first = options.date_from or _shift(last + timedelta(days=1), -YEAR)
    before_last = options.before_to or _year_before(last)
    before_first = options.before_from or _shift(first, -YEAR)
    if by_month:
        first, before_first = _month_first(first), _month_first(before_first)
        before_last = _month_last(before_last, before_last)
    found = Periods(before_first, min(before_last, first - timedelta(days=1)), first, last)
    notices: list[Notice] = []
    if before_first < span[0]:
        found, notices = _cut(found, span[0], by_month=by_month)
    if min(found.days_before, found.days_now) < LEAST_DAYS:
        text = _(
            "Uppföljningen görs inte: uttaget {first}–{last} räcker inte till två perioder att "
            "jämföra."
        ).format(first=day(span[0]), last=day(span[1]))
        return None, [Notice(code="followup_short", text=text, level="warning")]
    text = _("Uppföljning: {first}–{last} ({n} dagar) mot {b_first}–{b_last} ({m} dagar).").format(
        first=day(found.first_now),
        last=day(found.last_now),
        n=number(found.days_now),
        b_first=day(found.first_before),
        b_last=day(found.last_before),
        m=number(found.days_before),
    )
    asked = options.date_from is not None and options.before_from is not None
    told = Notice(code="followup_periods", text=text, level="info" if asked else "chosen")
    return found, [told, *notices]


def _cut(found: Periods, begins: date, *, by_month: bool) -> tuple[Periods, list[Notice]]:
    """Cut both periods where the extract begins."""
    lost = (begins - found.first_before).days
    first_before = _month_first(begins) if by_month else begins
    first_now = max(found.first_now, _shift(first_before, YEAR))
    cut = Periods(first_before, found.last_before, first_now, found.last_now)
    text = _(
        "Uttaget börjar {first}, {n} dagar in i perioden före: båda perioderna är avkortade till "
        "samma del av året."
    ).format(first=day(begins), n=number(lost))
    return cut, [Notice(code="followup_cut", text=text, level="warning", data={"days": lost})]


def _shift(value: date, months: int) -> date:
    return (pd.Timestamp(value) + pd.DateOffset(months=months)).date()


def _year_before(value: date) -> date:
    """Return the day before the same next day a year earlier: the end of February stays an end."""
    return _shift(value + timedelta(days=1), -YEAR) - timedelta(days=1)


def _month_first(value: date) -> date:
    start = value.replace(day=1)
    return start if start == value else _shift(start, 1)


def _month_last(value: date, known: date) -> date:
    """Return the last day of the last whole month up to a day that itself may end one."""
    following = min(value, known) + timedelta(days=1)
    return following.replace(day=1) - timedelta(days=1)
