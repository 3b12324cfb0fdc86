"""Views: the ground that a camera sees, as polygons."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.sightlines.obstacles import Obstacles
from hotspots.sightlines.options import ViewOptions
from hotspots.sightlines.walls import edges_of

Floats = NDArray[np.float64]
Shapes = NDArray[np.object_]

TURN: Final = 2 * np.pi

OFF_WALL_M: Final = 0.001
"""A point closer to a house than this stands in its wall, metres."""


def views(
    xy: Floats,
    bearing_deg: Floats,
    options: ViewOptions,
    obstacles: Obstacles,
    *,
    reach_m: Floats | None = None,
    field_of_view_deg: Floats | None = None,
) -> Shapes:
    """Return the ground that each camera sees: exact visibility polygons.

    Parameters
    ----------
    xy
        Where the cameras stand, metres, shape (n, 2).
    bearing_deg
        Middle of each one's sector, degrees clockwise from grid north, shape (n,); ``NaN`` for a
        camera that turns: the whole circle.
    options
        Reach (settled, see `ViewOptions.settled`) and sector.
    obstacles
        What hides (`make_obstacles`); with no houses, views are whole sectors.
    reach_m, field_of_view_deg
        Of each camera, shape (n,), when they are not all those of `options`.

    Returns
    -------
    numpy.ndarray
        One polygon a camera, shape (n,): all points within reach and sector to which the line from
        the camera crosses no house. Corners are exact. An arc is drawn as chords that lie at most
        1 cm from it and hold the arc's exact area. Where houses lower than the camera stand in the
        way it may be a multipolygon: such a house of height ``b`` under a camera of height ``c``
        hides the ground to ``c / (c − b)`` times as far away as its own far side. A camera that
        stands in a house, or less than 1 mm from its wall, sees nothing: an empty polygon.

    Raises
    ------
    SettingsError
        ``no_reach`` when the reach is 0.
    """
    from hotspots.sightlines.sweep import sweep

    n = len(xy)
    reach = np.full(n, options.metres()) if reach_m is None else reach_m.astype(np.float64)
    angle = field_of_view_deg if field_of_view_deg is not None else options.field_of_view_deg
    width = np.where(np.isnan(bearing_deg), TURN, np.minimum(np.radians(angle), TURN))
    zero = np.where(width < TURN, np.radians(90.0 - bearing_deg) - width / 2, -np.pi)
    zero = np.mod(zero + np.pi, TURN) - np.pi  # as arctan2 gives them
    found = np.full(n, shapely.Polygon(), dtype=object)
    outside = np.flatnonzero(~obstacles.inside(xy, margin_m=OFF_WALL_M) & (reach > 0))
    if len(outside):
        at = np.ascontiguousarray(xy[outside], dtype=np.float64)
        corners, start = sweep(obstacles.walls, at, zero[outside], width[outside], reach[outside])
        ring = np.repeat(np.arange(len(outside)), np.diff(start))
        rings = np.asarray(shapely.linearrings(corners, indices=ring), dtype=object)
        found[outside] = _sound(np.asarray(shapely.polygons(rings), dtype=object))
    return _without_low(found, xy, obstacles) if len(obstacles.low) else found


def _sound(polygons: Shapes) -> Shapes:
    """Return the polygons, mended where the last binary digits made two sides cross."""
    for at in np.flatnonzero(~shapely.is_valid(polygons)):
        mended = shapely.get_parts(shapely.make_valid(polygons[at], method="structure"))
        polygons[at] = mended[np.argmax(shapely.area(mended))]
    return polygons


def _without_low(found: Shapes, xy: Floats, obstacles: Obstacles) -> Shapes:
    """Take away what houses lower than the camera hide: themselves and their shadows."""
    view, house = obstacles.low_tree.query(found, predicate="intersects")
    order = np.lexsort((house, view))
    view, house = view[order], house[order]
    for at, first, last in _runs(view):
        near = house[first:last]
        hidden = [
            shadow(obstacles.low[k], xy[at], obstacles.low_height_m[k], obstacles.mount_height_m)
            for k in near
        ]
        left = shapely.difference(found[at], shapely.union_all(hidden))
        pieces = shapely.get_parts(left)
        pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
        found[at] = pieces[0] if len(pieces) == 1 else shapely.multipolygons(pieces)
    return found


def _runs(sorted_rows: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """Return each value with where it begins and ends."""
    values, first = np.unique(sorted_rows, return_index=True)
    last = np.append(first, len(sorted_rows))[1:]
    return list(zip(values.tolist(), first.tolist(), last.tolist(), strict=True))


def shadow(house: shapely.Polygon, at: Floats, height_m: float, mount_m: float) -> shapely.Geometry:
    """Return the ground that a low house hides from a camera: itself and its shadow.

    A line from the camera's height over the roof's far side meets the ground ``mount / (mount −
    height)`` times as far away as that side. So the shadow is the footprint stretched from the
    camera by every factor from 1 to that: the footprint, its stretched copy, and the ground that
    each wall sweeps between the two.
    """
    factor = mount_m / (mount_m - height_m)
    edges, _of = edges_of(np.array([house], dtype=object))
    near = edges - np.tile(at, 2)
    far = near * factor
    rings = np.stack([near[:, :2], near[:, 2:], far[:, 2:], far[:, :2]], axis=1)
    swept = np.asarray(shapely.polygons(rings + at), dtype=object)
    swept = swept[shapely.area(swept) > 0]
    stretched = shapely.transform(house, lambda xy: at + (xy - at) * factor)
    return shapely.union_all(np.concatenate([swept, [house, stretched]]))
