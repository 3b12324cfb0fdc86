"""Distances between points, exact to the centimetre."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def to_cm(values_m: NDArray[np.float64]) -> Ints:
    """Return coordinates as whole centimetres: squares and sums of them are exact."""
    return np.rint(values_m * 100).astype(np.int64)


def within(
    points: NDArray[np.float64], others: NDArray[np.float64], radius_m: float
) -> tuple[Ints, Ints]:
    """Return all pairs of a point and an other at most `radius_m` apart.

    Parameters
    ----------
    points, others
        Coordinates, metres, shapes (n, 2) and (m, 2).
    radius_m
        Largest distance, metres, inclusive.

    Returns
    -------
    tuple
        Index of the point and index of the other of each pair, sorted by both.
    """
    from scipy.spatial import cKDTree

    if len(points) == 0 or len(others) == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    tree = cKDTree(to_cm(others).astype(np.float64))
    near = cKDTree(to_cm(points).astype(np.float64)).sparse_distance_matrix(
        tree, round(radius_m * 100), output_type="ndarray"
    )
    i, j = near["i"].astype(np.int64), near["j"].astype(np.int64)
    order = np.lexsort((j, i))
    return i[order], j[order]
