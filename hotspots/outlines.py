"""The drawn outline of a hot spot: close about its places, apart from every other hot spot."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.discs import QUADRANT, join_discs

GRID_M = 0.01
"""Corners are rounded to this, metres."""


def draw_outlines(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    hotspot: NDArray[np.int64],
    *,
    eps_m: float,
    apart: bool = True,
) -> NDArray[Any]:
    """Draw the outline of each hot spot.

    Discs of radius `eps_m` about the places are joined and drawn in by half that (a morphological
    closing), so that each place has about ``eps_m / 2`` around it and neighbouring places hang
    together without waists. Where two outlines would overlap, both are drawn as plain discs, no
    larger than just under half the way to the nearest place of another hot spot.

    Parameters
    ----------
    x_m, y_m
        Coordinates of the places, metres, shape (n,).
    hotspot
        Hot spot of each place, 0…k−1, shape (n,).
    eps_m
        Distance within which places belong together, metres.
    apart
        Whether outlines that would overlap are drawn anew; without it they are only looked at.

    Returns
    -------
    numpy.ndarray
        Polygons or MultiPolygons in order of hot spot, shape (k,), disjoint if `apart`, each with
        all its places inside, corners rounded to `GRID_M`.
    """
    order = np.lexsort((y_m, x_m, hotspot))
    x_m, y_m, hotspot = x_m[order], y_m[order], hotspot[order]
    wide = join_discs(x_m, y_m, hotspot, np.full(len(x_m), eps_m))
    closed = shapely.buffer(wide, -eps_m / 2, quad_segs=QUADRANT)
    outlines = np.asarray(shapely.set_precision(closed, GRID_M), dtype=object)
    crowded = _crowded(outlines) if apart else np.zeros(0, dtype=np.int64)
    if len(crowded):
        radius = _free_radius(x_m, y_m, hotspot, eps_m / 2)
        among = np.isin(hotspot, crowded)
        discs = join_discs(x_m[among], y_m[among], hotspot[among], radius[among])
        outlines[crowded] = shapely.set_precision(discs, GRID_M)
    return np.asarray(shapely.normalize(outlines), dtype=object)


def _crowded(outlines: NDArray[Any]) -> NDArray[np.int64]:
    """Return the outlines that meet another."""
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    return np.unique(one[one != other])


def _free_radius(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], hotspot: NDArray[np.int64], most_m: float
) -> NDArray[np.float64]:
    """Return `most_m`, or less where another hot spot has a place nearer than twice that."""
    from scipy.spatial import cKDTree

    xy = np.column_stack([x_m, y_m])
    radius = np.full(len(xy), most_m)
    pairs = cKDTree(xy).query_pairs(2 * most_m, output_type="ndarray")
    pairs = pairs[hotspot[pairs[:, 0]] != hotspot[pairs[:, 1]]]
    # 0.49 rather than half: the rounding of corners must not make two discs touch
    half = 0.49 * np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    for side in (0, 1):
        np.minimum.at(radius, pairs[:, side], half)
    return radius
