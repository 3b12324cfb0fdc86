"""The blocks between the streets of the synthetic town, and its green ground."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.synthetic import plan
from geodata.synthetic.plan import GRID_SIZE, Floats, style_of

POLYGON: Final = 3  # shapely's number of the type


def owner_of(points: NDArray[np.object_], areas: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return for each point the index of the first area that holds it, else of the nearest."""
    tree = shapely.STRtree(areas.geometry.to_numpy())
    point, area = tree.query(points, predicate="intersects")
    first = pd.Series(area).groupby(point).min()
    found = tree.nearest(points)
    found[first.index.to_numpy()] = first.to_numpy()
    return np.asarray(areas.index.to_numpy()[found], dtype=np.int64)


def make_blocks(
    streets: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    land: BaseGeometry,
    outline: BaseGeometry,
    phase: Floats,
) -> gpd.GeoDataFrame:
    """Return the faces between the streets: kind (of `plan.Style.mix`), area, geometry.

    The kind follows a smooth field over the town, so that like lies beside like.
    """
    roads = streets.geometry[streets["kind"] != "footpath"].to_numpy()
    lines = shapely.union_all([*roads, land.boundary], grid_size=GRID_SIZE)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inner = shapely.point_on_surface(faces)
    faces = faces[shapely.contains(land, inner) & (shapely.area(faces) > 600)]
    wide = streets[streets["kind"].isin(["main", "collector"])]
    verge = np.where(wide["kind"] == "main", 4.5, 2.0)
    faces = shapely.difference(faces, shapely.union_all(wide.geometry.buffer(verge).to_numpy()))
    faces = shapely.get_parts(faces)
    faces = faces[(shapely.area(faces) > 600) & (shapely.get_type_id(faces) == POLYGON)]
    faces = faces[np.lexsort(shapely.bounds(faces)[:, :2].T)]
    inner = shapely.point_on_surface(faces)
    owner = owner_of(inner, areas)
    x, y = shapely.get_x(inner), shapely.get_y(inner)
    field = np.sin(x / 210 + phase[0]) + np.sin(y / 190 + phase[1])
    field += 0.8 * np.sin((x + y) / 120 + phase[2])
    blocks = gpd.GeoDataFrame({"area_no": owner, "field": field}, geometry=faces, crs=plan.CRS)
    blocks["kind"] = ""
    for area, group in blocks.groupby("area_no"):
        mix = style_of(areas.at[area, "name"]).mix
        share = group.area.loc[group["field"].sort_values(kind="stable").index].cumsum()
        limits = np.cumsum([part for _, part in mix])[:-1]
        number = np.searchsorted(limits, (share - group.area[share.index] / 2) / group.area.sum())
        blocks.loc[share.index, "kind"] = np.array([kind for kind, _ in mix])[number]
    soft = blocks["kind"].isin(["villa", "row", "slab", "point", "yard", "field"])
    blocks.loc[soft & (blocks.distance(land.boundary) < 1), "kind"] = "park"
    blocks.loc[blocks.distance(outline.boundary) < 20, "kind"] = "wood"
    for (px, py), kind in ((plan.SQUARE, "square"), (plan.PARK, "park")):
        blocks.loc[blocks.distance(Point(px, py)).idxmin(), "kind"] = kind
    for _name, x_ring, y_ring, _radius in plan.RINGS:
        blocks.loc[blocks.contains(Point(x_ring, y_ring)), "kind"] = "ring"
    return blocks.drop(columns="field")


def green_ground(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return parks, woods, fields and squares: name, kind, geometry."""
    kind = blocks["kind"].replace("yard", "park")
    green = blocks.assign(kind=kind)[kind.isin(["park", "wood", "field", "square"])]
    merged = green.dissolve("kind", as_index=False)[["kind", "geometry"]].explode(ignore_index=True)
    table = merged.set_geometry(merged.geometry.buffer(-5.5, quad_segs=2).simplify(1.0))
    table = table[~table.geometry.is_empty].explode(ignore_index=True)
    table["name"] = None
    for at, kind, name in (
        (plan.SQUARE, "square", "Exempeltorget"),
        (plan.PARK, "park", "Skissparken"),
    ):
        near = table[table["kind"] == kind].distance(Point(at))
        table.loc[near.idxmin(), "name"] = name
    table.geometry = shapely.set_precision(table.geometry.to_numpy(), 0.1)
    return table[["name", "kind", "geometry"]]
