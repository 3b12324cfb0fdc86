"""The partition in numpy, for towns of thousands of places: ready at once, nothing to compile.

The pairs that have to be looked at are looked at in parts of bounded size. Held to
`hotspots.partition.kernel` by tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]

PAIRS_AT_ONCE = 2_000_000
"""Pairs looked at in one go: some 100 MB."""

_REACH = (-2, -1, 0, 1, 2)
_AROUND = tuple((c, r) for c in _REACH for r in _REACH)
_AHEAD = tuple(offset for offset in _AROUND if offset > (0, 0))


@dataclass(frozen=True)
class _Cells:
    """Points sorted by cell. All arrays but the last three have shape (n,), in that order."""

    original: Ints  # index of the point as given
    x: Ints
    y: Ints
    cell: Ints  # number of its cell
    key: Ints  # of each cell, ascending; the one of a neighbour is a fixed step away
    start: Ints  # where the points of each cell begin
    size: Ints
    height: int

    @cached_property
    def around(self) -> Ints:
        """Steps in ``key`` to the 25 cells within two columns and rows."""
        return np.array([c * self.height + r for c, r in _AROUND])

    def find(self, key: Ints) -> Ints:
        """Return the number of the cell with each key, −1 where there is none."""
        at = np.searchsorted(self.key, key)
        at[at == len(self.key)] = 0
        return np.where(self.key[at] == key, at, -1)


def _lay(x: Ints, y: Ints, original: Ints, side: int) -> _Cells:
    column, row = x // side, y // side
    column, row = column - column.min() + 2, row - row.min() + 2
    height = int(row.max()) + 3  # two empty rows at each end: no step wraps into the next column
    key = column * height + row
    order = np.lexsort((original, key))
    keys, start, size = np.unique(key[order], return_index=True, return_counts=True)
    cell = np.repeat(np.arange(len(keys)), size)
    return _Cells(original[order], x[order], y[order], cell, keys, start, size, height)


def _split(cost: Ints) -> Iterator[slice]:
    """Yield slices whose summed cost stays below `PAIRS_AT_ONCE`, or of a single item above it."""
    sums = np.cumsum(cost)
    begin = 0
    while begin < len(cost):
        done = int(sums[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(sums, done + PAIRS_AT_ONCE, side="right")), begin + 1)
        yield slice(begin, end)
        begin = end


def _pairs(cells: _Cells, point: Ints, other: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Pair each point with all points of the cell beside it in `other`.

    Returns
    -------
    tuple
        Row in `point`, first point, second point, squared distance (cm²).
    """
    size = cells.size[other]
    row = np.repeat(np.arange(len(point)), size)
    before = np.cumsum(size) - size
    j = np.arange(len(row)) - np.repeat(before - cells.start[other], size)
    i = point[row]
    dx, dy = cells.x[i] - cells.x[j], cells.y[i] - cells.y[j]
    return row, i, j, dx * dx + dy * dy


def _neighbours(cells: _Cells, points: Ints, eps2: int) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield (point, neighbour, squared distance), all neighbours of a point in one part."""
    for rough in _split(np.full(len(points), len(_AROUND) * 8)):
        part = points[rough]
        table = cells.find((cells.key[cells.cell[part]][:, None] + cells.around).ravel())
        table = table.reshape(len(part), -1)
        cost = np.where(table >= 0, cells.size[table], 0).sum(axis=1)
        for fine in _split(cost):
            at, step = np.nonzero(table[fine] >= 0)
            _row, i, j, d2 = _pairs(cells, part[fine][at], table[fine][at, step])
            near = d2 <= eps2
            yield i[near], j[near], d2[near]


def _find_core(cells: _Cells, weight: Ints, eps2: int, minimum: int) -> NDArray[np.bool_]:
    own = np.add.reduceat(weight, cells.start)
    core = (own >= minimum)[cells.cell]
    reached = np.zeros(len(weight), dtype=np.int64)
    for i, j, _d2 in _neighbours(cells, np.flatnonzero(~core), eps2):
        np.add.at(reached, i, weight[j])
    return core | (reached >= minimum)


def _outermost(value: Ints, cells: _Cells) -> Ints:
    """Return the first point with the largest value in each cell."""
    largest = np.maximum.reduceat(value, cells.start)
    at = np.flatnonzero(value == largest[cells.cell])
    _cell, first = np.unique(cells.cell[at], return_index=True)
    return at[first]


def _join_cells(cells: _Cells, eps2: int) -> Ints:
    """Return the component of each cell of core points."""
    n = len(cells.key)
    joined: list[tuple[Ints, Ints]] = []
    open_pairs: list[tuple[Ints, Ints]] = []
    for column, row in _AHEAD:
        b = cells.find(cells.key + (column * cells.height + row))
        a = np.flatnonzero(b >= 0)
        b = b[a]
        # the two points that lie farthest towards each other's cell settle nearly every pair
        along = cells.x * column + cells.y * row
        p, q = _outermost(along, cells)[a], _outermost(-along, cells)[b]
        near = (cells.x[p] - cells.x[q]) ** 2 + (cells.y[p] - cells.y[q]) ** 2 <= eps2
        joined.append((a[near], b[near]))
        open_pairs.append((a[~near], b[~near]))
    component = _components(n, joined)
    a, b = (np.concatenate(side) for side in zip(*open_pairs, strict=True))
    apart = component[a] != component[b]
    joined.append(_settle(cells, a[apart], b[apart], eps2))
    return _components(n, joined)


def _settle(cells: _Cells, a: Ints, b: Ints, eps2: int) -> tuple[Ints, Ints]:
    """Return the pairs of cells that have a pair of points within reach, looking at all points."""
    pair = np.repeat(np.arange(len(a)), cells.size[a])
    before = np.cumsum(cells.size[a]) - cells.size[a]
    point = np.arange(len(pair)) - np.repeat(before - cells.start[a], cells.size[a])
    near = np.zeros(len(a), dtype=bool)
    for part in _split(cells.size[b][pair]):
        row, _i, _j, d2 = _pairs(cells, point[part], b[pair[part]])
        near[pair[part][row[d2 <= eps2]]] = True
    return a[near], b[near]


def _components(n: int, edges: list[tuple[Ints, Ints]]) -> Ints:
    a, b = (np.concatenate(side) for side in zip(*edges, strict=True))
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def pairs(x: Ints, y: Ints, weight: Ints, *, eps: int, min_weight: int) -> int:
    """Return how many pairs `partition` looks at to find the core points, or a few more."""
    cells = _lay(x, y, np.arange(len(x)), _side(eps))
    own = np.add.reduceat(weight.astype(np.int64)[cells.original], cells.start)
    sparse = np.flatnonzero(own < min_weight)
    total = 0
    for step in cells.around:
        other = cells.find(cells.key[sparse] + step)
        near = other >= 0
        total += int(cells.size[sparse[near]] @ cells.size[other[near]])
    return total


def _side(eps: int) -> int:
    """Return the side of cells: points of one differ by at most side − 1, so all are neighbours."""
    return max(int(eps / 2**0.5), 1)


def partition(x: Ints, y: Ints, weight: Ints, *, eps: int, min_weight: int) -> Ints:
    """Return what `hotspots.partition.dbscan` returns, from whole centimetres; at least one."""
    label = np.full(len(x), -1, dtype=np.int64)
    cells = _lay(x, y, np.arange(len(x)), _side(eps))
    weight = weight.astype(np.int64)[cells.original]
    core = _find_core(cells, weight, eps * eps, min_weight)
    if not core.any():
        return label
    label[cells.original[core]] = _number(cells, core, eps)
    for i, j, d2 in _neighbours(cells, np.flatnonzero(~core), eps * eps):
        hit = core[j]
        i, j, d2 = i[hit], j[hit], d2[hit]  # noqa: PLW2901 (the part that reaches a core point)
        order = np.lexsort((cells.y[j], cells.x[j], d2, i))
        point, first = np.unique(i[order], return_index=True)
        label[cells.original[point]] = label[cells.original[j[order][first]]]
    return label


def _number(cells: _Cells, core: NDArray[np.bool_], eps: int) -> Ints:
    """Return the cluster of each core point."""
    inner = _lay(cells.x[core], cells.y[core], np.arange(int(core.sum())), _side(eps))
    component = _join_cells(inner, eps * eps)[inner.cell]
    order = np.lexsort((inner.y, inner.x))
    _component, first = np.unique(component[order], return_index=True)
    rank = np.argsort(np.argsort(first))
    cluster = np.empty(len(component), dtype=np.int64)
    cluster[inner.original] = rank[component]
    return cluster
