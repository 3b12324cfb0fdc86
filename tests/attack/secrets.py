"""What the attacker is judged by: what must not be told, and what anybody knows anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tests.attack.recover import Key

CORNER, LINE = 1, 2
ALONG_M = 10.0
"""How far apart lines are asked how often they pass a place with an event."""


@dataclass(frozen=True)
class Leak:
    """Something had back: its kind, where, and what."""

    kind: str
    where: str
    what: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Public:
    """What anybody knows of the town, in metres.

    Attributes
    ----------
    corners, middles
        ``(n, 2)``: of borders, houses, streets, water and green.
    streets
        Lines that names stand along.
    borders
        Outlines of all surfaces, as lines.
    outlines
        Areas that a map is recognised by.
    """

    corners: np.ndarray
    middles: np.ndarray
    streets: shapely.Geometry = field(default_factory=shapely.MultiLineString)
    borders: shapely.Geometry = field(default_factory=shapely.MultiLineString)
    outlines: tuple[shapely.Geometry, ...] = ()

    @cached_property
    def points(self) -> cKDTree:
        """Corners and middles."""
        return cKDTree(np.unique(np.concatenate([self.corners, self.middles]), axis=0))

    @cached_property
    def corner_tree(self) -> cKDTree:
        """Corners alone."""
        return cKDTree(self.corners)

    @cached_property
    def middle_tree(self) -> cKDTree:
        """Middles alone."""
        return cKDTree(self.middles)

    @cached_property
    def street_tree(self) -> shapely.STRtree:
        """Streets alone, cut at their corners."""
        return shapely.STRtree(_pieces([self.streets]))

    @cached_property
    def lines(self) -> shapely.STRtree:
        """Streets and borders, cut at their corners."""
        return shapely.STRtree(_pieces([self.streets, self.borders]))

    def known(self, xy: np.ndarray, reach: float) -> np.ndarray:
        """Return what points are anyway: `CORNER`, on a public `LINE`, or 0."""
        found = np.zeros(len(xy), dtype=int)
        if len(self.lines) and len(xy):
            away = self.lines.query_nearest(
                shapely.points(xy), max_distance=reach, all_matches=False
            )
            found[away[0]] = LINE
        found[self.corner_tree.query(xy)[0] < reach] = CORNER
        return found

    @cached_property
    def along(self) -> np.ndarray:
        """Return points along all lines, every `ALONG_M`."""
        fine = shapely.segmentize(np.array([self.streets, self.borders], dtype=object), ALONG_M)
        return shapely.get_coordinates(fine)


def _pieces(shapes: list[shapely.Geometry]) -> np.ndarray:
    parts = shapely.get_parts(shapely.get_parts(shapely.get_parts(shapes)))  # lists within lists
    xy, line = shapely.get_coordinates(parts, return_index=True)
    same = line[1:] == line[:-1]
    return np.asarray(shapely.linestrings(np.stack([xy[:-1][same], xy[1:][same]], axis=1)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth:
    """What must not be told, and what anybody knows, in `crs`; `cameras` stand in `points` too."""

    crs: str
    points: np.ndarray
    public: Public
    first: date
    last: date
    minimum: int
    cell_m: float = 250.0
    cameras: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))
    cases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    allowed_days: tuple[date, ...] = ()
    counts: Mapping[Key, int] = field(default_factory=dict)
    times_told: bool = False
    """Whether days and hours may be told, as in ``samverkan``."""

    @cached_property
    def places(self) -> np.ndarray:
        """Return each place that must not be told, once."""
        return np.unique(self.points, axis=0)

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Around the town and 2 km more: what lies outside is no coordinate."""
        low, high = self.places.min(axis=0) - 2000, self.places.max(axis=0) + 2000
        return (*low.tolist(), *high.tolist())
