"""Points in polygons, fast and exact: a coarse grid answers most, GEOS the rest.

Cells that the border of an area doesn't touch lie wholly inside or outside it, so their points are
answered by looking the cell up. Only points in cells that a border does touch are tested one by one
(`shapely.intersects_xy`, which counts the border in), so the answer is that of the exact test
throughout. Which cells lie inside is found by scan lines through the cells' centres (even-odd rule)
and which ones a border touches by following every edge through the rows of cells, drawn a little
thicker than it is so that rounding can't put a point on the wrong side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Polygons = npt.NDArray[np.object_]

POINTS_A_CELL: Final = 4.0
"""Cells are made for this many points each: fewer points, coarser grid."""

MAX_CELLS_A_SIDE: Final = 768
"""More cells leave fewer points to test, but take longer to fill and fall out of the cache."""

SLACK: Final = 1e-3
"""Borders are drawn this part of a cell thicker: far above rounding, and next to nothing."""

MANY: Final = -2
"""Code of a cell that a border touches or that several areas hold."""


def covering(x: Floats, y: Floats, polygons: Polygons, *, every: bool) -> list[Ints]:
    """Return which polygons cover each point, border included.

    Parameters
    ----------
    x, y
        Coordinates, shape (n,); a point with a missing one lies nowhere.
    polygons
        Valid polygons or multipolygons in order of preference, shape (m,).
    every
        Whether to return all that cover a point rather than the first.

    Returns
    -------
    list of numpy.ndarray
        Layers of shape (n,): positions in `polygons` of the first that covers each point, of the
        second, and so on; −1 for none. One layer when `every` is false.
    """
    layers = [np.full(len(x), -1, dtype=np.int64)]
    if not len(polygons) or not len(x):
        return layers
    x0, y0, x1, y1 = shapely.total_bounds(polygons)
    near = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
    if not near.any():
        return layers
    position = None if near.all() else np.flatnonzero(near)
    if position is not None:
        x, y = x[position], y[position]
    grid = _Grid.over(x, y)
    index = _index(polygons, grid)
    cell = grid.cells(x, y)
    code = index.code[cell]
    pairs = _test(np.flatnonzero(code == MANY), cell, x, y, polygons, index)
    code[code == MANY] = -1
    found = _layers(code, pairs, every=every)
    if position is None:
        return found
    layers = [np.full(len(near), -1, dtype=np.int64) for _layer in found]
    for layer, values in zip(layers, found, strict=True):
        layer[position] = values
    return layers


class _Grid(NamedTuple):
    """Cells over the points, ``side`` × ``side``; cell = row · side + column."""

    x0: float
    y0: float
    width: float
    height: float
    side: int

    @staticmethod
    def over(x: Floats, y: Floats) -> _Grid:
        side = int(np.clip(np.sqrt(len(x) / POINTS_A_CELL), 1, MAX_CELLS_A_SIDE))
        x0, y0 = float(x.min()), float(y.min())
        # A little more than the points need, so that none falls beyond the last cell by rounding.
        width, height = (max(float(v.max() - v.min()), 1.0) * 1.000001 / side for v in (x, y))
        return _Grid(x0, y0, width, height, side)

    def cells(self, x: Floats, y: Floats) -> Ints:
        cell = ((y - self.y0) * (1.0 / self.height)).astype(np.int64)
        cell *= self.side
        cell += ((x - self.x0) * (1.0 / self.width)).astype(np.int64)
        return cell


@dataclass(frozen=True)
class _Edges:
    """Edges of all rings in units of cells, shape (e,), with the polygon each belongs to."""

    u0: Floats
    v0: Floats
    u1: Floats
    v1: Floats
    polygon: Ints

    @staticmethod
    def of(polygons: Polygons, grid: _Grid) -> _Edges:
        parts, of_part = shapely.get_parts(polygons, return_index=True)
        rings, of_ring = shapely.get_rings(parts, return_index=True)
        xy, of_vertex = shapely.get_coordinates(rings, return_index=True)
        u, v = (xy[:, 0] - grid.x0) / grid.width, (xy[:, 1] - grid.y0) / grid.height
        owner = of_part[of_ring][of_vertex]
        within = of_vertex[1:] == of_vertex[:-1]
        ends = (u[:-1], v[:-1], u[1:], v[1:], owner[1:])
        u0, v0, u1, v1, polygon = (values[within] for values in ends)
        # Edges wholly above or below the grid meet no row of it.
        meets = (np.maximum(v0, v1) > -1) & (np.minimum(v0, v1) < grid.side + 1)
        return _Edges(u0[meets], v0[meets], u1[meets], v1[meets], polygon[meets])

    def rows(self, first: Floats, last: Floats, side: int) -> tuple[Ints, Floats]:
        """Return (edge, row) for every row from `first` to `last` that lies in the grid."""
        low = np.clip(first, 0, side).astype(np.int64)
        high = np.clip(last, -1, side - 1).astype(np.int64)
        edge, offset = _expand(np.maximum(high - low + 1, 0))
        return edge, (low[edge] + offset).astype(np.float64)

    def at(self, edge: Ints, v: Floats) -> Floats:
        """Return u where the edges stand at height v; the start's u for level edges."""
        rise = self.v1[edge] - self.v0[edge]
        share = np.divide(v - self.v0[edge], rise, out=np.zeros_like(v), where=rise != 0)
        return self.u0[edge] + np.clip(share, 0, 1) * (self.u1[edge] - self.u0[edge])


def _expand(counts: Ints) -> tuple[Ints, Ints]:
    """Return for counts (2, 0, 3) the positions (0, 0, 2, 2, 2) and offsets (0, 1, 0, 1, 2)."""
    position = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return position, np.arange(len(position)) - (ends - counts)[position]


def _touched(edges: _Edges, grid: _Grid) -> tuple[Ints, Ints]:
    """Return (cell, polygon) for every cell touched by the polygon's border, perhaps a few more."""
    low, high = np.minimum(edges.v0, edges.v1), np.maximum(edges.v0, edges.v1)
    edge, row = edges.rows(np.floor(low - SLACK), np.floor(high + SLACK), grid.side)
    enter = edges.at(edge, np.maximum(low[edge], row - SLACK))
    leave = edges.at(edge, np.minimum(high[edge], row + 1 + SLACK))
    run, rise = np.abs(edges.u1 - edges.u0)[edge], (high - low)[edge]
    # The flatter an edge, the worse its u is known from v: by rounding of v times run over rise.
    rounding = 1e-14 * (1 + np.maximum(np.abs(low), np.abs(high)))[edge]
    slack = SLACK + np.divide(run * rounding, rise, out=run.copy(), where=rise > rounding)
    first = np.floor(np.maximum(np.minimum(enter, leave) - slack, 0)).astype(np.int64)
    last = np.floor(np.minimum(np.maximum(enter, leave) + slack, grid.side - 1)).astype(np.int64)
    piece, offset = _expand(np.maximum(last - first + 1, 0))
    cell = row[piece].astype(np.int64) * grid.side + first[piece] + offset
    return cell, edges.polygon[edge[piece]]


def _inside(edges: _Edges, grid: _Grid) -> tuple[Ints, Ints]:
    """Return (cell, polygon) for every cell whose centre lies in the polygon."""
    low, high = np.minimum(edges.v0, edges.v1), np.maximum(edges.v0, edges.v1)
    # Half-open: a vertex at the height of the centres belongs to the edge above it only.
    edge, row = edges.rows(np.ceil(low - 0.5), np.ceil(high - 0.5) - 1, grid.side)
    crossing = np.ceil(edges.at(edge, row + 0.5) - 0.5)
    column = np.clip(crossing, 0, grid.side).astype(np.int64)
    line = edges.polygon[edge] * grid.side + row.astype(np.int64)
    spans = np.sort(line * (grid.side + 1) + column)
    line, begin = np.divmod(spans[0::2], grid.side + 1)
    span, offset = _expand(spans[1::2] - spans[0::2])
    polygon, of_row = np.divmod(line[span], grid.side)
    return of_row * grid.side + begin[span] + offset, polygon


@dataclass(frozen=True)
class _Index:
    """What each cell holds.

    ``code``: −1 nothing, ≥ 0 wholly inside that polygon and no other, `MANY` see the entries
    ``begin[cell]`` to ``begin[cell + 1]``: ``polygon``, and whether its border touches the cell.
    """

    code: Ints
    begin: Ints
    polygon: Ints
    border: Bools


def _index(polygons: Polygons, grid: _Grid) -> _Index:
    edges, n, n_cells = _Edges.of(polygons, grid), len(polygons), grid.side**2
    cell, polygon = _touched(edges, grid)
    border = np.unique(cell * n + polygon)
    many = np.zeros(n_cells, dtype=bool)
    many[border // n] = True
    cell, polygon = _inside(edges, grid)
    many |= np.bincount(cell, minlength=n_cells) > 1
    code = np.full(n_cells, -1, dtype=np.int64)
    code[cell] = polygon
    code[many] = MANY
    listed = many[cell]
    inside = cell[listed] * n + polygon[listed]
    keys = np.concatenate([border, inside[~np.isin(inside, border, assume_unique=True)]])
    order = np.argsort(keys, kind="stable")
    cell, polygon = np.divmod(keys[order], n)
    begin = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=n_cells))])
    return _Index(code, begin, polygon, order < len(border))


def _test(
    points: Ints, cell: Ints, x: Floats, y: Floats, polygons: Polygons, index: _Index
) -> tuple[Ints, Ints]:
    """Return (point, polygon) for all points in cells with entries, in order of both."""
    begin = index.begin[cell[points]]
    which, offset = _expand(index.begin[cell[points] + 1] - begin)
    entry = begin[which] + offset
    point, polygon = points[which], index.polygon[entry]
    covered = ~index.border[entry]
    asked = np.flatnonzero(~covered)
    asked = asked[np.argsort(polygon[asked], kind="stable")]
    ends = np.searchsorted(polygon[asked], np.arange(len(polygons) + 1))
    for number in np.flatnonzero(np.diff(ends)):
        some = asked[ends[number] : ends[number + 1]]
        shapely.prepare(polygons[number])
        covered[some] = shapely.intersects_xy(polygons[number], x[point[some]], y[point[some]])
    return point[covered], polygon[covered]


def _layers(code: Ints, pairs: tuple[Ints, Ints], *, every: bool) -> list[Ints]:
    """Put the tested pairs beside the answers looked up."""
    point, polygon = pairs
    fresh = np.flatnonzero(np.diff(point, prepend=-1))
    rank = np.arange(len(point)) - np.repeat(fresh, np.diff(fresh, append=len(point)))
    depth = int(rank.max()) + 1 if every and len(rank) else 1
    layers = [code] + [np.full(len(code), -1, dtype=np.int64) for _layer in range(depth - 1)]
    for number, layer in enumerate(layers):
        here = rank == number
        layer[point[here]] = polygon[here]
    return layers
