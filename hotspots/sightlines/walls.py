"""Walls: the edges of footprints, kept by where they stand."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

CELL_M: Final = 25.0
"""Side of the squares that walls are looked up by, metres."""


class EdgeGrid(NamedTuple):
    """Edges by square cell: cell ``c`` holds ``edge[start[c] : start[c + 1]]``.

    ``edges`` (m, 4) are x, y of the first and of the second end, metres; cells are numbered by
    column, then row, from ``west``, ``south``.
    """

    edges: Floats
    start: Ints
    edge: Ints
    west: float
    south: float
    side: float
    columns: int
    rows: int


def edges_of(shapes: Shapes) -> tuple[Floats, NDArray[np.int64]]:
    """Return all edges of polygons and multipolygons, the inside to their left, and whose each is.

    Returns
    -------
    tuple
        x, y of the first and of the second end, shape (m, 4), and the row of the polygon, (m,).
    """
    pieces, of_piece = shapely.get_parts(shapes, return_index=True)
    rings, of_ring = shapely.get_rings(shapely.orient_polygons(pieces), return_index=True)
    xy, of_corner = shapely.get_coordinates(rings, return_index=True)
    same = of_corner[1:] == of_corner[:-1]
    edges = np.column_stack([xy[:-1], xy[1:]])[same]
    return edges.astype(np.float64), of_piece[of_ring[of_corner[:-1][same]]].astype(np.int64)


def edge_grid(shapes: Shapes) -> EdgeGrid:
    """Return the edges of polygons by the squares that their bounds touch."""
    edges, _of = edges_of(shapes)
    if not len(edges):
        empty = np.zeros(0, dtype=np.int64)
        return EdgeGrid(edges, np.zeros(2, dtype=np.int64), empty, 0.0, 0.0, CELL_M, 1, 1)
    low = np.minimum(edges[:, :2], edges[:, 2:])
    high = np.maximum(edges[:, :2], edges[:, 2:])
    corner = low.min(axis=0)
    first = ((low - corner) // CELL_M).astype(np.int64)
    last = ((high - corner) // CELL_M).astype(np.int64)
    columns, rows = (last.max(axis=0) + 1).tolist()
    wide = last - first + 1
    count = wide[:, 0] * wide[:, 1]
    edge = np.repeat(np.arange(len(edges)), count)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    tall = wide[edge, 1]
    cell = (first[edge, 0] + nth // tall) * rows + first[edge, 1] + nth % tall
    order = np.argsort(cell, kind="stable")
    start = np.zeros(columns * rows + 1, dtype=np.int64)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=start[1:])
    west, south = corner.tolist()
    return EdgeGrid(edges, start, edge[order], west, south, CELL_M, columns, rows)
