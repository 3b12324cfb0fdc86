"""Points laid in square cells, and which cells lie around a cell; compiled.

Coordinates are whole centimetres, kept in 32 bits and squared in float64: exact below 2**53, and
what processors compute four at a time. Memory that is touched for the first time costs as much as
the work on it, so arrays of all points are few and narrow.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotspots.compiled import compiled

Short = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

DIGIT = 11
"""Bits sorted by in one pass: 2,048 counters stay in the nearest cache."""


class Points(NamedTuple):
    """Points in order of their cells: column by column, each from the south.

    Attributes
    ----------
    x, y
        Whole centimetres from the south-western corner, shape (n,).
    original
        Index of the point as given, shape (n,).
    start
        Where the points of each cell begin, and where the last ones end, shape (cells + 1,).
    key
        Column × `height` + row of each cell, ascending, shape (cells,).
    height
        Rows, with empty ones at both ends: no step of two wraps into the next column.
    """

    x: Short
    y: Short
    original: Short
    start: Ints
    key: Ints
    height: int


@compiled
def sorting(key: Ints) -> Short:
    """Return the order that sorts `key` (0 or more), equal ones as they stand: radix sort."""
    n = len(key)
    order, other = np.arange(n).astype(np.int32), np.empty(n, dtype=np.int32)
    bits, most = 0, key.max()
    while most >> bits:
        bits += 1
    passes = (bits + DIGIT - 1) // DIGIT
    for k in range(passes):
        width = (bits + passes - 1) // passes
        shift, mask = k * width, (1 << width) - 1
        at = np.zeros((1 << width) + 1, dtype=np.int64)
        for i in range(n):
            at[((key[i] >> shift) & mask) + 1] += 1
        at = np.cumsum(at)
        for i in range(n):
            point = order[i]
            digit = (key[point] >> shift) & mask
            other[at[digit]] = point
            at[digit] += 1
        order, other = other, order
    return order


@compiled
def lay(x_m: Floats, y_m: Floats, side: float) -> Points:
    """Return the points by square cells of `side` centimetres; there must be at least one."""
    n = len(x_m)
    west, south = np.rint(x_m.min() * 100), np.rint(y_m.min() * 100)
    height = int((np.rint(y_m.max() * 100) - south) / side) + 5
    x, y = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    keys = np.empty(n, dtype=np.int64)
    for i in range(n):
        x[i], y[i] = np.rint(x_m[i] * 100) - west, np.rint(y_m[i] * 100) - south
        # whole numbers: a quotient below a whole number isn't rounded up to it
        keys[i] = (int(x[i] / side) + 2) * height + int(y[i] / side) + 2
    original = sorting(keys)
    cells, last = 0, -1
    for point in original:
        cells += keys[point] != last
        last = keys[point]
    start, key = np.empty(cells + 1, dtype=np.int64), np.empty(cells, dtype=np.int64)
    of_x, of_y = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    cells, last = 0, -1
    for i in range(n):
        point = original[i]
        of_x[i], of_y[i] = x[point], y[point]
        if keys[point] != last:
            last = keys[point]
            start[cells], key[cells] = i, last
            cells += 1
    start[cells] = n
    return Points(of_x, of_y, original, start, key, height)


@compiled
def put_box(points: Points, first: int, end: int, box: Floats) -> None:
    """Put west, east, south and north of points `first` to `end`, at least one, into `box`."""
    x, y = points.x, points.y
    west = east = float(x[first])
    south = north = float(y[first])
    for i in range(first + 1, end):
        west, east = min(west, x[i]), max(east, x[i])
        south, north = min(south, y[i]), max(north, y[i])
    box[0], box[1], box[2], box[3] = west, east, south, north


@compiled
def boxes(points: Points, stop: Ints) -> Floats:
    """Return the box of the points of each cell before `stop`, (cells, 4); empty cells have any."""
    box = np.zeros((len(stop), 4))
    for cell in range(len(stop)):
        if stop[cell] > points.start[cell]:
            put_box(points, points.start[cell], stop[cell], box[cell])
    return box


@compiled
def begin(key: Ints, height: int, cell: int) -> Ints:
    """Return where `around` starts to look when `cell` is the first it is asked for; shape (5,)."""
    at = np.empty(5, dtype=np.int64)
    for column in range(5):
        at[column] = np.searchsorted(key, key[cell] + (column - 2) * height - 2)
    return at


@compiled
def around(key: Ints, height: int, cell: int, at: Ints, found: Ints) -> int:
    """Put the cells within two columns and rows of `cell`, without itself, into `found`.

    Asked for one cell after the other, so that `at` only ever moves on. Returns how many.
    """
    n = 0
    for column in range(5):
        middle = key[cell] + (column - 2) * height
        k = at[column]
        while k < len(key) and key[k] < middle - 2:
            k += 1
        at[column] = k
        while k < len(key) and key[k] <= middle + 2:
            if k != cell:
                found[n] = k
                n += 1
            k += 1
    return n


@compiled
def reach(box: Floats, one: int, other: int) -> tuple[float, float]:
    """Return the least and the greatest squared distance between points of two boxes."""
    dx = max(box[other, 0] - box[one, 1], box[one, 0] - box[other, 1], 0.0)
    dy = max(box[other, 2] - box[one, 3], box[one, 2] - box[other, 3], 0.0)
    wide = max(box[other, 1] - box[one, 0], box[one, 1] - box[other, 0])
    high = max(box[other, 3] - box[one, 2], box[one, 3] - box[other, 2])
    return dx * dx + dy * dy, wide * wide + high * high


@compiled
def distance2(box: Floats, cell: int, x: float, y: float) -> float:
    """Return the squared distance from a point to the box of a cell, 0 within it."""
    dx = max(box[cell, 0] - x, x - box[cell, 1], 0.0)
    dy = max(box[cell, 2] - y, y - box[cell, 3], 0.0)
    return float(dx * dx + dy * dy)
