"""The weekly view: every week of every area and source, and the week now beside earlier ones.

A week without events is one of two things: somebody reported and had none, or nobody reported.
The list of reporters tells which; without one, a source that reported nothing anywhere in the week
is taken not to have reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from areas.picture.counts import ALL, tally
from areas.picture.units import Units
from areas.picture.weeks import WEEK, iso, same_week_last_year
from geodata import schema
from geodata.picture_tables import PICTURE, WEEK_STATUS
from geodata.schema import SOURCES

Ints = NDArray[np.int64]
BEFORE = 4
"""Weeks before the one now that it is held against."""


@dataclass(frozen=True, eq=False)
class Weeks:
    """Events by unit, source and week.

    Attributes
    ----------
    starts
        Mondays, oldest first, ``datetime64[D]``, shape (w,).
    events
        int64, shape (k, sources of the schema, w).
    status
        Place in `WEEK_STATUS`, same shape.
    """

    starts: NDArray[np.datetime64]
    events: Ints
    status: Ints


def count_weeks(
    incidents: pd.DataFrame,
    units: Units,
    week: NDArray[np.datetime64],
    *,
    first: date,
    last: date,
) -> tuple[NDArray[np.datetime64], Ints]:
    """Count events by unit, source and week.

    Parameters
    ----------
    incidents
        Table ``incidents``.
    units
        Unit of each event.
    week
        Monday of each event's week; not-a-time where only the month is known; shape (n,).
    first, last
        Mondays of the weeks to count, both included.

    Returns
    -------
    tuple
        The weeks' Mondays, and events of shape (k, sources, w) with the whole in the first row.
    """
    n_weeks = (last - first) // WEEK + 1
    starts = np.datetime64(first, "D") + 7 * np.arange(n_weeks).astype("timedelta64[D]")
    since = (week - starts[0]).astype(np.int64) // 7
    use = ~np.isnat(week) & (since >= 0) & (since < n_weeks)
    source = incidents["source"].cat.codes.to_numpy(dtype=np.int64)
    cell = (units.code * len(SOURCES) + source) * n_weeks + since
    shape = (len(units.table), len(SOURCES), n_weeks)
    counted = np.bincount(cell[use], minlength=int(np.prod(shape))).reshape(shape)
    return starts, units.of(counted.astype(np.int64))


def week_status(
    events: Ints, starts: NDArray[np.datetime64], units: Units, spoke: NDArray[np.bool_]
) -> Ints:
    """Tell weeks with events, without, and without a report apart.

    Parameters
    ----------
    events, starts
        As of `count_weeks`.
    units
        For the days that each was in force.
    spoke
        Whether somebody of the source reported of the unit that week, same shape as `events`.
    """
    reported, zero, silent, not_yet = range(len(WEEK_STATUS))
    status = np.where(spoke, zero, silent)
    status[events > 0] = reported
    first = units.table["first_date"].to_numpy(dtype="datetime64[D]")
    begun = starts[None, :] + np.timedelta64(6, "D") >= first[:, None]
    # Only an area that began within the counted days has a beginning to go by.
    young = units.areas & (units.table["first_date"] > units.table["first_date"].iloc[0]).to_numpy()
    before = young[:, None] & ~begun
    return np.where(before[:, None, :] & (events == 0), not_yet, status).astype(np.int64)


def weeks_table(weeks: Weeks, units: Units, sources: Sequence[str]) -> pd.DataFrame:
    """Return table ``picture_weeks`` of these sources."""
    k, w = len(units.table), len(weeks.starts)
    at = [SOURCES.index(name) for name in sources]
    year, number = iso(weeks.starts)
    each = k * len(at)
    table = pd.DataFrame(
        {
            "area_id": units.table["area_id"].repeat(len(at) * w).to_numpy(),
            "source": schema.category(
                np.tile(np.repeat(np.array(sources, dtype=object), w), k),
                "picture_weeks",
                "source",
                tables=PICTURE,
            ),
            "week_start": np.tile(weeks.starts.astype("datetime64[us]"), each),
            "iso_year": np.tile(year, each),
            "iso_week": np.tile(number, each),
            "n_events": weeks.events[:, at].ravel(),
            "status": schema.category(
                np.array(WEEK_STATUS, dtype=object)[weeks.status[:, at].ravel()],
                "picture_weeks",
                "status",
                tables=PICTURE,
            ),
        }
    ).astype({"area_id": "str"})
    schema.check(table, "picture_weeks", tables=PICTURE)
    return table


def now_table(
    incidents: pd.DataFrame,
    units: Units,
    week: NDArray[np.datetime64],
    weeks: Weeks,
    series: Sequence[tuple[str, str, str]],
) -> pd.DataFrame:
    """Return table ``picture_now``: the last week, the four before it, and a year before.

    Parameters
    ----------
    incidents, units, week
        As of `count_weeks`.
    weeks
        At least the last week; what lies before the first of them is not known.
    series
        As of `counts.series_of`.
    """
    now = weeks.starts[-1]
    silent = WEEK_STATUS.index("no_report")
    year_before = np.datetime64(same_week_last_year(now.astype(object)), "D")
    spans = {
        "n_week": [now],
        "n_previous": [now - np.timedelta64(7 * i, "D") for i in range(1, BEFORE + 1)],
        "n_last_year": [year_before],
    }
    k, m = len(units.table), len(series)
    sums, covered = {}, {}
    at = np.array([SOURCES.index(source) for source, _by, _value in series], dtype=np.int64)
    for name, days in spans.items():
        sums[name] = tally(incidents, units, np.isin(week, days), series).events
        there = np.flatnonzero(np.isin(weeks.starts, days))
        covered[name] = (weeks.status[:, :, there] < silent).sum(axis=2)[:, at]
    repeat = units.table["area_id"].repeat(m).to_numpy()
    table = pd.DataFrame(
        {
            "area_id": pd.Series(repeat, dtype="str"),
            "source": _now_category([s for s, _b, _v in series] * k, "source"),
            "by": _now_category([b for _s, b, _v in series] * k, "by"),
            "value": pd.Series([v for _s, _b, v in series] * k, dtype="str"),
            "n_week": _known(sums["n_week"], covered["n_week"]),
            "n_previous": sums["n_previous"].ravel(),
            "previous_weeks": covered["n_previous"].ravel(),
            "n_last_year": _known(sums["n_last_year"], covered["n_last_year"]),
        }
    )
    schema.check(table, "picture_now", tables=PICTURE)
    return table


def weekly_days(incidents: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which events are known better than by month, shape (n,)."""
    return np.asarray((incidents["time_precision"] != "month").to_numpy(), dtype=bool)


def sunday(start: date) -> date:
    """Return the last day of the week that begins on `start`."""
    return start + timedelta(days=6)


def _known(events: Ints, covered: Ints) -> pd.arrays.IntegerArray:
    return pd.arrays.IntegerArray(events.ravel().copy(), (covered == 0).ravel())


def _now_category(values: Sequence[str], label: str) -> pd.Categorical:
    return schema.category(values, "picture_now", label, tables=PICTURE)


__all__ = [
    "ALL",
    "BEFORE",
    "Weeks",
    "count_weeks",
    "now_table",
    "sunday",
    "week_status",
    "weekly_days",
    "weeks_table",
]
