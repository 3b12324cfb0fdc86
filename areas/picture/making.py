"""The whole picture: every table of it from events, areas and inhabitants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.compare import Comparison, find_peers, peer_sums
from areas.picture.counts import Tally, counts_table, series_of, tally
from areas.picture.feedback import feedback_table
from areas.picture.hours import hour_groups, hours_table
from areas.picture.options import PictureOptions
from areas.picture.places import history_weeks, places_table
from areas.picture.reporters import Reporters, coverage_table, who_spoke
from areas.picture.telling import tell_picture
from areas.picture.units import Units, Window, chosen_kind, make_units
from areas.picture.weekly import (
    Weeks,
    count_weeks,
    now_table,
    sunday,
    week_status,
    weekly_days,
    weeks_table,
)
from areas.picture.weeks import WEEK, last_complete, local_days, mondays
from areas.population.apportion import Inhabitants
from geodata.errors import Notice
from geodata.schema import SOURCES

Spread = Callable[[pd.DataFrame, NDArray[np.int64], int], NDArray[np.float64]]
"""Events, the group of each and the number of groups → weights of shape (groups, 7, 25)."""


@dataclass(frozen=True, eq=False)
class Picture:
    """The picture.

    Attributes
    ----------
    tables
        By name of `geodata.picture_tables`: ``picture_areas``, ``picture_counts``,
        ``picture_peers``, ``feedback``, and unless the data are known by month only
        ``picture_weeks``, ``picture_now``, ``picture_places``, ``picture_coverage``,
        ``picture_hours``.
    kind
        Kind of area it is made for; ``None`` for the whole alone.
    window
        Days that counts and rates are of.
    week
        Monday of the week now; ``None`` where only months are known.
    feedback
        Days that the feedback is of.
    units
        The units, for other reckonings of the same areas.
    notices
        What was chosen and what to look at.
    """

    tables: Mapping[str, pd.DataFrame]
    kind: str | None
    window: Window
    week: date | None
    feedback: Window
    units: Units
    notices: tuple[Notice, ...] = field(default=())


@dataclass(frozen=True, eq=False)
class Known:
    """What is known beside the events.

    Attributes
    ----------
    areas
        Table ``areas``.
    inhabitants
        Who lives where.
    reporters
        The list of reporters, or ``None``.
    """

    areas: gpd.GeoDataFrame
    inhabitants: Inhabitants = field(default_factory=Inhabitants)
    reporters: Reporters | None = None


def make_picture(
    incidents: pd.DataFrame,
    known: Known,
    options: PictureOptions,
    *,
    as_of: date,
    crs: str,
    spread: Spread,
) -> Picture | None:
    """Make the picture.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    known
        Areas, inhabitants, reporters.
    options
        What is counted and compared.
    as_of
        Day of the extract. The week now is the last whole ISO week up to it that anybody reported
        in, and counts are of the ``weeks`` that end with it; where only months are known, of whole
        months that make as long a time.
    crs
        The project's system.
    spread
        Aoristic weights (``hotspots.aoristic.aoristic``).

    Returns
    -------
    Picture or None
        ``None`` without events. Independent of the order of the rows.
    """
    if incidents.empty:
        return None
    days = local_days(incidents["start"])
    week = np.where(weekly_days(incidents), mondays(days), np.datetime64("NaT", "D"))
    now = week_now(week, as_of, known.reporters)
    last = sunday(now) if now is not None else _last_day(incidents)
    window = _ending(last, options.weeks, months=now is None)
    kind = chosen_kind(known.areas, options.area_kind)
    people = known.inhabitants
    units = make_units(incidents, known.areas, kind=kind, window=window, inhabitants=people)
    within = _within(days, window)
    series = series_of(incidents)
    counted = tally(incidents, units, within, series)
    pool_kind = _pool_kind(known.areas, options, kind)
    pool = (
        units
        if pool_kind == kind
        else make_units(incidents, known.areas, kind=pool_kind, window=window, inhabitants=people)
    )
    pooled = tally(incidents, pool, within, series)
    comparison = _compare(incidents, days, window, units, pool, people, options)
    peers = peer_sums(comparison, pool, pooled, len(units.table))
    tables: dict[str, pd.DataFrame] = {
        "picture_areas": units.table,
        "picture_counts": counts_table(counted, units, (pooled, pool), peers),
        "picture_peers": comparison.table,
    }
    weeks = None
    if now is not None:
        weeks = _weeks(incidents, units, week, now, known.reporters, options)
        tables |= _weekly_tables(incidents, units, week, weeks, series, known, options, crs)
        tables["picture_hours"] = _hours(incidents, units, within, spread)
    feedback = _ending(last, options.feedback_weeks, months=now is None)
    tables["feedback"] = feedback_table(incidents, units, feedback)
    notices = tell_picture(
        incidents=incidents,
        units=units,
        week=now,
        as_of=as_of,
        history=history_weeks(week, np.datetime64(now, "D")) if now is not None else 0,
        options=options,
        pooled=pool_kind,
    )
    return Picture(tables, kind, window, now, feedback, units, notices)


def week_now(week: NDArray[np.datetime64], as_of: date, reporters: Reporters | None) -> date | None:
    """Return the Monday of the last whole week up to a day that anybody reported in.

    Parameters
    ----------
    week
        Monday of each event's week, not-a-time where only the month is known.
    as_of
        The day.
    reporters
        Who said that they reported, or ``None``.

    Returns
    -------
    date or None
        ``None`` where no week of any event is known up to then.
    """
    latest = np.datetime64(last_complete(as_of), "D")
    heard = week[~np.isnat(week)]
    if not (heard <= latest).any():
        return None
    if reporters is not None:
        said = reporters.table["week_start"].to_numpy(dtype="datetime64[D]")
        heard = np.concatenate([heard, said])
    found: date = heard[heard <= latest].max().astype(object)
    return found


def _ending(last: date, weeks: int, *, months: bool) -> Window:
    """Return the window of so many weeks that ends on a day, or of whole months as long."""
    if not months:
        return Window(last - timedelta(days=7 * weeks - 1), last)
    back = last.year * 12 + last.month - max(round(weeks * 12 / 52), 1)
    return Window(date(back // 12, back % 12 + 1, 1), last)


def _last_day(incidents: pd.DataFrame) -> date:
    """Return the last day that an event may have happened; ends are exclusive."""
    end: pd.Timestamp = incidents["end"].max() - pd.Timedelta(microseconds=1)
    start: pd.Timestamp = incidents["start"].max()
    return max(end.date(), start.date())


def _within(days: NDArray[np.datetime64], window: Window) -> NDArray[np.bool_]:
    return np.asarray((days >= np.datetime64(window.first)) & (days <= np.datetime64(window.last)))


def _pool_kind(areas: gpd.GeoDataFrame, options: PictureOptions, kind: str | None) -> str | None:
    """Return the kind of area that others are chosen among: RegSO, else the same kind."""
    if options.compare_kind != "auto":
        return chosen_kind(areas, options.compare_kind) or kind
    return chosen_kind(areas, "regso") or kind


def _compare(
    incidents: pd.DataFrame,
    days: NDArray[np.datetime64],
    window: Window,
    units: Units,
    pool: Units,
    people: Inhabitants,
    options: PictureOptions,
) -> Comparison:
    """Find comparable areas by the year before, of the source with most events then."""
    earlier = Window(window.first - timedelta(days=window.days), window.first - timedelta(days=1))
    before = None
    if days.min() <= np.datetime64(earlier.first + timedelta(days=31), "D"):
        within = _within(days, earlier)
        counts = incidents.loc[within, "source"].value_counts(sort=False)
        source = max(SOURCES, key=lambda name: int(counts.get(name, 0)))
        one = [(source, "all", "all")]
        before = (
            tally(incidents, units, within, one).events[:, 0].astype(np.float64),
            tally(incidents, pool, within, one).events[:, 0].astype(np.float64),
        )
    return find_peers(units, pool, inhabitants=people, before=before, options=options)


def _weeks(
    incidents: pd.DataFrame,
    units: Units,
    week: NDArray[np.datetime64],
    now: date,
    reporters: Reporters | None,
    options: PictureOptions,
) -> Weeks:
    known = week[~np.isnat(week)]
    first = max(known.min().astype(object), now - (options.kept_weeks - 1) * WEEK)
    starts, events = count_weeks(incidents, units, week, first=first, last=now)
    spoke = who_spoke(events, starts, units, reporters)
    return Weeks(starts, events, week_status(events, starts, units, spoke))


def _weekly_tables(
    incidents: pd.DataFrame,
    units: Units,
    week: NDArray[np.datetime64],
    weeks: Weeks,
    series: list[tuple[str, str, str]],
    known: Known,
    options: PictureOptions,
    crs: str,
) -> dict[str, pd.DataFrame]:
    sources = [source for source, by, _value in series if by == "all"]
    recent = weeks.status[0][:, -options.recent_weeks :]
    silent = frozenset(name for at, name in enumerate(SOURCES) if (recent[at] >= 2).all())
    return {
        "picture_weeks": weeks_table(weeks, units, sources),
        "picture_now": now_table(incidents, units, week, weeks, series),
        "picture_coverage": coverage_table(weeks, sources, known.reporters),
        "picture_places": places_table(
            incidents, units, week, weeks.starts[-1], silent=silent, options=options, crs=crs
        ),
    }


def _hours(
    incidents: pd.DataFrame, units: Units, within: NDArray[np.bool_], spread: Spread
) -> pd.DataFrame:
    group, k = hour_groups(incidents, units)
    chosen = incidents.loc[within]
    return hours_table(spread(chosen, group[within], k), units)


__all__ = ["Known", "Picture", "Spread", "Tally", "make_picture", "week_now"]
