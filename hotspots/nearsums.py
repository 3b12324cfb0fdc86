"""Sums over what lies near each point, without making the pairs. Compiled.

Imported only when sums are worked out, since the decorator loads numba.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled
from hotspots.distance import to_cm

Ints = NDArray[np.int64]


def sums_within(
    points: NDArray[np.float64],
    others: NDArray[np.float64],
    figures: Ints,
    radius_m: float,
) -> Ints:
    """Return the sums of the figures of the others at most `radius_m` from each point.

    Parameters
    ----------
    points, others
        Coordinates, metres, shapes (n, 2) and (m, 2).
    figures
        Of each other, shape (m, k).
    radius_m
        Largest distance, metres, inclusive, as of `within`.

    Returns
    -------
    numpy.ndarray
        Shape (n, k).
    """
    if len(points) == 0 or len(others) == 0:
        return np.zeros((len(points), figures.shape[1]), dtype=np.int64)
    radius, at, other = max(round(radius_m * 100), 1), to_cm(points), to_cm(others)
    corner = other[:, 0].min()
    strip = (other[:, 0] - corner) // radius
    order = np.lexsort((other[:, 1], strip))
    start = np.searchsorted(strip[order], np.arange(int(strip.max()) + 2))
    found: Ints = _sums(
        at, other[order], np.ascontiguousarray(figures[order]), start, radius, corner
    )
    return found


@compiled
def _sums(at: Ints, other: Ints, figures: Ints, start: Ints, radius: int, west: int) -> Ints:
    """Sum over strips as wide as the radius, in each of which the others stand by northing."""
    found = np.zeros((len(at), figures.shape[1]), dtype=np.int64)
    for i in range(len(at)):
        x, y = at[i]
        strip = (x - west) // radius
        for column in range(max(strip - 1, 0), min(strip + 2, len(start) - 1)):
            first, last = start[column], start[column + 1]
            first += np.searchsorted(other[first:last, 1], y - radius)
            for j in range(first, last):
                if other[j, 1] > y + radius:
                    break
                if (other[j, 0] - x) ** 2 + (other[j, 1] - y) ** 2 <= radius * radius:
                    for k in range(figures.shape[1]):
                        found[i, k] += figures[j, k]
    return found
