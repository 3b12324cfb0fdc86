"""The loops of `hotspots.partition`, compiled.

Imported only when many points are partitioned, since numba takes a quarter of a second to load.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled
from hotspots.partition.cells import (
    Floats,
    Ints,
    Points,
    around,
    begin,
    distance2,
    put_box,
    reach,
)

Bools = NDArray[np.bool_]

SOME = 8
"""Points of each of two cells between which every pair is looked at."""


@compiled
def reaches(
    points: Points, weight: Ints, box: Floats, cells: Ints, i: int, limits: tuple[float, int]
) -> bool:
    """Tell whether the weights in `cells` within reach of point `i` make up the least weight."""
    x, y, start = points.x, points.y, points.start
    eps2, lacking = limits
    at_x, at_y = float(x[i]), float(y[i])
    for cell in cells:
        if distance2(box, cell, at_x, at_y) <= eps2:
            for j in range(start[cell], start[cell + 1]):
                dx, dy = at_x - x[j], at_y - y[j]
                if dx * dx + dy * dy <= eps2:
                    lacking -= weight[j]
            if lacking <= 0:
                return True
    return False


@compiled
def find_core(
    points: Points,
    box: Floats,
    weight: Ints,
    own: Ints,
    limits: tuple[float, int],
    cells: tuple[int, int],
    core: Bools,
) -> None:
    """Tell which points of a range of cells are core.

    Parameters
    ----------
    points, box
        All points, and `boxes` of their cells.
    weight, own
        Of each point and of each cell.
    limits
        Squared distance and least weight.
    cells
        First cell, and the one after the last.
    core
        Changed here, shape (n,).
    """
    start, key, height = points.start, points.key, points.height
    eps2, least = limits
    at, found = begin(key, height, cells[0]), np.empty(24, dtype=np.int64)
    for cell in range(cells[0], cells[1]):
        n = around(key, height, cell, at, found)
        sure, possible, unsure = own[cell], own[cell], 0
        for k in found[:n]:
            near, far = reach(box, cell, k)
            if near <= eps2:
                possible += own[k]
            if far <= eps2:
                sure += own[k]
            elif near <= eps2:
                found[unsure] = k
                unsure += 1
        core[start[cell] : start[cell + 1]] = sure >= least
        if sure < least <= possible:
            for i in range(start[cell], start[cell + 1]):
                core[i] = reaches(points, weight, box, found[:unsure], i, (eps2, least - sure))


@compiled
def core_first(points: Points, core: Bools) -> Ints:
    """Put the core points of each cell before its other points; return where they end."""
    x, y, original, start, _key, _height = points
    stop = np.empty(len(start) - 1, dtype=np.int64)
    for cell in range(len(stop)):
        end = start[cell]
        for i in range(start[cell], start[cell + 1]):
            if core[i]:
                x[i], x[end] = x[end], x[i]
                y[i], y[end] = y[end], y[i]
                original[i], original[end] = original[end], original[i]
                end += 1
        stop[cell] = end
    return stop


@compiled
def divide(points: Points, first: int, end: int, box: Floats) -> int:
    """Put the points in one half of their box first; return where they end."""
    x, y, original, _start, _key, _height = points
    along, middle = x, (box[0] + box[1]) / 2
    if box[3] - box[2] > box[1] - box[0]:
        along, middle = y, (box[2] + box[3]) / 2
    half = first
    for i in range(first, end):
        if along[i] <= middle:
            x[i], x[half] = x[half], x[i]
            y[i], y[half] = y[half], y[i]
            original[i], original[half] = original[half], original[i]
            half += 1
    return half


@compiled
def any_pair(points: Points, one: tuple[int, int], other: tuple[int, int], eps2: float) -> bool:
    """Tell whether a pair of points is within reach, looking at every pair."""
    x, y = points.x, points.y
    for i in range(one[0], one[1]):
        for j in range(other[0], other[1]):
            dx, dy = float(x[i]) - x[j], float(y[i]) - y[j]
            if dx * dx + dy * dy <= eps2:
                return True
    return False


@compiled
def touch(points: Points, one: tuple[int, int], other: tuple[int, int], eps2: float) -> bool:
    """Tell whether any point of one range is within reach of any of the other.

    Boxes that are out of reach are left, boxes wholly within reach settle it, all others are halved
    – so two crowded cells that lie just out of reach don't cost the product of their points.
    Changes the order of the points within the ranges.
    """
    a, b, c, d = one[0], one[1], other[0], other[1]
    # a few pairs settle most cells that lie side by side
    if any_pair(points, (a, min(b, a + SOME)), (c, min(d, c + SOME)), eps2):
        return True
    if b - a <= SOME and d - c <= SOME:
        return False
    box = np.empty((2, 4))
    todo = np.empty((128, 4), dtype=np.int64)
    todo[0] = a, b, c, d
    n = 1
    while n:
        n -= 1
        a, b, c, d = todo[n]
        if (b - a) * (d - c) <= SOME * SOME:
            if any_pair(points, (a, b), (c, d), eps2):
                return True
            continue
        put_box(points, a, b, box[0])
        put_box(points, c, d, box[1])
        near, far = reach(box, 0, 1)
        if far <= eps2:
            return True
        if near > eps2:
            continue
        size = np.maximum(box[:, 1] - box[:, 0], box[:, 3] - box[:, 2])
        todo[n] = todo[n + 1] = a, b, c, d
        if size[0] >= size[1]:
            todo[n, 1] = todo[n + 1, 0] = divide(points, a, b, box[0])
        else:
            todo[n, 3] = todo[n + 1, 2] = divide(points, c, d, box[1])
        n += 2
    return False


@compiled
def root(parent: Ints, cell: int) -> int:
    """Return the cell that stands for all that hang together with `cell`."""
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@compiled
def join(points: Points, stop: Ints, box: Floats, eps2: float) -> Ints:
    """Return for each cell the one that stands for all that hang together with it."""
    start, key, height = points.start, points.key, points.height
    parent = np.arange(len(stop))
    at, found = begin(key, height, 0), np.empty(24, dtype=np.int64)
    for cell in range(len(stop)):
        n = around(key, height, cell, at, found)
        if stop[cell] == start[cell]:
            continue
        for k in found[:n][::-1]:  # those beside it first: they join most of the others
            if k > cell or stop[k] == start[k]:
                continue
            one, other = root(parent, cell), root(parent, k)
            if one == other:
                continue
            near, far = reach(box, cell, k)
            if far <= eps2 or (
                near <= eps2 and touch(points, (start[cell], stop[cell]), (start[k], stop[k]), eps2)
            ):
                parent[max(one, other)] = min(one, other)
    for cell in range(len(stop)):
        parent[cell] = root(parent, cell)
    return parent


@compiled
def first_core(points: Points, stop: Ints, parent: Ints) -> Ints:
    """Return the westernmost core point of each cluster, the southernmost of these; shape (k,)."""
    x, y = points.x, points.y
    first = np.full(len(stop), -1, dtype=np.int64)
    for cell in range(len(stop)):
        best = first[parent[cell]]
        for i in range(points.start[cell], stop[cell]):
            if best < 0 or x[i] < x[best] or (x[i] == x[best] and y[i] < y[best]):
                best = i
        first[parent[cell]] = best
    return first


@compiled
def put_labels(
    points: Points,
    stop: Ints,
    box: Floats,
    cluster: Ints,
    eps2: float,
    cells: tuple[int, int],
    label: Ints,
) -> None:
    """Put the cluster of each point of a range of cells into `label`, in the order given.

    Parameters
    ----------
    points, stop, box
        Points, core ones first in each cell, where these end, and their boxes.
    cluster
        Of the core points of each cell.
    eps2
        Squared distance.
    cells
        First cell, and the one after the last.
    label
        Changed here for points that belong to a cluster, shape (n,).
    """
    x, y, original, start, key, height = points
    at, found = begin(key, height, cells[0]), np.empty(25, dtype=np.int64)
    for cell in range(cells[0], cells[1]):
        n = around(key, height, cell, at, found)
        found[n] = cell
        for i in range(start[cell], stop[cell]):
            label[original[i]] = cluster[cell]
        for i in range(stop[cell], start[cell + 1]):
            least, best, at_x, at_y = eps2, -1, float(x[i]), float(y[i])
            for k in found[: n + 1]:
                if stop[k] == start[k] or distance2(box, k, at_x, at_y) > least:
                    continue
                for j in range(start[k], stop[k]):
                    dx, dy = at_x - x[j], at_y - y[j]
                    d2 = dx * dx + dy * dy
                    if d2 < least or (
                        d2 == least
                        and (best < 0 or x[j] < x[best] or (x[j] == x[best] and y[j] < y[best]))
                    ):
                        least, best = d2, j
                        label[original[i]] = cluster[k]
