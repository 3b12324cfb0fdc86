"""Pairs of near events, counted by band and span for many worlds at once, compiled.

The pairs are never held: they are met cell by cell on a grid as wide as the outermost band, and
each pair is counted at once for a row of worlds, whose days stand side by side in memory. So memory
grows with the events, not with the pairs, and the inner loop is a plain comparison of two rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled


class Grid(NamedTuple):
    """Events in order of cell.

    ``x`` and ``y`` (n,) in whole centimetres; ``begin`` and ``until`` (2, n) the other events that
    each event is paired with: the rest of its own cell and the one to the north, and the three
    cells to the east; each pair stands once.
    """

    x: NDArray[np.int64]
    y: NDArray[np.int64]
    begin: NDArray[np.int64]
    until: NDArray[np.int64]


STEP = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32))


@compiled
def deal(
    day: NDArray[np.int32], order: NDArray[np.int64], keys: NDArray[np.uint64]
) -> NDArray[np.int32]:
    """Deal the days anew among the events, once a world.

    Fisher and Yates' shuffle, drawn by SplitMix64 (Steele, Lea & Flood 2014,
    doi:10.1145/2660193.2660195); a place is drawn from 32 bits, uneven by at most n / 2³².

    Parameters
    ----------
    day
        Day of each event, shape (n,).
    order
        Which event stands in each row of the answer, shape (n,).
    keys
        Start of the random numbers of each world, 0 for the real one, shape (worlds,).

    Returns
    -------
    numpy.ndarray
        Shape (n, worlds).
    """
    n, worlds = len(day), len(keys)
    dealt = np.empty((worlds, n), dtype=np.int32)
    for w in range(worlds):
        mixed, state = dealt[w], keys[w]
        mixed[:] = day
        if state == 0:
            continue
        for i in range(n - 1, 0, -1):
            state += STEP
            z = (state ^ (state >> SHIFTS[0])) * MIX_1
            z = (z ^ (z >> SHIFTS[1])) * MIX_2
            z = (z ^ (z >> SHIFTS[2])) >> SHIFTS[3]
            j = (z * np.uint64(i + 1)) >> SHIFTS[3]
            mixed[i], mixed[j] = mixed[j], mixed[i]
    side_by_side = np.empty((n, worlds), dtype=np.int32)
    for i in range(n):
        for w in range(worlds):
            side_by_side[i, w] = dealt[w, order[i]]
    return side_by_side


@compiled
def band_of(dx: int, dy: int, edges: NDArray[np.int64], how: tuple[bool, bool]) -> int:
    """Return the band of a distance, ``len(edges)`` where it is beyond the last.

    Parameters
    ----------
    dx, dy
        Differences, centimetres, not negative.
    edges
        Outer edges of the bands, centimetres, ascending.
    how
        Whether distance is Manhattan (else Euclidean), and whether bands are closed on the left.
    """
    manhattan, left = how
    for band in range(len(edges)):
        distance = dx + dy if manhattan else dx * dx + dy * dy
        edge = edges[band] if manhattan else edges[band] * edges[band]
        # a band that ends at 0 is the same place, however the others are closed
        if distance < edge or (distance == edge and (not left or edge == 0)):
            return band
    return len(edges)


@compiled
def count_pairs(
    grid: Grid,
    days: NDArray[np.int32],
    edges: NDArray[np.int64],
    spans: NDArray[np.int32],
    how: tuple[bool, bool],
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Count pairs by band, and those at most so many days apart by band, span and world.

    Parameters
    ----------
    grid
        The events.
    days
        Day of each event in each world, shape (n, worlds).
    edges, how
        As in `band_of`.
    spans
        Largest difference in days, inclusive, of each span; ascending.

    Returns
    -------
    tuple
        Pairs by band, shape (bands,), and pairs by band, span and world, shape (bands, spans,
        worlds): each span counts those of the shorter ones too.
    """
    n_bands, n_spans, worlds = len(edges), len(spans), days.shape[1]
    pairs = np.zeros(n_bands, dtype=np.int64)
    close = np.zeros((n_bands, n_spans, worlds), dtype=np.int32)
    for i in range(len(grid.x)):
        for part in range(len(grid.begin)):
            for j in range(grid.begin[part, i], grid.until[part, i]):
                band = band_of(abs(grid.x[i] - grid.x[j]), abs(grid.y[i] - grid.y[j]), edges, how)
                if band == n_bands:
                    continue
                pairs[band] += 1
                for s in range(n_spans):
                    span = spans[s]
                    for w in range(worlds):
                        close[band, s, w] += abs(days[i, w] - days[j, w]) <= span
    return pairs, close
