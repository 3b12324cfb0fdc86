"""Which places belong to a view: those within it, and addresses of houses that it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Members:
    """Pairs of view and place, by view, then place.

    Attributes
    ----------
    view
        Number of the view, shape (n,).
    place
        ``place_id``, shape (n,).
    facade
        The place lies outside the view, in a house whose façade the view meets; shape (n,).
    """

    view: Ints
    place: Ints
    facade: NDArray[np.bool_]

    def of(self, view: int) -> Ints:
        """Return the places of a view."""
        mine: Ints = self.place[self.view == view]
        return mine


def find_members(
    places: pd.DataFrame,
    views: NDArray[Any],
    *,
    buildings: gpd.GeoDataFrame | None,
    address_m: float,
) -> Members:
    """Return the places that belong to each view.

    Parameters
    ----------
    places
        Table ``places``.
    views
        What each camera sees, polygons in the project's CRS, shape (k,).
    buildings
        Footprints; without them only places within a view belong to it.
    address_m
        How far from the view a place in a house may lie, metres.
    """
    points = np.asarray(shapely.points(places[["x_m", "y_m"]].to_numpy(np.float64)), dtype=object)
    ids = places["place_id"].to_numpy(np.int64)
    tree = shapely.STRtree(points)
    view, at = tree.query(views, predicate="covers")
    facade = np.zeros(len(view), dtype=bool)
    if buildings is not None and len(buildings) and address_m > 0 and len(points):
        beside, also = _behind_facades(views, points, tree, buildings, address_m)
        known = set(zip(view.tolist(), at.tolist(), strict=True))
        new = np.array(
            [pair not in known for pair in zip(beside.tolist(), also.tolist(), strict=True)],
            dtype=bool,
        )
        view, at = np.append(view, beside[new]), np.append(at, also[new])
        facade = np.append(facade, np.ones(int(new.sum()), dtype=bool))
    order = np.lexsort((ids[at], view))
    return Members(view[order].astype(np.int64), ids[at][order], facade[order])


def _behind_facades(
    views: NDArray[Any],
    points: NDArray[Any],
    tree: shapely.STRtree,
    buildings: gpd.GeoDataFrame,
    address_m: float,
) -> tuple[Ints, Ints]:
    """Return pairs of view and place where the place's own house meets the view nearby."""
    footprints = np.asarray(shapely.make_valid(buildings.geometry.to_numpy()), dtype=object)
    view, near = tree.query(views, predicate="dwithin", distance=address_m)
    if not len(view):
        return view, near
    candidates = np.unique(near)
    inside, house = shapely.STRtree(footprints).query(points[candidates], predicate="intersects")
    row, home = np.unique(candidates[inside], return_index=True)  # one house a place
    house_of = np.full(len(points), -1, dtype=np.int64)
    house_of[row] = house[home]
    kept = house_of[near] >= 0
    view, near = view[kept], near[kept]
    # A view ends at the façade itself: a millimetre of rounding must not part them.
    meets = shapely.dwithin(views[view], footprints[house_of[near]], 0.05)
    return view[meets], near[meets]
