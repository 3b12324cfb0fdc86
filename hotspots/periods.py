"""Counted events by year or quarter: of the whole, of areas, hot spots, cells and places.

Two periods can then be laid beside one another on the map. What is counted is what the grid counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema
from geodata.period_tables import PERIOD_TABLES
from hotspots.selection import Period, Selection

Unit = Literal["year", "quarter"]
MOST_QUARTERS: Final = 12
"""A switch of more steps than this is too long to look through: years are counted instead."""
MOST_PLACES: Final = 20_000
"""With more places years are counted: the outlines of a dozen quarters would take many seconds."""
_MONTHS: Final = {"year": 12, "quarter": 3}


def period_unit(first: date, last: date, n_places: int) -> Unit:
    """Return quarters where these and the places are few enough, else years.

    Parameters
    ----------
    first, last
        Days counted.
    n_places
        Places with counted events.
    """
    quarters = 4 * (last.year - first.year) + (last.month - 1) // 3 - (first.month - 1) // 3 + 1
    return "quarter" if quarters <= MOST_QUARTERS and n_places <= MOST_PLACES else "year"


@dataclass(frozen=True, eq=False)
class Span:
    """The periods that the counted days reach over.

    Attributes
    ----------
    names
        Of the periods, in order: ``2024`` or ``2024-Q1``.
    whole
        Whether the counted days cover the whole of each.
    period
        Number of the period of each counted event, shape (n,).
    """

    names: tuple[str, ...]
    whole: tuple[bool, ...]
    period: NDArray[np.int64]
    _start: int
    _months: int
    _counted: Period

    def covered(self, number: int) -> Period:
        """Return the counted days of a period."""
        at = (self._start + number) * self._months
        begins, ends = (
            np.datetime64(months, "M").astype("datetime64[D]").astype(date)
            for months in (at, at + self._months)
        )
        return Period(
            max(begins, self._counted.first), min(ends - timedelta(days=1), self._counted.last)
        )


def spans(counted: Selection, unit: Unit) -> Span:
    """Return the periods of the counted days; there must be some."""
    assert counted.period is not None
    first, last = counted.period.first, counted.period.last
    months = _MONTHS[unit]
    start = int(_month(np.datetime64(first, "D"))) // months
    n = int(_month(np.datetime64(last, "D"))) // months - start + 1
    return Span(
        tuple(_text(start + i, unit) for i in range(n)),
        tuple(_covered(start + i, months, first, last) for i in range(n)),
        _month(counted.days) // months - start,
        start,
        months,
        counted.period,
    )


def count_periods(
    counted: Selection, hotspot_of_place: pd.Series[Any], *, cell_size_m: float, unit: Unit
) -> pd.DataFrame:
    """Count the selected events by object and period.

    Parameters
    ----------
    counted
        The events that count; its ``incidents`` have ``place_id``, ``x_m``, ``y_m``, ``area_id``
        and ``regso_id``.
    hotspot_of_place
        ``hotspot_id`` by ``place_id``.
    cell_size_m
        Side of the grid's cells, metres.
    unit
        ``year`` or ``quarter``.

    Returns
    -------
    pandas.DataFrame
        Table ``period_counts`` of `geodata.period_tables`, by level, object and period. Empty
        without a counted period.
    """
    if counted.period is None:
        return schema.empty("period_counts", tables=PERIOD_TABLES)
    span = spans(counted, unit)
    period, n = span.period, len(span.names)
    rows = counted.incidents.iloc[counted.rows]
    cell, columns, lines = counted.cells(cell_size_m)
    names = np.array([f"E{c}_N{r}" for c, r in zip(columns, lines, strict=True)], dtype=object)
    spot, spots = pd.factorize(rows["place_id"].map(hotspot_of_place), sort=True)
    place, places = pd.factorize(rows["place_id"], sort=True)
    parts = [_whole(period, n)]
    for column in ("area_id", "regso_id"):
        area, areas = pd.factorize(rows[column], sort=True)
        parts.append(_counts("area", area, areas.to_numpy(object), period, n))
    parts += [
        _counts("hotspot", spot, spots.to_numpy(object), period, n),
        _counts("cell", cell, names, period, n),
        _counts("place", place, places.to_numpy().astype(str).astype(object), period, n),
    ]
    table = pd.concat(parts, ignore_index=True)
    number = table.pop("number").to_numpy(np.int64)
    table["period"] = pd.Series(np.array(span.names, dtype=object)[number], dtype="str")
    table["whole"] = np.array(span.whole, dtype=bool)[number]
    table["level"] = schema.category(table["level"], "period_counts", "level", tables=PERIOD_TABLES)
    table["object_id"] = table["object_id"].astype("str")
    table = table[list(PERIOD_TABLES["period_counts"])]
    schema.check(table, "period_counts", tables=PERIOD_TABLES)
    return table


def _month(days: NDArray[np.datetime64] | np.datetime64) -> NDArray[np.int64]:
    return np.asarray(days).astype("datetime64[M]").astype(np.int64)


def _text(number: int, unit: Unit) -> str:
    if unit == "year":
        return str(1970 + number)
    return f"{1970 + number // 4}-Q{number % 4 + 1}"


def _covered(number: int, months: int, first: date, last: date) -> bool:
    begins = np.datetime64(number * months, "M").astype("datetime64[D]")
    ends = np.datetime64((number + 1) * months, "M").astype("datetime64[D]") - 1
    return bool(np.datetime64(first, "D") <= begins and ends <= np.datetime64(last, "D"))


def _whole(period: NDArray[np.int64], n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "level": "whole",
            "object_id": "*",
            "number": np.arange(n),
            "n_events": np.bincount(period, minlength=n).astype(np.int64),
        }
    )


def _counts(
    level: str,
    member: NDArray[np.int64],
    names: NDArray[np.object_],
    period: NDArray[np.int64],
    n: int,
) -> pd.DataFrame:
    """Return counts above 0 of each object; events of no object, −1, are left out."""
    inside = member >= 0
    keys, events = np.unique(member[inside] * n + period[inside], return_counts=True)
    return pd.DataFrame(
        {
            "level": level,
            "object_id": names[keys // n] if len(keys) else np.array([], dtype=object),
            "number": keys % n,
            "n_events": events.astype(np.int64),
        }
    )
