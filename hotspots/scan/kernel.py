"""The search itself, compiled: the strongest of all circles and spans of days.

Imported only when a scan is run, since the decorator loads numba.

Only windows that can win are looked at. With the count fixed, less expected means stronger, so the
strongest window begins and ends on days with a case in its circle, and holds a case from the
outermost ring of its circle (else a shorter span or a smaller circle has the same cases and no more
expected). Of these, a window needs a logarithm only if it expects less than every window with the
same count before it: what could not beat the best then can't beat a better one now. And where a
day weighs what its events are, a circle needs a certain count to win, however they lie in time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled
from hotspots.scan.circles import Circles
from hotspots.scan.tables import Cases

TABLE = 4096
"""Counts below this have their least expected number kept; above, every window is computed."""


class Windows(NamedTuple):
    """What is expected, and which windows are searched.

    The expected number of a window is the sum of ``weight`` (n,) over its places × the difference
    of ``day_sum`` (days + 1,) over its days × ``scale``.
    """

    weight: NDArray[np.float64]
    day_sum: NDArray[np.float64]
    scale: float
    day_per_event: float  # days with so many events weigh at least this much an event
    total: int
    min_count: int
    max_days: int
    last_only: bool


@compiled
def ratio(count: int, expected: float, total: int) -> float:
    """Return Kulldorff's log likelihood ratio of a window; 0 where there is no surplus."""
    if count <= expected:
        return 0.0
    llr = float(count * np.log(count / expected))
    if count < total:
        llr += (total - count) * np.log((total - count) / (total - expected))
    return llr


@compiled
def span_to_last(
    held: NDArray[np.int64],
    day_sum: NDArray[np.float64],
    least: NDArray[np.float64],
    days: tuple[int, int, int, bool],
    weight: float,
    total: int,
    best: float,
) -> tuple[float, int, int]:
    """Return what `best_span` does where all spans end on the last day: one sum for all of them."""
    today, before, max_days, _last_only = days
    length, count, first = len(held), 0, -1
    for day in range(today + 1, length):
        count += held[day]
    for begin in range(today, max(before, length - max_days - 1), -1):
        if held[begin] == 0:
            continue
        count += held[begin]
        expected = weight * (day_sum[length] - day_sum[begin])
        if count < TABLE:
            if expected >= least[count]:
                continue
            least[count] = expected
        llr = ratio(count, expected, total)
        if llr > best:
            best, first = llr, begin
    return best, first, length - 1 if first >= 0 else -1


@compiled
def best_span(
    held: NDArray[np.int64],
    day_sum: NDArray[np.float64],
    least: NDArray[np.float64],
    days: tuple[int, int, int, bool],
    weight: float,
    total: int,
    best: float,
) -> tuple[float, int, int]:
    """Return the strongest span of days that holds one day and begins after another.

    Parameters
    ----------
    held
        Cases by day in the circle.
    day_sum, total
        As in `Windows`.
    least
        Least number expected so far of the windows with each count; changed here.
    days
        The day held, the day before the first begin, the longest span, and whether only spans up to
        the last day count.
    weight
        Of the circle, times the scale.
    best
        Ratio of the strongest window so far.

    Returns
    -------
    tuple
        Ratio, first and last day; the ratio is `best` where none is stronger.
    """
    today, before, max_days, last_only = days
    length = len(held)
    if last_only:
        llr, begin, end = span_to_last(held, day_sum, least, days, weight, total, best)
        return llr, begin, end
    first, last, left = -1, -1, 0
    for begin in range(today, max(before, today - max_days), -1):
        if held[begin] == 0:
            continue
        left += held[begin]
        count = left - held[today]
        for end in range(today, min(begin + max_days, length)):
            count += held[end]
            if held[end] == 0 and end < length - 1:  # it need not end on a day without cases
                continue
            expected = weight * (day_sum[end + 1] - day_sum[begin])
            if count < TABLE:
                if expected >= least[count]:
                    continue
                least[count] = expected
            llr = ratio(count, expected, total)
            if llr > best:
                best, first, last = llr, begin, end
    return best, first, last


@compiled
def least_count(best: float, share: float) -> float:
    """Return the count that a window must have to beat the best.

    `share` is the least number expected an event. The ratio is below count × log(1 / share).
    """
    if share >= 1.0:
        return 1e300
    if share <= 0.0:
        return 0.0
    return float(best / -np.log(share) * (1.0 - 1e-9))


@compiled
def around(held: NDArray[np.int64], today: int, max_days: int) -> int:
    """Return the cases on the days that some span shares with today."""
    total = 0
    for day in range(max(0, today - max_days + 1), min(len(held), today + max_days)):
        total += held[day]
    return total


@compiled
def enter(held: NDArray[np.int64], cases: Cases, place: int) -> int:
    """Put a place's cases in and return how many they are."""
    total = 0
    for k in range(cases.start[place], cases.start[place + 1]):
        held[cases.day[k]] += cases.events[k]
        total += cases.events[k]
    return total


@compiled
def clear(held: NDArray[np.int64], day: NDArray[np.int64], begin: int, until: int) -> None:
    """Take a place's cases out again."""
    for k in range(begin, until):
        held[day[k]] = 0


@compiled
def strongest(
    circles: Circles,
    cases: Cases,
    windows: Windows,
    blocked: NDArray[np.bool_],
    floor: float,
    ceiling: float,
    centres: tuple[int, int],
) -> tuple[float, int, int, int]:
    """Return the strongest window.

    Parameters
    ----------
    circles, cases, windows
        What is searched.
    blocked
        Places that no circle may hold, shape (n,).
    floor
        Windows must have a ratio above this.
    ceiling
        The search stops at a window with a ratio above this; finite.
    centres
        The first centre searched from and the one after the last.

    Returns
    -------
    tuple
        Ratio, position in ``circles.member`` of its last place, first and last day. The ratio is
        `floor` and the rest −1 where there is none; the first found wins a tie.
    """
    start, member, closes = circles
    of_place, day, _events = cases
    least = np.arange(TABLE).astype(np.float64)  # no more than the count itself: only surpluses
    least[: min(windows.min_count, TABLE)] = 0.0
    weights, day_sum = windows.weight, windows.day_sum
    held = np.zeros(len(day_sum) - 1, dtype=np.int64)
    best, position, first, last = floor, -1, -1, -1
    for centre in range(centres[0], centres[1]):
        weight, inside, fresh = 0.0, 0, 0
        ring = reached = start[centre]
        while reached < start[centre + 1] and not blocked[member[reached]] and best <= ceiling:
            place = member[reached]
            weight += weights[place]
            fresh += enter(held, cases, place)
            reached += 1
            if not closes[reached - 1]:
                continue
            if fresh == 0:  # a circle with an empty outermost ring is no stronger than that within
                ring = reached
                continue
            inside, fresh = inside + fresh, 0
            needed = least_count(best, weight * windows.scale * windows.day_per_event)
            for m in range(ring, reached if inside >= needed else ring):
                place, before = member[m], -1
                until = of_place[place + 1]
                # spans up to the last day hold a place's last case if they hold any of its cases
                skipped = max(until - of_place[place] - 1, 0) * windows.last_only
                for k in range(of_place[place] + skipped, until):
                    if around(held, day[k], windows.max_days) < needed:
                        continue
                    days = (day[k], before, windows.max_days, windows.last_only)
                    llr, begin, end = best_span(
                        held,
                        day_sum,
                        least,
                        days,
                        weight * windows.scale,
                        windows.total,
                        best,
                    )
                    if llr > best:
                        best, position, first, last = llr, reached - 1, begin, end
                    before = day[k]
            ring = reached
        for m in range(start[centre], reached):
            clear(held, day, of_place[member[m]], of_place[member[m] + 1])
    return best, position, first, last


@compiled
def strongest_of_each(
    circles: Circles, cases: Cases, windows: Windows, blocked: NDArray[np.bool_], ceiling: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return what `strongest` finds from each centre: ratios (n,), and the rest, shape (n, 3)."""
    n = len(circles.start) - 1
    llr, where = np.zeros(n), np.full((n, 3), -1, dtype=np.int64)
    for centre in range(n):
        best, position, first, last = strongest(
            circles, cases, windows, blocked, 0.0, ceiling, (centre, centre + 1)
        )
        llr[centre] = best
        where[centre, 0], where[centre, 1], where[centre, 2] = position, first, last
    return llr, where
