"""Which events count: classes, one source, a period, no unconfirmed stacked points.

Sources are never summed: what one source finds on its own initiative and what another is told are
different things (Brå on "spanings- och ingripandebrott"). Everything in this room therefore counts
one source and shows the others beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.errors import Fault, Notice, SettingsError
from geodata.labels import label
from geodata.language import gettext as _
from geodata.language import ngettext, number
from geodata.schema import SOURCES
from hotspots.options import Filter, HotspotOptions

__all__ = [
    "HotspotOptions",
    "Period",
    "Selection",
    "choose_period",
    "choose_source",
    "count",
    "count_within",
    "event_days",
    "has_class",
    "select",
]


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


@dataclass(frozen=True)
class Selection:
    """The events that count.

    Attributes
    ----------
    events
        Rows of ``incidents``, in their order.
    days
        Local day of each event (see `event_days`), shape (n,).
    beside
        Rows of the same classes and period from *all* sources, to be shown beside.
    source, period, notices
        What was chosen, and the notices that tell it.
    by_month
        All events are known by month only: "days" are then months.
    """

    events: pd.DataFrame
    days: NDArray[np.datetime64]
    beside: pd.DataFrame
    source: str
    period: Period | None
    by_month: bool
    notices: tuple[Notice, ...]


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


def has_class(incidents: pd.DataFrame, classes: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which events have at least one offence of `classes`, whichever is its principal one."""
    codes, texts = pd.factorize(incidents["offence_classes"])
    wanted = set(classes)
    hit = np.array([bool(wanted & set(str(text).split(";"))) for text in texts] + [False])
    return hit[codes]


def select(
    incidents: pd.DataFrame,
    *,
    classes: Sequence[str],
    source: str | None = None,
    period: Period | None = None,
    space_types: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the events that count; unconfirmed stacked points never do.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    classes
        Offence classes; an event counts when one of its offences has one of them.
    source
        One source, or ``None`` for all (to show them beside one another, not to sum them).
    period
        Days counted, ``None`` for all.
    space_types
        Kinds of space, ``None`` for all.

    Returns
    -------
    pandas.DataFrame
        Rows of `incidents`, in their order.
    """
    keep = has_class(incidents, classes) & ~incidents["stacked"].to_numpy(bool)
    if source is not None:
        keep &= (incidents["source"] == source).to_numpy()
    if space_types is not None:
        keep &= incidents["space_type"].isin(list(space_types)).to_numpy()
    if period is not None:
        days = event_days(incidents)
        keep &= (days >= np.datetime64(period.first)) & (days <= np.datetime64(period.last))
    kept: pd.DataFrame = incidents[keep]
    return kept


def choose_source(incidents: pd.DataFrame, options: Filter) -> tuple[str, Notice]:
    """Return the source that is counted and the notice that says so.

    With ``source = "auto"`` it is the one with most events of the counted classes in `incidents`,
    the first of `geodata.schema.SOURCES` at a tie.
    """
    events = select(incidents, classes=options.classes)
    counts = {name: int((events["source"] == name).sum()) for name in SOURCES}
    chosen: str = options.source
    if chosen == "auto":
        chosen = max(SOURCES, key=lambda name: counts[name])
    others = [name for name in SOURCES if counts[name] and name != chosen]
    text = _("Räknad källa: {source} ({n} händelser).").format(
        source=label(chosen), n=number(counts[chosen])
    )
    if others:
        listed = ", ".join(f"{label(name)} ({number(counts[name])})" for name in others)
        text += " " + _("Visas bredvid, aldrig summerat: {others}.").format(others=listed)
    level: Literal["chosen", "info"] = "chosen" if options.source == "auto" else "info"
    return chosen, Notice(
        code="source_counted", text=text, level=level, data={"source": chosen, "counts": counts}
    )


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
    ends = np.where(month, _month_end(days), days)
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


def count(incidents: pd.DataFrame, options: HotspotOptions) -> Selection:
    """Choose period and source, select the events and tell what was chosen and left out.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    options
        Classes, source and period.

    Returns
    -------
    Selection
        The counted events; its notices are ``period_counted``, ``source_counted``,
        ``stacked_left_out`` and ``months_as_days``, where they apply.
    """
    period, notices = choose_period(incidents, options)
    chosen = count_within(incidents, options, period=period)
    if not incidents.empty:
        notices += [*chosen.notices, *_left_out(incidents), *_months(chosen)]
    return replace(chosen, notices=tuple(notices))


def count_within(
    incidents: pd.DataFrame,
    options: Filter,
    *,
    period: Period | None,
    space_types: Sequence[str] | None = None,
) -> Selection:
    """Choose the source and select the events of a period that is already chosen.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    options
        Classes and source.
    period
        Days that count, ``None`` for all.
    space_types
        Kinds of space that count, ``None`` for all.

    Returns
    -------
    Selection
        The counted events; its only notice is ``source_counted``.
    """
    beside = select(incidents, classes=options.classes, period=period, space_types=space_types)
    source, notice = choose_source(beside, options)
    events = beside[(beside["source"] == source).to_numpy()]
    month = (events["time_precision"] == "month").to_numpy()
    return Selection(
        events=events,
        days=event_days(events),
        beside=beside,
        source=source,
        period=period,
        by_month=bool(len(events)) and bool(month.all()),
        notices=(notice,),
    )


def _months(chosen: Selection) -> list[Notice]:
    n = int((chosen.events["time_precision"] == "month").sum())
    if n == 0:
        return []
    total = len(chosen.events)
    text = _(
        "{n} av {total} räknade händelser har bara månad. En månad räknas där som en dag, så "
        "antalet dagar är minst det som anges."
    ).format(n=number(n), total=number(total))
    data = {"n": n, "total": total}
    return [Notice(code="months_as_days", text=text, level="warning", data=data)]


def _left_out(incidents: pd.DataFrame) -> list[Notice]:
    stacked = incidents["stacked"].to_numpy(bool)
    n = int(stacked.sum())
    if n == 0:
        return []
    points = int(incidents.loc[stacked, "place_id"].nunique())
    text = ngettext(
        "{n} händelser på en misstänkt standardpunkt räknas inte förrän punkten bekräftats i "
        "projektfilen.",
        "{n} händelser på {points} misstänkta standardpunkter räknas inte förrän punkterna "
        "bekräftats i projektfilen.",
        points,
    ).format(n=number(n), points=number(points))
    data = {"n_events": n, "n_places": points}
    return [Notice(code="stacked_left_out", text=text, level="warning", data=data)]
