"""Walking between entrances: along streets where there are any, else as the crow flies and a bit.

The streets become a graph of their vertices; each entrance is joined to the nearest point of the
nearest street. The shortest ways are Dijkstra's, by `scipy.sparse.csgraph`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from hotspots.searchround.options import RoundOptions

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

KIND_COLUMNS: Final = ("highway", "kind")
NOT_WALKED: Final = ("motorway", "motorway_link", "trunk_link", "construction", "proposed")
GRID_M: Final = 0.01
"""Vertices nearer than this are one."""
JOINED: Final = 0.8
"""Share of the vertices that hang together in a layer that is a network already."""
CROSS_M: Final = 0.5
"""A line that ends this near another is taken to touch it."""
LEAST_M: Final = 1e-6
"""Least length of an edge: no edge may look like none at all."""


@dataclass(frozen=True)
class Streets:
    """Streets as a graph.

    Attributes
    ----------
    nodes
        Vertices by easting, then northing, shape (nodes, 2), metres.
    edges
        Pairs of nodes, each once, shape (edges, 2).
    lengths
        Of the edges, metres, shape (edges,).
    tree
        Of the edges as lines.
    """

    nodes: Floats
    edges: Ints
    lengths: Floats
    tree: shapely.STRtree

    @classmethod
    def of(cls, streets: gpd.GeoDataFrame | None) -> Streets | None:
        """Make the graph of a layer of lines; ``None`` where nothing in it can be walked.

        Lines meet at common vertices. Where fewer than `JOINED` of the vertices hang together so,
        the layer was drawn without them, and lines are joined wherever they cross or touch.
        """
        if streets is None or streets.empty:
            return None
        lines = shapely.get_parts(np.asarray(streets.geometry.array)[_walkable(streets)])
        made = _graph(lines)
        if made is None or _joined_share(*made) >= JOINED:
            return _streets(made)
        # Lines that cross without a common vertex: drawn for a map, not as a network.
        return _streets(_graph(shapely.get_parts(shapely.union_all(lines, grid_size=CROSS_M))))


def _graph(lines: NDArray[np.object_]) -> tuple[Ints, Ints] | None:
    """Return vertices on the grid and pairs of them, each pair once; ``None`` without any."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if len(xy) < 2:
        return None
    grid = np.rint(xy / GRID_M).astype(np.int64)
    nodes, at = np.unique(grid, axis=0, return_inverse=True)
    at = at.ravel()
    pairs = np.column_stack([at[:-1], at[1:]])[line[:-1] == line[1:]]
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return (nodes, np.unique(pairs, axis=0).astype(np.int64)) if len(pairs) else None


def _joined_share(nodes: Ints, edges: Ints) -> float:
    """Return the share (0–1) of vertices that lie in the largest connected part."""
    size = len(nodes)
    matrix = coo_array((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size))
    _parts, part = connected_components(matrix, directed=False)
    return float(np.bincount(part).max() / size)


def _streets(made: tuple[Ints, Ints] | None) -> Streets | None:
    if made is None:
        return None
    points: Floats = np.asarray(made[0] * GRID_M, dtype=np.float64)
    ends = points[made[1]]
    lengths = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
    lines = np.asarray(shapely.linestrings(ends))
    return Streets(points, made[1], lengths, shapely.STRtree(lines))


def _walkable(streets: gpd.GeoDataFrame) -> Bools:
    walked = np.ones(len(streets), dtype=bool)
    for name in KIND_COLUMNS:
        if name in streets.columns:
            walked &= ~streets[name].astype("str").isin(NOT_WALKED).to_numpy(bool)
            break
    empty = np.asarray(streets.geometry.is_empty | streets.geometry.isna(), dtype=bool)
    return np.asarray(walked & ~empty, dtype=bool)


@dataclass(frozen=True)
class Walking:
    """How long it takes to walk between entrances, and by which way.

    Attributes
    ----------
    metres
        Shape (entrances, entrances), symmetric, 0 on the diagonal.
    minutes
        The same at walking pace.
    by_street
        Which pairs are walked along streets.
    """

    xy: Floats
    metres: Floats
    minutes: Floats
    by_street: Bools
    _graph: csr_array | None
    _nodes: Floats

    def way(self, a: int, b: int) -> Floats:
        """Return the points passed from entrance `a` to `b`, both included, shape (points, 2)."""
        ends = self.xy[[a, b]]
        if self._graph is None or not self.by_street[a, b]:
            return ends
        n = len(self._nodes) - len(self.xy)
        limit = float(self.metres[a, b]) + 1.0
        _metres, before = dijkstra(
            self._graph,
            directed=False,
            indices=np.array([n + a]),
            return_predecessors=True,
            limit=limit,
        )
        passed, node = [], n + b
        while node >= 0:
            passed.append(node)
            node = int(before[0, node])
        return np.vstack([ends[:1], self._nodes[passed[::-1]], ends[1:]])


def walking_between(xy: Floats, streets: Streets | None, options: RoundOptions) -> Walking:
    """Measure the ways between entrances.

    Two entrances nearer to each other than to the street are walked between straight: no street
    lies between them. So are those farther than ``snap_m`` from every street, and those that the
    streets don't join; a straight way counts ``detour`` times its length, as does the way from
    an entrance to its street.

    Parameters
    ----------
    xy
        Of the entrances, shape (entrances, 2), metres.
    streets
        Of `Streets.of`; ``None`` for none.
    options
        ``walking_kmh``, ``snap_m``, ``detour``.
    """
    apart = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    metres, by_street = apart * options.detour, np.zeros(apart.shape, dtype=bool)
    graph, nodes = None, np.zeros((0, 2))
    if streets is not None and len(xy):
        graph, nodes, off = _joined(xy, streets)
        first = len(streets.nodes)
        along = dijkstra(graph, directed=False, indices=first + np.arange(len(xy)))[:, first:]
        near = off <= options.snap_m
        street = np.isfinite(along) & near[:, None] & near[None, :]
        by_street = street & (apart > off[:, None] + off[None, :])
        whole = along + options.detour * (off[:, None] + off[None, :])
        metres = np.where(by_street, whole, metres)
        metres = np.minimum(metres, metres.T)  # Dijkstra adds up from either end
        np.fill_diagonal(by_street, val=False)
    np.fill_diagonal(metres, 0.0)
    per_minute = options.walking_kmh * 1000 / 60
    return Walking(xy, metres, metres / per_minute, by_street, graph, nodes)


def _joined(xy: Floats, streets: Streets) -> tuple[csr_array, Floats, Floats]:
    """Return the graph, entrances last, its points, and how far off its street each entrance is."""
    points = shapely.points(xy)
    which, edge = streets.tree.query_nearest(points, all_matches=True)
    _rows, first = np.unique(which, return_index=True)
    order = np.lexsort((edge, which))
    edge = edge[order][first]  # the first of those equally near
    ends = streets.nodes[streets.edges[edge]]
    line = ends[:, 1] - ends[:, 0]
    share = ((xy - ends[:, 0]) * line).sum(axis=1) / (line**2).sum(axis=1)
    share = np.clip(share, 0.0, 1.0)
    foot = ends[:, 0] + share[:, None] * line
    off = np.hypot(*(xy - foot).T)
    n, length = len(streets.nodes), streets.lengths[edge]
    own = n + np.arange(len(xy))
    start = np.column_stack([own, streets.edges[edge, 0]])
    stop = np.column_stack([own, streets.edges[edge, 1]])
    order = np.lexsort((share, edge))
    same = edge[order][1:] == edge[order][:-1]
    beside = np.column_stack([own[order][:-1], own[order][1:]])[same]
    between = ((share[order][1:] - share[order][:-1]) * length[order][1:])[same]
    pairs = np.vstack([streets.edges, start, stop, beside])
    lengths = np.concatenate([streets.lengths, share * length, (1 - share) * length, between])
    size = n + len(xy)
    lengths = np.maximum(lengths, LEAST_M)
    graph = csr_array(coo_array((lengths, (pairs[:, 0], pairs[:, 1])), shape=(size, size)))
    return graph, np.vstack([streets.nodes, foot]), off
