"""The user's own layers: their ids, names and system, whatever the columns are called."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geodata.errors import SchemaError

ID_COLUMNS: Final = (
    "candidate_id",
    "pole_id",
    "entrance_id",
    "building_id",
    "id",
    "osm_id",
    "osm_way_id",
    "objectid",
    "fid",
)
"""Columns that may hold an id, best first; the first one filled in and unique is taken."""

NAME_COLUMNS: Final = ("address", "adress", "name", "namn")


def in_order(layer: gpd.GeoDataFrame, prefix: str, *, crs: str) -> gpd.GeoDataFrame:
    """Return the layer sorted by place, with an id on every row.

    Parameters
    ----------
    layer
        Points, lines or polygons in the project's CRS.
    prefix
        Start of the ids that are made where the layer has none.
    crs
        The project's CRS.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``id`` (text), ``name`` (text, may be missing), ``x_m``, ``y_m`` (of the point, or
        of a point within) and ``geometry``; by easting, northing, id, so that nothing depends on
        the order of the file. All other columns are kept.

    Raises
    ------
    SchemaError
        If the layer is in another CRS.
    """
    if layer.crs is None or CRS.from_user_input(layer.crs) != CRS.from_user_input(crs):
        msg = f"layer {prefix}: CRS is {layer.crs}, should be {crs}"
        raise SchemaError(msg)
    points = shapely.point_on_surface(layer.geometry.to_numpy())
    xy = np.round(shapely.get_coordinates(points), 2)
    table = layer.assign(x_m=xy[:, 0], y_m=xy[:, 1], id=_ids(layer), name=_names(layer))
    table = table.sort_values(["x_m", "y_m", "id"], kind="stable", ignore_index=True)
    made = pd.Series([f"{prefix}{n}" for n in range(1, len(table) + 1)], dtype="str")
    table["id"] = table["id"].fillna(made)
    return table


def _ids(layer: gpd.GeoDataFrame) -> pd.Series[Any]:
    columns = {str(name).lower(): name for name in layer.columns}
    for wanted in ID_COLUMNS:
        if wanted in columns:
            values = layer[columns[wanted]]
            if values.notna().all() and values.is_unique:
                ids: pd.Series[Any] = values.astype("str")
                return ids
    return pd.Series(pd.NA, index=layer.index, dtype="str")


def _names(layer: gpd.GeoDataFrame) -> pd.Series[Any]:
    columns = {str(name).lower(): name for name in layer.columns}
    names = pd.Series(pd.NA, index=layer.index, dtype="str")
    for wanted in NAME_COLUMNS:
        if wanted in columns:
            names = names.fillna(layer[columns[wanted]].astype("str"))
    return names


def nearest_outline(
    xy: NDArray[np.float64], outlines: NDArray[Any], *, within_m: float
) -> NDArray[np.int64]:
    """Return the outline nearest to each point, −1 where none is within `within_m`.

    Parameters
    ----------
    xy
        Points, metres, shape (n, 2).
    outlines
        Polygons; the first of them at a tie.
    within_m
        Largest distance, metres, inclusive; 0 is inside or on the border.

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    nearest = np.full(len(xy), len(outlines), dtype=np.int64)
    if len(xy) and len(outlines):
        points = np.asarray(shapely.points(xy), dtype=object)
        # asked from the outlines' side, so that each outline is prepared once for all its points
        outline, point = shapely.STRtree(points).query(
            outlines, predicate="dwithin", distance=within_m
        )
        nearest[point] = outline
        several = np.bincount(point, minlength=len(xy))[point] > 1
        outline, point = outline[several], point[several]
        apart = shapely.distance(points[point], outlines[outline])
        order = np.lexsort((outline, apart, point))
        found, first = np.unique(point[order], return_index=True)
        nearest[found] = outline[order][first]
    return np.where(nearest < len(outlines), nearest, -1)
