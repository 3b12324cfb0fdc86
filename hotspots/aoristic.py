"""Aoristic weights: an event that lies somewhere in an interval, spread over its hours.

Each event weighs 1, spread evenly over the time that passes from its start to its end, whatever
the clock on the wall does meanwhile (Ratcliffe 2000; Ratcliffe & McCullagh 1998). The week is a
circle of 168 hours, so an interval costs the same whether it lasts an hour or a year: a part of its
first hour, a part of its last, and between them whole hours by a difference array. Where the clocks
are changed an interval is cut in two, so the hour that is passed twice can hold twice the time of
others and the skipped one holds none.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOURS: Final = 24
DAYS: Final = 7
UNKNOWN_HOUR: Final = 24
"""Column of the events whose hour is not known."""

_MINUTE_US: Final = 60_000_000
_HOUR_US: Final = 60 * _MINUTE_US
_DAY_US: Final = 24 * _HOUR_US
_QUARTER_US: Final = 15 * _MINUTE_US
_MONDAY: Final = 4 * _DAY_US
"""1970-01-05, the first Monday."""


def aoristic(events: pd.DataFrame, group: Ints, k: int) -> Floats:
    """Spread events over hours and weekdays.

    Parameters
    ----------
    events
        Rows of ``incidents``: ``start``, ``end``, ``time_precision``. Events known by month only
        are left out: they say nothing of weekday or hour.
    group
        Group of each event, 0…k−1, shape (n,).
    k
        Number of groups.

    Returns
    -------
    numpy.ndarray
        float64, shape (k, 7, 25): Monday to Sunday; hours 0–23 of the local clock, and last the
        events whose day is known but not the hour (`UNKNOWN_HOUR`). Each group sums to its number
        of events that are known by day or better; independent of the order of the rows.

    Notes
    -----
    An event known by the hour lasts to the end of its last hour. One known by the day is spread
    evenly over the days it touches; its end is exclusive. An event without length lies in the
    hour of its start.
    """
    precision = events["time_precision"].astype("str").to_numpy()
    start, end = _instants(events["start"]), _instants(events["end"])
    matrix = np.zeros((k, DAYS, HOURS + 1))
    if len(events) == 0:
        return matrix
    clock = _Clock(events["start"].dt.tz, int(start.min()), int(end.max()))
    timed = np.flatnonzero(np.isin(precision, ("minute", "hour")))
    until = end[timed]
    by_hour = precision[timed] == "hour"
    until[by_hour] += -clock.local(until[by_hour]) % _HOUR_US
    hours = _spread_hours(start[timed], until, group[timed], k, clock)
    matrix[:, :, :HOURS] = hours.reshape(k, DAYS, HOURS)
    dated = np.flatnonzero(precision == "day")
    first = (clock.local(start[dated]) - _MONDAY) // _DAY_US
    last = -(-(clock.local(end[dated]) - _MONDAY) // _DAY_US)  # rounded up: exclusive
    last = np.maximum(last, first + 1)
    whole = np.ones(len(dated))
    matrix[:, :, UNKNOWN_HOUR] = _spread(first, last, whole, group[dated], k, (DAYS, 1))
    return matrix


def _instants(column: pd.Series[Any]) -> Ints:
    """Return microseconds since 1970-01-01 00:00 UTC."""
    micros: Ints = column.dt.as_unit("us").astype("int64").to_numpy().copy()
    return micros


class _Clock:
    """How far the local clock is ahead of UTC between two instants."""

    def __init__(self, zone: Any, first: int, last: int) -> None:  # noqa: ANN401 (a tzinfo)
        days = np.arange(first // _DAY_US, last // _DAY_US + 2) * _DAY_US
        ahead = _ahead(days, zone)
        changed = np.flatnonzero(np.diff(ahead))
        # Clocks are changed on a quarter of an hour everywhere, at most once within 24 hours.
        near = days[changed, None] + np.arange(1, _DAY_US // _QUARTER_US + 1) * _QUARTER_US
        after = _ahead(near.ravel(), zone).reshape(near.shape)
        moved = after != ahead[changed, None]
        self.changes: Ints = near[np.arange(len(changed)), np.argmax(moved, axis=1)]
        self.ahead: Ints = np.concatenate([ahead[:1], ahead[changed + 1]])

    def local(self, utc: Ints) -> Ints:
        """Return what the clock on the wall shows at instants, as if it were UTC."""
        local: Ints = utc + self.ahead[np.searchsorted(self.changes, utc, side="right")]
        return local


def _ahead(utc: Ints, zone: Any) -> Ints:  # noqa: ANN401 (a tzinfo)
    shown = pd.DatetimeIndex(utc.view("datetime64[us]")).tz_localize("UTC").tz_convert(zone)
    local: Ints = shown.tz_localize(None).to_numpy(dtype="datetime64[us]").view(np.int64)
    return local - utc


def _spread_hours(start: Ints, end: Ints, group: Ints, k: int, clock: _Clock) -> Floats:
    """Return weights by group and hour of the week, shape (k, 168)."""
    end = np.where(end > start, end, start + 1)  # without length: a microsecond
    # Sums of floats depend on their order: sort, so that they don't depend on that of the rows.
    order = np.lexsort((end, start, group))
    start, end, group = start[order], end[order], group[order]
    first = np.searchsorted(clock.changes, start, side="right")
    last = np.searchsorted(clock.changes, end, side="left")
    pieces = np.maximum(last - first, 0) + 1
    row = np.repeat(np.arange(len(start)), pieces)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    segment = first[row] + nth
    edges = np.concatenate([[np.iinfo(np.int64).min], clock.changes, [np.iinfo(np.int64).max]])
    left = np.maximum(start[row], edges[segment])
    right = np.minimum(end[row], edges[segment + 1])
    weight = (right - left) / (end - start)[row]
    shift = clock.ahead[segment] - _MONDAY
    cells = DAYS * HOURS
    return _spread(left + shift, right + shift, weight, group[row], k, (cells, _HOUR_US))


def _spread(
    left: Ints, right: Ints, weight: Floats, group: Ints, k: int, circle: tuple[int, int]
) -> Floats:
    """Spread weights evenly over ``left ≤ t < right`` on a circle of equal cells.

    Parameters
    ----------
    left, right
        Bounds of each interval, whole units, ``left < right``; shape (n,).
    weight
        What each interval weighs, shape (n,).
    group, k
        Group of each interval, 0…k−1.
    circle
        Number of cells and width of a cell, units.

    Returns
    -------
    numpy.ndarray
        Shape (k, cells). Each group sums to its weights, which must make a whole number.
    """
    cells, width = circle
    first, last = left // width, (right - 1) // width
    within = first == last
    out = _sum(group[within], first[within] % cells, weight[within], k, cells)
    left, right, weight, group = (a[~within] for a in (left, right, weight, group))
    first, last = first[~within], last[~within]
    rate = weight / (right - left)
    out += _sum(group, first % cells, ((first + 1) * width - left) * rate, k, cells)
    out += _sum(group, last % cells, (right - last * width) * rate, k, cells)
    rounds, rest = np.divmod(last - first - 1, cells)
    full = width * rate
    out += np.bincount(group, weights=rounds * full, minlength=k)[:, None]
    at = (first + 1) % cells
    steps = _sum(group, at, full, k, 2 * cells) - _sum(group, at + rest, full, k, 2 * cells)
    run = np.cumsum(steps, axis=1)
    out += np.maximum(run[:, :cells] + run[:, cells:], 0)  # rounding may leave −1e-17
    # What rounding has taken or given is put right, so that every group sums to its events.
    total = np.round(out.sum(axis=1))
    scale = np.divide(total, out.sum(axis=1), out=np.ones(k), where=total > 0)
    scaled: Floats = out * scale[:, None]
    return scaled


def _sum(group: Ints, cell: Ints, weight: Floats, k: int, cells: int) -> Floats:
    sums = np.bincount(group * cells + cell, weights=weight, minlength=k * cells)
    return sums.astype(np.float64).reshape(k, cells)
