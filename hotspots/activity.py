"""Police work or crime: what was found on police initiative, and what on days of operations.

Most drug offences are found by looking for them, so their map follows where the police looked (Brå
on "spanings- och ingripandebrott"). Two pictures help to tell one from the other: how the events
came to be known, source by source, and what is left of each hot spot without the days on which the
police were there on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema
from geodata.evidence_tables import EVIDENCE
from geodata.language import N_
from geodata.options import setting
from geodata.schema import SOURCES
from hotspots import tally
from hotspots.selection import event_days

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

_MINUTE_US: Final = 60_000_000
_NO_MINUTE: Final = -1


@dataclass(frozen=True, kw_only=True)
class ActivityOptions:
    """What belongs to an operation."""

    whole_days: bool = setting(
        True,
        N_(
            "Om hela insatsdagen räknas till insatsen och inte bara dess klockslag. true märker "
            "fler händelser."
        ),
    )
    margin_m: float = setting(
        100.0,
        N_(
            "Marginal kring insatsens yta, för lägesfel i punkterna. Större marginal märker fler "
            "händelser."
        ),
        unit="m",
        minimum=0,
        maximum=2000,
    )


@dataclass(frozen=True, eq=False)
class Marked:
    """Which events belong to an operation.

    Attributes
    ----------
    marked
        On a day of an operation that reaches their place; shape (n,).
    undecided
        Known by month only, in a month in which an operation reached their place; shape (n,).
    event, operation
        Every pair of a marked event and its operation, as rows of the two tables; an event may
        belong to several operations.
    """

    marked: Flags
    undecided: Flags
    event: Ints
    operation: Ints


def mark_operations(
    events: pd.DataFrame, operations: gpd.GeoDataFrame, options: ActivityOptions | None = None
) -> Marked:
    """Tell which events belong to an operation.

    Parameters
    ----------
    events
        Rows of ``incidents``.
    operations
        Table ``operations``, in the CRS of the events' coordinates.
    options
        Whole days or hours; margin around the operations' areas.

    Returns
    -------
    Marked
        An event belongs to an operation by its start. One whose hour is not known belongs to all
        hours of its day. Work that goes on past midnight reaches into the day after its last, and
        there events belong to it until its end only.
    """
    options = options or ActivityOptions()
    days = event_days(events).astype(np.int64)
    minutes = _minutes(events)
    monthly = (events["time_precision"] == "month").to_numpy()
    x_m, y_m = events["x_m"].to_numpy(np.float64), events["y_m"].to_numpy(np.float64)
    order = np.argsort(days, kind="stable")
    by_day = days[order]
    months = np.flatnonzero(monthly)
    undecided = np.zeros(len(events), dtype=bool)
    pairs: list[tuple[Ints, int]] = []
    for nth, row in enumerate(operations.itertuples(index=False)):
        first, last = (pd.Timestamp(d).to_datetime64() for d in (row.first_date, row.last_date))
        first_day = int(first.astype("datetime64[D]").astype(np.int64))
        last_day = int(last.astype("datetime64[D]").astype(np.int64))
        span = np.searchsorted(by_day, (first_day, last_day + 2))
        near = order[span[0] : span[1]]
        near = near[~monthly[near]]
        near = near[_in_time(days[near], minutes[near], (first_day, last_day), row, options)]
        same_month = months[
            (days[months] >= _month_start(first)) & (days[months] <= _month_start(last))
        ]
        if row.geometry is not None and not pd.isna(row.geometry):
            reach = shapely.buffer(row.geometry, options.margin_m)
            shapely.prepare(reach)
            near = near[shapely.intersects_xy(reach, x_m[near], y_m[near])]
            inside = shapely.intersects_xy(reach, x_m[same_month], y_m[same_month])
            same_month = same_month[inside]
        undecided[same_month] = True
        pairs.append((np.sort(near), nth))
    event = np.concatenate([rows for rows, _ in pairs]) if pairs else np.zeros(0, dtype=np.int64)
    operation = np.concatenate([np.full(len(rows), nth) for rows, nth in pairs]) if pairs else event
    marked = np.zeros(len(events), dtype=bool)
    marked[event] = True
    return Marked(marked, undecided, event.astype(np.int64), operation.astype(np.int64))


def _minutes(events: pd.DataFrame) -> Ints:
    """Return minutes after local midnight of each start, `_NO_MINUTE` where no hour is known."""
    local = events["start"].dt.tz_localize(None).dt.as_unit("us").astype("int64").to_numpy()
    minutes = local // _MINUTE_US % (24 * 60)
    known = events["time_precision"].isin(["minute", "hour"]).to_numpy()
    return np.where(known, minutes, _NO_MINUTE).astype(np.int64)


def _month_start(day: np.datetime64) -> int:
    return int(day.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64))


def _in_time(
    days: Ints,
    minutes: Ints,
    span: tuple[int, int],
    row: Any,  # noqa: ANN401 (a named tuple of the table)
    options: ActivityOptions,
) -> Flags:
    """Tell which events fall within the days and hours of an operation."""
    own_day = (days >= span[0]) & (days <= span[1])
    if pd.isna(row.from_minute) or pd.isna(row.to_minute):
        return own_day
    start, stop = int(row.from_minute), int(row.to_minute)
    known = minutes != _NO_MINUTE
    overnight = stop <= start
    after = known & overnight & (days > span[0]) & (days <= span[1] + 1) & (minutes < stop)
    if options.whole_days:
        inside: Flags = own_day | after
        return inside
    until = 24 * 60 if overnight else stop
    at_hours: Flags = own_day & (~known | ((minutes >= start) & (minutes < until))) | after
    return at_hours


def initiative_table(events: pd.DataFrame, unit: pd.Series[Any]) -> pd.DataFrame:
    """Tell how events came to be known, by hot spot or area and by source.

    Parameters
    ----------
    events
        Rows of ``incidents``, already selected, of any number of sources.
    unit
        Hot spot or area of each event, text, in the order of `events`; missing ones are left out.

    Returns
    -------
    pandas.DataFrame
        Table ``initiative``, by unit and source, for those with events.
    """
    names = sorted(unit.dropna().unique())
    inside = unit.notna().to_numpy()
    kept = events[inside]
    code = pd.Index(names).get_indexer(unit[inside]).astype(np.int64)
    group = code * len(SOURCES) + kept["source"].cat.codes.to_numpy().astype(np.int64)
    k = len(names) * len(SOURCES)
    if k == 0:
        return schema.empty("initiative", tables=EVIDENCE)
    answers = tally.by_category(group, kept["police_initiated"], k)
    days = tally.distinct(group, event_days(kept), k)
    filled = np.flatnonzero(answers.sum(axis=1))
    total = answers[filled].sum(axis=1)
    data: dict[str, Any] = {
        "unit": pd.Series([names[i // len(SOURCES)] for i in filled], dtype="str"),
        "source": schema.category(
            [SOURCES[i % len(SOURCES)] for i in filled], "initiative", "source", tables=EVIDENCE
        ),
        "n_events": total,
        "n_days": days[filled],
    }
    for i, name in enumerate(schema.YES_NO):
        data[f"n_{name}"] = answers[filled, i]
    for i, name in enumerate(schema.YES_NO):
        data[f"share_{name}"] = answers[filled, i] / total
    table = pd.DataFrame(data)
    schema.check(table, "initiative", tables=EVIDENCE)
    return table
