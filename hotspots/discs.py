"""The union of many discs, from the few that its edge is made of.

In a hot spot of a thousand places nearly all discs lie hidden under their neighbours. A disc whose
circle is covered by those of a few near neighbours has no part in the edge; only the others are
joined. What is then missing is no more than holes that the hidden discs filled, and they are filled
again. The union is the same as that of all discs, in a third of the time.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

QUADRANT: Final = 6
"""Corners a quarter of a circle: drawn within 2 % of its radius."""

_NEIGHBOURS: Final = 16
"""Nearest neighbours asked whether they cover a circle; with more of them few more are hidden."""

_INSCRIBED: Final = 0.99
"""A circle of this share of a disc's radius lies within its drawn polygon (cos 3.75° = 0.998)."""

_AT_ONCE: Final = 20_000
"""Discs that are asked about in one go: some 30 MB."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def join_discs(x_m: Floats, y_m: Floats, group: Ints, radius_m: Floats) -> NDArray[Any]:
    """Return the union of the discs of each group.

    A union of discs rather than the buffer of a cloud of points, which takes 600 times as long for
    a thousand points that lie close.

    Parameters
    ----------
    x_m, y_m
        Centres, metres, shape (n,); none twice in a group.
    group
        Group of each disc, ascending, shape (n,).
    radius_m
        Radius of each, metres, shape (n,); they are drawn as polygons of ``4 * QUADRANT`` corners.

    Returns
    -------
    numpy.ndarray
        Polygons or MultiPolygons, one a group in order, shape (k,).
    """
    xy = np.column_stack([x_m, y_m])
    hidden = _hidden(xy, group, radius_m)
    keys, start = np.unique(group[~hidden], return_index=True)
    discs = _draw(xy[~hidden], radius_m[~hidden])
    stops = np.append(start[1:], len(discs))
    joined = np.empty(len(keys), dtype=object)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # GEOS lets go of the interpreter's lock
        parts = zip(start.tolist(), stops.tolist(), strict=True)
        joined[:] = list(pool.map(lambda part: shapely.union_all(discs[slice(*part)]), parts))
    number = np.searchsorted(keys, group[hidden])
    return _fill(joined, xy[hidden], number, radius_m[hidden])


def _draw(xy: Floats, radius_m: Floats) -> NDArray[Any]:
    return np.asarray(
        shapely.buffer(shapely.points(xy), radius_m, quad_segs=QUADRANT), dtype=object
    )


def _hidden(xy: Floats, group: Ints, radius_m: Floats) -> NDArray[np.bool_]:
    """Tell which discs have their whole circle under those of near neighbours, shape (n,).

    A neighbour covers an arc about the direction to it; arcs are laid end to end. The circle tested
    is the one about the drawn polygon, those of neighbours are the ones within theirs, so no disc
    that shows is taken for hidden, but some that are hidden are not found.
    """
    from scipy.spatial import cKDTree

    most = float(radius_m.max(initial=0.0))
    # each group on a floor of its own, so that all neighbours are of the same group
    floors = np.column_stack([xy, group * (4.0 * most)])
    k = min(_NEIGHBOURS + 1, len(xy))
    hidden = np.zeros(len(xy), dtype=bool)
    if k < 4:  # three neighbours at least are needed to go round
        return hidden
    tree = cKDTree(floors)
    for begin in range(0, len(xy), _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        found = tree.query(floors[part], k=k, distance_upper_bound=2.0 * most)
        apart, other = (np.asarray(values) for values in found)
        none = ~np.isfinite(apart) | (apart == 0)
        apart, other = np.where(none, 1.0, apart), np.where(none, 0, other)
        step = xy[other] - xy[part, None]
        hidden[part] = _covered(step, apart, none, radius_m[part, None], radius_m[other])
    return hidden


def _covered(
    step: Floats, apart: Floats, none: NDArray[np.bool_], mine: Floats, theirs: Floats
) -> NDArray[np.bool_]:
    """Tell which circles are covered by their neighbours; all but `step` of shape (n, k) or (n, 1).

    `step` leads to the neighbour, shape (n, k, 2); where `none` is true there is no neighbour.
    """
    theirs = _INSCRIBED * theirs
    cosine = (apart**2 + mine**2 - theirs**2) / (2 * apart * mine)
    none = none | (cosine >= 1)
    middle = np.arctan2(step[..., 1], step[..., 0])
    half = np.arccos(np.clip(cosine, -1, 1))
    low, high = np.where(none, np.inf, middle - half), np.where(none, -np.inf, middle + half)
    order = np.argsort(low, axis=1)
    low, high = np.take_along_axis(low, order, 1), np.take_along_axis(high, order, 1)
    reached = np.maximum.accumulate(high, axis=1)
    open_after = (low[:, 1:] > reached[:, :-1]) & np.isfinite(low[:, 1:])
    round_it = reached[:, -1] >= low[:, 0] + 2 * np.pi
    covered: NDArray[np.bool_] = round_it & ~open_after.any(axis=1)
    return covered


def _fill(joined: NDArray[Any], xy: Floats, group: Ints, radius_m: Floats) -> NDArray[Any]:
    """Return the unions with the gaps filled that lie under hidden discs.

    The edge of the whole union is part of the edge of discs that are not hidden, so a gap between
    them lies under hidden discs everywhere or nowhere: one point of it tells which.
    """
    gaps, owner, hole = _gaps(joined)
    if not len(gaps) or not len(xy):
        return joined
    spots = np.asarray(shapely.point_on_surface(gaps), dtype=object)
    centres = np.asarray(shapely.points(xy), dtype=object)
    reach = shapely.STRtree(centres).query(
        spots, predicate="dwithin", distance=float(radius_m.max())
    )
    gap, disc = reach[:, owner[reach[0]] == group[reach[1]]]
    under = shapely.intersects(spots[gap], _draw(xy[disc], radius_m[disc]))
    filled = np.unique(gap[under])
    plain = filled[hole[filled] >= 0]
    joined = _without(joined, hole[plain])
    islands = filled[hole[filled] < 0]
    for i in np.unique(owner[islands]).tolist():
        joined[i] = shapely.union_all([joined[i], *gaps[islands[owner[islands] == i]]])
    return joined


def _without(joined: NDArray[Any], holes: Ints) -> NDArray[Any]:
    """Return the unions without some of their holes, numbered as they come; shape (k,)."""
    parts, of_part = shapely.get_parts(joined, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    outer = np.concatenate([[True], of_ring[1:] != of_ring[:-1]])
    kept = np.ones(len(rings), dtype=bool)
    kept[np.flatnonzero(~outer)[holes]] = False
    changed = np.unique(of_part[of_ring[~kept]])
    whole = np.asarray(shapely.polygons(rings[kept], indices=of_ring[kept]), dtype=object)
    made = joined.copy()
    for i in changed.tolist():
        own = whole[of_part == i]
        made[i] = own[0] if len(own) == 1 else shapely.multipolygons(own)
    return made


def _gaps(joined: NDArray[Any]) -> tuple[NDArray[Any], Ints, Ints]:
    """Return the holes of each union, less the islands within them.

    Returns
    -------
    tuple
        Gaps; the number of the union of each; and the number of its hole, as they come, or −1 where
        there are islands in it. All of shape (gaps,).
    """
    parts, of_part = shapely.get_parts(joined, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    outer = np.concatenate([[True], of_ring[1:] != of_ring[:-1]])
    holes = np.asarray(shapely.polygons(rings[~outer]), dtype=object)
    owner = of_part[of_ring[~outer]]
    tree = shapely.STRtree(shapely.get_point(rings[outer], 0))
    hole, island = tree.query(holes, predicate="contains")
    same = owner[hole] == of_part[island]
    number = np.arange(len(holes))
    for i in np.unique(hole[same]).tolist():
        holes[i] = shapely.difference(holes[i], shapely.union_all(parts[island[hole == i]]))
        number[i] = -1
    gaps, of_gap = shapely.get_parts(holes, return_index=True)
    return gaps, owner[of_gap], number[of_gap]
