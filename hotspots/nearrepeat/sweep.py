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
