"""The days that are counted, and the local day of each event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import Fault, Notice, SettingsError
from geodata.language import gettext as _
from geodata.language import ngettext
from hotspots.options import HotspotOptions

__all__ = ["Period", "choose_period", "event_days"]


@dataclass(frozen=True)
class Period:
    """First and last day counted, both inclusive, local calendar."""

    first: date
    last: date

    def edges(self, months: int) -> NDArray[np.datetime64]:
        """Return first days of the blocks of `months` months, counted back from the end.

        Ascending; the first block is cut off by the period's first day, the last element is the
        day after the period.
        """
        stop = pd.Timestamp(self.last) + pd.Timedelta(days=1)
        days = [stop]
        while days[-1] > pd.Timestamp(self.first):
            days.append(stop - pd.DateOffset(months=months * len(days)))
        return np.array(days[::-1], dtype="datetime64[D]")

    def months(self) -> int:
        """Return the number of months begun."""
        return max(len(self.edges(1)) - 1, 1)


def event_days(incidents: pd.DataFrame) -> NDArray[np.datetime64]:
    """Return the local calendar day on which each event starts.

    An event known by month only counts as the first day of its month, so that a month never
    counts as more than one distinct day.

    Returns
    -------
    numpy.ndarray
        ``datetime64[D]``, shape (n,).
    """
    days: NDArray[np.datetime64]
    days = incidents["start"].dt.tz_localize(None).to_numpy().astype("datetime64[D]")
    month = (incidents["time_precision"] == "month").to_numpy()
    if month.any():
        days = np.where(month, days.astype("datetime64[M]").astype("datetime64[D]"), days)
    return days


def choose_period(
    incidents: pd.DataFrame, options: HotspotOptions
) -> tuple[Period | None, list[Notice]]:
    """Return the days that are counted and the notice that says so; ``None`` without events.

    The last day is that of the whole extract, whatever the class; an event known by month reaches
    to the end of its month.

    Raises
    ------
    SettingsError
        ``period_reversed``: the stated first day lies after the last.
    """
    if incidents.empty:
        return None, []
    days = event_days(incidents)
    month = (incidents["time_precision"] == "month").to_numpy()
    ends = np.where(month, _month_end(days), days) if month.any() else days
    earliest, latest = days.min().astype(date), ends.max().astype(date)
    last = options.date_to or latest
    if options.date_from is not None:
        if options.date_from > last:
            raise SettingsError(
                Fault(
                    code="period_reversed",
                    what=_("Perioden börjar {first}, efter sista räknade dag {last}.").format(
                        first=options.date_from, last=last
                    ),
                    where="[hotspots] date_from",
                    next_step=_("Ändra date_from eller date_to."),
                )
            )
        period = Period(options.date_from, last)
        text = _("Räknad period: {first}–{last}.").format(first=period.first, last=last)
        return period, [_period_notice(text, period, "info")]
    stop = pd.Timestamp(last) + pd.Timedelta(days=1)
    start = (stop - pd.DateOffset(months=options.window_months)).date()
    period = Period(max(start, min(earliest, last)), last)
    if period.first > start:
        text = ngettext(
            "Räknad period: {first}–{last}, hela uttaget, som är kortare än {n} månad.",
            "Räknad period: {first}–{last}, hela uttaget, som är kortare än {n} månader.",
            options.window_months,
        ).format(first=period.first, last=last, n=options.window_months)
    else:
        text = ngettext(
            "Räknad period: {first}–{last}, {n} månad bakåt från periodens sista datum.",
            "Räknad period: {first}–{last}, {n} månader bakåt från periodens sista datum.",
            options.window_months,
        ).format(first=period.first, last=last, n=options.window_months)
    return period, [_period_notice(text, period, "chosen")]


def _month_end(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    following = days.astype("datetime64[M]") + np.timedelta64(1, "M")
    return (following.astype("datetime64[D]") - 1).astype("datetime64[D]")


def _period_notice(text: str, period: Period, level: Literal["info", "chosen"]) -> Notice:
    data = {"first": str(period.first), "last": str(period.last)}
    return Notice(code="period_counted", text=text, level=level, data=data)
