"""Points at the corners of houses, where a camera on the wall sees along two façades."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

PLAIN_M: Final = 0.5
"""Jogs of a wall smaller than this are no corners, metres."""

LEAST_TURN: Final = np.radians(30.0)
"""A wall that turns less than this has no corner there."""


def corner_points(houses: Shapes, off_wall_m: float) -> Floats:
    """Return a point outside each outward corner of the houses.

    Parameters
    ----------
    houses
        Polygons that don't overlap. Courtyards are left out: their corners look at private ground.
    off_wall_m
        How far from the corner, along the line that halves it, metres.

    Returns
    -------
    numpy.ndarray
        Shape (n, 2), in the order of houses and rings.
    """
    plain = shapely.simplify(houses, PLAIN_M)
    rings = shapely.get_exterior_ring(shapely.orient_polygons(plain))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    found = [np.zeros((0, 2))]
    for corners in np.split(xy, np.flatnonzero(np.diff(ring)) + 1):
        if len(corners) < 4:
            continue
        corner = corners[:-1]
        before = corner - np.roll(corner, 1, axis=0)
        after = np.roll(corner, -1, axis=0) - corner
        before /= np.hypot(*before.T)[:, None]
        after /= np.hypot(*after.T)[:, None]
        turn = np.arctan2(
            before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0], (before * after).sum(axis=1)
        )
        out = before - after
        outward = turn >= LEAST_TURN
        out = out[outward] / np.hypot(*out[outward].T)[:, None]
        found.append(corner[outward] + off_wall_m * out)
    return np.concatenate(found)
