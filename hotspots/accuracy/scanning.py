"""The scan statistic as a method: where more happens now than busy cells and periods explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hotspots.accuracy.grid import Floats, Ints
from hotspots.accuracy.history import Past

if TYPE_CHECKING:
    from hotspots.scan.circles import Circles
    from hotspots.scan.search import Found

RADIUS_M: Final = 1000.0
RADIUS_CELLS: Final = 10.0
PERIODS: Final = 3
CLUSTERS: Final = 10
MAX_SHARE: Final = 0.5
MIN_EVENTS: Final = 2
MAX_CELLS: Final = 8_000
"""Cells searched at most: London's 29,000 take six seconds a period, these under one."""


def scan(past: Past) -> Floats:
    """Rank the cells of live clusters by the cluster's likelihood ratio, the rest by counts.

    The prospective space-time permutation scan (Kulldorff et al. 2005, `hotspots.scan`) on the
    past: cells with events as places, periods as days, circles of up to 1,000 m (never more than
    ten cell sides) about them, spans of one to three periods that end with the last. The ten
    strongest clusters, no two with an event's cell in common, are taken without a p-value, which
    would not change their order. Every cell whose centre lies in the circle of a cluster gets its
    ratio, without events as well. Cells in the same or no cluster are in order of all-time counts.
    Of more than 8,000 cells with events only those with the most are searched (the first by column
    and row at a tie), as if there were no events in the others.
    """
    total = past.counts.sum(axis=1)
    ratio = np.round(_ratios(past, total), 9)
    level = np.unique(np.append(ratio, 0.0), return_inverse=True)[1][:-1]
    return np.asarray(level * (total.max(initial=0.0) + 1) + total)


def _ratios(past: Past, total: Floats) -> Floats:
    """Return the likelihood ratio of the strongest cluster around each cell, 0 outside."""
    from hotspots.scan.circles import make_circles
    from hotspots.scan.kernel import Windows
    from hotspots.scan.search import find, weights_of  # loads numba
    from hotspots.scan.tables import by_place_and_day

    grid, ratio = past.grid, np.zeros(len(total))
    held = _searched(total)
    counts = past.counts[held]
    place, period = np.nonzero(counts)
    if len(np.unique(period)) < 2 or len(held) < 2:  # place and time can't be told apart
        return ratio
    events = counts.sum()
    circles = make_circles(
        np.column_stack([grid.columns, grid.rows])[held].astype(np.float64) * grid.cell_size_m,
        total[held],
        max_radius_m=min(RADIUS_M, RADIUS_CELLS * grid.cell_size_m),
        max_weight=MAX_SHARE * float(events),
    )
    cases = by_place_and_day(
        place, period, counts[place, period].astype(np.int64), n=len(held), length=past.now
    )
    windows = Windows(
        weight=total[held],
        day_sum=weights_of(counts.sum(axis=0)),
        scale=1.0 / float(events),
        day_per_event=1.0,
        total=int(events),
        min_count=MIN_EVENTS,
        max_days=min(PERIODS, past.now),
        last_only=True,
    )
    for found in find(circles, cases, windows, CLUSTERS):
        inside = _disc_of(past, circles, found, held)
        ratio[inside] = np.maximum(ratio[inside], found.llr)
    return ratio


def _searched(total: Floats) -> Ints:
    """Return the cells with events, ascending; of too many, those with the most."""
    (held,) = np.nonzero(total > 0)
    if len(held) > MAX_CELLS:
        held = np.sort(held[np.argsort(-total[held], kind="stable")[:MAX_CELLS]])
    return held.astype(np.int64)


def _disc_of(past: Past, circles: Circles, found: Found, held: Ints) -> NDArray[np.bool_]:
    """Tell which cells have their centre in a cluster's circle."""
    grid = past.grid
    centre = held[np.searchsorted(circles.start, found.position, side="right") - 1]
    edge = held[circles.member[found.position]]
    apart = (grid.columns - grid.columns[centre]) ** 2 + (grid.rows - grid.rows[centre]) ** 2
    return np.asarray(apart <= apart[edge])
