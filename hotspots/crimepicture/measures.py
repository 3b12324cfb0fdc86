"""Events before and after each measure that was tried at a place, with a warning of low numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.camera_tables import CAMERAS
from hotspots.crimepicture.members import Members
from hotspots.crimepicture.picture import Counted
from hotspots.selection import event_days, find_rows


@dataclass(frozen=True)
class Measure:
    """A measure tried at a place; texts may be empty.

    ``measure_id`` tells it from the others of the place. ``last_date`` is missing while it goes on.
    """

    measure_id: str
    kind: str
    name: str
    first_date: date | None
    last_date: date | None
    responsible: str
    effect: str
    why_not_enough: str


def count_measures(
    measures: Mapping[str, Sequence[Measure]],
    days: Mapping[str, NDArray[np.datetime64]],
    *,
    months: int,
    span: tuple[date, date] | None,
    low_number: int,
) -> pd.DataFrame:
    """Count the events of each place before a measure began and after it ended.

    Parameters
    ----------
    measures
        Of each site.
    days
        Day of each counted event of the site, from the whole extract.
    months
        Most months counted on either side; fewer where the extract doesn't reach, but always as
        many before as after.
    span
        First and last day of the extract; ``None`` without events.
    low_number
        Fewer events than this, both sides together, are too few to tell anything from.

    Returns
    -------
    pandas.DataFrame
        Table ``camera_measures``; counts are missing where no whole month lies on both sides.
    """
    rows = []
    for site, tried in measures.items():
        for one in tried:
            counted = _count(one, days[site], months, span)
            total = None if counted is None else counted[1] + counted[2]
            rows.append(
                {
                    "site_id": site,
                    **vars(one),
                    "months": counted and counted[0],
                    "n_before": counted and counted[1],
                    "n_after": counted and counted[2],
                    "few": total is None or total < low_number,
                }
            )
    if not rows:
        return schema.empty("camera_measures", tables=CAMERAS)
    table = pd.DataFrame(rows, columns=list(CAMERAS["camera_measures"]))
    for name, column in CAMERAS["camera_measures"].items():
        if column.kind == "text":
            table[name] = table[name].replace("", None).astype("str")
        elif column.kind == "date":
            table[name] = pd.to_datetime(table[name]).astype("datetime64[us]")
    table = table.astype(dict.fromkeys(("months", "n_before", "n_after"), "Int64"))
    schema.check(table, "camera_measures", tables=CAMERAS)
    return table


def _count(
    one: Measure,
    days: NDArray[np.datetime64],
    months: int,
    span: tuple[date, date] | None,
) -> tuple[int, int, int] | None:
    """Return months counted on each side, events before and events after; ``None`` for no month."""
    if one.first_date is None or span is None:
        return None
    start = pd.Timestamp(one.first_date)
    # What goes on is counted from its beginning, what has ended from the day after.
    stop = start if one.last_date is None else pd.Timestamp(one.last_date) + pd.Timedelta(days=1)
    first, end = pd.Timestamp(span[0]), pd.Timestamp(span[1]) + pd.Timedelta(days=1)
    whole = [
        m
        for m in range(1, months + 1)
        if start - pd.DateOffset(months=m) >= first and stop + pd.DateOffset(months=m) <= end
    ]
    if not whole:
        return None
    m = whole[-1]
    low, high = start - pd.DateOffset(months=m), stop + pd.DateOffset(months=m)
    before = (days >= _day(low)) & (days < _day(start))
    after = (days >= _day(stop)) & (days < _day(high))
    return m, int(before.sum()), int(after.sum())


def _day(moment: pd.Timestamp) -> np.datetime64:
    return np.datetime64(moment.date())


def event_days_of(
    incidents: pd.DataFrame, members: Members, site_ids: Sequence[str], counted: Counted
) -> dict[str, NDArray[np.datetime64]]:
    """Return the day of each counted event of each site, from the whole extract."""
    rows = find_rows(
        incidents,
        classes=counted.classes,
        source=counted.source,
        space_types=counted.space_types,
    )
    events = incidents[["place_id", "start", "time_precision"]].iloc[rows]
    days = event_days(events)
    place = events["place_id"].to_numpy(np.int64)
    return {
        name: days[np.isin(place, members.of(number_))] for number_, name in enumerate(site_ids)
    }
