"""The search itself, compiled: the strongest of all circles and spans of days.

Imported only when a scan is run, since numba takes half a second to load.

Only windows that can win are looked at. With the count fixed, less expected means stronger, so the
strongest window begins and ends on days with a case in its circle, and holds a case from the
outermost ring of its circle (else a shorter span or a smaller circle has the same cases and no more
expected). Of these, a window needs a logarithm only if it expects less than every window with the
same count before it: what could not beat the best then can't beat a better one now.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

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
    total: int
    min_count: int
    max_days: int
    last_only: bool


@numba.njit(nogil=True)
def ratio(count: int, expected: float, total: int) -> float:
    """Return Kulldorff's log likelihood ratio of a window; 0 where there is no surplus."""
    if count <= expected:
        return 0.0
    llr = count * np.log(count / expected)
    if count < total:
        llr += (total - count) * np.log((total - count) / (total - expected))
    return llr


@numba.njit(nogil=True)
def best_span(
    held: NDArray[np.int64],
    today: int,
    before: int,
    weight: float,
    best: float,
    windows: Windows,
    least: NDArray[np.float64],
) -> tuple[float, int, int]:
    """Return the strongest span of days around `today` that begins after day `before`.

    Returns
    -------
    tuple
        Its ratio, first and last day; the ratio is `best` where none is stronger.
    """
    length = len(held)
    first, last = -1, -1
    left = 0
    for begin in range(today, max(before, today - windows.max_days), -1):
        if held[begin] == 0:
            continue
        left += held[begin]
        count = left
        stop = min(begin + windows.max_days, length)
        if windows.last_only and stop < length:
            break
        for end in range(today, stop):
            if end > today:
                count += held[end]
            if windows.last_only:
                if end < length - 1:
                    continue
            elif held[end] == 0:
                continue
            expected = weight * (windows.day_sum[end + 1] - windows.day_sum[begin]) * windows.scale
            if count < TABLE:
                if expected >= least[count]:
                    continue
                least[count] = expected
            llr = ratio(count, expected, windows.total)
            if llr > best and count >= windows.min_count:
                best, first, last = llr, begin, end
    return best, first, last


@numba.njit(nogil=True)
def strongest(
    circles: Circles,
    cases: Cases,
    windows: Windows,
    blocked: NDArray[np.bool_],
    floor: float,
    ceiling: float,
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
        The search stops at a window with a ratio above this.

    Returns
    -------
    tuple
        Ratio, position in ``circles.member`` of its last place, first and last day. The ratio is
        `floor` and the rest −1 where there is none; the first found wins a tie.
    """
    least = np.arange(TABLE).astype(np.float64)  # no more than the count itself: only surpluses
    least[: min(windows.min_count, TABLE)] = 0.0
    held = np.zeros(len(windows.day_sum) - 1, dtype=np.int64)
    best, position, first, last = floor, -1, -1, -1
    for centre in range(len(circles.start) - 1):
        weight = 0.0
        ring = reached = circles.start[centre]
        while reached < circles.start[centre + 1]:
            place = circles.member[reached]
            if blocked[place] or best > ceiling:
                break
            weight += windows.weight[place]
            for k in range(cases.start[place], cases.start[place + 1]):
                held[cases.day[k]] += cases.count[k]
            reached += 1
            if circles.closes[reached - 1]:
                llr, begin, end = best_of_ring(
                    circles.member[ring:reached], cases, held, weight, best, windows, least
                )
                if llr > best:
                    best, position, first, last = llr, reached - 1, begin, end
                ring = reached
        clear(circles.member[circles.start[centre] : reached], cases, held)
    return best, position, first, last


@numba.njit(nogil=True)
def best_of_ring(
    ring: NDArray[np.int32],
    cases: Cases,
    held: NDArray[np.int64],
    weight: float,
    best: float,
    windows: Windows,
    least: NDArray[np.float64],
) -> tuple[float, int, int]:
    """Return the strongest span of days with a case from the outermost ring."""
    first, last = -1, -1
    for place in ring:
        before = -1
        for k in range(cases.start[place], cases.start[place + 1]):
            today = cases.day[k]
            llr, begin, end = best_span(held, today, before, weight, best, windows, least)
            if llr > best:
                best, first, last = llr, begin, end
            before = today
    return best, first, last


@numba.njit(nogil=True)
def clear(places: NDArray[np.int32], cases: Cases, held: NDArray[np.int64]) -> None:
    """Take the cases of a centre's places out again."""
    for place in places:
        for k in range(cases.start[place], cases.start[place + 1]):
            held[cases.day[k]] = 0
